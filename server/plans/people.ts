/** SQL of what single people are to a plan. Rows are ended, never removed. Who writes here adds to the plan's audit chain in the same transaction. */
import type { Permit } from '../../shared/domain/access.ts';
import type { TieKind } from '../../shared/domain/planFacts.ts';
import type { Role } from '../../shared/domain/roles.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import type { Queryable, Tx } from '../ports.ts';
import { beginning, ending, holdsNow, type Term } from './facts.ts';

export interface NewTie {
  readonly id: string;
  readonly planId: PlanId;
  readonly personId: PersonId;
  readonly kind: TieKind;
  /** In plain words. */
  readonly relationship: string;
  /** The meeting or emergency access that it comes from. */
  readonly source?: string;
  /** Now when left out. */
  readonly since?: Date;
  readonly until?: Date;
  /** The same as days: the first, and the last. */
  readonly term?: Term;
}

/** Lets the person stand in the relationship. Answers false when they do already or there is no such person. */
export async function insertTie(tx: Tx, permit: Permit<'change-team' | 'change-inspection' | 'break-glass' | 'create-plan' | 'see-meetings'>, tie: NewTie): Promise<boolean> {
  const made = await tx.query(
    `INSERT INTO plan_people (id, plan_id, person_id, kind, relationship, source, since, until, given_by)
     SELECT $1, $2, people.id, $4, $5, $6, coalesce($7, ${beginning('$10')}), coalesce($8, ${ending('$11')}), $9 FROM people
     WHERE people.id = $3 AND NOT people.simulated
       AND NOT EXISTS (SELECT FROM plan_people WHERE plan_id = $2 AND person_id = $3 AND kind = $4 AND (until IS NULL OR until > clock_timestamp()))
     RETURNING id`,
    [tie.id, tie.planId, tie.personId, tie.kind, tie.relationship, tie.source ?? null, tie.since ?? null, tie.until ?? null, permit.actor.id, tie.term?.from ?? null, tie.term?.until ?? null],
  );
  return made.length === 1;
}

export interface TieRow {
  readonly id: string;
  readonly personId: PersonId;
  readonly name: string;
  readonly role: string;
  readonly jobTitle: string;
  readonly organisation: string;
  readonly kind: TieKind;
  readonly relationship: string;
  readonly since: Date;
  readonly until: Date | null;
  /** It has begun. */
  readonly begun: boolean;
}

/** Relationships of single people that hold now or will, of these kinds. */
export async function tiesOf(db: Queryable, planId: PlanId, kinds: readonly TieKind[]): Promise<TieRow[]> {
  return db.query<TieRow>(
    `SELECT plan_people.id, people.id AS "personId", people.name, people.role, people.job_title AS "jobTitle", organisations.name AS organisation,
       plan_people.kind, plan_people.relationship, plan_people.since, plan_people.until, ${holdsNow('plan_people')} AS begun
     FROM plan_people JOIN people ON people.id = plan_people.person_id JOIN organisations ON organisations.id = people.organisation_id
     WHERE plan_people.plan_id = $1 AND plan_people.kind = ANY ($2) AND (plan_people.until IS NULL OR plan_people.until > statement_timestamp()) ORDER BY plan_people.since, people.name`,
    [planId, kinds],
  );
}

export interface Staff extends Pick<TieRow, 'name' | 'role' | 'jobTitle' | 'organisation'> {
  readonly id: PersonId;
}

/** Staff whose name holds these letters and who have one of the roles. */
export async function findStaff(db: Queryable, letters: string, roles: readonly Role[], count: number): Promise<Staff[]> {
  return db.query(
    `SELECT people.id, people.name, people.role, people.job_title AS "jobTitle", organisations.name AS organisation
     FROM people JOIN organisations ON organisations.id = people.organisation_id
     WHERE NOT people.simulated AND people.role = ANY ($2) AND strpos(lower(people.name), lower($1)) > 0 ORDER BY people.name, people.id LIMIT $3`,
    [letters, roles, count],
  );
}

/** People of an organisation, simulated ones left out. */
export async function staffOf(db: Queryable, { actor }: Permit<'see-colleagues'>): Promise<Staff[]> {
  return db.query(
    `SELECT people.id, people.name, people.role, people.job_title AS "jobTitle", organisations.name AS organisation
     FROM people JOIN organisations ON organisations.id = people.organisation_id WHERE NOT people.simulated AND people.organisation_id = $1 ORDER BY people.name, people.id`,
    [actor.organisationId],
  );
}

/** Plans that are the person's own, or that they inspect, now. */
export async function plansOfPerson(db: Queryable, { actor }: Permit<'see-own-plans'>): Promise<{ planId: PlanId; kind: TieKind; relationship: string; until: Date | null; latestVersion: number | null }[]> {
  return db.query(
    `SELECT plan_id AS "planId", kind, relationship, until, (SELECT max(number) FROM versions WHERE versions.plan_id = plan_people.plan_id) AS "latestVersion"
     FROM plan_people WHERE person_id = $1 AND kind IN ('own', 'inspection') AND ${holdsNow('plan_people')} ORDER BY since, plan_id`,
    [actor.id],
  );
}

/** Plans to which a meeting or an emergency access gives somebody a relationship that has not ended. */
export async function plansWithSource(db: Queryable, source: string): Promise<PlanId[]> {
  const rows = await db.query<{ planId: PlanId }>(`SELECT DISTINCT plan_id AS "planId" FROM plan_people WHERE source = $1 AND until > clock_timestamp() ORDER BY 1`, [source]);
  return rows.map(({ planId }) => planId);
}

/** Sets when the relationships that come from it end. */
export async function moveEndOf(tx: Tx, source: string, until: Date): Promise<void> {
  await tx.query('UPDATE plan_people SET until = $2 WHERE source = $1 AND until > clock_timestamp()', [source, until]);
}

/** Whose the relationship is that somebody gave on purpose and that has not ended; undefined when there is none. */
export async function tieOf(db: Queryable, planId: PlanId, id: string): Promise<{ readonly personId: PersonId; readonly kind: 'member' | 'own' | 'inspection' } | undefined> {
  const [row] = await db.query<{ personId: PersonId; kind: 'member' | 'own' | 'inspection' }>(
    `SELECT person_id AS "personId", kind FROM plan_people WHERE plan_id = $1 AND id = $2 AND kind IN ('member', 'own', 'inspection') AND (until IS NULL OR until > clock_timestamp())`,
    [planId, id],
  );
  return row;
}

/** Ends it now, or before it begins. */
export async function endTie(tx: Tx, _permit: Permit<'change-team' | 'change-inspection'>, planId: PlanId, id: string): Promise<void> {
  await tx.query('UPDATE plan_people SET until = clock_timestamp(), since = least(since, clock_timestamp()) WHERE plan_id = $1 AND id = $2', [planId, id]);
}
