/** Advance decisions, capacity, and who may decide for the person. */
import { answered, careTeam, choiceColumn, COORDINATOR, dateColumn, entry, GP, HOSPICE, line, manyOf, noteColumn, NURSE, oneOf, optional, pastDate, personColumn, prose, required, rows, section, signOff, signOffIf, SOCIAL, textColumn, yesNoColumn } from './entry.ts';
import { adrtAnswers, adrtChecks, advanceStatementAnswers, attorneyAnswers, attorneyPowers, capacityAnswers } from './decisionSets.ts';
import type { Section } from './kinds.ts';

const doctors = [GP, HOSPICE] as const;
const assessors = [GP, HOSPICE, SOCIAL] as const;
const attorneyRecorders = [GP, SOCIAL] as const;
const present = signOffIf(answered('adrt', 'has-adrt', 'has-adrt-life-sustaining', 'refuses-blood'));

export const legal: readonly Section[] = [
  section('legal', 'legal', 'Advance decision to refuse treatment', doctors, [
    entry('adrt', 'Advance decision to refuse treatment', 'It binds everyone when it is valid and applies.', oneOf(adrtAnswers), 'X', signOff, doctors,
      { ask: 'have they refused any treatment in advance?', items: [49], fhir: 'Flag.code' }),
    entry('adrtDetail', 'Treatments refused and circumstances', 'Exactly as the document says.', prose, 'T', present, doctors,
      { ask: 'what is refused, and when?', safetyCritical: true, fhir: 'Consent.provision' }),
    entry('adrtDate', 'Date of the advance decision', 'The day it was made.', pastDate, 'X', present, doctors, { ask: 'when was the advance decision made?', fhir: 'Flag.period' }),
    entry('adrtChecked', 'What was checked', 'Refusing life-sustaining treatment has to be written, signed and witnessed.', manyOf(adrtChecks), 'X',
      signOffIf(answered('adrt', 'has-adrt-life-sustaining')), doctors, { ask: 'is it written, signed and witnessed?', fhir: 'QuestionnaireResponse.item' }),
  ]),
  // The advance statement stands below the advance decision, because the decision binds and the statement guides.
  section('documents', 'legal', 'Advance statement and documents', careTeam, [
    entry('advanceStatement', 'Advance statement made', 'Wishes and values written down; it guides, it does not bind.', oneOf(advanceStatementAnswers), 'L', optional, careTeam,
      { items: [35], fhir: 'DocumentReference' }),
    entry('adrtLocation', 'Where the advance decision is', 'So that it can be found in a minute.', line, 'L', present, [NURSE, COORDINATOR],
      { ask: 'where is the advance decision kept?', items: [50], fhir: 'DocumentReference.description' }),
  ]),
  section('capacity', 'legal', 'Capacity', assessors, [
    entry('capacity', 'Capacity for each decision', 'Capacity belongs to one decision at one time.',
      rows('assessment', textColumn('decision!', 'Decision'), choiceColumn('capacity!', 'Capacity', capacityAnswers), personColumn('assessor', 'Assessed by'),
        dateColumn('date', 'On'), noteColumn('howLacking', 'In what way lacking')),
      'G', signOff, assessors, { ask: 'can they decide for themselves?', safetyCritical: true, fhir: 'Observation' }),
  ]),
  section('attorney', 'legal', 'Welfare attorney or deputy', attorneyRecorders, [
    entry('lpa', 'Welfare attorney or deputy', 'Whether somebody may decide when the person cannot.', oneOf(attorneyAnswers), 'X', signOff, attorneyRecorders,
      { ask: 'is there an attorney for welfare?', items: [52], fhir: 'Flag.code' }),
    entry('lpaPeople', 'Attorneys', 'Who they are, how they decide, and whether the document was seen.',
      rows('attorney', textColumn('name!', 'Name'), textColumn('phone', 'Telephone'), choiceColumn('power', 'How they decide', attorneyPowers),
        textColumn('reference', 'Public Guardian reference'), yesNoColumn('documentSeen', 'Document seen')),
      'G', required, attorneyRecorders, { items: [51, 53], safetyCritical: true, fhir: 'RelatedPerson' }),
  ]),
];
