/**
 * Bounds on failed attempts to sign in, for each address and for each person who is claimed to be there: first a wait that doubles, then
 * none for a quarter of an hour. Counted in the database, so that they hold on every node and without Redis. Subjects are kept as hashes.
 */
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { Queryable } from '../ports.ts';
import { hashOf } from './sessions.ts';
import { addFailure, failuresOf, forgetFailures } from './signInStore.ts';

interface Bound {
  readonly beforeDelay: number;
  readonly most: number;
}
const bounds = {
  address: { beforeDelay: limits.failuresOfAddressBeforeDelay, most: limits.failuresOfAddressMax },
  person: { beforeDelay: limits.failuresOfPersonBeforeDelay, most: limits.failuresOfPersonMax },
} as const satisfies Record<string, Bound>;

/** What an attempt comes from or is about: `person` is whoever is claimed, whether there is such a person or not. */
export interface Attempted {
  readonly address: string;
  readonly person?: string | undefined;
}
const subjectsOf = ({ address, person }: Attempted) => [
  { bound: bounds.address, hash: hashOf(`address ${address}`) },
  ...(person === undefined ? [] : [{ bound: bounds.person, hash: hashOf(`person ${person}`) }]),
];
export const addressHash = (address: string): Buffer => hashOf(`address ${address}`);

/** How long the next attempt has to wait after so many failures, in milliseconds from the last one. Pure. */
export function waitAfter(failures: number, { beforeDelay, most }: Bound): number {
  if (failures >= most) return limits.failureLockMs;
  return failures < beforeDelay ? 0 : Math.min(limits.failureDelayMsMax, limits.failureDelayMs * 2 ** Math.min(20, failures - beforeDelay));
}

/** Refuses `too-many` while one has to wait. An attempt that is refused so does not count. */
export async function mayAttempt(db: Queryable, attempted: Attempted): Promise<Result<undefined>> {
  let wait = 0;
  for (const { bound, hash } of subjectsOf(attempted)) {
    const { failures, agoMs } = await failuresOf(db, hash);
    wait = Math.max(wait, waitAfter(failures, bound) - agoMs);
  }
  if (wait <= 0) return ok(undefined);
  const seconds = Math.ceil(wait / 1000);
  return refuse('too-many', `Too many attempts to sign in failed. Try again in ${seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`}.`, { more: { retryAfterSeconds: seconds } });
}

export async function countFailure(db: Queryable, attempted: Attempted): Promise<void> {
  for (const { hash } of subjectsOf(attempted)) await addFailure(db, hash);
}

/** The person got in: their own failures are over; those of the address are not, since others may try from there. */
export const forgetFailuresOf = (db: Queryable, person: string): Promise<unknown> => forgetFailures(db, hashOf(`person ${person}`));
