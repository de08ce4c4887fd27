/** Diagnoses, allergies, devices and known emergency risks. */
import { choiceColumn, creation, dateColumn, entry, GP, HOSPICE, line, noteColumn, NURSE, oneOf, optional, prose, required, rows, section, signOff, textColumn, yesNoColumn } from './entry.ts';
import { allergyCertainties, allergySeverities, allergyStatuses, deviceKinds, diagnosisGroups, emergencyRisks, shockFunctions } from './clinicalSets.ts';
import type { Section } from './kinds.ts';

const doctors = [GP, HOSPICE] as const;

export const clinical: readonly Section[] = [
  section('clinical', 'clinical', 'Diagnoses, allergies and alerts', doctors, [
    entry('primaryDiagnosis', 'Main condition', 'The illness that leads to palliative care.', line, 'X', creation, doctors,
      { ask: 'what is the main illness?', items: [26], fhir: 'Condition.code' }),
    entry('diagnosisCategory', 'Group of main condition', 'The broad group, for reports and for planning.', oneOf(diagnosisGroups), 'L', signOff, [GP],
      { ask: 'which group does the main illness belong to?', fhir: 'Condition.category' }),
    entry('otherDiagnoses', 'Other relevant conditions', 'What else a clinician has to know about.',
      rows('condition', textColumn('condition!', 'Condition'), textColumn('code', 'SNOMED CT code'), dateColumn('date', 'Since'), noteColumn()), 'G', optional, doctors,
      { items: [27], fhir: 'Condition' }),
    entry('allergyStatus', 'Allergy status', 'Blank means that nobody has recorded it: it never means "none".', oneOf(allergyStatuses), 'X', required, doctors,
      { ask: 'are there allergies?', items: [30], fhir: 'AllergyIntolerance' }),
    entry('allergies', 'Allergies and reactions', 'What they react to, and how badly.',
      rows('allergy', textColumn('substance!', 'Substance'), textColumn('reaction', 'Reaction'), choiceColumn('severity', 'Severity', allergySeverities),
        choiceColumn('certainty', 'Certainty', allergyCertainties), dateColumn('date', 'Recorded on')),
      'G', required, doctors, { safetyCritical: true, items: [30], fhir: 'AllergyIntolerance' }),
    entry('implantedDevices', 'Implanted cardiac or other devices', 'For a defibrillator: whether its shocks are on, off or still to be discussed.',
      rows('device', choiceColumn('device!', 'Device', deviceKinds), choiceColumn('shockFunction', 'Shock function', shockFunctions),
        yesNoColumn('deactivationDiscussed', 'Switching off discussed'), dateColumn('deactivatedOn', 'Switched off on'), noteColumn()),
      'G', required, doctors, { safetyCritical: true, fhir: 'Device' }),
    entry('clinicalAlerts', 'Known emergency risks', 'What could happen suddenly.',
      rows('risk', choiceColumn('risk!', 'Risk', emergencyRisks), noteColumn()), 'G', required, doctors, { safetyCritical: true, fhir: 'Flag' }),
  ]),
  section('situation', 'clinical', 'Current situation', [GP, HOSPICE, NURSE], [
    entry('clinicalSummary', 'Summary of current situation', 'Where things stand, in a few sentences.', prose, 'T', signOff, [GP, HOSPICE, NURSE],
      { ask: 'how are they now?', fhir: 'Composition.section' }),
  ]),
];
