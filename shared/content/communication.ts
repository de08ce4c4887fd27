/** How to communicate with the person, and what has to be adjusted for them. */
import { careTeam, choiceColumn, dateColumn, entry, GP, manyOf, noteColumn, NURSE, oneOf, optional, required, rows, section, SOCIAL, textColumn } from './entry.ts';
import { spokenLanguages } from './languages.ts';
import { disabilityKinds, informationFormats, interpreterAnswers } from './personSets.ts';
import type { Section } from './kinds.ts';

export const communication: readonly Section[] = [
  section('communication', 'communication', 'Communication and adjustments', careTeam, [
    entry('interpreterNeeded', 'Interpreter needed', 'A trained interpreter, not a relative.', oneOf(interpreterAnswers), 'L', required, careTeam,
      { ask: 'do they need an interpreter?', items: [14], fhir: 'Patient.communication' }),
    entry('spokenLanguage', 'Preferred spoken language', 'The language they would choose for a hard conversation.', oneOf(spokenLanguages), 'L', optional, careTeam,
      { items: [15], fhir: 'Patient.communication.language' }),
    entry('disabilities', 'Disabilities affecting care', 'What makes everyday care harder for them, and how.',
      rows('disability', choiceColumn('disability!', 'Disability', disabilityKinds), noteColumn()), 'G', required, [GP, NURSE, SOCIAL],
      { ask: 'is there a disability that affects their care?', items: [28], fhir: 'Condition' }),
    entry('infoFormat', 'Needs information as', 'Every format that works for them.', manyOf(informationFormats), 'L', required, careTeam, { fhir: 'Flag' }),
    entry('reasonableAdjustments', 'Reasonable adjustments', 'What services must do differently for this person.',
      rows('adjustment', textColumn('adjustment!', 'Adjustment'), noteColumn('detail', 'Detail'), dateColumn('date', 'Agreed on')), 'G', required, careTeam, { fhir: 'Flag' }),
  ]),
];
