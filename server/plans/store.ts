/** SQL of plans and their care teams, one statement a function. Writes want the permit that allowed them. */
import type { Permit } from '../../shared/domain/access.ts';
import type { TeamKind } from '../../shared/domain/careTeam.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import type { Queryable, Tx } from '../ports.ts';
import { beginning, ending, factColumns, holdsNow, toFacts, withFacts, type FactRow, type Term } from './facts.ts';

export interface PlanRow extends PlanFacts {
  readonly nhsNumber: string;
  readonly position: number;
  readonly contentPosition: number;
  readonly contentAt: Date | null;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly latestNumber: number | null;
  readonly latestPosition: number | null;
  readonly latestSignedAt: Date | null;
  readonly latestSignedBy: string | null;
}

type Raw<Row extends PlanFacts> = Omit<Row, keyof PlanFacts> & FactRow;

const columns = `${factColumns},
  plans.nhs_number AS "nhsNumber", plans.position, plans.content_position AS "contentPosition", plans.content_at AS "contentAt",
  plans.created_at AS "createdAt", plans.closed_at AS "closedAt", plans.summary,
  latest.number AS "latestNumber", latest.position AS "latestPosition", latest.signed_at AS "latestSignedAt", latest.name AS "latestSignedBy"`;
const latest = `
  LEFT JOIN LATERAL (
    SELECT versions.number, versions.position, versions.signed_at, people.name
    FROM versions JOIN people ON people.id = versions.signed_by
    WHERE versions.plan_id = plans.id ORDER BY versions.number DESC LIMIT 1
  ) latest ON true`;

/** The plan with its care team and its latest version, or undefined. */
export async function findPlan(db: Queryable, planId: PlanId): Promise<PlanRow | undefined> {
  const [row] = await db.query<Raw<PlanRow>>(`SELECT ${columns} FROM plans ${latest} WHERE plans.id = $1`, [planId]);
  return row && withFacts(row);
}

/** The person's open plan, or undefined. */
export async function findOpenPlan(db: Queryable, nhsNumber: string): Promise<PlanRow | undefined> {
  const [row] = await db.query<Raw<PlanRow>>(`SELECT ${columns} FROM plans ${latest} WHERE plans.nhs_number = $1 AND plans.closed_at IS NULL`, [nhsNumber]);
  return row && withFacts(row);
}

export interface CaseloadRow extends PlanRow {
  readonly lastChangedBy: string | null;
  readonly family: string;
  readonly given: string;
}
export interface CaseloadOrder {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  /** Each must be part of the family or given name. */
  readonly words: readonly string[];
  /** Digits that must be part of the NHS number; empty for any. */
  readonly digits: string;
  readonly stage: string | undefined;
  /** Where the page before ended. */
  readonly after: { readonly family: string; readonly given: string; readonly id: string } | undefined;
  readonly count: number;
}

/** A page of the plans to which the organisation or the person has a relationship now, by family name, given name and id. */
export async function caseload(db: Queryable, order: CaseloadOrder): Promise<CaseloadRow[]> {
  const patterns = order.words.map((word) => `%${word.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`);
  const rows = await db.query<Raw<CaseloadRow>>(
    `SELECT ${columns}, author.name AS "lastChangedBy", names.family, names.given
     FROM plans ${latest}
     CROSS JOIN LATERAL (SELECT lower(coalesce(plans.summary->>'familyName', '')) AS family, lower(coalesce(plans.summary->>'givenName', '')) AS given) names
     LEFT JOIN plan_log ON plan_log.plan_id = plans.id AND plan_log.position = plans.content_position
     LEFT JOIN people author ON author.id = plan_log.author_id
     WHERE plans.id IN (SELECT plan_id FROM care_team WHERE organisation_id = $1 AND ${holdsNow('care_team')}
         UNION SELECT plan_id FROM plan_people WHERE person_id = $9 AND ${holdsNow('plan_people')})
       AND (names.family || ' ' || names.given) ILIKE ALL ($2::text[])
       AND ($3 = '' OR strpos(plans.nhs_number, $3) > 0)
       AND ($4::text IS NULL OR coalesce(plans.summary->'gsfStage'->>'code', plans.summary->>'gsfStage') = $4)
       AND ($5::text IS NULL OR (names.family, names.given, plans.id) > ($5, $6, $7))
     ORDER BY names.family, names.given, plans.id LIMIT $8`,
    [order.organisationId, patterns, order.digits, order.stage ?? null, order.after?.family ?? null, order.after?.given ?? null, order.after?.id ?? null, order.count, order.personId],
  );
  return rows.map((row) => withFacts(row));
}

/** Makes the plan's row. Answers false when the person has an open plan already. */
export async function insertPlan(tx: Tx, permit: Permit<'create-plan'>, plan: { id: PlanId; nhsNumber: string }): Promise<boolean> {
  const made = await tx.query(
    `INSERT INTO plans (id, nhs_number, created_by, begun_in) VALUES ($1, $2, $3, $4) ON CONFLICT (nhs_number) WHERE closed_at IS NULL DO NOTHING RETURNING id`,
    [plan.id, plan.nhsNumber, permit.actor.id, permit.actor.organisationId],
  );
  return made.length === 1;
}

/** Adds an organisation to the care team. Answers false when it is there already or does not exist. */
export async function insertTeamMember(tx: Tx, _permit: Permit<'create-plan' | 'change-team'>, member: { planId: PlanId; organisationId: OrganisationId; relationship: string; kind: TeamKind } & Term): Promise<boolean> {
  const made = await tx.query(
    `INSERT INTO care_team (plan_id, organisation_id, relationship, kind, since, until)
     SELECT $1, organisations.id, $3, $4, ${beginning('$5')}, ${ending('$6')} FROM organisations
     WHERE organisations.id = $2 AND NOT EXISTS (SELECT FROM care_team WHERE plan_id = $1 AND organisation_id = $2 AND (until IS NULL OR until > clock_timestamp()))
     RETURNING plan_id`,
    [member.planId, member.organisationId, member.relationship, member.kind, member.from ?? null, member.until ?? null],
  );
  return made.length === 1;
}

/** Ends an organisation's relationship to the plan now. Answers false when there was none. */
export async function endTeamMember(tx: Tx, _permit: Permit<'change-team'>, planId: PlanId, organisationId: OrganisationId): Promise<boolean> {
  const ended = await tx.query(
    'UPDATE care_team SET until = clock_timestamp(), since = least(since, clock_timestamp()) WHERE plan_id = $1 AND organisation_id = $2 AND (until IS NULL OR until > clock_timestamp()) RETURNING plan_id',
    [planId, organisationId],
  );
  return ended.length > 0;
}

/** Whether some other organisation of the team is there now and without an end. */
export async function othersStay(tx: Tx, planId: PlanId, organisationId: OrganisationId): Promise<boolean> {
  const rows = await tx.query(`SELECT FROM care_team WHERE plan_id = $1 AND organisation_id <> $2 AND until IS NULL AND ${holdsNow('care_team')} LIMIT 1`, [planId, organisationId]);
  return rows.length > 0;
}

/** Locks the plan's head and answers who is on its care team now; undefined when there is no such plan. */
export async function lockTeam(tx: Tx, planId: PlanId): Promise<PlanFacts | undefined> {
  await tx.query('SELECT id FROM plans WHERE id = $1 FOR UPDATE', [planId]);
  // A second statement: it sees what was committed while the lock was waited for.
  const [row] = await tx.query<FactRow>(`SELECT ${factColumns} FROM plans WHERE plans.id = $1`, [planId]);
  return row && toFacts(row);
}

export interface TeamRow {
  readonly organisationId: OrganisationId;
  readonly organisation: string;
  readonly relationship: string;
  readonly kind: TeamKind;
  readonly since: Date;
  readonly until: Date | null;
  /** It has begun. */
  readonly begun: boolean;
  readonly people: readonly { readonly id: PersonId; readonly name: string; readonly role: string; readonly jobTitle: string }[];
}

/** The care team, now and to come: each organisation with its people, simulated ones left out. */
export async function teamOf(db: Queryable, planId: PlanId): Promise<TeamRow[]> {
  return db.query<TeamRow>(
    `SELECT organisations.id AS "organisationId", organisations.name AS organisation, care_team.relationship,
       care_team.kind, care_team.since, care_team.until, ${holdsNow('care_team')} AS begun,
       coalesce((
         SELECT jsonb_agg(jsonb_build_object('id', people.id, 'name', people.name, 'role', people.role, 'jobTitle', people.job_title) ORDER BY people.name)
         FROM people WHERE people.organisation_id = organisations.id AND NOT people.simulated
       ), '[]') AS people
     FROM care_team JOIN organisations ON organisations.id = care_team.organisation_id
     WHERE care_team.plan_id = $1 AND (care_team.until IS NULL OR care_team.until > statement_timestamp()) ORDER BY care_team.since, organisations.name`,
    [planId],
  );
}

/** Keeps which fields of the registered identity were corrected, and why. */
export async function insertCorrection(tx: Tx, permit: Permit<'correct-identity'>, correction: { planId: PlanId; position: number; fields: readonly string[]; reason: string }): Promise<void> {
  await tx.query(
    'INSERT INTO identity_corrections (plan_id, position, fields, reason, corrected_by) VALUES ($1, $2, $3, $4, $5)',
    [correction.planId, correction.position, correction.fields, correction.reason, permit.actor.id],
  );
}

export interface CorrectionRow {
  readonly at: Date;
  readonly by: string;
  readonly fields: string[];
  readonly reason: string;
}

/** Corrections of the plan's registered identity, newest first. */
export async function correctionsOf(db: Queryable, planId: PlanId): Promise<CorrectionRow[]> {
  return db.query<CorrectionRow>(
    `SELECT identity_corrections.at, people.name AS by, identity_corrections.fields, identity_corrections.reason
     FROM identity_corrections JOIN people ON people.id = identity_corrections.corrected_by WHERE plan_id = $1 ORDER BY position DESC`,
    [planId],
  );
}

export async function allOrganisations(db: Queryable): Promise<{ id: string; name: string; kind: string }[]> {
  return db.query('SELECT id, name, kind FROM organisations ORDER BY name, id');
}
