/** What out-of-hours and urgent care need, and who has been told. */
import { choiceColumn, COORDINATOR, dateColumn, entry, GP, HOSPICE, noteColumn, NURSE, oneOf, optional, proseUpTo, rows, sct, section, signOff, textColumn, yesNoColumn } from './entry.ts';
import { expectedDeathAnswers, planUse, toldAnswers } from './careSets.ts';
import type { Section } from './kinds.ts';

const authors = [GP, HOSPICE, COORDINATOR] as const;

export const handover: readonly Section[] = [
  section('handover', 'handover', 'Out-of-hours and urgent care', authors, [
    entry('urgentSummary', 'One-screen summary for urgent care', 'What a crew has to know in one minute, in at most 1,000 characters.', proseUpTo(1_000), 'T', signOff, authors,
      { ask: 'what must a crew know in one minute?', safetyCritical: true, code: sct('861421000000109'), fhir: 'Composition.section' }),
    entry('oohNotified', 'Out-of-hours told', 'Whether the out-of-hours service has the plan, and since when.', oneOf(toldAnswers, 'note', 'date'), 'L', signOff, [COORDINATOR],
      { ask: 'has out-of-hours been told?', fhir: 'Communication' }),
    entry('ambulanceNotified', 'Ambulance service told', 'Whether the ambulance service has the plan, and since when.', oneOf(toldAnswers, 'note', 'date'), 'L', signOff, [COORDINATOR],
      { ask: 'has the ambulance service been told?', code: sct('854021000000106'), fhir: 'Communication' }),
    entry('urgentFeedback', 'Feedback from urgent care', 'Whether the plan was found and used.',
      rows('report', dateColumn('date!', 'On'), textColumn('service!', 'Service'), yesNoColumn('found', 'Plan found'), choiceColumn('used', 'Used', planUse), noteColumn('problem', 'Problem')),
      'G', optional, [COORDINATOR], { fhir: 'Communication' }),
  ]),
  section('expected-death', 'handover', 'Expected death', [GP, NURSE], [
    entry('expectedDeath', 'Death expected', 'Who verifies a death that is expected.', oneOf(expectedDeathAnswers), 'X', optional, [GP, NURSE], { fhir: 'Flag' }),
  ]),
];
