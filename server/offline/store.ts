/** SQL of offline copies, one statement a function. */
import type { Permit } from '../../shared/domain/access.ts';
import type { CopyId, PersonId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Queryable, Tx } from '../ports.ts';

export interface CopyRow {
  readonly id: CopyId;
  readonly planId: PlanId;
  readonly secret: Buffer;
  readonly until: Date;
  /** Sections that it was made of. */
  readonly sections: readonly string[];
  /** Its time is over, by the database's clock. */
  readonly over: boolean;
  /** The sign-in it was taken under was ended by signing out; a sign-in that merely ran out was not. */
  readonly signedOut: boolean;
}

const columns = `
  offline_copies.id, offline_copies.plan_id AS "planId", offline_copies.secret, offline_copies.until, offline_copies.sections, offline_copies.until <= clock_timestamp() AS over,
  coalesce(sessions.ended_at < sessions.expires_at, false) AS "signedOut"`;
const withSession = 'offline_copies JOIN sessions ON sessions.token_hash = offline_copies.session_hash';

/** Lets a copy out; answers until when. */
export async function insertCopy(tx: Tx, permit: Permit<'take-offline'>, copy: { id: CopyId; planId: PlanId; sessionHash: Uint8Array; secret: Uint8Array; position: number; sections: readonly string[] }): Promise<Date> {
  const [row] = await tx.query<{ until: Date }>(
    `INSERT INTO offline_copies (id, plan_id, person_id, session_hash, secret, position, until, sections)
     VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7 * interval '1 millisecond', $8) RETURNING until`,
    [copy.id, copy.planId, permit.actor.id, copy.sessionHash, copy.secret, copy.position, limits.offlineCopyMs, copy.sections],
  );
  if (!row) throw new Error('an offline copy was not recorded');
  return row.until;
}

/** Copies of the person that are neither handed back nor forgotten, newest first. */
export const copiesOf = (db: Queryable, personId: PersonId): Promise<CopyRow[]> =>
  db.query<CopyRow>(`SELECT ${columns} FROM ${withSession} WHERE offline_copies.person_id = $1 AND offline_copies.secret IS NOT NULL ORDER BY offline_copies.taken_at DESC, offline_copies.id`, [personId]);

/** The person's copy, unless it was handed back or forgotten. */
export async function findCopy(db: Queryable, personId: PersonId, id: CopyId): Promise<CopyRow | undefined> {
  const [row] = await db.query<CopyRow>(`SELECT ${columns} FROM ${withSession} WHERE offline_copies.person_id = $1 AND offline_copies.id = $2 AND offline_copies.secret IS NOT NULL`, [personId, id]);
  return row;
}

/** Ends the copy and forgets its secret; false when that was done before. */
export async function returnCopy(tx: Tx, personId: PersonId, id: CopyId): Promise<boolean> {
  const rows = await tx.query('UPDATE offline_copies SET secret = NULL, returned_at = clock_timestamp() WHERE person_id = $1 AND id = $2 AND secret IS NOT NULL RETURNING id', [personId, id]);
  return rows.length > 0;
}

/** Forgets the secrets of copies whose unsent words have been kept long enough: what still lies on a device cannot be opened any more. */
export const forgetOldSecrets = (db: Queryable): Promise<unknown> =>
  db.query(`UPDATE offline_copies SET secret = NULL WHERE secret IS NOT NULL AND until + $1 * interval '1 millisecond' < clock_timestamp()`, [limits.offlineWordsKeptMs]);
