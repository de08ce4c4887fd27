/** What of a meeting, and of an action recorded in it, decides about access. */
import type { PersonId } from '../ids.ts';
import type { PlanFacts } from './planFacts.ts';

export interface MeetingCircle {
  readonly chairId: PersonId;
  readonly createdBy: PersonId;
  readonly invited: readonly PersonId[];
  readonly plans: readonly PlanFacts[];
}

/** Whose an action is: who is to do it, and who recorded it. */
export interface ActionFacts {
  readonly ownerId: PersonId;
  readonly by: PersonId;
}
