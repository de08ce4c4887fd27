/** What to do when the socket of a plan is closed: decided from the close code alone. Pure. */
import { closeCodes } from '../../shared/wire/close.ts';

/** `other-person`: somebody else is signed in in this browser now. */
export type StopReason = 'sign-in' | 'other-person' | 'not-found' | 'over-limit' | 'bad-frame';

export type NextStep =
  | { readonly kind: 'reconnect'; readonly afterMs: number; readonly because: 'moving' | 'lost' | 'busy' }
  /** Documents may hold what the server will not take: open fresh ones first. */
  | { readonly kind: 'fresh'; readonly afterMs: number; readonly because: 'refused' | 'rebuilt' }
  /** What this person may open may have changed: ask before going on. */
  | { readonly kind: 'ask-access' }
  | { readonly kind: 'stop'; readonly why: StopReason };

/** Half of the step is chance, so that a room of twelve does not come back in the same instant. */
const spread = (ms: number, random: number): number => Math.round(ms / 2 + (ms / 2) * random);
const doubling = (firstMs: number, failures: number, mostMs: number): number => Math.min(mostMs, firstMs * 2 ** Math.min(failures, 10));

/** `failures` counts connections in a row that brought nothing; `random` is from 0 to 1. Delays are milliseconds. */
export function nextStep(code: number, failures: number, random: number): NextStep {
  switch (code) {
    case closeCodes.goingAway:
    case closeCodes.restarting:
      return { kind: 'reconnect', afterMs: spread(doubling(300, failures, 5_000), random), because: 'moving' };
    case closeCodes.tryLater:
      return { kind: 'reconnect', afterMs: spread(doubling(1_000, failures, 30_000), random), because: 'busy' };
    case closeCodes.refused:
      return { kind: 'fresh', afterMs: spread(doubling(200, failures, 10_000), random), because: 'refused' };
    case closeCodes.rebuilt:
      return { kind: 'fresh', afterMs: spread(doubling(200, failures, 10_000), random), because: 'rebuilt' };
    case closeCodes.notFound:
      return failures < 2 ? { kind: 'ask-access' } : { kind: 'stop', why: 'not-found' };
    case closeCodes.notSignedIn:
      return { kind: 'stop', why: 'sign-in' };
    case closeCodes.overLimit:
    case closeCodes.tooBigFrame:
      return { kind: 'stop', why: 'over-limit' };
    case closeCodes.badFrame:
      return { kind: 'stop', why: 'bad-frame' };
    default:
      return { kind: 'reconnect', afterMs: spread(doubling(300, failures, 10_000), random), because: 'lost' };
  }
}
