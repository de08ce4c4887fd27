/** SQL that reads the plan log: heads, rows, copies, leases. One statement a function. */
import { createHash } from 'node:crypto';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { PlanId } from '../../shared/ids.ts';
import { factColumns, holdUntilColumn, withFacts, type FactRow } from '../plans/facts.ts';
import type { Queryable, Tx } from '../ports.ts';
import type { Span } from './gate.ts';
import type { Checkpoint, LogRow, PlanHead, SignOff } from './planLog.ts';

const headColumns = `${factColumns}, plans.position, plans.audit_seq AS "auditSeq", ${holdUntilColumn} AS "holdUntilMs",
  coalesce((SELECT max(number) FROM versions WHERE versions.plan_id = plans.id), 0) AS "latestVersion"`;
type RawHead = Omit<PlanHead, keyof PlanFacts> & FactRow;

/** Heads of these plans as they are now; unknown ids are left out. */
export async function readHeads(db: Queryable, planIds: readonly PlanId[]): Promise<PlanHead[]> {
  return (await db.query<RawHead>(`SELECT ${headColumns} FROM plans WHERE plans.id = ANY ($1)`, [planIds], 'read-heads')).map((row) => withFacts(row));
}

/** Where the plan's log ends, and what its contents are salted with; undefined when there is no such plan. */
export async function rootOf(db: Queryable, planId: PlanId): Promise<{ readonly position: number; readonly salt: Buffer } | undefined> {
  const [row] = await db.query<{ position: number; salt: Buffer }>('SELECT position, salt FROM plans WHERE id = $1', [planId]);
  return row;
}

/** Locks a plan's head, waiting for whoever holds it, and reads it as it is then. */
export async function lockHead(tx: Tx, planId: PlanId): Promise<PlanHead | undefined> {
  const [locked] = await tx.query('SELECT id FROM plans WHERE id = $1 FOR UPDATE', [planId]);
  return locked && (await readHeads(tx, [planId]))[0];
}

interface RawRow {
  readonly position: number;
  readonly sectionId: string;
  readonly bytes: Buffer;
  readonly spans: readonly Span[];
  readonly fields: readonly string[];
  readonly authorId: string;
  readonly authorName: string | null;
  readonly authorRole: string | null;
  readonly at: Date;
}

const rowColumns = `plan_log.position, plan_log.section_id AS "sectionId", plan_log.bytes, plan_log.spans, plan_log.fields, plan_log.author_id AS "authorId",
  people.name AS "authorName", people.role AS "authorRole", plan_log.at`;
const asLogRow = ({ authorId, authorName, authorRole, ...row }: RawRow): LogRow =>
  ({ ...row, author: { id: authorId, name: authorName ?? 'Accord', role: authorRole ?? 'system' } });

/** Updates of these sections after one position and up to another, in order. */
export async function rowsBetween(db: Queryable, planId: PlanId, sectionIds: readonly string[], after: number, upTo: number): Promise<LogRow[]> {
  return (await rowsOfMany(db, sectionIds.map((sectionId) => ({ planId, sectionId, after, upTo })))).map(({ row }) => row);
}

/** A stretch of one section's log. */
export interface Stretch extends SectionOf {
  readonly after: number;
  readonly upTo: number;
}

/** The updates of all these stretches, in order of position. */
export async function rowsOfMany(db: Queryable, wanted: readonly Stretch[]): Promise<{ readonly planId: PlanId; readonly row: LogRow }[]> {
  const rows = await db.query<RawRow & { readonly planId: PlanId }>(
    // One look into the index for each section, whatever the planner thinks of the length of a log: a plan of many years is read as fast as a new one.
    `SELECT wanted.plan_id AS "planId", ${rowColumns} FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS wanted (plan_id, section_id, after, up_to)
     CROSS JOIN LATERAL (
       SELECT * FROM plan_log WHERE plan_log.plan_id = wanted.plan_id AND plan_log.section_id = wanted.section_id AND plan_log.position > wanted.after AND plan_log.position <= wanted.up_to
       ORDER BY plan_log.position OFFSET 0
     ) plan_log
     LEFT JOIN people ON people.id = plan_log.author_id ORDER BY plan_log.position`,
    [wanted.map(({ planId }) => planId), wanted.map(({ sectionId }) => sectionId), wanted.map(({ after }) => after), wanted.map(({ upTo }) => upTo)], 'rows-of-many',
  );
  return rows.map(({ planId, ...row }) => ({ planId, row: asLogRow(row) }));
}

/** Every update of the plan up to a position, in order. */
export async function rowsUpTo(db: Queryable, planId: PlanId, upTo: number): Promise<LogRow[]> {
  const rows = await db.query<RawRow>(
    `SELECT ${rowColumns} FROM plan_log LEFT JOIN people ON people.id = plan_log.author_id
     WHERE plan_id = $1 AND kind = 'update' AND position <= $2 ORDER BY position`,
    [planId, upTo],
  );
  return rows.map(asLogRow);
}

/** One section of one plan. */
export interface SectionOf {
  readonly planId: PlanId;
  readonly sectionId: string;
}
const wantedSections = 'unnest($1::text[], $2::text[]) AS wanted (plan_id, section_id)';
const namesOf = (wanted: readonly SectionOf[]): [PlanId[], string[]] => [wanted.map(({ planId }) => planId), wanted.map(({ sectionId }) => sectionId)];

export interface StoredCheckpoint extends Checkpoint, SectionOf {
  /** False when the bytes are not those that were stored. */
  readonly whole: boolean;
}

/** The latest copies of these sections. */
export async function readCheckpoints(db: Queryable, wanted: readonly SectionOf[]): Promise<StoredCheckpoint[]> {
  const rows = await db.query<Checkpoint & SectionOf & { readonly hash: Buffer }>(
    `SELECT copy.plan_id AS "planId", copy.section_id AS "sectionId", copy.position, copy.bytes, copy.state_vector AS "stateVector", copy.hash
     FROM ${wantedSections} CROSS JOIN LATERAL (SELECT * FROM section_checkpoints WHERE plan_id = wanted.plan_id AND section_id = wanted.section_id OFFSET 0) copy`,
    namesOf(wanted), 'read-checkpoints');
  return rows.map(({ hash, ...copy }) => ({ ...copy, whole: hashOfCopy(copy).equals(hash) }));
}

/** Keeps a copy of a section unless a later one is kept; a damaged one is replaced. */
export async function putCheckpoint(db: Queryable, planId: PlanId, sectionId: string, copy: Checkpoint): Promise<void> {
  await db.query(
    `INSERT INTO section_checkpoints (plan_id, section_id, position, bytes, state_vector, hash) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (plan_id, section_id) DO UPDATE
       SET position = excluded.position, bytes = excluded.bytes, state_vector = excluded.state_vector, hash = excluded.hash, made_at = clock_timestamp()
     WHERE section_checkpoints.position < excluded.position OR sha256(section_checkpoints.state_vector || section_checkpoints.bytes) <> section_checkpoints.hash`,
    [planId, sectionId, copy.position, Buffer.from(copy.bytes), Buffer.from(copy.stateVector), hashOfCopy(copy)],
  );
}

const hashOfCopy = ({ stateVector, bytes }: Pick<Checkpoint, 'bytes' | 'stateVector'>): Buffer => createHash('sha256').update(stateVector).update(bytes).digest();

/** To whom each client id of these sections belongs. */
export const readLeases = (db: Queryable, wanted: readonly SectionOf[]): Promise<(SectionOf & { readonly client: number; readonly personId: string })[]> =>
  db.query(
    `SELECT lease.plan_id AS "planId", lease.section_id AS "sectionId", lease.client_id AS client, lease.person_id AS "personId"
     FROM ${wantedSections} CROSS JOIN LATERAL (SELECT * FROM client_leases WHERE plan_id = wanted.plan_id AND section_id = wanted.section_id OFFSET 0) lease`,
    namesOf(wanted), 'read-leases');

/** The latest version of a plan. */
export async function latestSignOff(db: Queryable, planId: PlanId): Promise<SignOff | undefined> {
  const [latest] = await db.query<SignOff>(
    `SELECT versions.number, versions.position, people.name AS by, versions.signed_at AS at
     FROM versions JOIN people ON people.id = versions.signed_by WHERE versions.plan_id = $1 ORDER BY versions.number DESC LIMIT 1`,
    [planId],
  );
  return latest;
}
