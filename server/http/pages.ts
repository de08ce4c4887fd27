/** The screen's files: names with a hash in them may be kept for ever, the page itself is asked for each time. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';

const yearMs = 365 * 24 * 60 * 60 * 1000;

export function mountPages(app: Express, folder: string, publicUrl: string): void {
  const page = path.join(folder, 'index.html');
  // Answers about people are never compressed: their size would tell of secrets beside what a stranger may choose. They do not come this far.
  app.use(compression());
  app.use('/assets', express.static(path.join(folder, 'assets'), { immutable: true, maxAge: yearMs, index: false, redirect: false }));
  app.use(express.static(folder, { index: false, redirect: false, maxAge: 0 }));
  app.use(sameAddress(publicUrl));
  app.use((request, response, next) => {
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (!reading || isInterface(request.path) || !request.accepts('html') || !existsSync(page)) return next();
    response.set('Cache-Control', 'no-cache').sendFile(page);
  });
}

/** Paths under which no page of the screen lives. */
export const isInterface = (requestPath: string): boolean => /^\/(api|auth|sync|socket\.io|assets)(\/|$)/.test(requestPath);

/** Someone who typed "localhost" is sent to the address whose Origin is accepted; otherwise nothing they do could be saved. */
const sameAddress = (publicUrl: string): RequestHandler => (request, response, next) => {
  const wanted = new URL(publicUrl);
  const local = wanted.hostname === '127.0.0.1' && request.headers.host === `localhost:${wanted.port}`;
  if (local && request.method === 'GET' && !isInterface(request.path) && request.accepts('html')) response.redirect(302, publicUrl + request.originalUrl);
  else next();
};
