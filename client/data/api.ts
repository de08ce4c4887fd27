/** The one way to call the server: every answer is read with its schema, every refusal becomes an ApiProblem. */
import type { z } from 'zod';
import { backgroundHeader } from '../../shared/wire/session.ts';
import { somebodyHere } from './byPerson.ts';
import { ApiProblem, problemFrom, unreachable } from './problem.ts';

const answerTimeoutMs = 20_000;

/** A key that makes a repeated order harmless. Keep it while the same order is tried again; take a new one for a new order. */
export const newOnce = (): string => crypto.randomUUID();

export type Method = 'POST' | 'PUT' | 'DELETE';

/** Reads `path`. Throws ApiProblem: refused, unreachable, or an answer that does not keep to `schema`. */
export async function apiGet<Schema extends z.ZodType>(path: string, schema: Schema, signal?: AbortSignal): Promise<z.infer<Schema>> {
  return read(await call(path, { method: 'GET' }, signal), schema);
}

/**
 * Changes something. `once` is the Idempotency-Key; give the same one when the same order is sent again after a lost answer.
 * `outlivesPage`: is sent even if the page is left at this moment.
 * Throws ApiProblem. An answer without a body (204) is read as `undefined`.
 */
export async function apiSend<Schema extends z.ZodType>(
  method: Method, path: string, body: unknown, schema: Schema, once: string = newOnce(), outlivesPage = false,
): Promise<z.infer<Schema>> {
  const headers: Record<string, string> = { 'Idempotency-Key': once };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const init: RequestInit = body === undefined ? { method, headers, keepalive: outlivesPage } : { method, headers, keepalive: outlivesPage, body: JSON.stringify(body) };
  return read(await call(path, init), schema);
}

async function call(path: string, init: RequestInit, signal?: AbortSignal): Promise<unknown> {
  const timeout = AbortSignal.timeout(answerTimeoutMs);
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { Accept: 'application/json, application/problem+json', ...(somebodyHere() ? {} : { [backgroundHeader]: '1' }), ...init.headers },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  const body = await bodyOf(response);
  if (!response.ok) throw problemFrom(response.status, body);
  return body;
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const text = await response.text().catch(() => {
    throw unreachable();
  });
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON (a proxy's error page, say): the caller's schema or `problemFrom` turns this into a sentence.
    return text;
  }
}

function read<Schema extends z.ZodType>(body: unknown, schema: Schema): z.infer<Schema> {
  const answer = schema.safeParse(body);
  if (answer.success) return answer.data;
  const first = answer.error.issues[0];
  throw new ApiProblem('unreadable', 200, 'The answer could not be read', `This screen and the server do not agree (${first?.path.join('.') ?? 'answer'}). Reload the page to get the current screen.`);
}
