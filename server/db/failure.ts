/** What can go wrong with the database, told apart: it cannot be reached just now, or it says no. */
import pg from 'pg';

/** The database did not answer in time or cannot be reached; the outcome of a COMMIT under way is unknown. Trying again later is right. */
export class DatabaseUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the database cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

// Classes of SQLSTATE: 08 connection, 53 out of resources, 57P shutdown, 58 system trouble; 55P03 a lock waited for too long, 57014 a statement that ran too long.
const unavailable = /^(08|53|57P|58)|^(55P03|57014|40001|40P01)$/;

/** True when the server itself answered with an error, so that the connection is still good unless it says that it is closing. */
export const isAnswer = (error: unknown): error is pg.DatabaseError => error instanceof pg.DatabaseError;

/** The error as the service should see it: `DatabaseUnavailable` when waiting may help, unchanged otherwise. */
export function asDatabaseFailure(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable) return error;
  if (isAnswer(error)) return unavailable.test(error.code ?? '') ? new DatabaseUnavailable(error) : error;
  return new DatabaseUnavailable(error);
}

/** True when the row exists already. Name the constraint or index to be sure which. */
export const isDuplicate = (error: unknown, constraint?: string): boolean =>
  isAnswer(error) && error.code === '23505' && (constraint === undefined || error.constraint === constraint);
