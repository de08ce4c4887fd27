/** From whom, and what, somebody can ask to have withheld. */
import { roleLabels } from '../domain/roles.ts';
import { careTeam } from './entry.ts';
import { valueSet } from './valueSet.ts';

export const limitRoles = valueSet('limit-role', 'Role', [...careTeam, 'urgent-care' as const].map((role) => [role, roleLabels[role]] as const));

/** Everything, or one section. Who the person is cannot be withheld by itself: whoever sees a plan has to know whose it is. */
export const limitParts = valueSet('limit-part', 'What is withheld', [
  ['everything', 'The whole plan'],
  ['home', 'Home, access and safety'], ['keysafe', 'Key-safe'], ['communication', 'Communication and adjustments'], ['consent', 'Consent'], ['sharing', 'Limits to sharing'],
  ['patient-copy', 'The person’s own copy'], ['people', 'Family, carers and others'], ['team', 'Professionals involved'], ['responsible-clinician', 'Senior responsible clinician'],
  ['clinical', 'Diagnoses, allergies and alerts'], ['situation', 'Current situation'], ['status', 'Register and stage'], ['assessment', 'Phase and outcome measures'], ['prognosis', 'Prognosis'],
  ['wishes', 'What matters and preferences'], ['place-of-death', 'Preferred place of death'], ['donation', 'Donation'],
  ['resuscitation', 'Resuscitation recommendation and ceiling of treatment'], ['interventions', 'Specific interventions'], ['emergency', 'If something happens'],
  ['legal', 'Advance decision to refuse treatment'], ['documents', 'Advance statement and documents'], ['capacity', 'Capacity'], ['attorney', 'Welfare attorney or deputy'],
  ['medicines', 'Anticipatory medicines'], ['prescribing', 'Medicines prescribed'], ['medicine-chart', 'Signed chart'], ['support', 'Social care, equipment and funding'],
  ['handover', 'Out-of-hours and urgent care'], ['expected-death', 'Expected death'], ['mdt', 'Team review'], ['death', 'Death'], ['bereavement', 'Bereavement and learning'],
]);
