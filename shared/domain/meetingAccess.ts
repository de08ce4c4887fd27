/** Who may see a meeting and which of its patients: derived from what each may see of the plans, decided nowhere else. */
import type { PersonId } from '../ids.ts';
import { house, may } from './access.ts';
import type { PlanFacts } from './planFacts.ts';
import type { Actor } from './roles.ts';

export interface MeetingCircle {
  readonly chairId: PersonId;
  readonly createdBy: PersonId;
  readonly invited: readonly PersonId[];
  readonly plans: readonly PlanFacts[];
}

/** May the actor see this plan's place on an agenda, and what is recorded about it? */
export const seesPlan = (actor: Actor, plan: PlanFacts): boolean => may(actor, 'read-draft', { kind: 'plan', plan }).ok;

/** Is the actor one of those who stay with this plan's person: may chair its discussion, put it on an agenda, take on an action of it? */
export const answersForPlan = (actor: Actor, plan: PlanFacts): boolean => may(actor, 'answer-for-plan', { kind: 'plan', plan }).ok;

/** Chair, maker, the invited, and whoever may see at least one of its patients; with a role that meets at all. */
export function maySeeMeeting(actor: Actor, meeting: MeetingCircle): boolean {
  if (!may(actor, 'see-meetings', house).ok) return false;
  return actor.id === meeting.chairId || actor.id === meeting.createdBy || meeting.invited.includes(actor.id) || meeting.plans.some((plan) => seesPlan(actor, plan));
}
