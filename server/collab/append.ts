/**
 * The statement that makes changes true: rows, leases, summary, audit entries and head of several plans, each plan whole or not at all. It is
 * one statement, so that a commit costs one journey to the database and one flush of its disk, and holds a head only for that long.
 */
import { planStream, spellEntry } from '../../shared/domain/audit.ts';
import type { PlanId } from '../../shared/ids.ts';
import { asEntry } from '../audit/chain.ts';
import type { Queryable } from '../ports.ts';
import { diedColumn } from './log.ts';
import type { Appended, Share } from './planLog.ts';

// A share is written when its plan still is what the decision was made on: nothing has happened to it (every happening moves audit_seq), its
// text, its team and whether it is open are as they were, and the writers have the roles that were judged. Conditions are asked again after the
// row is locked. Heads are locked in id order, and one that somebody holds is passed over, so that commits never wait for each other in a circle.
const held = `held AS MATERIALIZED (
  SELECT plans.id, plans.audit_hash FROM asked JOIN plans ON plans.id = asked.plan_id
  WHERE plans.position = asked.position AND plans.audit_seq = asked.audit_seq AND (plans.closed_at IS NULL) = asked.open AND ${diedColumn} = asked.died
    AND coalesce((SELECT string_agg(organisation_id, ' ' ORDER BY organisation_id) FROM care_team WHERE care_team.plan_id = plans.id AND until IS NULL), '') = asked.team
    AND NOT EXISTS (
      SELECT FROM writer LEFT JOIN people ON people.id = writer.person_id AND people.role = writer.role AND people.organisation_id = writer.organisation_id
      WHERE writer.plan_id = plans.id AND people.id IS NULL)
  ORDER BY plans.id FOR UPDATE OF plans SKIP LOCKED
)`;

// Each entry names the hash of the one before and the database's time, so the database spells it: what stands before the time, between time and
// hash, and after the hash comes from here.
const chain = `chain (plan_id, n, entry, hash) AS (
  SELECT held.id, 0, NULL::text, held.audit_hash FROM held
  UNION ALL
  SELECT chain.plan_id, chain.n + 1, spelled.entry, sha256('\\x00'::bytea || convert_to(spelled.entry, 'UTF8'))
  FROM chain JOIN entry ON entry.plan_id = chain.plan_id AND entry.n = chain.n + 1 CROSS JOIN moment
  CROSS JOIN LATERAL (SELECT entry.before_at || moment.spelled || entry.before_prev || coalesce('"' || encode(chain.hash, 'hex') || '"', 'null') || entry.rest AS entry) AS spelled
)`;

const statement = `WITH RECURSIVE
asked AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::boolean[], $5::boolean[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[])
  AS asked (plan_id, position, audit_seq, open, died, team, to_position, content_position, set, removed, disputed)),
line AS (SELECT * FROM unnest($12::text[], $13::bigint[], $14::text[], $15::bytea[], $16::text[], $17::text[], $18::text[])
  AS line (plan_id, position, section_id, bytes, spans, fields, author_id)),
lease AS (SELECT * FROM unnest($19::text[], $20::text[], $21::bigint[], $22::text[]) AS lease (plan_id, section_id, client_id, person_id)),
entry AS (SELECT * FROM unnest($23::text[], $24::integer[], $25::text[], $26::text[], $27::text[]) AS entry (plan_id, n, before_at, before_prev, rest)),
writer AS (SELECT * FROM unnest($28::text[], $29::text[], $30::text[], $31::text[]) AS writer (plan_id, person_id, role, organisation_id)),
${held},
moment AS MATERIALIZED (
  SELECT now.at, to_char(now.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS spelled FROM (SELECT clock_timestamp() AS at OFFSET 0) AS now
),
${chain},
last AS (SELECT DISTINCT ON (plan_id) plan_id, n, hash FROM chain ORDER BY plan_id, n DESC),
lines AS (
  INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, fields, author_id, at)
  SELECT line.plan_id, line.position, 'update', line.section_id, line.bytes, line.spans::jsonb, string_to_array(line.fields, ' '), line.author_id, moment.at
  FROM held JOIN line ON line.plan_id = held.id CROSS JOIN moment
),
leases AS (
  INSERT INTO client_leases (plan_id, section_id, client_id, person_id)
  SELECT lease.plan_id, lease.section_id, lease.client_id, lease.person_id FROM held JOIN lease ON lease.plan_id = held.id
),
entries AS (
  INSERT INTO audit_entries (stream, seq, entry, hash)
  SELECT '${planStream('')}' || chain.plan_id, asked.audit_seq + chain.n, chain.entry, chain.hash FROM chain JOIN asked ON asked.plan_id = chain.plan_id WHERE chain.n > 0
)
UPDATE plans SET position = asked.to_position, content_position = coalesce(asked.content_position, plans.content_position),
  content_at = CASE WHEN asked.content_position IS NULL THEN plans.content_at ELSE moment.at END,
  summary = CASE WHEN asked.set IS NULL THEN plans.summary ELSE (plans.summary - ARRAY(SELECT jsonb_array_elements_text(asked.removed::jsonb)))
    || asked.set::jsonb || jsonb_build_object('disputed', coalesce(plans.summary->'disputed', '{}') || asked.disputed::jsonb) END,
  audit_seq = asked.audit_seq + last.n, audit_hash = last.hash
FROM held JOIN asked ON asked.plan_id = held.id JOIN last ON last.plan_id = held.id CROSS JOIN moment
WHERE plans.id = held.id
RETURNING plans.id, plans.audit_seq AS "auditSeq", moment.at`;

/** Writes every share whose plan is as it was decided on and answers which; see `PlanLog.append`. */
export async function appendShares(db: Queryable, shares: readonly Share[]): Promise<Map<PlanId, Appended>> {
  if (shares.length === 0) return new Map();
  const made = await db.query<Appended & { readonly id: PlanId }>(statement, valuesOf(shares), 'append-shares');
  return new Map(made.map(({ id, ...appended }) => [id, appended]));
}

function valuesOf(shares: readonly Share[]): unknown[] {
  const of = <T, V>(items: readonly T[], ...columns: ((item: T) => V)[]): V[][] => columns.map((column) => items.map(column));
  const rows = shares.flatMap(({ head, rows: own }) => own.map((row) => ({ planId: head.id, ...row })));
  const leases = shares.flatMap(({ head, leases: own }) => own.map((lease) => ({ planId: head.id, ...lease })));
  const writers = shares.flatMap(({ head, writers: own }) => own.map((writer) => ({ planId: head.id, ...writer })));
  return [
    ...of<Share, unknown>(shares, ({ head }) => head.id, ({ head }) => head.position, ({ head }) => head.auditSeq, ({ head }) => head.open, ({ head }) => head.died,
      ({ head }) => head.team.join(' '), ({ head, rows: own }) => own.at(-1)?.position ?? head.position, ({ rows: own }) => own.findLast(({ fields }) => fields.length > 0)?.position ?? null,
      ...summaryColumns),
    ...of<(typeof rows)[number], unknown>(rows, (row) => row.planId, (row) => row.position, (row) => row.sectionId, (row) => asBuffer(row.bytes), (row) => JSON.stringify(row.spans),
      (row) => row.fields.join(' '), (row) => row.authorId),
    ...of<(typeof leases)[number], unknown>(leases, (lease) => lease.planId, (lease) => lease.sectionId, (lease) => lease.client, (lease) => lease.personId),
    ...of<Spelled, unknown>(shares.flatMap(spelled), (entry) => entry.planId, (entry) => entry.n, (entry) => entry.beforeAt, (entry) => entry.beforePrev, (entry) => entry.rest),
    ...of<(typeof writers)[number], unknown>(writers, (writer) => writer.planId, (writer) => writer.id, (writer) => writer.role, (writer) => writer.organisationId),
  ];
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Typing changes nothing that lists show: then the summary is left as it is. */
const changesSummary = ({ summary: { set, removed, disputed } }: Share): boolean =>
  Object.keys(set).length > 0 || removed.length > 0 || Object.keys(disputed).length > 0;
const summaryColumns: ((share: Share) => unknown)[] = [
  (share) => (changesSummary(share) ? JSON.stringify(share.summary.set) : null),
  (share) => JSON.stringify(share.summary.removed),
  (share) => JSON.stringify(share.summary.disputed),
];

interface Spelled {
  readonly planId: PlanId;
  readonly n: number;
  readonly beforeAt: string;
  readonly beforePrev: string;
  readonly rest: string;
}

// Marks that no id, code or hash can hold: a control character is spelled as an escape, and only these two values have one.
const atMark = '\u0001at';
const prevMark = '\u0001prev';

function spelled({ head, audit }: Share): Spelled[] {
  return audit.map((each, index) => {
    const text = spellEntry(asEntry(head.id, each, head.auditSeq + index + 1, atMark, prevMark));
    const [beforeAt, afterAt] = text.split(JSON.stringify(atMark).slice(1, -1));
    const [beforePrev, rest] = (afterAt ?? '').split(JSON.stringify(prevMark));
    if (beforeAt === undefined || beforePrev === undefined || rest === undefined) throw new Error('an audit entry could not be taken apart');
    return { planId: head.id, n: index + 1, beforeAt, beforePrev, rest };
  });
}
