/**
 * Puts routes on express, each behind the same checks in the same order: caller → session → Origin → rate → number of plans → query and body
 * → Idempotency-Key → handle.
 */
import { urlencoded, type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import type { Actor } from '../../shared/domain/roles.ts';
import { parseId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, orRefusal, refuse, type Problem, type Refusal, type Result } from '../../shared/refusal.ts';
import { backgroundHeader } from '../../shared/wire/session.ts';
import type { Clock, Queryable, Settings } from '../ports.ts';
import { wantBody } from './body.ts';
import type { AddressOf } from './clientAddress.ts';
import { fingerprint, once, type KeptAnswer } from './idempotency.ts';
import { requestIdOf } from './observe.ts';
import type { PlansOpened } from './plansOpened.ts';
import { problemOf, sendProblem } from './problem.ts';
import type { Call, Caller, Route, Standing } from './route.ts';
import { Strangers } from './strangers.ts';

export interface MountOptions {
  readonly settings: Pick<Settings, 'publicUrl'>;
  readonly db: Queryable;
  /** `byPerson`: a person made the request, so it keeps their session awake. */
  /** Whether the plan is one that the person may still know of: an answer about it that was kept is given again to nobody else. */
  readonly knowsPlan: (actor: Actor, planId: string) => Promise<boolean>;
  readonly standingOf: (cookieHeader: string | undefined, byPerson: boolean) => Promise<Standing>;
  readonly clock: Clock;
  readonly addressOf: AddressOf;
  /** Shared with the live connections, which open plans too; nobody is counted without it. */
  readonly plansOpened?: PlansOpened | undefined;
}

/** A route as it is once its schemas have spoken: what `signedIn` and `open` made, seen from the side that calls it. */
interface Mounted {
  readonly session: 'required' | 'none';
  readonly needsFresh?: boolean;
  readonly evenLocked?: boolean;
  readonly unkept?: boolean;
  readonly fromServers?: boolean;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly status?: number;
  readonly handle: (call: Call<unknown, unknown> & { readonly actor?: Actor }) => Promise<Result<unknown>>;
}

export function mountRoutes(app: Express, routes: readonly Route[], options: MountOptions): void {
  const limiter = limitRate(options.addressOf);
  const knock = countStrangers(options);
  const readForm = urlencoded({ limit: limits.bodyBytesMax, extended: false, inflate: false });
  for (const each of routes) {
    const route = each as unknown as Mounted;
    const changes = each.method !== 'get';
    app[each.method](
      each.path,
      ...(route.session === 'required' ? [knock, wantSession(options, route)] : []),
      ...(changes && !route.fromServers ? [wantOrigin(options.settings.publicUrl)] : []),
      limiter,
      ...(route.session === 'required' ? [wantFewPlans(options)] : []),
      ...(changes ? [route.fromServers ? readForm : wantBody(route.body !== undefined)] : []),
      answerWith(route, changes, options),
    );
  }
}

/** Made-up sessions cost a question to the database each: an address from which too many come is not looked up for a while. */
function countStrangers({ clock, addressOf }: MountOptions): RequestHandler {
  const strangers = new Strangers(clock);
  return (request, response, next) => {
    const { cookie } = request.headers;
    const address = addressOf(request);
    if (cookie === undefined) return next();
    if (!strangers.admits(address, cookie)) return sendRefusal(response, { code: 'too-many', detail: 'Wait a minute, then sign in again.' });
    response.once('finish', () => {
      if (guests.has(request)) strangers.known(address, cookie);
      else if (response.statusCode === 401) strangers.unknown(cookie);
    });
    next();
  };
}

const people = new WeakMap<Request, Actor>();
/** Requests with a session that stands, whatever else is refused about them. */
const guests = new WeakSet<Request>();

const wantSession = ({ standingOf }: MountOptions, route: Mounted): RequestHandler => async (request, response, next) => {
  const standing = await standingOf(request.headers.cookie, request.headers[backgroundHeader] === undefined);
  if (standing.kind === 'nobody') return sendRefusal(response, { code: 'not-signed-in', detail: 'There is no session, or it is over.' });
  guests.add(request);
  if (standing.kind === 'locked' && !route.evenLocked) {
    return sendRefusal(response, { code: 'session-locked', detail: 'Nothing was done here for a while, or the screen was locked. Unlock it to go on.', more: standing.shown });
  }
  if (standing.kind === 'open' && route.needsFresh && !standing.fresh) {
    return sendRefusal(response, { code: 'fresh-sign-in-needed', detail: 'For this the service wants to be sure that it is still you. Sign in once more; what you did here is kept.' });
  }
  people.set(request, standing.actor);
  next();
};

/** `Sec-Fetch-Site` is a browser's own word for where a request comes from; no page can write it. */
const wantOrigin = (publicUrl: string): RequestHandler => (request, response, next) => {
  const site = request.headers['sec-fetch-site'];
  if (request.headers.origin === publicUrl && (site === undefined || site === 'same-origin')) return next();
  sendRefusal(response, { code: 'wrong-origin', detail: `Changes are accepted from ${publicUrl} only; the Origin header must say so.` });
};

const wantFewPlans = ({ plansOpened }: MountOptions): RequestHandler => (request, response, next) => {
  const { planId, nhsNumber } = request.params;
  // A number is the same however it is spaced.
  const what = planId ?? (typeof nhsNumber === 'string' ? nhsNumber.replaceAll(/\D/g, '').slice(0, 60) : undefined);
  const actor = people.get(request);
  // What is longer is no id and no number: nothing is opened by it.
  if (!plansOpened || !actor || typeof what !== 'string' || what.length > 60 || plansOpened.admits(actor.id, what)) return next();
  sendRefusal(response, { code: 'too-many', detail: 'You have opened more plans in ten minutes than one person reads. Those that you have opened stay open to you; wait a few minutes for others.' });
};

/** In memory, each node by itself: without Redis too, and somebody whose calls go to several nodes has so many times as many. */
const limitRate = (addressOf: AddressOf): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: limits.requestsPerMinuteMax,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => people.get(request)?.id ?? ipKeyGenerator(addressOf(request)),
    handler: (_request, response) => sendRefusal(response, { code: 'too-many', detail: 'Wait a minute, then go on.' }),
  });

/** What a change without a body of its own may say. */
const nothing = z.object({}).strict().optional();

const answerWith = (route: Mounted, changes: boolean, { db, addressOf, knowsPlan }: MountOptions) =>
  async (request: Request, response: Response, _next: NextFunction): Promise<void> => {
    // No id holds a control character, and the database takes none.
    if (Object.values(request.params).some((each) => /\p{Cc}/u.test(String(each)))) return sendRefusal(response, { code: 'not-found', detail: 'There is nothing at this address.' });
    const query = check(route.query, request.query, 'query');
    if (!query.ok) return sendRefusal(response, query.refusal);
    const body = check(route.body ?? (changes ? nothing : undefined), request.body as unknown, 'body');
    if (!body.ok) return sendRefusal(response, body.refusal);
    const actor = people.get(request);
    const call = {
      params: request.params as Readonly<Record<string, string>>, query: query.value, body: body.value, requestId: requestIdOf(response),
      cookieHeader: request.headers.cookie ?? '', caller: callerOf(request, addressOf), header: (name: string, value: string) => void response.setHeader(name, value),
      ...(actor ? { actor } : {}),
    };
    let done = false;
    const work = async (): Promise<KeptAnswer> => {
      done = true;
      return answerOf(await refusalsCaught(() => route.handle(call)), route.status ?? 200);
    };
    const key = request.headers['idempotency-key'];
    if (!changes || !actor || key === undefined || request.method === 'DELETE' || route.unkept) return send(response, await work());
    if (typeof key !== 'string' || key.length === 0 || key.length > limits.idempotencyKeyLengthMax) {
      return sendRefusal(response, { code: 'bad-request', detail: `An Idempotency-Key has 1 to ${limits.idempotencyKeyLengthMax} characters.` });
    }
    const kept = await once(db, actor.id, key, fingerprint(request.method, request.originalUrl, body.value, actor), work);
    const planId = planOf(request.params['planId'], kept);
    if (kept.ok && !done && planId !== undefined && !(await knowsPlan(actor, planId))) return sendRefusal(response, { code: 'not-found', detail: 'There is no such plan for you.' });
    if (kept.ok) send(response, kept.value);
    else sendRefusal(response, kept.refusal);
  };

/** The plan that a kept answer is about: that of the address, or the one that was begun. */
function planOf(addressed: string | string[] | undefined, kept: Result<KeptAnswer>): string | undefined {
  if (typeof addressed === 'string') return addressed;
  const begun = kept.ok ? (kept.value.answer as { readonly id?: unknown } | null)?.id : undefined;
  return typeof begun === 'string' && parseId('plan', begun) ? begun : undefined;
}

const callerOf = (request: Request, addressOf: AddressOf): Caller => {
  const [site, into] = [request.headers['sec-fetch-site'], request.headers['sec-fetch-dest']];
  return {
    address: addressOf(request), agent: request.headers['user-agent'] ?? '',
    elsewhere: site === 'cross-site' || site === 'same-site' || (into !== undefined && into !== 'document' && into !== 'empty'),
  };
};

function check(schema: z.ZodType | undefined, value: unknown, where: 'query' | 'body'): Result<unknown> {
  if (!schema) return ok(undefined);
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const problems: Problem[] = parsed.error.issues.map((issue) => ({ field: issue.path.join('.') || where, message: issue.message }));
  return refuse('invalid', 'Check the values named here.', { problems });
}

const answerOf = (result: Result<unknown>, status: number): KeptAnswer =>
  result.ok ? { status, answer: result.value } : { status: problemOf(result.refusal).status, answer: problemOf(result.refusal) };

function send(response: Response, { status, answer }: KeptAnswer): void {
  response.status(status).set('Cache-Control', 'no-store');
  if (answer instanceof Uint8Array) response.send(Buffer.from(answer));
  else if (answer === undefined || status === 204) response.status(status >= 300 && status < 400 ? status : 204).end();
  else if (status >= 400) response.set('Content-Type', 'application/problem+json; charset=utf-8').send(JSON.stringify(answer));
  else response.json(answer);
}

const sendRefusal = (response: Response, refusal: Refusal): void => sendProblem(response, problemOf(refusal));

/** What a handler was refused in the middle of its work is its answer. */
async function refusalsCaught<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  const done = await orRefusal(work);
  return done.ok ? done.value : done;
}
