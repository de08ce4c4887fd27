/** The HTTP server with bounds on what a caller may send before anything is asked of the service, and how long it may take. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { limits } from '../../shared/limits.ts';

/** `headersMs` and `everyMs` are for tests that cannot wait as long as a caller may take. */
export function createHttpServer({ headersMs = limits.headersMs, everyMs = limits.slowCallersEveryMs }: { readonly headersMs?: number; readonly everyMs?: number } = {}): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytesMax, headersTimeout: headersMs, requestTimeout: limits.requestMs, connectionsCheckingInterval: everyMs, keepAliveTimeout: 65_000,
    // A request with two lengths, or a length and pieces, may mean one thing to a proxy and another here.
    insecureHTTPParser: false,
  });
  // One more than is taken, so that more can be told; what goes beyond is dropped unread.
  server.maxHeadersCount = limits.headersMax + 1;
  return server;
}

/** Says more about itself than any browser or proxy does. Some of it may have been dropped: nothing of it is believed. */
export const saysTooMuch = (request: Pick<IncomingMessage, 'rawHeaders'>): boolean => request.rawHeaders.length / 2 > limits.headersMax;
