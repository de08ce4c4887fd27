/** `Idempotency-Key`: the same call sent again after a lost answer is answered again, not done again. Kept for each person apart. */
import { createHash } from 'node:crypto';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId } from '../../shared/ids.ts';
import type { Queryable } from '../ports.ts';

export interface KeptAnswer {
  readonly status: number;
  readonly answer: unknown;
}
interface KeptRow extends KeptAnswer {
  readonly request: string;
}

/** What makes two calls the same: method, address, body, and in which role they are made. */
export const fingerprint = (method: string, url: string, body: unknown, { role, organisationId }: Pick<Actor, 'role' | 'organisationId'>): string =>
  createHash('sha256').update(JSON.stringify([method, url, body ?? null, role, organisationId])).digest('hex');

/**
 * Does `work` once for this key. Answers what was answered the first time; refuses `idempotency-reused` when the key was used for
 * another call and `conflict` while the first is still in hand. When `work` throws, the key is free again.
 */
export async function once(
  db: Queryable, person: PersonId, key: string, request: string, work: () => Promise<KeptAnswer>,
): Promise<Result<KeptAnswer>> {
  if (!(await claim(db, person, key, request))) {
    const kept = await find(db, person, key);
    if (kept && kept.request !== request) return refuse('idempotency-reused', 'Use a new Idempotency-Key for a new request.');
    if (!kept || kept.status === 0) return refuse('conflict', 'The same request is still being worked on. Ask again in a moment.');
    return ok({ status: kept.status, answer: kept.answer });
  }
  let answer: KeptAnswer;
  try {
    answer = await work();
  } catch (error) {
    await release(db, person, key);
    throw error;
  }
  await keep(db, person, key, answer);
  return ok(answer);
}

/** Forgets answers that nobody will ask for again. */
export const forgetOldAnswers = (db: Queryable): Promise<unknown> =>
  db.query(`DELETE FROM idempotency_keys WHERE at < clock_timestamp() - $1 * interval '1 millisecond'`, [limits.idempotencyKeptMs]);

/** True when the key is ours now: never used before, or claimed by a call that died with its node. */
async function claim(db: Queryable, person: PersonId, key: string, request: string): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO idempotency_keys AS kept (person_id, key, request, status, answer) VALUES ($1, $2, $3, 0, 'null')
     ON CONFLICT (person_id, key) DO UPDATE SET at = clock_timestamp()
     WHERE kept.status = 0 AND kept.request = EXCLUDED.request AND kept.at < clock_timestamp() - $4 * interval '1 millisecond'
     RETURNING 1`,
    [person, key, request, limits.idempotencyClaimMs],
  );
  return rows.length === 1;
}

async function find(db: Queryable, person: PersonId, key: string): Promise<KeptRow | undefined> {
  const [row] = await db.query<KeptRow>('SELECT request, status, answer FROM idempotency_keys WHERE person_id = $1 AND key = $2', [person, key]);
  return row;
}

const keep = (db: Queryable, person: PersonId, key: string, { status, answer }: KeptAnswer): Promise<unknown> =>
  db.query('UPDATE idempotency_keys SET status = $3, answer = $4, at = clock_timestamp() WHERE person_id = $1 AND key = $2', [person, key, status, JSON.stringify(answer ?? null)]);

const release = (db: Queryable, person: PersonId, key: string): Promise<unknown> =>
  db.query('DELETE FROM idempotency_keys WHERE person_id = $1 AND key = $2 AND status = 0', [person, key]);
