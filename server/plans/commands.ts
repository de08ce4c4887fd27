/** Making a plan, opening it, and changing who is on its care team. */
import { kindOfBeginner } from '../../shared/domain/careTeam.ts';
import { house, may } from '../../shared/domain/access.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { patientProblems, tidyPatient } from '../../shared/domain/patient.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { newId, type OrganisationId, type PlanId } from '../../shared/ids.ts';
import { ok, orRefusal, refuse, RefusalError, type Refusal, type Result } from '../../shared/refusal.ts';
import type { NewPlan, NewTeamMember } from '../../shared/wire/plans.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { planFor, recordRefusal } from '../audit/refusals.ts';
import { hashOfWritten } from '../audit/rows.ts';
import { refuseUnlessStands, type Acting } from '../identity/stillStands.ts';
import { identitySections } from '../patients/identitySections.ts';
import type { Deps, Tx } from '../ports.ts';
import { recordOpening, type Openings } from './seen.ts';
import { allOrganisations, endTeamMember, findOpenPlan, findPlan, insertPlan, insertTeamMember, lockTeam, othersStay, type PlanRow } from './store.ts';
import { termProblems } from './term.ts';

const noSuchPlan: Refusal = { code: 'not-found', detail: 'There is no such plan for you.' };

/**
 * Begins a plan with the patient's identity as its first text; the creator's organisation is its care team.
 * Refusals: not-allowed, invalid (each field named), open-plan-exists (names the plan to somebody who may see it).
 */
export async function createPlan(deps: Deps, actor: Actor, order: NewPlan): Promise<Result<PlanRow>> {
  const allowed = may(actor, 'create-plan', house);
  if (!allowed.ok) return allowed;
  const patient = tidyPatient(order.patient);
  const problems = patientProblems(patient, { demo: deps.settings.demo, today: londonDate(deps.clock.now()) });
  if (problems.length > 0) return refuse('invalid', 'The patient’s details cannot be accepted as they are.', { problems });

  const planId = newId('plan', deps.random);
  const made = await orRefusal(() => deps.db.transaction(async (tx) => {
    if (!(await insertPlan(tx, allowed.value, { id: planId, nhsNumber: patient.nhsNumber }))) return false;
    await insertTeamMember(tx, allowed.value, { planId, organisationId: actor.organisationId, relationship: 'Began the plan', kind: kindOfBeginner(actor.role) });
    const position = await deps.text.begin(tx, planId, actor, identitySections(patient));
    await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'create-plan', outcome: 'done', ref: { from: 1, to: position, rows: await hashOfWritten(tx, planId, 1, position) } }]);
    return true;
  }));
  if (!made.ok) return made;
  if (!made.value) return planExists(deps, actor, patient.nhsNumber);
  return afterChange(deps, planId);
}

async function planExists(deps: Deps, actor: Actor, nhsNumber: string): Promise<Result<never>> {
  const existing = await findOpenPlan(deps.db, nhsNumber);
  // Whoever tries names to learn who has a plan leaves that in the plan's own trail.
  if (existing) await recordRefusal(deps, actor, existing.id, { action: 'create-plan' }, 'open-plan-exists');
  const named = existing && may(actor, 'see-plan', { kind: 'plan', plan: existing }).ok ? { more: { planId: existing.id } } : {};
  return refuse('open-plan-exists', 'A person has one open plan. Ask the palliative coordination team to bring your organisation to it.', named);
}

async function afterChange(deps: Deps, planId: PlanId): Promise<Result<PlanRow>> {
  const plan = await findPlan(deps.db, planId);
  return plan ? ok(plan) : { ok: false, refusal: noSuchPlan };
}

/**
 * The plan, for somebody who may do `action` with it; its opening, or the refusal, is in the audit chain before anything is answered.
 * Refusals: not-found (also where the plan is hidden), not-allowed.
 */
export async function openPlan(deps: Deps, openings: Openings, actor: Actor, planId: PlanId, action: 'see-plan' | 'read-draft'): Promise<Result<PlanRow>> {
  const found = await planFor(deps, actor, planId, action, { action: action === 'see-plan' ? 'open-plan' : action });
  if (!found.ok) return found;
  await recordOpening(deps.db, openings, actor, found.value.plan);
  return ok(found.value.plan);
}

/** Brings an organisation to the plan, from and until a day where they are given. Refusals: not-found, not-allowed, invalid (no such organisation, days), conflict (is there already). */
export async function addToTeam(deps: Deps, acting: Acting, planId: PlanId, member: NewTeamMember): Promise<Result<PlanRow>> {
  const problems = termProblems(member, londonDate(deps.clock.now()));
  if (problems.length > 0) return refuse('invalid', 'Check the days.', { problems });
  return changeTeam(deps, acting, planId, 'add-to-team', async (tx) => {
    const { actor } = acting;
    const permit = may(actor, 'change-team', { kind: 'plan', plan: await teamOrRefuse(tx, planId) });
    if (!permit.ok) throw new RefusalError(permit.refusal);
    const organisationId = member.organisationId as OrganisationId;
    if (!(await insertTeamMember(tx, permit.value, { planId, organisationId, relationship: member.relationship, kind: member.kind ?? 'other', from: member.from, until: member.until }))) throw new RefusalError(await whyNotAdded(tx, organisationId));
    await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'add-to-team', outcome: 'done', ref: { organisation: organisationId } }]);
  });
}

async function whyNotAdded(tx: Tx, organisationId: OrganisationId): Promise<Refusal> {
  const exists = (await allOrganisations(tx)).some(({ id }) => id === organisationId);
  if (exists) return { code: 'conflict', detail: 'This organisation is on the care team already, or will be.' };
  const message = 'There is no such organisation. Choose one from the list.';
  return { code: 'invalid', detail: message, problems: [{ field: 'organisationId', message }] };
}

/** Ends an organisation's access to the plan. Refusals: not-found, not-allowed, conflict (it is the last one). */
export async function removeFromTeam(deps: Deps, acting: Acting, planId: PlanId, organisationId: OrganisationId): Promise<Result<PlanRow>> {
  return changeTeam(deps, acting, planId, 'remove-from-team', async (tx) => {
    const { actor } = acting;
    const plan = await teamOrRefuse(tx, planId);
    const permit = may(actor, 'change-team', { kind: 'plan', plan });
    if (!permit.ok) throw new RefusalError(permit.refusal);
    if (plan.team.includes(organisationId) && !(await othersStay(tx, planId, organisationId))) throw new RefusalError({ code: 'conflict', detail: 'The last organisation cannot leave: nobody could see the plan any more.' });
    if (plan.keepers.length === 1 && plan.keepers[0] === organisationId) {
      throw new RefusalError({ code: 'conflict', detail: 'This organisation keeps the plan, whatever is agreed about sharing. Bring the registered practice to the care team first.' });
    }
    if (!(await endTeamMember(tx, permit.value, planId, organisationId))) throw new RefusalError({ code: 'not-found', detail: 'This organisation is not on the care team.' });
    await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'remove-from-team', outcome: 'done', ref: { organisation: organisationId } }]);
  });
}

export async function teamOrRefuse(tx: Parameters<typeof lockTeam>[0], planId: PlanId) {
  const plan = await lockTeam(tx, planId);
  if (!plan) throw new RefusalError(noSuchPlan);
  return plan;
}

/** Changes who may see the plan, in one transaction; a refusal is recorded, and open connections are judged anew at once. */
export async function changeTeam(deps: Deps, acting: Acting, planId: PlanId, action: 'add-to-team' | 'remove-from-team' | 'add-person' | 'remove-person', change: (tx: Tx) => Promise<void>): Promise<Result<PlanRow>> {
  const changed = await orRefusal(() => deps.db.transaction(async (tx) => {
    await refuseUnlessStands(tx, acting);
    await change(tx);
  }));
  if (!changed.ok) {
    await recordRefusal(deps, acting.actor, planId, { action }, changed.refusal.code);
    return changed;
  }
  // Open sockets must be judged by the new team at once, not when they next write.
  deps.text.announce(planId, { kind: 'access-changed' });
  return afterChange(deps, planId);
}
