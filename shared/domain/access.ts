/** Who may do what: `may` is the only function that decides. Pure; the server asks before acting, the screen asks to draw itself and never decides. */
import { headings, sectionById, sections } from '../content/standard.ts';
import type { HeadingId, Section } from '../content/kinds.ts';
import { isBlank } from '../content/values.ts';
import type { OrganisationId } from '../ids.ts';
import { ok, type Refusal, type Result } from '../refusal.ts';
import {
  alertRules, houseRules, meetingRules, needs, planRules, readsUnrestricted, standings, stateRules, type Action, type AlertAction, type HouseAction, type MeetingAction, type Place, type PlanAction, type PlanState, type Relationship, type SectionAction,
} from './accessTable.ts';
import type { ActionFacts, MeetingCircle } from './meetingCircle.ts';
import type { PlanFacts } from './planFacts.ts';
import { counts, isWithheld, relationshipsOf } from './relationship.ts';
import type { Actor } from './roles.ts';

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

/** The section that holds the code of the key-safe. */
export const keySafeSection = 'keysafe';

declare const granted: unique symbol;
/** Proof that `may` said yes; store writes demand it, so that a forgotten check does not compile. */
export interface Permit<A extends Action = Action> {
  readonly action: A;
  readonly actor: Actor;
  readonly [granted]: true;
}

export interface HouseThing { readonly kind: 'house' }
export interface PlanThing { readonly kind: 'plan'; readonly plan: PlanFacts }
export interface SectionThing { readonly kind: 'section'; readonly plan: PlanFacts; readonly section: string }
/** An emergency access, with the organisations that it concerns. */
export interface AlertThing { readonly kind: 'alert'; readonly concerned: readonly OrganisationId[] }
/** A meeting, and the action recorded in it that is to be finished. */
export interface MeetingThing { readonly kind: 'meeting'; readonly meeting: MeetingCircle; readonly about?: ActionFacts }
/** What the action is done to: the service itself, a plan, a section of one, a meeting, or an emergency access. */
export type ThingOf<A extends Action> =
  A extends HouseAction ? HouseThing : A extends SectionAction ? SectionThing : A extends AlertAction ? AlertThing : A extends MeetingAction ? MeetingThing : PlanThing;
type Thing = HouseThing | PlanThing | SectionThing | MeetingThing | AlertThing;

/** What concerns no single plan. */
export const house: HouseThing = { kind: 'house' };

const noPlan: Refusal = { code: 'not-found', detail: 'There is no such plan for you.' };
const noSection: Refusal = { code: 'not-found', detail: 'There is no such section for you.' };
/** For a meeting that does not exist and for one that is not theirs. */
export const noMeeting: Refusal = { code: 'not-found', detail: 'There is no such meeting for you.' };
const notInMeeting: Readonly<Record<MeetingAction, Refusal>> = {
  'see-meeting': noMeeting,
  'run-meeting': { code: 'not-allowed', detail: 'Only the chair or the coordinator runs the meeting.' },
  'finish-action': { code: 'not-allowed', detail: 'Only its owner, who recorded it, the chair and the coordinator finish an action.' },
};
const noAlert: Refusal = { code: 'not-found', detail: 'There is no such notice for you.' };
const notYours: Refusal = { code: 'not-allowed', detail: 'Your role may not do this.' };
const closed = 'The plan is closed.';

/**
 * May the actor do this to the thing? Refusals: `not-found` for whoever stands in no relationship to the plan, for a hidden section, and for a meeting that
 * is not theirs, in the very words for what does not exist; `not-allowed` where the role may not; what the state of the plan refuses (`accessTable`).
 */
export function may<A extends Action>(actor: Actor, action: A, thing: ThingOf<A>): Result<Permit<A>>;
export function may(actor: Actor, action: Action, thing: Thing): Result<Permit> {
  const refusal = why(actor, action, thing);
  return refusal ? { ok: false, refusal } : ok({ action, actor } as Permit);
}

function why(actor: Actor, action: Action, thing: Thing): Refusal | undefined {
  switch (thing.kind) {
    case 'house': return houseRules[action as HouseAction].includes(actor.role) ? undefined : notYours;
    case 'plan': return whyNotPlan(actor, action as PlanAction, thing.plan);
    case 'section': return whyNotSection(actor, action as SectionAction, thing.plan, sectionById(thing.section));
    case 'meeting': return whyNotMeeting(actor, action as MeetingAction, thing);
    case 'alert': return alertRules[action as AlertAction].includes(actor.role) && thing.concerned.includes(actor.organisationId) ? undefined : noAlert;
  }
}

/** Whether one of the relationships in which the actor stands is enough for the action; for one to which limits apply, in a section that is not withheld. */
function stands(actor: Actor, action: PlanAction | SectionAction, plan: PlanFacts, by: readonly Relationship[], section?: Section): boolean {
  const withheld = section !== undefined && isWithheld(actor, plan, section);
  return by.some((each) => planRules[action][each].includes(actor.role) && counts(actor, plan, each) && !(withheld && standings[each].limited));
}

function whyNotPlan(actor: Actor, action: PlanAction, plan: PlanFacts): Refusal | undefined {
  const by = relationshipsOf(actor, plan);
  if (!stands(actor, action, plan, by)) return by.some((each) => standings[each].known) ? notYours : noPlan;
  const state = stateRules[action][stateOf(plan)];
  if (state !== 'stands' && state !== 'after-death') return state === 'not-found' ? noPlan : { code: state, detail: closed };
  return whyNeedsMore(actor, action, plan);
}

function whyNeedsMore(actor: Actor, action: PlanAction, plan: PlanFacts): Refusal | undefined {
  const can = (sectionAction: SectionAction, section: Section): boolean => whyNotSection(actor, sectionAction, plan, section) === undefined;
  switch (needs[action]) {
    case 'nothing': return undefined;
    case 'writes-some-section':
      return sections.some((section) => can('edit-section', section)) ? undefined : { code: 'not-allowed', detail: 'A plan is taken offline by somebody who may write in it.' };
    case 'reads-every-section':
      return sections.every((section) => can('view-section', section)) ? undefined : { code: 'not-allowed', detail: 'A plan is signed by somebody who may read all of it, and you may not.' };
    case 'reads-key-safe': {
      const section = sectionById(keySafeSection);
      return section && (can('view-section', section) || can('read-signed-section', section)) ? undefined : noSection;
    }
  }
}

function whyNotSection(actor: Actor, action: SectionAction, plan: PlanFacts, section: Section | undefined): Refusal | undefined {
  const by = relationshipsOf(actor, plan);
  const sight: SectionAction = action === 'edit-section' ? 'view-section' : action;
  if (!section || !stands(actor, sight, plan, by, section) || !isReader(actor, section)) return noSection;
  const state = stateRules[action][stateOf(plan)];
  if (state !== 'stands' && state !== 'after-death') return { code: state, detail: closed };
  if (action !== 'edit-section') return undefined;
  if (!stands(actor, action, plan, by, section)) return { code: 'not-allowed', detail: 'You may read this plan for a while, but not write in it.' };
  if (!isWriter(actor, section)) return { code: 'not-allowed', detail: `Your role may read “${section.title}” but not write it.` };
  if (state === 'after-death' && standsStillAfterDeath(section)) return { code: 'not-allowed', detail: `A date of death is recorded: only ${writtenAfterDeathWords} can still be written.` };
  return undefined;
}

function whyNotMeeting(actor: Actor, action: MeetingAction, { meeting, about }: MeetingThing): Refusal | undefined {
  const stood = placesIn(actor, meeting, about);
  const allows = (wanted: MeetingAction): boolean => stood.some((place) => meetingRules[wanted][place].includes(actor.role));
  if (!allows('see-meeting')) return noMeeting;
  return allows(action) ? undefined : notInMeeting[action];
}

function placesIn(actor: Actor, { chairId, createdBy, invited, plans }: MeetingCircle, about: ActionFacts | undefined): readonly Place[] {
  const is: Readonly<Record<Exclude<Place, 'reader' | 'none'>, boolean>> = {
    chair: chairId === actor.id, maker: createdBy === actor.id, invited: invited.includes(actor.id), owner: about?.ownerId === actor.id, recorder: about?.by === actor.id,
  };
  const stood = (Object.keys(is) as (keyof typeof is)[]).filter((place) => is[place]);
  return plans.some((plan) => whyNotPlan(actor, 'read-draft', plan) === undefined) ? [...stood, 'reader'] : stood.length > 0 ? stood : ['none'];
}

const stateOf = ({ open, died }: PlanFacts): PlanState => (open ? (died ? 'died' : 'open') : 'closed');

const isReader = (actor: Actor, section: Section): boolean =>
  section.readers.includes(actor.role) || (readsUnrestricted.includes(actor.role) && !section.restricted);
const isWriter = (actor: Actor, section: Section): boolean =>
  section.writers.some((group) => (group === 'senior-clinician' ? actor.seniorClinician : group === actor.role));

/** Whether the actor may be told that something concerns the section: of one that is kept for fewer than the care team, or withheld from them, not even that. */
export const knowsSection = (actor: Actor, plan: PlanFacts, section: Section): boolean =>
  (!section.restricted || section.readers.includes(actor.role)) && !isWithheld(actor, plan, section);

/** 'edit', 'view' or 'none' for each section: what the plan route answers. */
export function sectionAccess(actor: Actor, plan: PlanFacts, section: Section): 'edit' | 'view' | 'none' {
  if (may(actor, 'edit-section', { kind: 'section', plan, section: section.id }).ok) return 'edit';
  return may(actor, 'view-section', { kind: 'section', plan, section: section.id }).ok ? 'view' : 'none';
}
