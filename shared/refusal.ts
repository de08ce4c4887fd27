/** Expected failure is a value. This is the one table of all refusals: code, HTTP status, title. */

export const refusalTable = {
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'session-locked': { status: 401, title: 'The screen is locked' },
  'fresh-sign-in-needed': { status: 401, title: 'Sign in again to go on' },
  'wrong-origin': { status: 403, title: 'The request came from another site' },
  'not-allowed': { status: 403, title: 'Your role may not do this' },
  'not-shared': { status: 403, title: 'The person does not agree to sharing' },
  'not-found': { status: 404, title: 'Not found' },
  'invalid': { status: 422, title: 'Some values cannot be accepted' },
  'bad-request': { status: 400, title: 'The request could not be read' },
  'open-plan-exists': { status: 409, title: 'This person already has an open plan' },
  'changed-since-read': { status: 409, title: 'The plan changed since you read it' },
  'incomplete': { status: 422, title: 'The plan is not complete' },
  'conflict': { status: 409, title: 'Someone else did this first' },
  'idempotency-reused': { status: 409, title: 'This Idempotency-Key was used for another request' },
  'meeting-ended': { status: 409, title: 'The meeting has ended' },
  'unsupported-type': { status: 415, title: 'This kind of content is not read here' },
  'over-limit': { status: 413, title: 'Over a limit' },
  'too-many': { status: 429, title: 'Too many requests' },
  'key-retired': { status: 503, title: 'The key of this service was retired' },
  'unavailable': { status: 503, title: 'Storage cannot be reached just now' },
} as const satisfies Record<string, { status: number; title: string }>;

export type RefusalCode = keyof typeof refusalTable;

/** One field at fault. `field` is a path ("patient.nhsNumber", "resuscitation.cprDecision"). */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

export interface Refusal {
  readonly code: RefusalCode;
  /** One plain sentence for the person who is refused. Never holds another person's data. */
  readonly detail: string;
  readonly problems?: readonly Problem[];
  /** Extra members of the problem document, such as the plan that is already open. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const refuse = (code: RefusalCode, detail: string, rest: Omit<Refusal, 'code' | 'detail'> = {}): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code, detail, ...rest },
});

/** Carries a refusal through code that can only throw (a transaction to roll back, a route to leave). */
export class RefusalError extends Error {
  constructor(readonly refusal: Refusal) {
    super(`${refusal.code}: ${refusal.detail}`);
  }
}

/** A refusal that left through code that can only throw, as the value that it is; anything else goes on being thrown. */
export async function orRefusal<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
