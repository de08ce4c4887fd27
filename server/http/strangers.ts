/** Callers whom nobody knows, counted by address: whoever tries made-up sessions by the thousand is not looked up any more. */
import { createHash } from 'node:crypto';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../ports.ts';

const windowMs = 60_000;
/** How long somebody who was let in counts as known. */
const guestMs = 15 * 60_000;

/**
 * Each node counts by itself and in memory: a flood over several nodes gets so many times through, and a node that starts anew begins at
 * nothing. That needs neither Redis nor PostgreSQL, which a flood may have taken down.
 */
export class Strangers {
  readonly #counts = new Map<string, { since: number; count: number }>();
  readonly #guests = new Map<string, number>();
  constructor(private readonly clock: Clock, private readonly most: number = limits.strangersPerMinuteMax) {}

  /** Whether this caller may be looked up: their address is quiet, or their cookie let somebody in lately. */
  admits(address: string, cookie: string | undefined): boolean {
    const now = this.clock.now().getTime();
    const counted = this.#counts.get(address);
    if (!counted || counted.count < this.most || now - counted.since >= windowMs) return true;
    const since = cookie === undefined ? undefined : this.#guests.get(nameOf(cookie));
    return since !== undefined && now - since < guestMs;
  }

  /** The cookie was somebody's. */
  known(cookie: string): void {
    const name = nameOf(cookie);
    this.#guests.delete(name);
    this.#guests.set(name, this.clock.now().getTime());
    dropOldest(this.#guests);
  }

  /** The cookie was nobody's. */
  unknown(address: string, cookie: string): void {
    this.#guests.delete(nameOf(cookie));
    const now = this.clock.now().getTime();
    const counted = this.#counts.get(address);
    if (counted && now - counted.since < windowMs) counted.count += 1;
    else this.#counts.set(address, { since: now, count: 1 });
    dropOldest(this.#counts);
  }
}

const nameOf = (cookie: string): string => createHash('sha256').update(cookie).digest('base64');

function dropOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next().value;
  if (map.size > limits.guestsKeptMax && oldest !== undefined) map.delete(oldest);
}
