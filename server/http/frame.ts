/** The HTTP side as a whole: security headers, requests observed, features' routes, the screen's files, and a document for everything else. */
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Clock, Database, Settings } from '../ports.ts';
import { limits } from '../../shared/limits.ts';
import { addressReader } from './clientAddress.ts';
import { mountHealth, type Health } from './health.ts';
import { mountRoutes, type MountOptions } from './mount.ts';
import { observe, requestIdOf } from './observe.ts';
import { describeRoutes } from './openapi.ts';
import { mountPages } from './pages.ts';
import type { PlansOpened } from './plansOpened.ts';
import { problemOf, problemOfThrown, sendProblem } from './problem.ts';
import type { Route } from './route.ts';
import { saysTooMuch } from './server.ts';

export interface FrameOptions {
  readonly settings: Settings;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly routes: readonly Route[];
  readonly standingOf: MountOptions['standingOf'];
  readonly knowsPlan: MountOptions['knowsPlan'];
  readonly plansOpened?: PlansOpened;
  /** Where the built screen lies. */
  readonly pages: string;
  /** How many migrations this build has. */
  readonly migrations: number;
  readonly version: string;
}

export function createFrame(options: FrameOptions): { readonly app: Express; readonly health: Health } {
  const { settings, db, log, routes } = options;
  const app = express();
  app.disable('x-powered-by');
  // Who a proxy speaks for is read in one place (clientAddress.ts); host and protocol are those of PUBLIC_URL, whatever a header says.
  app.set('trust proxy', false);
  app.use(observe(log));
  app.use(securityHeaders(settings.publicUrl));
  app.use((_request, response, next) => {
    // A plan needs none of these; whatever gets into the page shall not have them either.
    response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()');
    next();
  });
  app.use((request, response, next) => {
    if (!saysTooMuch(request)) return next();
    response.set('Connection', 'close');
    sendProblem(response, { ...problemOf({ code: 'over-limit', detail: `A request has at most ${limits.headersMax} header lines.` }), status: 431 });
  });
  const health = mountHealth(app, db, options.clock, options.migrations, settings.metricsToken);
  mountRoutes(app, routes, { ...options, addressOf: addressReader(settings.trustedProxies ?? []) });
  let description: unknown;
  app.get('/api/openapi.json', (_request, response) => {
    description ??= describeRoutes(routes, settings.publicUrl, options.version);
    response.json(description);
  });
  mountPages(app, options.pages, settings.publicUrl);
  app.use((_request, response) => sendProblem(response, problemOf({ code: 'not-found', detail: 'There is nothing at this address.' })));
  app.use(whenThrown(log));
  return { app, health };
}

function securityHeaders(publicUrl: string) {
  const secure = publicUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: [`'self'`],
        scriptSrc: [`'self'`],
        styleSrc: [`'self'`],
        // Words pasted from other programs say with attributes what is bold. An attribute reaches nothing but its own element.
        styleSrcAttr: [`'unsafe-inline'`],
        imgSrc: [`'self'`, 'data:'],
        fontSrc: [`'self'`],
        connectSrc: [`'self'`, publicUrl.replace(/^http/, 'ws')],
        objectSrc: [`'none'`],
        baseUri: [`'none'`],
        formAction: [`'self'`],
        frameAncestors: [`'none'`],
        // A string never becomes markup or a script's address but through these two: the editor's clipboard, into a document apart, and the service worker's one address.
        requireTrustedTypesFor: [`'script'`],
        trustedTypes: ['accord', 'ProseMirrorClipboard'],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    crossOriginEmbedderPolicy: false,
    // Origin-Agent-Cluster and COOP mean something on secure addresses only, and browsers complain elsewhere.
    crossOriginOpenerPolicy: secure ? { policy: 'same-origin' } : false,
    originAgentCluster: secure,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
}

const whenThrown = (log: Logger): ErrorRequestHandler => (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  const unreadable = unreadableOf(error);
  if (unreadable) return sendProblem(response, problemOf(unreadable));
  const requestId = requestIdOf(response);
  const { problem, unexpected } = problemOfThrown(error, requestId);
  if (unexpected) log.error({ requestId, err: error }, 'request failed');
  else log.warn({ requestId, code: problem.code, err: error }, 'request refused');
  sendProblem(response, problem);
};

/** What express says about a request that it could not read: its own errors carry a 4xx status. */
function unreadableOf(error: unknown) {
  const { status } = (error ?? {}) as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) return { code: 'bad-request', detail: 'The request is not well-formed: check its address and its JSON.' } as const;
  return undefined;
}
