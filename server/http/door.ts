/** The door to the sockets: what is looked at before a connection becomes one, alike for live editing and for meetings. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Actor } from '../../shared/domain/roles.ts';
import type { Clock, Settings } from '../ports.ts';
import { addressReader } from './clientAddress.ts';
import { saysTooMuch } from './server.ts';
import { Strangers } from './strangers.ts';

export interface Door {
  /** The status of a refusal, after noting it; undefined for whoever may go on to say who they are. */
  refusal(request: IncomingMessage): string | undefined;
  /** Notes who it turned out to be. */
  told(request: IncomingMessage, actor: Actor | undefined): void;
}

export interface DoorNeeds {
  readonly settings: Pick<Settings, 'publicUrl' | 'trustedProxies'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** `Origin` has to be ours to the letter where it is said at all; programs that are no browser say none (contract). */
export function openDoor({ settings, clock, log }: DoorNeeds): Door {
  const origin = new URL(settings.publicUrl).origin;
  const addressOf = addressReader(settings.trustedProxies ?? []);
  const strangers = new Strangers(clock);
  const refused = (event: string, request: IncomingMessage, status: string): string => {
    // Nothing that the caller wrote stands in the log.
    log.warn({ event, from: addressOf(request) }, 'a connection was refused');
    return status;
  };
  return {
    refusal: (request) => {
      if (saysTooMuch(request)) return refused('too-many-headers', request, '431 Request Header Fields Too Large');
      const claimed = request.headers.origin;
      if (claimed !== undefined && claimed !== origin) return refused('foreign-origin', request, '403 Forbidden');
      const { cookie } = request.headers;
      if (cookie !== undefined && !strangers.admits(addressOf(request), cookie)) return refused('strangers', request, '429 Too Many Requests');
      return undefined;
    },
    told: (request, actor) => {
      const { cookie } = request.headers;
      if (cookie === undefined) return;
      if (actor) strangers.known(addressOf(request), cookie);
      else strangers.unknown(cookie);
    },
  };
}

/** Answers an upgrade with a refusal instead. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
