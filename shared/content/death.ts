/** After death: where, whether it was as wished, who needs support, what the team learned. */
import { answered, careTeam, choiceColumn, COORDINATOR, dateColumn, entry, GP, HOSPICE, NURSE, oneOf, optional, pastMoment, personColumn, prose, required, rows, sct, section, signOffIf, SOCIAL, textColumn, yesNo } from './entry.ts';
import { bereavementRisks, preferenceOutcomes, varianceReasons } from './careSets.ts';
import { places } from './decisionSets.ts';
import type { Section } from './kinds.ts';

const recorders = [GP, NURSE, COORDINATOR] as const;

export const death: readonly Section[] = [
  section('death', 'death', 'Death', recorders, [
    entry('dateOfDeath', 'Date of death', 'Day, and time if known.', pastMoment, 'X', required, recorders, { items: [59], fhir: 'Patient.deceasedDateTime' }),
    entry('placeOfDeath', 'Actual place of death', 'Where they were.', oneOf(places), 'X', optional, recorders, { items: [60], fhir: 'Observation' }),
    entry('diedUsualResidence', 'Died in usual residence', 'Yes if it was where they lived.', yesNo, 'L', required, [COORDINATOR], { code: sct('887801000000106'), fhir: 'Observation' }),
    entry('preferenceMet', 'Preference met', 'Set against what they had chosen.', oneOf(preferenceOutcomes), 'L', signOffIf(answered('dateOfDeath')), [COORDINATOR],
      { ask: 'were they where they wished to be?', fhir: 'Observation' }),
  ]),
  section('bereavement', 'death', 'Bereavement and learning', careTeam, [
    entry('varianceReason', 'Why not met', 'The main reason, and more in the note.', oneOf(varianceReasons), 'L', signOffIf(answered('preferenceMet', 'not-met')), careTeam,
      { ask: 'why was the wish not met?', fhir: 'Observation' }),
    entry('bereavementPlan', 'Bereavement follow-up', 'Who needs support, from whom, by when.',
      rows('person', textColumn('person!', 'Person'), choiceColumn('risk', 'Risk', bereavementRisks), textColumn('contact', 'Contact'), personColumn('owner', 'Owner'), dateColumn('date', 'By')),
      'G', optional, [HOSPICE, NURSE, SOCIAL], { fhir: 'Task' }),
    entry('deathReview', 'After-death review', 'What went well and what the team learned.', prose, 'T', optional, careTeam, { fhir: 'Composition.section' }),
  ]),
];
