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

  /**
   * Whether this caller may be looked up: their cookie let somebody in lately, or few strangers came from their address. Counts a stranger at
   * once, so that many who come at the same moment are counted before any of them is known.
   */
  admits(address: string, cookie: string): boolean {
    const now = this.clock.now().getTime();
    const since = this.#guests.get(nameOf(cookie));
    if (since !== undefined && now - since < guestMs) return true;
    const counted = this.#counts.get(address);
    if (!counted || now - counted.since >= windowMs) {
      this.#counts.set(address, { since: now, count: 1 });
      dropOldest(this.#counts);
      return true;
    }
    if (counted.count >= this.most) return false;
    counted.count += 1;
    return true;
  }

  /** The cookie is somebody's: no stranger after all. */
  known(address: string, cookie: string): void {
    const name = nameOf(cookie);
    const counted = this.#counts.get(address);
    if (counted && counted.count > 0 && !this.#guests.has(name)) counted.count -= 1;
    this.#guests.delete(name);
    this.#guests.set(name, this.clock.now().getTime());
    dropOldest(this.#guests);
  }

  /** The cookie is nobody's, or no longer. */
  unknown(cookie: string): void {
    this.#guests.delete(nameOf(cookie));
  }
}

const nameOf = (cookie: string): string => createHash('sha256').update(cookie).digest('base64');

function dropOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next().value;
  if (map.size > limits.guestsKeptMax && oldest !== undefined) map.delete(oldest);
}
