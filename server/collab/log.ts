/** SQL of the plan log: heads, rows, leases. One statement a function. */
import { deathField, type PlanFacts } from '../../shared/domain/access.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import type { Queryable, Tx } from '../ports.ts';
import type { Span } from './gate.ts';

/** Who wrote a row, as others see it. */
export interface RowAuthor {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

/** One accepted update, as the log holds it. */
export interface LogRow {
  readonly position: number;
  readonly sectionId: string;
  readonly bytes: Uint8Array;
  readonly spans: readonly Span[];
  readonly author: RowAuthor;
  readonly at: Date;
}

/** What decides about access, with where the plan's log stands. */
export interface PlanHead extends PlanFacts {
  readonly position: number;
  /** Number of the latest signed version, 0 before the first. */
  readonly latestVersion: number;
}

const headColumns = `plans.id, plans.position, plans.closed_at IS NULL AS open, coalesce(plans.summary->>'${deathField}', '') <> '' AS died,
  coalesce((SELECT max(number) FROM versions WHERE versions.plan_id = plans.id), 0) AS "latestVersion",
  ARRAY(SELECT organisation_id FROM care_team WHERE care_team.plan_id = plans.id AND until IS NULL ORDER BY organisation_id) AS team`;

/** Heads of these plans as they are now; unknown ids are left out. */
export const readHeads = (db: Queryable, planIds: readonly PlanId[]): Promise<PlanHead[]> =>
  db.query<PlanHead>(`SELECT ${headColumns} FROM plans WHERE plans.id = ANY ($1)`, [planIds]);

/** Locks heads in id order, so that two commits never wait for each other in a circle; waits for whoever holds one. */
export async function lockHeads(tx: Tx, planIds: readonly PlanId[]): Promise<PlanId[]> {
  const rows = await tx.query<{ id: PlanId }>('SELECT id FROM plans WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [planIds]);
  return rows.map((row) => row.id);
}

/**
 * Locks the heads that nobody else holds and reads them, in one statement. What stands beside the head (team, versions) is as old as
 * the statement; should the head have moved between its start and the lock, everything is read again.
 */
export async function takeFreeHeads(tx: Tx, planIds: readonly PlanId[]): Promise<PlanHead[]> {
  const rows = await tx.query<PlanHead & { readonly current: boolean }>(
    `SELECT ${headColumns}, (SELECT seen.audit_seq FROM plans seen WHERE seen.id = plans.id) = plans.audit_seq AS current
     FROM plans WHERE plans.id = ANY ($1) ORDER BY plans.id FOR UPDATE OF plans SKIP LOCKED`,
    [planIds],
  );
  return rows.every((row) => row.current) ? rows.map(({ current: _current, ...head }) => head) : readHeads(tx, rows.map((row) => row.id));
}

interface RawRow {
  readonly position: number;
  readonly sectionId: string;
  readonly bytes: Buffer;
  readonly spans: readonly Span[];
  readonly authorId: string;
  readonly authorName: string | null;
  readonly authorRole: string | null;
  readonly at: Date;
}

const rowColumns = `plan_log.position, plan_log.section_id AS "sectionId", plan_log.bytes, plan_log.spans, plan_log.author_id AS "authorId",
  people.name AS "authorName", people.role AS "authorRole", plan_log.at`;
const asLogRow = ({ authorId, authorName, authorRole, ...row }: RawRow): LogRow =>
  ({ ...row, author: { id: authorId, name: authorName ?? 'Accord', role: authorRole ?? 'system' } });

/** Updates of these sections after one position and up to another, in order. */
export async function rowsBetween(db: Queryable, planId: PlanId, sectionIds: readonly string[], after: number, upTo: number): Promise<LogRow[]> {
  const rows = await db.query<RawRow>(
    `SELECT ${rowColumns} FROM plan_log LEFT JOIN people ON people.id = plan_log.author_id
     WHERE plan_id = $1 AND section_id = ANY ($2) AND position > $3 AND position <= $4 ORDER BY position`,
    [planId, sectionIds, after, upTo],
  );
  return rows.map(asLogRow);
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

export interface SignOff {
  readonly number: number;
  readonly position: number;
  readonly by: string;
  readonly at: Date;
}

/** The latest version of a plan. */
export async function latestSignOff(db: Queryable, planId: PlanId): Promise<SignOff | undefined> {
  const [latest] = await db.query<SignOff>(
    `SELECT versions.number, versions.position, people.name AS by, versions.signed_at AS at
     FROM versions JOIN people ON people.id = versions.signed_by WHERE versions.plan_id = $1 ORDER BY versions.number DESC LIMIT 1`,
    [planId],
  );
  return latest;
}

export interface NewRow {
  readonly planId: PlanId;
  readonly position: number;
  readonly sectionId: string;
  readonly bytes: Uint8Array;
  readonly spans: readonly Span[];
  readonly authorId: PersonId;
}

const newRows = `INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, author_id)
  SELECT row.plan_id, row.position, 'update', row.section_id, row.bytes, row.spans::jsonb, row.author_id
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[]) AS row (plan_id, position, section_id, bytes, spans, author_id)
  RETURNING plan_id, position, at`;
const rowValues = (rows: readonly NewRow[]): unknown[] => [
  rows.map((row) => row.planId), rows.map((row) => row.position), rows.map((row) => row.sectionId),
  rows.map((row) => Buffer.from(row.bytes)), rows.map((row) => JSON.stringify(row.spans)), rows.map((row) => row.authorId),
];

/** Appends rows and moves the heads past them, keeping the summaries up to date. Answers the database's time of each row, in the order given. */
export async function appendRows(tx: Tx, rows: readonly NewRow[], moves: readonly HeadMove[]): Promise<Date[]> {
  const made = await tx.query<{ planId: string; position: number; at: Date }>(
    `WITH made AS (${newRows}),
     moved AS (
       UPDATE plans SET position = move.position, content_position = coalesce(move.content, plans.content_position), content_at = coalesce(made.at, plans.content_at),
         summary = (plans.summary - ARRAY(SELECT jsonb_array_elements_text(move.removed::jsonb)))
           || move.set::jsonb || jsonb_build_object('disputed', coalesce(plans.summary->'disputed', '{}') || move.disputed::jsonb)
       FROM unnest($7::text[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::bigint[]) AS move (plan_id, position, set, removed, disputed, content)
       LEFT JOIN made ON made.plan_id = move.plan_id AND made.position = move.content
       WHERE plans.id = move.plan_id
       RETURNING plans.id
     )
     SELECT made.plan_id AS "planId", made.position, made.at, (SELECT count(*) FROM moved) AS moved FROM made`,
    [
      ...rowValues(rows), moves.map((each) => each.planId), moves.map((each) => each.position),
      moves.map((each) => JSON.stringify(each.set)), moves.map((each) => JSON.stringify(each.removed)), moves.map((each) => JSON.stringify(each.disputed)),
      moves.map((each) => each.contentPosition ?? null),
    ],
  );
  const at = new Map(made.map((row) => [`${row.planId} ${row.position}`, row.at]));
  return rows.map((row) => {
    const time = at.get(`${row.planId} ${row.position}`);
    if (!time) throw new Error('a row was not inserted');
    return time;
  });
}

export interface Lease {
  readonly planId: PlanId;
  readonly sectionId: string;
  readonly client: number;
  readonly personId: PersonId;
}

/** Binds client ids to people, for ever. Throws when one is bound to somebody else: the gate has let something through. */
export async function insertLeases(tx: Tx, leases: readonly Lease[]): Promise<void> {
  const values = [leases.map((each) => each.planId), leases.map((each) => each.sectionId), leases.map((each) => each.client), leases.map((each) => each.personId)];
  const [foreign] = await tx.query(
    `WITH asked AS (SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) AS each (plan_id, section_id, client_id, person_id)),
     made AS (INSERT INTO client_leases (plan_id, section_id, client_id, person_id) SELECT * FROM asked ON CONFLICT DO NOTHING)
     SELECT client_leases.client_id FROM client_leases JOIN asked USING (plan_id, section_id, client_id) WHERE client_leases.person_id <> asked.person_id`,
    values,
  );
  if (foreign) throw new Error('a client id belongs to somebody else');
}

export interface HeadMove {
  readonly planId: PlanId;
  /** Position of the plan's last new row. */
  readonly position: number;
  /** Position of the last new row after which the plan reads differently; `undefined` when it reads as before. */
  readonly contentPosition: number | undefined;
  /** Fields to keep in the plan's summary. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Fields to take out of it. */
  readonly removed: readonly string[];
  /** Section id → ids of its fields that are contradicted now, for the sections that were written. */
  readonly disputed: Readonly<Record<string, readonly string[]>>;
}
