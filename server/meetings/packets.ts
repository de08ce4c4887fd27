/** How much one meeting's socket may say before anybody asks what it means: packets of every kind, and pings of the line below them. */
import type { Logger } from 'pino';
import type { Server } from 'socket.io';
import type { WebSocket } from 'ws';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../ports.ts';

/** RFC 6455, section 7.4.1: "policy violation". */
const policyViolation = 1008;

/** Closes whoever says more than `limits.meetingPacketsPerTenSeconds`; everybody else is not touched. */
export function boundPackets(io: Server, { clock, log }: { readonly clock: Clock; readonly log: Logger }): void {
  io.engine.on('connection', (connection: { readonly transport: unknown; on(event: 'packet' | 'close', heard: () => void): void }) => {
    // Meetings speak WebSocket only, so there is one below every connection.
    const { socket } = connection.transport as { readonly socket: WebSocket };
    const fits = rateOf(clock, limits.meetingPacketsPerTenSeconds);
    let closing = false;
    /** One that does not answer the close would stay for half a minute. */
    const cutSoon = (): void => {
      if (closing) return;
      closing = true;
      const overdue = clock.after(limits.closeAnswerMs, () => socket.terminate());
      socket.once('close', () => overdue.cancel());
    };
    const heard = (): void => {
      if (closing || fits()) return;
      log.warn({ event: 'packet-flood' }, 'a meeting’s connection said more than anybody can');
      socket.close(policyViolation);
      cutSoon();
    };
    connection.on('packet', heard);
    connection.on('close', cutSoon);
    socket.on('ping', heard);
  });
}

/** What the library answers to a request that opens no socket is no page either. */
export function forbidPages(io: Server): void {
  io.engine.use((_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
    response.setHeader('Content-Security-Policy', `default-src 'none'; frame-ancestors 'none'`);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
}

/** Says whether one more fits into the ten seconds. */
export function rateOf(clock: Clock, most: number): () => boolean {
  let since = 0;
  let count = 0;
  return () => {
    const now = clock.now().getTime();
    if (now - since >= 10_000) [since, count] = [now, 0];
    count += 1;
    return count <= most;
  };
}
