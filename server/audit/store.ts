/** SQL of the audit chains. Entries are only ever added; the head lives in the plan's row, so that a cut tail shows. */
import type { PlanId } from '../../shared/ids.ts';
import type { Queryable, Tx } from '../ports.ts';

export interface ChainHead {
  readonly seq: number;
  readonly hash: Buffer | null;
  readonly at: string;
}

/** Locks the plan's row and answers the last link and the database's clock. */
export async function lockChainHead(tx: Tx, planId: PlanId): Promise<ChainHead | undefined> {
  const [row] = await tx.query<ChainHead>(
    `SELECT audit_seq AS seq, audit_hash AS hash, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
     FROM plans WHERE id = $1 FOR UPDATE`,
    [planId],
  );
  return row;
}

/** Inserts the links and moves the head to the last of them, in one statement. */
export async function addEntries(tx: Tx, planId: PlanId, stream: string, links: readonly { seq: number; text: string; hash: Buffer }[]): Promise<void> {
  const last = links.at(-1);
  if (!last) return;
  await tx.query(
    `WITH added AS (
       INSERT INTO audit_entries (stream, seq, entry, hash)
       SELECT $2, link.seq, link.entry, link.hash FROM unnest($3::bigint[], $4::text[], $5::bytea[]) AS link (seq, entry, hash)
     )
     UPDATE plans SET audit_seq = $6, audit_hash = $7 WHERE id = $1`,
    [planId, stream, links.map(({ seq }) => seq), links.map(({ text }) => text), links.map(({ hash }) => hash), last.seq, last.hash],
  );
}

export interface StoredEntry {
  readonly seq: number;
  readonly entry: string;
  readonly hash: Buffer;
}

/** The next links of a chain after `seq`, oldest first. */
export async function entriesAfter(db: Queryable, stream: string, seq: number, count: number): Promise<StoredEntry[]> {
  return db.query<StoredEntry>('SELECT seq, entry, hash FROM audit_entries WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3', [stream, seq, count]);
}

/** Links before `seq`, newest first: a page of what people read. */
export async function entriesBefore(db: Queryable, stream: string, seq: number, count: number): Promise<StoredEntry[]> {
  return db.query<StoredEntry>('SELECT seq, entry, hash FROM audit_entries WHERE stream = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3', [stream, seq, count]);
}

/** Where a plan's own row says that its chain ends. */
export async function chainHead(db: Queryable, planId: PlanId): Promise<{ seq: number; hash: Buffer | null } | undefined> {
  const [row] = await db.query<{ seq: number; hash: Buffer | null }>('SELECT audit_seq AS seq, audit_hash AS hash FROM plans WHERE id = $1', [planId]);
  return row;
}

/** Plans after `after` in id order, for a walk over all chains. */
export async function plansAfter(db: Queryable, after: string, count: number): Promise<{ id: PlanId }[]> {
  return db.query<{ id: PlanId }>('SELECT id FROM plans WHERE id > $1 ORDER BY id LIMIT $2', [after, count]);
}

/** The first chain after `after` in name order, found without reading every entry. */
export async function streamAfter(db: Queryable, after: string): Promise<string | undefined> {
  const [row] = await db.query<{ stream: string | null }>('SELECT min(stream) AS stream FROM audit_entries WHERE stream > $1', [after]);
  return row?.stream ?? undefined;
}

/** Holds the whole transaction to one moment, so that entries added meanwhile are neither seen nor missed. First statement of `tx`. */
export async function holdMoment(tx: Tx): Promise<void> {
  await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
}

/** Names of people and organisations, for sentences. */
export async function namesOf(db: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.query<{ id: string; name: string }>(
    'SELECT id, name FROM people WHERE id = ANY ($1::text[]) UNION ALL SELECT id, name FROM organisations WHERE id = ANY ($1::text[])',
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
