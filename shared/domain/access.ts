/** Who may do what: the only file that decides. Pure; the server asks before acting, the screen asks to draw itself and never decides. */
import { headings, sectionById, sections } from '../content/standard.ts';
import type { HeadingId, Section } from '../content/kinds.ts';
import { isBlank } from '../content/values.ts';
import type { OrganisationId, PlanId } from '../ids.ts';
import { ok, refuse, type Result } from '../refusal.ts';
import type { Actor, Role } from './roles.ts';

/** What of a plan decides about access. */
export interface PlanFacts {
  readonly id: PlanId;
  readonly open: boolean;
  /** Organisations that have a relationship with the person now. */
  readonly team: readonly OrganisationId[];
  /** A date of death is recorded, rightly or by mistake. */
  readonly died: boolean;
}

/** The field whose answer ends the writing of everything but what has to be written about a death. */
export const deathField = 'dateOfDeath';
/** Does the value of that field, as stored, say that the person has died? A disputed date does. */
export const saysDied = (value: unknown): boolean => !isBlank(value);

const writtenAfterDeath: readonly HeadingId[] = ['mdt', 'death'];
/** Where the person leaves the register and the stage becomes "after care". */
const registerSection = 'status';
/** Whether the section stands still once the person has died. The date of death does not: one recorded by mistake can be taken back. */
export const standsStillAfterDeath = (section: Section): boolean => section.id !== registerSection && !writtenAfterDeath.includes(section.heading);
/** “Register and stage”, “Team review and sign-off” and “Death and bereavement”: what can still be written after a death, as people read it. */
export const writtenAfterDeathWords = new Intl.ListFormat('en-GB').format(
  [sectionById(registerSection)?.title ?? '', ...headings.filter(({ id }) => writtenAfterDeath.includes(id)).map(({ title }) => title)].map((title) => `“${title}”`));

export type PlanAction =
  | 'see-plan' | 'read-draft' | 'read-version' | 'review-plan' | 'sign-plan' | 'read-audit' | 'read-urgent' | 'change-team' | 'correct-identity' | 'take-offline';
export type SectionAction = 'view-section' | 'edit-section';
export type HouseAction = 'create-plan' | 'see-caseload' | 'see-meetings' | 'create-meeting' | 'oversee-access';
export type Action = PlanAction | SectionAction | HouseAction;

declare const granted: unique symbol;
/** Proof that `may` said yes; store writes demand it, so that a forgotten check does not compile. */
export interface Permit<A extends Action = Action> {
  readonly action: A;
  readonly actor: Actor;
  readonly [granted]: true;
}

const careTeam: readonly Role[] = ['gp', 'community-nurse', 'hospice-clinician', 'social-worker', 'care-home-nurse', 'coordinator'];

const planActions: Readonly<Record<PlanAction, readonly Role[]>> = {
  'see-plan': [...careTeam, 'privacy-officer'],
  'read-draft': careTeam,
  'read-version': [...careTeam],
  'review-plan': careTeam,
  'sign-plan': ['coordinator'],
  'read-audit': [...careTeam, 'privacy-officer'],
  'read-urgent': ['urgent-care'],
  // Whoever may begin a plan may bring the others to it: at first only the beginner's organisation is there.
  'change-team': ['gp', 'community-nurse', 'hospice-clinician', 'coordinator'],
  // Those who hold the registration: everybody else who finds it wrong tells one of them.
  'correct-identity': ['gp', 'coordinator'],
  // Of these only whoever may write something of the plan as it is: see `mayPlan`.
  'take-offline': careTeam,
};

const houseActions: Readonly<Record<HouseAction, readonly Role[]>> = {
  'create-plan': ['gp', 'community-nurse', 'hospice-clinician', 'coordinator'],
  'see-caseload': [...careTeam, 'privacy-officer'],
  'see-meetings': careTeam,
  'create-meeting': ['coordinator', 'gp', 'hospice-clinician'],
  'oversee-access': ['privacy-officer'],
};

const permit = <A extends Action>(action: A, actor: Actor): Result<Permit<A>> => ok({ action, actor } as Permit<A>);
const no = (sentence: string) => refuse('not-allowed', sentence);

/** May the actor do something that concerns no single plan? */
export function mayHere<A extends HouseAction>(actor: Actor, action: A): Result<Permit<A>> {
  return houseActions[action].includes(actor.role) ? permit(action, actor) : no('Your role may not do this.');
}

/**
 * May the actor do this with the plan? Someone without a relationship to the plan gets `not-found`: the same answer as for a plan
 * that does not exist. Urgent care has no standing relationship and reads only what was signed.
 */
export function mayPlan<A extends PlanAction>(actor: Actor, action: A, plan: PlanFacts): Result<Permit<A>> {
  if (action === 'read-urgent') return planActions[action].includes(actor.role) ? permit(action, actor) : no('Only urgent care uses this view.');
  if (!plan.team.includes(actor.organisationId) || !planActions['see-plan'].includes(actor.role)) return refuse('not-found', 'There is no such plan for you.');
  if (!planActions[action].includes(actor.role)) return no('Your role may not do this.');
  if (action === 'take-offline' && !writesSomething(actor, plan)) return no('A plan is taken offline by somebody who may write in it.');
  return permit(action, actor);
}

const writesSomething = (actor: Actor, plan: PlanFacts): boolean => sections.some((section) => maySection(actor, 'edit-section', plan, section.id).ok);

/** May the actor view or edit this section of the plan's draft? `not-found` where the plan or the section is hidden from them. */
export function maySection<A extends SectionAction>(actor: Actor, action: A, plan: PlanFacts, sectionId: string): Result<Permit<A>> {
  const section = sectionById(sectionId);
  const seen = mayPlan(actor, 'read-draft', plan);
  if (!section || !seen.ok || !section.readers.includes(actor.role)) return refuse('not-found', 'There is no such section for you.');
  if (action === 'view-section') return permit(action, actor);
  if (!plan.open) return no('The plan is closed.');
  if (!writes(actor, section)) return no(`Your role may read “${section.title}” but not write it.`);
  if (plan.died && standsStillAfterDeath(section)) return no(`A date of death is recorded: only ${writtenAfterDeathWords} can still be written.`);
  return permit(action, actor);
}

/** 'edit', 'view' or 'none' for each section: what the plan route answers. */
export function sectionAccess(actor: Actor, plan: PlanFacts, section: Section): 'edit' | 'view' | 'none' {
  if (maySection(actor, 'edit-section', plan, section.id).ok) return 'edit';
  return maySection(actor, 'view-section', plan, section.id).ok ? 'view' : 'none';
}

/** Sections of a signed version that the actor may read. */
export const readableSections = (actor: Actor): readonly Section[] => sections.filter((section) => section.readers.includes(actor.role));

const writes = (actor: Actor, section: Section): boolean =>
  section.writers.some((group) => (group === 'senior-clinician' ? actor.seniorClinician : group === actor.role));
