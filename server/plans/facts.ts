/** Reads what of a plan decides about access: one piece of SQL for everybody who asks, and one way to read its answer. */
import { deathField } from '../../shared/domain/access.ts';
import type { PersonTie, PlanFacts } from '../../shared/domain/planFacts.ts';
import { isWithdrawn, limitsField, limitsOf, shareField } from '../../shared/domain/sharing.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';

/** Whether a relationship of this table holds now, by the database's clock: one moment for the whole statement. */
export const holdsNow = (table: 'care_team' | 'plan_people'): string => `${table}.since <= statement_timestamp() AND (${table}.until IS NULL OR ${table}.until > statement_timestamp())`;

/** First and last day of a relationship, London's, YYYY-MM-DD; from now and without an end where left out. */
export interface Term {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}
/** When a relationship begins that is given in this parameter as a day: with that day, or now. */
export const beginning = (parameter: string): string => `greatest(clock_timestamp(), ${parameter}::date::timestamp AT TIME ZONE 'Europe/London')`;
/** When one ends whose last day is in this parameter: with that day; null when it has none. */
export const ending = (parameter: string): string => `(${parameter}::date + 1)::timestamp AT TIME ZONE 'Europe/London'`;

const changesOf = (table: 'care_team' | 'plan_people'): string => ['since', 'until'].map((end) =>
  `SELECT ${table}.${end} AS moment FROM ${table} WHERE ${table}.plan_id = plans.id AND ${table}.${end} > statement_timestamp()`).join(' UNION ALL ');
/** When, in milliseconds since 1970, the clock alone will next change these facts; null when it never will. All other changes move the plan's audit chain. */
export const holdUntilColumn = `(SELECT floor(extract(epoch FROM min(moment)) * 1000)::float8 FROM (${changesOf('care_team')} UNION ALL ${changesOf('plan_people')}) AS changes)`;

/** Columns of a row of `plans` that `toFacts` reads. */
export const factColumns = `
  plans.id, plans.closed_at IS NULL AS open, coalesce(plans.summary->>'${deathField}', '') <> '' AS died,
  ARRAY(SELECT DISTINCT organisation_id FROM care_team WHERE care_team.plan_id = plans.id AND ${holdsNow('care_team')} ORDER BY organisation_id) AS team,
  ARRAY(SELECT DISTINCT organisation_id FROM care_team WHERE care_team.plan_id = plans.id AND ${holdsNow('care_team')}
    AND (care_team.kind = 'registered-practice' OR care_team.organisation_id = plans.begun_in) ORDER BY organisation_id) AS keepers,
  ARRAY(SELECT DISTINCT person_id || ' ' || kind FROM plan_people WHERE plan_people.plan_id = plans.id AND ${holdsNow('plan_people')} ORDER BY 1) AS ties,
  plans.summary->'${limitsField}' AS limits, plans.summary->'${shareField}' AS sharing, plans.signed_sharing AS "signedSharing"`;

/** What those columns answer. */
export interface FactRow {
  readonly id: PlanId;
  readonly open: boolean;
  readonly died: boolean;
  readonly team: readonly OrganisationId[];
  readonly keepers: readonly OrganisationId[];
  /** Person and kind, with a blank between. */
  readonly ties: readonly string[];
  readonly limits: unknown;
  readonly sharing: unknown;
  readonly signedSharing: unknown;
}

export const toFacts = ({ id, open, died, team, keepers, ties, limits, sharing, signedSharing }: FactRow): PlanFacts => ({
  id, open, died, team, keepers, people: ties.map((tie) => tie.split(' ') as unknown as PersonTie), limits: limitsOf(limits), withdrawn: isWithdrawn(sharing, signedSharing),
});

/** The row with its facts in the place of what they are read from. */
export type WithFacts<Row extends FactRow> = Omit<Row, Exclude<keyof FactRow, 'signedSharing'>> & PlanFacts;
export function withFacts<Row extends FactRow>(row: Row): WithFacts<Row> {
  const { ties: _ties, sharing: _sharing, ...rest } = row;
  return { ...rest, ...toFacts(row) } as unknown as WithFacts<Row>;
}
