/** Each request gets a number, one log line and one measurement: its route's pattern, never its address, query or body. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Histogram, register } from 'prom-client';

const duration = new Histogram({
  name: 'accord_http_request_seconds',
  help: 'Time from a request to its whole answer, by method, route pattern and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

/** Measurements of the process itself: memory, event loop, garbage. Once a process. */
export function measureProcess(): void {
  collectDefaultMetrics({ register });
}

/** Everything measured, as Prometheus reads it. Features add theirs to prom-client's own register. */
export const metricsText = async (): Promise<{ readonly type: string; readonly text: string }> => ({ type: register.contentType, text: await register.metrics() });

export const requestIdOf = (response: Response): string => String(response.locals['requestId']);

export const observe = (log: Logger): RequestHandler => (request, response, next) => {
  const requestId = randomUUID();
  response.locals['requestId'] = requestId;
  response.setHeader('X-Request-Id', requestId);
  const began = performance.now();
  response.once('close', () => {
    const ms = performance.now() - began;
    const route = patternOf(request);
    duration.observe({ method: request.method, route, status: response.statusCode }, ms / 1000);
    const quiet = probes.has(route) || route === 'page';
    log[quiet ? 'debug' : 'info']({ requestId, method: request.method, route, status: response.statusCode, ms: Math.round(ms * 10) / 10 }, 'request');
  });
  next();
};

const probes = new Set(['/livez', '/readyz', '/metrics']);

/** "/api/urgent/:nhsNumber"; whatever matched no route is one of two fixed words, so that no address is ever written down. */
function patternOf(request: Request): string {
  const route = request.route as { readonly path?: unknown } | undefined;
  if (typeof route?.path === 'string') return route.path;
  return request.path.startsWith('/api/') ? 'unknown' : 'page';
}
