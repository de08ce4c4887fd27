/** One shape for every HTTP route, so that the order of checks is fixed, the answers are uniform and the description is generated. */
import type { z } from 'zod';
import type { Actor } from '../../shared/domain/roles.ts';
import type { Result } from '../../shared/refusal.ts';

export interface Call<Query, Body> {
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
  /** Status of a success, 200 when left out. */
  readonly status?: number;
}

export interface SignedInRoute<Query = unknown, Body = unknown, Answer = unknown> extends Shape<Query, Body, Answer> {
  readonly session: 'required';
  /** Wants a sign-in that is fresh, not one from this morning. */
  readonly needsFresh?: boolean;
  readonly handle: (call: Call<Query, Body> & { readonly actor: Actor }) => Promise<Result<Answer>>;
}
export interface OpenRoute<Query = unknown, Body = unknown, Answer = unknown> extends Shape<Query, Body, Answer> {
  readonly session: 'none';
  readonly handle: (call: Call<Query, Body>) => Promise<Result<Answer>>;
}
// Handlers take their own query and body; the table that mounts them checks both with the route's schemas first.
export type Route = SignedInRoute<never, never, unknown> | OpenRoute<never, never, unknown>;

/** A route for someone who is signed in. Order: session → origin → query and body schema → idempotency → `handle`. */
export function signedIn<Query, Body, Answer>(route: Omit<SignedInRoute<Query, Body, Answer>, 'session'>): Route {
  return { ...route, session: 'required' } as unknown as Route;
}

/** A route that needs no session. */
export function open<Query, Body, Answer>(route: Omit<OpenRoute<Query, Body, Answer>, 'session'>): Route {
  return { ...route, session: 'none' } as unknown as Route;
}
