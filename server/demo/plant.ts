/** Makes one demo plan the way a team would: first writing, then each step of its story, through the same log and the same sign-off as any other plan. */
import { forkOf, rejoin } from '../../shared/crdt/fork.ts';
import { writeValue } from '../../shared/crdt/sectionDocument.ts';
import { house, may } from '../../shared/domain/access.ts';
import type { TeamKind } from '../../shared/domain/careTeam.ts';
import { plainFacts, type PlanFacts } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { RefusalError, type Result } from '../../shared/refusal.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { hashOfRows } from '../audit/rows.ts';
import { logRowsBetween } from '../audit/store.ts';
import { insertPlan, insertTeamMember } from '../plans/store.ts';
import type { Deps, Tx } from '../ports.ts';
import type { DemoPatient, Step } from './patient.ts';
import { organisations, people, type StaffKey } from './people.ts';
import { tiePeople } from './ties.ts';
import { changesBySection, knownField, writerOf, type Change } from './writing.ts';

/** What the plan's coordinator does at a sign-off; the features that own it are joined to this one where the service is put together. */
export interface SigningCommands {
  reviewPlan(deps: Deps, actor: Actor, planId: PlanId): Promise<Result<{ readonly position: number; readonly contentHash: string; readonly statement: string }>>;
  signVersion(deps: Deps, acting: { readonly actor: Actor }, planId: PlanId, order: { readonly position: number; readonly contentHash: string; readonly statement: string }): Promise<Result<unknown>>;
}

/** The value, or an error: a refusal while seeding is a mistake in the demo, never something to go on with. */
export function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

/** The team's organisations, the leading practice first. */
export function careTeamOf({ team }: DemoPatient): readonly (readonly [OrganisationId, string, TeamKind])[] {
  return [
    [organisations.hub.id, 'Coordinates the care', 'coordination'],
    [people[team.gp].organisationId, 'Registered practice', 'registered-practice'],
    [organisations.nursing.id, 'Community nursing', 'caseload'],
    [organisations.hospice.id, 'Hospice and palliative care', 'referral'],
    [organisations.council.id, 'Adult social care', 'caseload'],
    ...(team.careHome ? [[people[team.careHome].organisationId, 'Care home', 'care-home'] as const] : []),
  ];
}

/** What decides who of the team writes a section. Whether it may still be written after a death the plan itself says, when it is written. */
export const factsOf = (patient: DemoPatient): PlanFacts => plainFacts(patient.planId, careTeamOf(patient).map(([id]) => id));

const actorOf = (actors: ReadonlyMap<string, Actor>, key: StaffKey): Actor => {
  const actor = actors.get(people[key].id);
  if (!actor) throw new Error(`${key} is not among the people of the demo`);
  return actor;
};

/** Begins the plan with its first writing, section by section by whoever usually writes it. Answers false when the plan is there already. */
export async function plant(deps: Deps, actors: ReadonlyMap<string, Actor>, patient: DemoPatient): Promise<boolean> {
  const coordinator = actorOf(actors, patient.team.coordinator);
  const permit = granted(may(coordinator, 'create-plan', house));
  const { planId, answers } = patient;
  return deps.db.transaction(async (tx) => {
    if (!(await insertPlan(tx, permit, { id: planId, nhsNumber: String(answers['nhsNumber']) }))) return false;
    for (const [organisationId, relationship, kind] of careTeamOf(patient)) await insertTeamMember(tx, permit, { planId, organisationId, relationship, kind });
    await appendPlanAudit(tx, planId, [{ ...by(coordinator), action: 'create-plan', outcome: 'done' }]);
    await tiePeople(deps, tx, permit, patient);
    await firstWriting(deps, tx, actors, patient);
    return true;
  });
}

async function firstWriting(deps: Deps, tx: Tx, actors: ReadonlyMap<string, Actor>, patient: DemoPatient): Promise<void> {
  // Somebody who has only just been referred has a number that nobody has traced yet.
  const nhsNumberStatus = patient.steps.length > 0 ? '01' : '02';
  const answers = { ...patient.answers, nhsNumberStatus };
  const byAuthor = new Map<Actor, Map<string, Change>>();
  for (const [sectionId, { section, change }] of changesBySection(answers, deps.clock.now(), deps.random)) {
    const author = writerOf(section, answers, patient.team, factsOf(patient), actors);
    const sections = byAuthor.get(author) ?? new Map<string, Change>();
    byAuthor.set(author, sections.set(sectionId, change));
  }
  for (const [author, sections] of byAuthor) {
    const last = await deps.text.begin(tx, patient.planId, author, sections);
    const first = last - sections.size + 1;
    const rows = await logRowsBetween(tx, patient.planId, first, last);
    await appendPlanAudit(tx, patient.planId, rows.map((row) =>
      ({ ...by(author), action: 'edit', section: row.section ?? '', outcome: 'done' as const, ref: { from: row.position, to: row.position, rows: hashOfRows([row]) } })));
  }
}

/** Carries out one step of the plan's story. */
export async function takeStep(deps: Deps, signing: SigningCommands, actors: ReadonlyMap<string, Actor>, patient: DemoPatient, step: Step): Promise<void> {
  switch (step.kind) {
    case 'write': return writeStep(deps, actors, patient, step);
    case 'apart': return writeApart(deps, actors, patient.planId, step);
    case 'sign': {
      const coordinator = actorOf(actors, patient.team.coordinator);
      const { position, contentHash, statement } = granted(await signing.reviewPlan(deps, coordinator, patient.planId));
      granted(await signing.signVersion(deps, { actor: coordinator }, patient.planId, { position, contentHash, statement }));
    }
  }
}

async function writeStep(deps: Deps, actors: ReadonlyMap<string, Actor>, patient: DemoPatient, step: Extract<Step, { kind: 'write' }>): Promise<void> {
  for (const [sectionId, { section, change }] of changesBySection(step.answers, deps.clock.now(), deps.random)) {
    const actor = step.by ? actorOf(actors, step.by) : writerOf(section, step.answers, patient.team, factsOf(patient), actors);
    granted(await deps.text.write({ planId: patient.planId, sectionId, actor, as: 'person', change }));
  }
}

/** The second writer works on a copy from before the first one wrote, so that neither has seen the other's value. */
async function writeApart(deps: Deps, actors: ReadonlyMap<string, Actor>, planId: PlanId, step: Extract<Step, { kind: 'apart' }>): Promise<void> {
  const { field, section } = knownField(step.field);
  let before: ReturnType<typeof forkOf> | undefined;
  granted(await deps.text.write({
    planId, sectionId: section.id, as: 'person', actor: actorOf(actors, step.one.by),
    change: (doc) => {
      before = forkOf(doc);
      writeValue(doc, field, step.one.value);
    },
  }));
  granted(await deps.text.write({
    planId, sectionId: section.id, as: 'person', actor: actorOf(actors, step.other.by),
    change: (doc) => {
      const apart = before;
      if (!apart) throw new Error('the first writer has not written');
      writeValue(apart, field, step.other.value);
      rejoin(doc, apart);
    },
  }));
}
