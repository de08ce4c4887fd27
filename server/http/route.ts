/** One shape for every HTTP route, so that the order of checks is fixed, the answers are uniform and the description is generated. */
import type { z } from 'zod';
import type { Actor } from '../../shared/domain/roles.ts';
import type { Result } from '../../shared/refusal.ts';

/** Where a request came from, as far as that can be known. */
export interface Caller {
  /** The address, as told by the nearest proxy that is trusted. */
  readonly address: string;
  /** The User-Agent header; empty when none came. */
  readonly agent: string;
  /** The browser says that a page of another site, or a part of a page, sent it here. */
  readonly elsewhere: boolean;
}

/** What the Cookie header of a request is worth. */
export type Standing =
  | { readonly kind: 'nobody' }
  /** Signed in, but the screen is locked: everything waits until the same person has unlocked it. `shown`: what may be said all the same. */
  | { readonly kind: 'locked'; readonly actor: Actor; readonly shown: Readonly<Record<string, unknown>> }
  /** `fresh`: proved lately who they are, or signed in where nobody has to. */
  | { readonly kind: 'open'; readonly actor: Actor; readonly fresh: boolean };

export interface Call<Query, Body> {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly requestId: string;
  /** The Cookie header as it came; empty when none did. */
  readonly cookieHeader: string;
  /** Sends a header with the answer (cookies, downloads). */
  header(name: string, value: string): void;
}

interface Shape<Query, Body, Answer> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Express path: "/api/plans/:planId". */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** Schema of the answer: documentation, checked in tests. */
  readonly answer: z.ZodType<Answer>;
  /** Status of a success, 200 when left out. One from 300 to 399 goes with a `Location` header and no answer. */
  readonly status?: number;
}

export interface SignedInRoute<Query = unknown, Body = unknown, Answer = unknown> extends Shape<Query, Body, Answer> {
  readonly session: 'required';
  /** Refused `fresh-sign-in-needed` unless the person proved within `limits.sessionFreshMs` who they are. */
  readonly needsFresh?: boolean;
  /** What it answers is not kept for an `Idempotency-Key`: it may be asked again, and each time anew. */
  readonly unkept?: boolean;
  /** Works on a locked session too: what ends or unlocks it. */
  readonly evenLocked?: boolean;
  readonly handle: (call: Call<Query, Body> & { readonly actor: Actor }) => Promise<Result<Answer>>;
}
export interface OpenRoute<Query = unknown, Body = unknown, Answer = unknown> extends Shape<Query, Body, Answer> {
  readonly session: 'none';
  /** Called by another server with a form: no Origin is asked for, and whatever it says has to prove itself. */
  readonly fromServers?: boolean;
  readonly handle: (call: Call<Query, Body>) => Promise<Result<Answer>>;
}
// Handlers take their own query and body; the table that mounts them checks both with the route's schemas first.
export type Route = SignedInRoute<never, never, unknown> | OpenRoute<never, never, unknown>;

/** A route for someone who is signed in. Order: session (there, not locked, fresh where asked) → origin → query and body schema → idempotency → `handle`. */
export function signedIn<Query, Body, Answer>(route: Omit<SignedInRoute<Query, Body, Answer>, 'session'>): Route {
  return { ...route, session: 'required' } as unknown as Route;
}

/** A route that needs no session. */
export function open<Query, Body, Answer>(route: Omit<OpenRoute<Query, Body, Answer>, 'session'>): Route {
  return { ...route, session: 'none' } as unknown as Route;
}
