/** Reads the body of a change: JSON in UTF-8, whole and bounded. What is too much is refused before all of it is there. */
import type { Request, RequestHandler, Response } from 'express';
import { limits } from '../../shared/limits.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { problemOf, sendProblem } from './problem.ts';

const notJson: Refusal = { code: 'bad-request', detail: 'The request is not well-formed: check its address and its JSON.' };
const tooMuch: Refusal = { code: 'over-limit', detail: `A request body has at most ${limits.bodyBytesMax} bytes.` };
const otherKind: Refusal = { code: 'unsupported-type', detail: 'Send the body as application/json in UTF-8, not packed.' };

/** `needed`: without a body there is nothing to do. Other changes may come with an empty object or with nothing. */
export const wantBody = (needed: boolean): RequestHandler => (request, response, next) => {
  const { headers } = request;
  const length = Number(headers['content-length'] ?? 0);
  if (headers['transfer-encoding'] === undefined && length === 0) {
    return needed ? refuseUnread(response, { code: 'bad-request', detail: 'The request has no body; send it as application/json.' }) : next();
  }
  if (!isPlainJson(request)) return refuseUnread(response, otherKind);
  if (length > limits.bodyBytesMax) return refuseUnread(response, tooMuch);
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limits.bodyBytesMax) return void chunks.push(chunk);
    chunks.length = 0;
    if (!response.headersSent) refuseUnread(response, tooMuch);
  });
  request.on('end', () => {
    if (response.headersSent) return;
    const text = decoded(Buffer.concat(chunks));
    const parsed = text === undefined ? undefined : parse(text);
    if (!parsed) return sendProblem(response, problemOf(notJson));
    request.body = parsed.value;
    next();
  });
};

/** One kind, one writing, and nothing that was packed: a few bytes could become millions. */
function isPlainJson(request: Request): boolean {
  const { 'content-type': type = '', 'content-encoding': packed = 'identity' } = request.headers;
  const [kind = '', ...parameters] = type.split(';').map((part) => part.trim().toLowerCase());
  return kind === 'application/json' && packed.trim().toLowerCase() === 'identity' && parameters.every((each) => /^charset="?utf-8"?$/.test(each));
}

/** What is left of the body is not waited for: the line is closed behind the answer. */
function refuseUnread(response: Response, refusal: Refusal): void {
  response.set('Connection', 'close');
  sendProblem(response, problemOf(refusal));
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
