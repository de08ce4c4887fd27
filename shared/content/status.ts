/** Register, stage, prognosis and outcome measures. */
import { answered, careTeam, choiceColumn, COORDINATOR, dateColumn, entry, GP, HOSPICE, manyOf, NURSE, oneOf, optional, pastDate, required, restrictedSection, rows, sct, section, SENIOR, signOff, signOffIf } from './entry.ts';
import { akpsScores, frameworks, gsfStages, iposItems, iposScores, iposVersions, phases, prognoses, registerAnswers, trends } from './clinicalSets.ts';
import type { Section } from './kinds.ts';

const register = [GP, COORDINATOR] as const;
const assessors = [HOSPICE, NURSE] as const;

export const status: readonly Section[] = [
  section('status', 'status', 'Register and stage', [GP, HOSPICE, COORDINATOR], [
    entry('onRegister', 'On palliative register', 'If removed, say why.', oneOf(registerAnswers), 'L', signOff, register,
      { ask: 'are they on the palliative register?', fhir: 'Flag' }),
    entry('registerDate', 'Date added', 'The day they joined the register.', pastDate, 'L', signOffIf(answered('onRegister', 'on-register')), register,
      { ask: 'since when are they on the register?', fhir: 'Flag.period' }),
    entry('tool', 'Framework in use', 'Frameworks that the team works to.', manyOf(frameworks), 'L', optional, careTeam, { items: [33], fhir: 'QuestionnaireResponse.item' }),
    entry('gsfStage', 'Stage', 'What the team thinks time is likely to be: letter, colour and words.', oneOf(gsfStages), 'X', signOff, [GP, HOSPICE, COORDINATOR],
      { ask: 'which stage does the team agree on?', fhir: 'ClinicalImpression.prognosisCodeableConcept' }),
  ]),
  section('assessment', 'status', 'Phase and outcome measures', careTeam, [
    entry('phaseOfIllness', 'Phase of illness', 'How well the present plan of care fits what is happening.', oneOf(phases), 'L', signOff, assessors,
      { ask: 'which phase are they in?', code: sct('1092801000000106'), fhir: 'Observation' }),
    entry('phaseDate', 'Phase assessed on', 'The day of that assessment.', pastDate, 'L', signOffIf(answered('phaseOfIllness')), assessors,
      { ask: 'when was the phase assessed?', fhir: 'Observation.effectiveDateTime' }),
    entry('akps', 'AKPS', 'Australia-modified Karnofsky score: what they can do.', oneOf(akpsScores), 'L', required, assessors,
      { ask: 'what can they do for themselves?', items: [29], code: sct('901671000000100'), fhir: 'Observation' }),
    entry('ipos', 'IPOS item scores', 'How much each thing has troubled them: 0 not at all, 4 overwhelmingly.',
      rows('score', choiceColumn('item!', 'Item', iposItems), choiceColumn('score!', 'Score', iposScores), choiceColumn('version', 'Version', iposVersions), dateColumn('date!', 'On')),
      'G', optional, assessors, { fhir: 'Observation' }),
    entry('trend', 'Change since last meeting', 'The team’s view of the direction.', oneOf(trends), 'L', signOff, careTeam,
      { ask: 'better, worse or the same?', fhir: 'Observation' }),
  ]),
  restrictedSection('prognosis', 'status', 'Prognosis', [GP, SENIOR], [GP, NURSE, HOSPICE, COORDINATOR], [
    entry('prognosis', 'Likely prognosis', 'A clinician’s judgement; the service never calculates it.', oneOf(prognoses), 'X', optional, [GP, SENIOR],
      { items: [34], fhir: 'ClinicalImpression' }),
  ]),
];
