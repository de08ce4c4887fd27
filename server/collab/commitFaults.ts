/** Why a commit did not come about, where more follows from it than that it is tried again. */

/** Nobody here holds on to the plan any more. */
export class GivenUp extends Error {
  constructor() {
    super('the plan was given up on this node');
  }
}

/** Somebody else holds what was waited for (SQLSTATE lock_not_available). */
export const isLockWait = (error: unknown): boolean => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return typeof cause === 'object' && cause !== null && (cause as { code?: unknown }).code === '55P03';
};
