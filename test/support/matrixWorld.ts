/**
 * The authorisation matrix: one plan for each relationship in each state, copied from one that holds something in every section, and somebody of
 * each role inside and outside the care team. What each may is told from the table of access alone, not by asking what decides.
 */
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { needs, planRules, readsUnrestricted, relationships, standings, stateRules, type PlanAction, type PlanState, type Relationship, type SectionAction } from '../../shared/domain/accessTable.ts';
import { sections } from '../../shared/content/standard.ts';
import { standsStillAfterDeath } from '../../shared/domain/access.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { roles, type Actor, type Role } from '../../shared/domain/roles.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import type { PlanId } from '../../shared/ids.ts';
import { answers } from './answers.ts';
import { startApp, type Api, type TestApp } from './app.ts';
import { completePlan, sampleValue } from './completePlan.ts';

/** How somebody comes to a plan; oversight is what the team is to its privacy officer, urgent care what it is to everybody. */
export const groups = ['team', 'member', 'meeting', 'own', 'inspection', 'break-glass', 'none'] as const satisfies readonly Relationship[];
export type Group = (typeof groups)[number];
export const states = ['open', 'died', 'closed', 'withdrawn', 'limited'] as const;
export type State = (typeof states)[number];
/** The section that is withheld from everybody in the state `limited`, role by role. */
export const withheldSection = 'wishes';

export interface MatrixPerson {
  readonly actor: Actor;
  readonly cookie: string;
  readonly api: Api;
}
export interface MatrixPlan {
  readonly id: PlanId;
  readonly nhsNumber: string;
  readonly group: Group;
  readonly state: State;
}
export interface MatrixWorld {
  readonly app: TestApp;
  readonly plans: readonly MatrixPlan[];
  /** The person of the role who is in the group's relationship to its plans. */
  person(role: Role, group: Group): MatrixPerson;
  close(): Promise<void>;
}

export async function makeMatrixWorld(): Promise<MatrixWorld> {
  const app = await startApp();
  const people = new Map<string, MatrixPerson>();
  for (const organisationId of ['org_team', 'org_far']) {
    for (const role of roles) {
      const actor = await app.person(`${role}-${organisationId.slice(4)}`, role, { organisationId });
      const cookie = await app.signIn(actor.id);
      people.set(`${role} ${organisationId}`, { actor, cookie, api: app.api(cookie) });
    }
  }
  await app.organisation('org_other');
  const person = (role: Role, group: Group): MatrixPerson => people.get(`${role} ${group === 'team' ? 'org_team' : 'org_far'}`) as MatrixPerson;
  const base = await fullPlan(app, person('coordinator', 'team'));
  const plans: MatrixPlan[] = [];
  for (const group of groups) for (const state of states) plans.push(await copyPlan(app, base, group, state, plans.length));
  for (const plan of plans.filter(({ group }) => group !== 'team' && group !== 'none')) {
    await app.db.query(
      `INSERT INTO plan_people (id, plan_id, person_id, kind, relationship, until, given_by)
       SELECT 'tie_' || md5($1 || id), $1, id, $2, 'matrix', clock_timestamp() + interval '1 day', id FROM people WHERE organisation_id = 'org_far'`,
      [plan.id, plan.group],
    );
  }
  return { app, plans, person, close: () => app.close() };
}

/** Fields whose values decide about access are left alone: the matrix is about the plans as they are. */
const decides = new Set(['consentShare', 'dateOfDeath', 'sharingLimits']);
export const isPlain = (field: Field): boolean => field.merge !== 'A' && !field.fixed && !decides.has(field.id);

/** A signed plan with something in nearly every section. */
async function fullPlan(app: TestApp, coordinator: MatrixPerson): Promise<PlanId> {
  const made = await coordinator.api.post('/api/plans', { patient: { nhsNumber: makeNhsNumber('999400000') ?? '9994000009', familyName: 'Matrix', givenName: 'Maud', birthDate: '1940-02-03' } });
  const planId = String(made.body['id']) as PlanId;
  const complete = completePlan(londonDate(new Date())).sections;
  for (const section of sections) {
    const own = Object.fromEntries(Object.entries(complete[section.id] ?? {}).filter(([id]) => !section.fields.some((field) => field.id === id && field.fixed)));
    const first = section.fields.find(isPlain);
    const values = Object.keys(own).length > 0 || !first ? own : { [first.id]: sampleValue(first, londonDate(new Date())) };
    if (Object.keys(values).length === 0) continue;
    const written = await app.deps.text.write({ planId, sectionId: section.id, actor: coordinator.actor, as: 'service', change: answers(values) });
    if (!written.ok) throw new Error(`${section.id}: ${JSON.stringify(written.refusal)}`);
  }
  const { position, contentHash, statement } = (await coordinator.api.post(`/api/plans/${planId}/reviews`)).body;
  const signed = await coordinator.api.post(`/api/plans/${planId}/versions`, { position, contentHash, statement });
  if (signed.status !== 201) throw new Error(`the plan could not be signed: ${JSON.stringify(signed.body)}`);
  return planId;
}

const stateColumns: Readonly<Record<State, string>> = {
  open: `summary - 'dateOfDeath', NULL::timestamptz`,
  died: `summary || '{"dateOfDeath": "2026-05-01"}', NULL::timestamptz`,
  closed: 'summary, clock_timestamp()',
  withdrawn: `summary || '{"consentShare": "withdrawn"}', NULL::timestamptz`,
  limited: `summary || jsonb_build_object('sharingLimits', (SELECT jsonb_agg(jsonb_build_object('id', 'row-' || role, 'role', role, 'section', '${withheldSection}')) FROM unnest(ARRAY['${roles.join("', '")}']) AS role)), NULL::timestamptz`,
};

async function copyPlan(app: TestApp, from: PlanId, group: Group, state: State, index: number): Promise<MatrixPlan> {
  const id = `plan_matrix-${group}-${state}` as PlanId;
  let nhsNumber: string | undefined;
  for (let at = 0; nhsNumber === undefined; at += 1) nhsNumber = makeNhsNumber(String(999_410_000 + index * 20 + at));
  await app.db.query(
    `INSERT INTO plans (id, nhs_number, created_by, position, content_position, content_at, summary, closed_at, begun_in)
     SELECT $1, $2, created_by, position, content_position, content_at, ${stateColumns[state]}, 'org_other' FROM plans WHERE id = $3`,
    [id, nhsNumber, from],
  );
  await app.db.query(`INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, fields, author_id) SELECT $1, position, kind, section_id, bytes, spans, fields, author_id FROM plan_log WHERE plan_id = $2`, [id, from]);
  await app.db.query('INSERT INTO client_leases (plan_id, section_id, client_id, person_id) SELECT $1, section_id, client_id, person_id FROM client_leases WHERE plan_id = $2', [id, from]);
  await app.db.query(
    `INSERT INTO versions (plan_id, number, position, content, content_hash, statement, signature, key_id, signed_by, signed_at)
     SELECT $1, number, position, content, content_hash, statement, signature, key_id, signed_by, signed_at FROM versions WHERE plan_id = $2`, [id, from]);
  // Nobody of the other organisation is asked; so the plan always has a team.
  for (const organisation of group === 'team' ? ['org_other', 'org_team'] : ['org_other']) await app.db.query(`INSERT INTO care_team (plan_id, organisation_id, relationship) VALUES ($1, $2, 'matrix')`, [id, organisation]);
  return { id, nhsNumber, group, state };
}

/** What is to be answered: done, or refused with this code. */
export type Expected = 'yes' | 'not-found' | 'not-allowed' | 'conflict' | 'not-shared';

/** The relationships in which somebody of the role stands to a plan of the group, as the table says. */
function standing(role: Role, { group, state }: MatrixPlan): readonly Relationship[] {
  const held = (group === 'team' ? (['team', 'oversight', 'urgent'] as const) : ([group, 'urgent'] as const)).filter((each) => each !== 'none' && standings[each].held.includes(role));
  const kept = held.filter((each) => state !== 'withdrawn' || standings[each].withdrawn === 'stays');
  return kept.length > 0 ? kept : ['none'];
}

const stateIn = (state: State): PlanState => (state === 'died' || state === 'closed' ? state : 'open');
const allows = (role: Role, action: PlanAction | SectionAction, plan: MatrixPlan): boolean =>
  standing(role, plan).some((each) => planRules[action][each].includes(role) && !(each === 'none' && plan.state === 'withdrawn'));

export function expectedOfPlan(role: Role, action: PlanAction, plan: MatrixPlan): Expected {
  if (!allows(role, action, plan)) return standing(role, plan).some((each) => standings[each].known) ? 'not-allowed' : 'not-found';
  const rule = stateRules[action][stateIn(plan.state)];
  if (rule !== 'stands' && rule !== 'after-death') return rule;
  const all = (how: SectionAction): readonly boolean[] => sections.map((section) => expectedOfSection(role, how, plan, section) === 'yes');
  switch (needs[action]) {
    case 'nothing': return 'yes';
    case 'reads-every-section': return all('view-section').every(Boolean) ? 'yes' : 'not-allowed';
    case 'writes-some-section': return all('edit-section').some(Boolean) ? 'yes' : 'not-allowed';
    case 'reads-key-safe': return sections.some((section) => section.id === 'keysafe' && (['view-section', 'read-signed-section'] as const).some((how) => expectedOfSection(role, how, plan, section) === 'yes')) ? 'yes' : 'not-found';
  }
}

export function expectedOfSection(role: Role, action: SectionAction, plan: MatrixPlan, section: Section): Expected {
  const sight = action === 'edit-section' ? 'view-section' : action;
  const reads = section.readers.includes(role) || (readsUnrestricted.includes(role) && !section.restricted);
  const limited = plan.state === 'limited' && (section.id === withheldSection || section.id === 'sharing') && standing(role, plan).every((each) => standings[each].limited);
  if (!allows(role, sight, plan) || !reads || limited) return 'not-found';
  const rule = stateRules[action][stateIn(plan.state)];
  if (rule !== 'stands' && rule !== 'after-death') return rule;
  if (action !== 'edit-section') return 'yes';
  const writes = allows(role, action, plan) && section.writers.some((group) => group === role);
  return writes && !(rule === 'after-death' && standsStillAfterDeath(section)) ? 'yes' : 'not-allowed';
}

/** Relationships that a group stands for, so that none is left out. */
export const covered: readonly Relationship[] = [...groups, 'oversight', 'urgent'];
export const uncovered = relationships.filter((each) => !covered.includes(each));
