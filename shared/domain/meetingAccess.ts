/** Which patients of a meeting somebody sees, and for which they answer: asked of `may`, decided nowhere else. */
import { may } from './access.ts';
import type { PlanFacts } from './planFacts.ts';
import type { Actor } from './roles.ts';

/** May the actor see this plan's place on an agenda, and what is recorded about it? */
export const seesPlan = (actor: Actor, plan: PlanFacts): boolean => may(actor, 'read-draft', { kind: 'plan', plan }).ok;

/** Is the actor one of those who stay with this plan's person: may chair its discussion, put it on an agenda, take on an action of it? */
export const answersForPlan = (actor: Actor, plan: PlanFacts): boolean => may(actor, 'answer-for-plan', { kind: 'plan', plan }).ok;
