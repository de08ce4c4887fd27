/** The one place that joins features to each other and to the world: routes, live parts, and the order in which they start and stop. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { limits } from '../shared/limits.ts';
import { createFrame } from './http/frame.ts';
import { forgetOldAnswers } from './http/idempotency.ts';
import { identityRoutes } from './identity/routes.ts';
import { actorOf } from './identity/sessions.ts';
import type { Deps } from './ports.ts';

export type AppOptions = Omit<Deps, 'text'> & {
  /** How many migrations the database has. */
  readonly migrations: number;
  readonly version: string;
};

export interface App {
  readonly server: Server;
  /** Starts to accept; answers the port. Throws when the port is taken. */
  listen(): Promise<number>;
  /** Sends everyone away in order: no new work, sockets told to come back, requests in hand finished. */
  close(): Promise<void>;
}

const pages = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'client', 'dist');
const hourMs = 60 * 60 * 1000;

export async function createApp(options: AppOptions): Promise<App> {
  const { db, settings, log, clock } = options;
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 65_000 });
  const actor = (cookieHeader: string | undefined) => actorOf(db, cookieHeader);
  const routes = [...identityRoutes(options)];
  const { app, health } = createFrame({ ...options, routes, pages, actorOf: actor });
  server.on('request', app);
  server.on('upgrade', refuseUnknownUpgrade);

  let cleaning = clock.after(hourMs, clean);
  function clean(): void {
    forgetOldAnswers(db).catch((error: unknown) => log.warn({ err: error }, 'old answers were not forgotten'));
    cleaning = clock.after(hourMs, clean);
  }

  return {
    server,
    listen: () => listen(server, settings.host, settings.port),
    close: async () => {
      health.startDraining();
      cleaning.cancel();
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeIdleConnections();
      const overdue = clock.after(limits.drainMs, () => server.closeAllConnections());
      await closed;
      overdue.cancel();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' ? new Error(`PORT ${port} on ${host} is taken by another program: stop that one, or set PORT to a free one.`) : error;
      reject(error.code === 'EADDRNOTAVAIL' ? new Error(`HOST ${host} is no address of this computer.`) : taken);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Sockets are opened at two addresses; anywhere else the visitor is told at once instead of left waiting. */
function refuseUnknownUpgrade(request: { readonly url?: string | undefined }, socket: Duplex): void {
  if (/^\/(sync|socket\.io)([/?]|$)/.test(request.url ?? '')) return;
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
