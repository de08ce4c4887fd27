/** Single people of the demo who are something to one plan: a patient, who acts for one, an inspector. */
import type { Permit } from '../../shared/domain/access.ts';
import { limits } from '../../shared/limits.ts';
import { newId } from '../../shared/ids.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { insertTie, type NewTie } from '../plans/people.ts';
import type { Deps, Tx } from '../ports.ts';
import { planId, type DemoPatient } from './patient.ts';
import { people, type StaffKey } from './people.ts';

interface DemoTie extends Pick<NewTie, 'planId' | 'kind' | 'relationship'> {
  readonly who: StaffKey;
}
export const demoTies: readonly DemoTie[] = [
  { planId: planId('maureen-ashby'), who: 'ashby', kind: 'own', relationship: 'The person herself' },
  { planId: planId('winifred-hale'), who: 'dunn', kind: 'own', relationship: 'Daughter and attorney for health and welfare' },
  { planId: planId('winifred-hale'), who: 'keane', kind: 'inspection', relationship: 'Inspection of the care home' },
];

/** Lets the people of the demo stand in their relationships to a plan that is being made in `tx`. */
export async function tiePeople(deps: Deps, tx: Tx, permit: Permit<'create-plan'>, patient: DemoPatient): Promise<void> {
  const inspectedUntil = new Date(deps.clock.now().getTime() + limits.inspectionDaysMax * 24 * 60 * 60 * 1000);
  for (const { who, ...tie } of demoTies.filter(({ planId: id }) => id === patient.planId)) {
    await insertTie(tx, permit, { ...tie, id: newId('tie', deps.random), personId: people[who].id, ...(tie.kind === 'inspection' ? { until: inspectedUntil } : {}) });
    await appendPlanAudit(tx, patient.planId, [{ ...by(permit.actor), action: 'add-person', outcome: 'done', ref: { person: people[who].id, kind: tie.kind } }]);
  }
}
