/** What goes out about access in an emergency. */
import type { Actor } from '../../shared/domain/roles.ts';
import { may } from '../../shared/domain/access.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { BreakGlassView, PrivacyAlert } from '../../shared/wire/breakGlass.ts';
import type { AccessRow, AlertRow } from './store.ts';

export const presentAccess = ({ id, planId, reason, beganAt, until }: AccessRow): BreakGlassView => ({ id, planId, reason, beganAt: beganAt.toISOString(), until: until.toISOString() });

/** Nothing in it names the patient. Whoever has oversight of the plan is told which it is, and what was written: a note may name somebody. */
export function presentAlert(row: AlertRow, reader: Actor, plan: PlanFacts | undefined): PrivacyAlert {
  const oversees = plan !== undefined && may(reader, 'see-plan', { kind: 'plan', plan }).ok;
  const { id, person, reason, beganAt, until, endedAt, reviewDue, overdue, reviewedAt, reviewedBy, outcome, reviewNote } = row;
  return {
    id, person, reason, beganAt: beganAt.toISOString(), until: until.toISOString(), endedAt: endedAt?.toISOString() ?? null, reviewDue: reviewDue.toISOString(), overdue,
    planId: oversees ? row.planId : null, note: oversees ? row.note : null,
    review: reviewedAt && reviewedBy !== null && outcome !== null ? { at: reviewedAt.toISOString(), by: reviewedBy, outcome, note: oversees ? reviewNote ?? '' : '' } : null,
  };
}
