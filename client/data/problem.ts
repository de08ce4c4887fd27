/** What went wrong with a call, as one kind of error: the server's refusal, or that the server could not be reached. */
import { z } from 'zod';
import type { Problem, RefusalCode } from '../../shared/refusal.ts';

/** `unreachable`: no answer came. `unreadable`: an answer came that does not keep to the schema. */
export type ProblemCode = RefusalCode | 'unreachable' | 'unreadable' | 'unexpected';

const problemDocument = z.looseObject({
  title: z.string(), status: z.number().int(), code: z.string(), detail: z.string().optional(),
  problems: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

export class ApiProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly problems: readonly Problem[] = [],
    /** Further members of the problem document, such as the plan that is already open. */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${title}`);
  }
}

export const unreachable = (): ApiProblem =>
  new ApiProblem('unreachable', 0, 'The server cannot be reached', 'Check the connection, then try again. Nothing that you typed here was sent.');

/** No answer of the service itself: it was not reached, or what stands before it says that it is away. */
export const isAway = (error: unknown): boolean => error instanceof ApiProblem && (error.code === 'unreachable' || (error.status >= 502 && error.status <= 504));

/** Reads the body of a refusal. An answer that is no problem document still becomes a sentence for a person. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  const read = problemDocument.safeParse(body);
  if (!read.success) return new ApiProblem('unexpected', status, 'Something went wrong', `The server answered ${status} without saying why. Try again.`);
  const { title, code, detail, problems, ...more } = read.data;
  return new ApiProblem(code as ProblemCode, status, title, detail ?? '', problems ?? [], more);
}

/** What browsers say when a page's own file does not come: each has its own words, and none is for a person. */
const fileMissing = /dynamically imported module|preload CSS|Importing a module script failed/i;

/** Any thrown thing as a problem that can be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const words = error instanceof Error ? error.message : String(error);
  if (fileMissing.test(words)) return new ApiProblem('unreachable', 0, 'This page could not be loaded', 'The server cannot be reached, or the screen is older than the server. Check the connection, then load it again.');
  return new ApiProblem('unexpected', 0, 'Something went wrong on this screen', words);
}

/** The message for one field of a form ("patient.nhsNumber"), if the refusal names it. */
export const messageFor = (problem: ApiProblem | undefined, field: string): string | undefined =>
  problem?.problems.find((one) => one.field === field)?.message;
