/** SQL of access in an emergency, one statement a function. */
import type { Permit } from '../../shared/domain/access.ts';
import type { BreakGlassReason, ReviewOutcome } from '../../shared/domain/breakGlass.ts';
import type { AccessId, OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Queryable, Tx } from '../ports.ts';

export interface AccessRow {
  readonly id: AccessId;
  readonly planId: PlanId;
  readonly reason: BreakGlassReason;
  readonly beganAt: Date;
  readonly until: Date;
}
const own = 'id, plan_id AS "planId", reason, began_at AS "beganAt", until';

/** Records the access with when it ends and when it has to be reviewed, by the database's clock. */
export async function insertAccess(
  tx: Tx, permit: Permit<'break-glass'>, access: { id: AccessId; planId: PlanId; reason: BreakGlassReason; note: string; concerned: readonly OrganisationId[] },
): Promise<AccessRow> {
  const { actor } = permit;
  const [row] = await tx.query<AccessRow>(
    `INSERT INTO break_glass (id, plan_id, person_id, role, organisation_id, reason, note, concerned, began_at, until, review_due)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, now.moment, now.moment + $9 * interval '1 millisecond', now.moment + $10 * interval '1 millisecond'
     FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS moment) AS now RETURNING ${own}`,
    [access.id, access.planId, actor.id, actor.role, actor.organisationId, access.reason, access.note, access.concerned, limits.breakGlassMs, limits.breakGlassReviewMs],
  );
  if (!row) throw new Error('an emergency access was not recorded');
  return row;
}

/** The person's emergency access to the plan that runs now. */
export async function runningAccess(db: Queryable, planId: PlanId, personId: PersonId): Promise<AccessRow | undefined> {
  const [row] = await db.query<AccessRow>(
    `SELECT ${own} FROM break_glass WHERE plan_id = $1 AND person_id = $2 AND ended_at IS NULL AND until > clock_timestamp() ORDER BY began_at DESC LIMIT 1`,
    [planId, personId],
  );
  return row;
}

/** Ends it before its time: the access and the relationship that it gave. */
export async function endAccess(tx: Tx, id: AccessId): Promise<void> {
  await tx.query('UPDATE break_glass SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL', [id]);
  await tx.query('UPDATE plan_people SET until = clock_timestamp() WHERE source = $1 AND until > clock_timestamp()', [id]);
}

/** How often the person has asked by number and date of birth in the last hour. */
async function lookupsInHour(db: Queryable, personId: PersonId): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*)::int AS count FROM break_glass_lookups WHERE person_id = $1 AND at > clock_timestamp() - interval '1 hour'`, [personId]);
  return row?.count ?? 0;
}

/** Counts one asking; false when the person has asked as often as they may in an hour. One after the other, so that a burst is counted too. */
export async function insertLookup(tx: Tx, permit: Permit<'look-up-for-break-glass'>, found: boolean, most: number): Promise<boolean> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('break-glass ' || $1, 0))`, [permit.actor.id]);
  if ((await lookupsInHour(tx, permit.actor.id)) >= most) return false;
  await tx.query('INSERT INTO break_glass_lookups (person_id, found) VALUES ($1, $2)', [permit.actor.id, found]);
  return true;
}

export interface AlertRow extends AccessRow {
  readonly note: string;
  readonly endedAt: Date | null;
  readonly reviewDue: Date;
  readonly overdue: boolean;
  readonly concerned: readonly OrganisationId[];
  readonly person: { readonly id: PersonId; readonly name: string; readonly role: string; readonly organisation: string };
  readonly reviewedAt: Date | null;
  readonly reviewedBy: string | null;
  readonly outcome: ReviewOutcome | null;
  readonly reviewNote: string | null;
}
const alert = `
  break_glass.id, break_glass.plan_id AS "planId", break_glass.reason, break_glass.note, break_glass.began_at AS "beganAt", break_glass.until, break_glass.ended_at AS "endedAt",
  break_glass.review_due AS "reviewDue", break_glass.reviewed_at IS NULL AND break_glass.review_due < clock_timestamp() AS overdue, break_glass.concerned,
  jsonb_build_object('id', people.id, 'name', people.name, 'role', break_glass.role, 'organisation', organisations.name) AS person,
  break_glass.reviewed_at AS "reviewedAt", reviewer.name AS "reviewedBy", break_glass.outcome, break_glass.review_note AS "reviewNote"`;
const alertFrom = `break_glass JOIN people ON people.id = break_glass.person_id JOIN organisations ON organisations.id = break_glass.organisation_id
  LEFT JOIN people AS reviewer ON reviewer.id = break_glass.reviewed_by`;

/** Emergency accesses that concern the officer's organisation: what has to be reviewed first, by when it is due, then the rest, newest first. */
export const alertsFor = (db: Queryable, { actor }: Permit<'see-privacy-alerts'>, count: number): Promise<AlertRow[]> =>
  db.query<AlertRow>(
    `SELECT ${alert} FROM ${alertFrom} WHERE break_glass.concerned @> ARRAY[$1]
     ORDER BY break_glass.reviewed_at IS NOT NULL, CASE WHEN break_glass.reviewed_at IS NULL THEN break_glass.review_due END, break_glass.began_at DESC LIMIT $2`,
    [actor.organisationId, count],
  );

export async function findAlert(db: Queryable, id: AccessId): Promise<AlertRow | undefined> {
  const [row] = await db.query<AlertRow>(`SELECT ${alert} FROM ${alertFrom} WHERE break_glass.id = $1`, [id]);
  return row;
}

/** Closes the review. Answers false when it was closed before. */
export async function closeReview(tx: Tx, permit: Permit<'review-break-glass'>, id: AccessId, outcome: ReviewOutcome, note: string): Promise<boolean> {
  const closed = await tx.query(
    'UPDATE break_glass SET reviewed_at = clock_timestamp(), reviewed_by = $2, outcome = $3, review_note = $4 WHERE id = $1 AND reviewed_at IS NULL RETURNING id',
    [id, permit.actor.id, outcome, note],
  );
  return closed.length > 0;
}
