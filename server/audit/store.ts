/** SQL of the audit chains. Entries are only ever added; the head lives in the plan's row, so that a cut tail shows. */
import type { ClockSpan } from '../../shared/crdt/sectionPast.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Queryable, Tx } from '../ports.ts';

export interface ChainHead {
  readonly planId: PlanId;
  readonly seq: number;
  readonly hash: Buffer | null;
  readonly at: string;
}

/** Locks the plans' rows in id order and answers the last link of each and the database's clock. */
export async function lockChainHeads(tx: Tx, planIds: readonly PlanId[]): Promise<Map<PlanId, ChainHead>> {
  const rows = await tx.query<ChainHead>(
    `SELECT id AS "planId", audit_seq AS seq, audit_hash AS hash, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
     FROM plans WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE`,
    [planIds],
  );
  return new Map(rows.map((row) => [row.planId, row]));
}

export interface NewLink {
  readonly planId: PlanId;
  readonly stream: string;
  readonly seq: number;
  readonly text: string;
  readonly hash: Buffer;
}

/** Inserts the links and moves each head to the last of its links, in one statement. */
export async function addEntries(tx: Tx, links: readonly NewLink[]): Promise<void> {
  if (links.length === 0) return;
  const lasts = [...new Map(links.map((link) => [link.planId, link])).values()];
  await tx.query(
    `WITH added AS (
       INSERT INTO audit_entries (stream, seq, entry, hash)
       SELECT link.stream, link.seq, link.entry, link.hash FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[]) AS link (stream, seq, entry, hash)
     )
     UPDATE plans SET audit_seq = last.seq, audit_hash = last.hash
     FROM unnest($5::text[], $6::bigint[], $7::bytea[]) AS last (plan_id, seq, hash) WHERE plans.id = last.plan_id`,
    [
      links.map(({ stream }) => stream), links.map(({ seq }) => seq), links.map(({ text }) => text), links.map(({ hash }) => hash),
      lasts.map(({ planId }) => planId), lasts.map(({ seq }) => seq), lasts.map(({ hash }) => hash),
    ],
  );
}

/** An access entry's chain and its text around what only the database knows: time, hash before, number. */
export interface SpelledAccess {
  readonly stream: string;
  readonly parts: readonly [string, string, string, string];
}

/** Adds to access chains, in the order given, in one transaction of its own. Chains come in the order of their names. */
export async function addAccessEntries(db: Queryable, entries: readonly SpelledAccess[]): Promise<void> {
  await db.query('SELECT accord_record_access($1)', [JSON.stringify(entries.map(({ stream, parts }) => [stream, ...parts]))], 'record-access');
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

/** Links of a chain put together by the server: a tenth of the work for the driver. */
export interface ManyEntries {
  readonly seqs: readonly number[];
  readonly texts: readonly string[];
  /** SHA-256 of the links' stored hashes one after the other: who works the hashes out need not be sent them. */
  readonly hashOfHashes: Buffer;
}

/** As `entriesAfter`, together. Undefined when there are none, or the parts cannot be told apart again. */
export async function manyEntriesAfter(db: Queryable, stream: string, seq: number, count: number): Promise<ManyEntries | undefined> {
  const [row] = await db.query<{ count: number; seqs: string | null; texts: string | null; hashOfHashes: Buffer | null }>(
    `SELECT count(*) AS count, string_agg(seq::text, ' ' ORDER BY seq) AS seqs, string_agg(entry, E'\n' ORDER BY seq) AS texts, sha256(string_agg(hash, ''::bytea ORDER BY seq)) AS "hashOfHashes"
     FROM (SELECT seq, entry, hash FROM audit_entries WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS next`,
    [stream, seq, count], 'many-entries',
  );
  if (!row || row.texts === null || row.seqs === null || row.hashOfHashes === null) return undefined;
  const [seqs, texts] = [row.seqs.split(' ').map(Number), row.texts.split('\n')];
  return seqs.length === row.count && texts.length === row.count ? { seqs, texts, hashOfHashes: row.hashOfHashes } : undefined;
}

/** Which links of a chain are wanted; what is left out does not narrow. Texts are looked for as they are spelled, so that a spoiled entry breaks no search. */
export interface EntryFilter {
  readonly person?: string | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly outcome?: 'done' | 'refused' | undefined;
  readonly section?: string | undefined;
  /** UTC instants as entries spell them: from, and before. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Links before `seq` that the filter lets through, newest first: a page of what people read. */
export async function entriesLike(db: Queryable, stream: string, filter: EntryFilter, seq: number, count: number): Promise<StoredEntry[]> {
  return db.query<StoredEntry>(
    `SELECT seq, entry, hash FROM audit_entries WHERE stream = $1 AND seq < $2
       AND ($3::text IS NULL OR strpos(entry, '"actor":{"id":"' || $3 || '"') > 0)
       AND ($4::text[] IS NULL OR substring(entry from '^\\{"action":"([a-z-]*)"') = ANY ($4))
       AND ($5::text IS NULL OR strpos(entry, '"outcome":"' || $5 || '"') > 0)
       AND ($6::text IS NULL OR strpos(entry, '"section":"' || $6 || '"') > 0)
       AND ($7::text IS NULL OR substring(entry from '"at":"([^"]*)"') >= $7)
       AND ($8::text IS NULL OR substring(entry from '"at":"([^"]*)"') < $8)
     ORDER BY seq DESC LIMIT $9`,
    [stream, seq, filter.person ?? null, filter.actions ?? null, filter.outcome ?? null, filter.section ?? null, filter.since ?? null, filter.until ?? null, count],
  );
}

/** Everybody who acted in a chain. */
export async function actorsOf(db: Queryable, stream: string): Promise<string[]> {
  const rows = await db.query<{ id: string | null }>(`SELECT DISTINCT substring(entry from '"actor":\\{"id":"([^"]*)"') AS id FROM audit_entries WHERE stream = $1`, [stream]);
  return rows.flatMap(({ id }) => (id === null ? [] : [id]));
}

/** How many of a chain's links have a place in the audit log, and when the last of them got it. */
export async function sealedOf(db: Queryable, stream: string): Promise<{ entries: number; at: Date } | undefined> {
  const [row] = await db.query<{ entries: number; at: Date }>(
    `SELECT last.seq AS entries, (SELECT at FROM audit_checkpoints WHERE size > last.leaf ORDER BY size LIMIT 1) AS at
     FROM (SELECT seq, leaf FROM audit_leaves WHERE stream = $1 ORDER BY seq DESC LIMIT 1) last`,
    [stream],
  );
  return row;
}

/** Where a plan's own row says that its chain ends. */
export async function chainHead(db: Queryable, planId: PlanId): Promise<{ seq: number; hash: Buffer | null } | undefined> {
  const [row] = await db.query<{ seq: number; hash: Buffer | null }>('SELECT audit_seq AS seq, audit_hash AS hash FROM plans WHERE id = $1', [planId]);
  return row;
}

/** Where the function that writes access chains left this one. */
export async function accessHead(db: Queryable, stream: string): Promise<{ seq: number; hash: Buffer | null } | undefined> {
  const [row] = await db.query<{ seq: number; hash: Buffer | null }>('SELECT seq, hash FROM access_heads WHERE stream = $1', [stream]);
  return row;
}

/** Access chains after `after` in name order. */
export async function accessStreamsAfter(db: Queryable, after: string, count: number): Promise<{ stream: string }[]> {
  return db.query<{ stream: string }>('SELECT stream FROM access_heads WHERE stream > $1 ORDER BY stream LIMIT $2', [after, count]);
}

/** A row of the log as its audit entry vouches for it; a sign-off's mark has neither section nor bytes. */
export interface SealedRow {
  readonly position: number;
  readonly section: string | null;
  readonly author: string;
  readonly bytes: Uint8Array | null;
}

/** With what follows from these: the clocks that the bytes hold, and about when the entry was written. */
export interface LoggedRow extends SealedRow {
  /** Null for a sign-off's mark. */
  readonly spans: readonly ClockSpan[] | null;
  readonly at: Date;
}

/** The plan's rows at the positions `from` to `to`, in order. */
export async function logRowsBetween(db: Queryable, planId: PlanId, from: number, to: number): Promise<LoggedRow[]> {
  return db.query<LoggedRow>(
    'SELECT position, section_id AS section, author_id AS author, bytes, spans, at FROM plan_log WHERE plan_id = $1 AND position BETWEEN $2 AND $3 ORDER BY position',
    [planId, from, to],
  );
}

/** Where the plan's own row says that its log ends, and where rows stand behind that. */
export async function logEnd(db: Queryable, planId: PlanId): Promise<{ head: number; last: number } | undefined> {
  const [row] = await db.query<{ head: number; last: number }>(
    'SELECT position AS head, coalesce((SELECT max(position) FROM plan_log WHERE plan_id = plans.id), 0) AS last FROM plans WHERE id = $1', [planId]);
  return row;
}

export interface SignedRow {
  readonly number: number;
  readonly position: number;
  readonly contentHash: string;
  readonly signedBy: string;
}

/** What was signed of the plan, oldest first. */
export async function signedOf(db: Queryable, planId: PlanId): Promise<SignedRow[]> {
  return db.query<SignedRow>('SELECT number, position, content_hash AS "contentHash", signed_by AS "signedBy" FROM versions WHERE plan_id = $1 ORDER BY number', [planId]);
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
