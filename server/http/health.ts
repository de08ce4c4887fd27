/** Is the process alive; should it be sent work. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Express, Request } from 'express';
import type { Clock, Queryable } from '../ports.ts';
import { isFromHere } from './clientAddress.ts';
import { metricsText } from './observe.ts';
import { problemOf, sendProblem } from './problem.ts';

/** A readiness answer is good for this long, so that asking often costs the database nothing. */
const freshMs = 1_000;

export interface Health {
  /** From now on the answer is "not ready": a load balancer sends nobody here any more. */
  startDraining(): void;
}

export function mountHealth(app: Express, db: Queryable, clock: Clock, migrations: number, metricsToken?: string): Health {
  let draining = false;
  let last: { readonly at: number; readonly problems: Promise<readonly string[]> } | undefined;

  const problems = (): Promise<readonly string[]> => {
    const now = clock.now().getTime();
    if (!last || now - last.at > freshMs || now < last.at) last = { at: now, problems: storageProblems(db, migrations) };
    return last.problems;
  };

  app.get('/livez', (_request, response) => void response.set('Cache-Control', 'no-store').json({ alive: true }));
  app.get('/readyz', async (_request, response) => {
    const found = draining ? ['draining'] : await problems();
    response.status(found.length === 0 ? 200 : 503).set('Cache-Control', 'no-store').json({ ready: found.length === 0, problems: found });
  });
  app.get('/metrics', async (request, response) => {
    if (!mayMeasure(request, metricsToken)) return sendProblem(response, problemOf({ code: 'not-found', detail: 'There is nothing at this address.' }));
    const { type, text } = await metricsText();
    response.set('Content-Type', type).send(text);
  });
  return { startDraining: () => { draining = true; } };
}

/** Whoever says the token; where there is none, a program on this computer that speaks for itself. To others there is nothing at this address. */
function mayMeasure(request: Request, token: string | undefined): boolean {
  if (token === undefined) return isFromHere(request);
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

async function storageProblems(db: Queryable, migrations: number): Promise<readonly string[]> {
  try {
    const [row] = await db.query<{ applied: number }>(
      'WITH written AS (UPDATE readiness SET at = clock_timestamp() RETURNING 1) SELECT count(*) AS applied FROM accord_migrations WHERE EXISTS (SELECT FROM written)');
    return row && row.applied >= migrations ? [] : ['migrations'];
  } catch {
    // Whatever the reason is, it was logged where it arose; the answer to "should this node get work" is no.
    return ['storage'];
  }
}
