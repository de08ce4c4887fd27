/** Resuscitation, treatment escalation, and what to do when something happens. */
import { answered, choiceColumn, dateOr, entry, GP, HOSPICE, line, manyOf, noteColumn, NURSE, oneOf, optional, pastMoment, person, prose, required, rows, sct, section, SENIOR, signOff, signOffIf, textColumn } from './entry.ts';
import { admissionPreferences, ceilings, cprAwareness, cprDecisions, discussedWith, focuses, interventionAnswers, interventionKinds, respectAnswers } from './decisionSets.ts';
import type { Section } from './kinds.ts';

const senior = [SENIOR] as const;
const doctors = [GP, HOSPICE] as const;
const clinicians = [GP, HOSPICE, NURSE] as const;
const decided = signOffIf(answered('cprDecision', 'for-attempted-cpr', 'not-for-attempted-cpr'));
const notForCpr = signOffIf(answered('cprDecision', 'not-for-attempted-cpr'));

export const emergency: readonly Section[] = [
  section('resuscitation', 'emergency', 'Resuscitation recommendation and ceiling of treatment', senior, [
    entry('cprDecision', 'CPR recommendation', 'Recorded by the senior responsible clinician only.', oneOf(cprDecisions), 'X', signOff, senior,
      { ask: 'what is recommended if their heart stops?', items: [44], fhir: 'Flag.code' }),
    entry('cprDate', 'Decision made on', 'Day, and time if known.', pastMoment, 'X', decided, senior, { ask: 'when was it decided?', items: [45], fhir: 'Flag.period.start' }),
    entry('cprReviewDate', 'Decision review due', 'A day, or that it stands until something changes.', dateOr({ value: 'indefinite', label: 'Indefinite' }), 'X', optional, senior,
      { items: [46], fhir: 'Flag.period.end' }),
    entry('cprReason', 'Reason', 'Why this is recommended: benefits and burdens for this person.', prose, 'T', notForCpr, senior,
      { ask: 'why is CPR not recommended?', safetyCritical: true, fhir: 'QuestionnaireResponse.item' }),
    entry('cprDecisionMaker', 'Decided by', 'Name and registration number.', person, 'X', decided, senior, { ask: 'who decided?', fhir: 'Flag.author' }),
    entry('cprDiscussedWith', 'Discussed with', 'Everyone it was discussed with; if nobody, say why.', manyOf(discussedWith), 'X', decided, senior,
      { ask: 'with whom was it discussed?', fhir: 'QuestionnaireResponse.item' }),
    entry('focusOfCare', 'Focus of emergency care', 'What emergency treatment should aim at.', oneOf(focuses), 'X', required, senior,
      { ask: 'what should emergency treatment aim at?', fhir: 'CarePlan.goal' }),
    entry('ceiling', 'Ceiling of treatment', 'How far treatment should go.', oneOf(ceilings), 'X', signOff, senior, { ask: 'how far should treatment go?', fhir: 'CarePlan' }),
  ]),
  section('interventions', 'emergency', 'Specific interventions', doctors, [
    entry('interventions', 'Specific interventions', 'What they would have, would not have, or want discussed first.',
      rows('intervention', choiceColumn('intervention!', 'Intervention', interventionKinds), choiceColumn('recommendation!', 'Recommendation', interventionAnswers), noteColumn()),
      'G', optional, doctors, { safetyCritical: true, fhir: 'CarePlan.activity' }),
  ]),
  section('emergency', 'emergency', 'If something happens', clinicians, [
    entry('hospitalAdmission', 'Hospital admission preference', 'What they think of going into hospital.', oneOf(admissionPreferences), 'X', signOff, clinicians,
      { ask: 'would they go into hospital?', fhir: 'CarePlan' }),
    entry('emergencyScenarios', 'If this happens, do this', 'One row for each thing that may happen.',
      rows('scenario', textColumn('problem!', 'If this happens'), noteColumn('firstAction!', 'Do this first'), textColumn('whoToCall', 'Then call'), textColumn('medicine', 'Medicine')),
      'G', signOff, clinicians, { ask: 'what may happen, and what should be done?', safetyCritical: true, code: sct('702779007'), fhir: 'CarePlan.activity' }),
    entry('cprAwareness', 'Who knows the resuscitation decision', 'Who has been told, and who has not.',
      rows('entry', choiceColumn('who!', 'Who', cprAwareness), noteColumn()), 'G', optional, clinicians, { items: [48], fhir: 'QuestionnaireResponse.item' }),
    entry('cprFormLocation', 'Where the original form is', 'So that an ambulance crew finds it in a minute.', line, 'L', notForCpr, [NURSE],
      { ask: 'where is the form kept?', items: [47], fhir: 'DocumentReference.description' }),
    entry('respectForm', 'ReSPECT form exists', 'Whether the emergency care form was completed.', oneOf(respectAnswers), 'L', required, doctors, { fhir: 'DocumentReference' }),
  ]),
];
