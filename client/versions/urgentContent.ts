/** What urgent care needs first, in the order a crew asks for it. Field ids of the content standard. */
import type { PlanContent } from '../../shared/content/planContent.ts';
import { fieldById, sectionOfField } from '../../shared/content/standard.ts';
import { isBlank } from '../../shared/content/values.ts';
import type { Field } from '../../shared/content/kinds.ts';

export interface UrgentPart {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly string[];
  /** Said when none of the fields was recorded; without it the part is left out. */
  readonly whenBlank?: string;
}

export const urgentParts: readonly UrgentPart[] = [
  { id: 'what-to-do', title: 'What to do if…', fields: ['urgentSummary', 'emergencyScenarios', 'hospitalAdmission', 'interventions', 'adrt', 'adrtDetail'], whenBlank: 'No instructions were recorded.' },
  { id: 'medicines', title: 'Medicines in the home', fields: ['jicStatus', 'jicLocation', 'jicDrugs', 'jicAuthorisation', 'syringeDriver', 'opioidNotes'] },
  { id: 'who-to-call', title: 'Who to call', fields: ['advice24h', 'keyWorker', 'keyNurse', 'keyGp', 'seniorClinician', 'contacts', 'lpaPeople', 'teamMembers'], whenBlank: 'No contacts were recorded.' },
  { id: 'way-in', title: 'How to get in', fields: ['address', 'accessMethod', 'keySafeLocation', 'keySafeCode', 'homeHazards', 'homeOxygen'], whenBlank: 'Nothing was recorded about getting in.' },
  { id: 'person', title: 'The person', fields: ['primaryDiagnosis', 'clinicalSummary', 'gsfStage', 'whatMatters', 'ppd1', 'ppd2', 'implantedDevices', 'clinicalAlerts', 'interpreterNeeded', 'spokenLanguage', 'capacity'] },
];

export interface RecordedField {
  readonly field: Field;
  readonly value: unknown;
}

/** The fields of these that were recorded, with their values. */
export const recordedOf = (content: Pick<PlanContent, 'sections'>, fieldIds: readonly string[]): readonly RecordedField[] =>
  fieldIds.flatMap((id) => {
    const field = fieldById(id);
    const value = content.sections[sectionOfField(id)?.id ?? '']?.[id];
    return field && !isBlank(value) ? [{ field, value }] : [];
  });
