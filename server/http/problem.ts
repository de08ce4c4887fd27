/** Refusals as RFC 9457 problem documents. */
import type { Response } from 'express';
import { DatabaseUnavailable } from '../db/failure.ts';
import { refusalTable, RefusalError, type Refusal } from '../../shared/refusal.ts';

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly [more: string]: unknown;
}

/** The document of a refusal. Members of `more` never replace the standard ones. */
export function problemOf(refusal: Refusal): ProblemDocument {
  const { status, title } = refusalTable[refusal.code];
  return {
    ...refusal.more,
    type: `urn:accord:problem:${refusal.code}`, title, status, code: refusal.code, detail: refusal.detail,
    ...(refusal.problems && refusal.problems.length > 0 ? { problems: refusal.problems } : {}),
  };
}

/** The document for anything thrown, and whether it was a failure that nobody expected. */
export function problemOfThrown(error: unknown, requestId: string): { readonly problem: ProblemDocument; readonly unexpected: boolean } {
  if (error instanceof RefusalError) return { problem: problemOf(error.refusal), unexpected: false };
  if (error instanceof DatabaseUnavailable) {
    return { problem: problemOf({ code: 'unavailable', detail: 'Nothing was lost. Try again in a moment.', more: { requestId } }), unexpected: false };
  }
  const problem = {
    type: 'urn:accord:problem:internal', title: 'Something went wrong on our side', status: 500, code: 'internal',
    detail: `It was written down under ${requestId}.`, requestId,
  };
  return { problem, unexpected: true };
}

export function sendProblem(response: Response, problem: ProblemDocument): void {
  response.status(problem.status).set('Content-Type', 'application/problem+json; charset=utf-8').set('Cache-Control', 'no-store').send(JSON.stringify(problem));
}
