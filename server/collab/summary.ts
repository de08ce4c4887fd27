/** Keeps copies of a few values on the plan's head, for lists: written in the commit that changed them, never read as the truth. */
import type * as Y from 'yjs';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { readField } from '../../shared/crdt/sectionDocument.ts';

export const summaryFields: ReadonlySet<string> = new Set([
  'familyName', 'givenName', 'birthDate', 'gender', 'gsfStage', 'phaseOfIllness', 'primaryDiagnosis', 'ppd1', 'preferredPlaceOfCare', 'cprDecision',
  'allergyStatus', 'allergies', 'jicStatus', 'keyWorker', 'consentShare', 'consentRecord', 'sharingLimits', 'oohNotified', 'reviewDue', 'dateOfDeath',
]);

/** Adds what the touched fields of a section mean for the summary: values to keep and values to take out. */
export function summarise(doc: Y.Doc, section: Section, touched: Iterable<string>, set: Record<string, unknown>, removed: Set<string>): void {
  for (const id of touched) {
    const field = section.fields.find((each) => each.id === id);
    if (!field) continue;
    if (id === 'actions') set['openActions'] = openRows(readField(doc, field));
    if (!summaryFields.has(id)) continue;
    const value = readField(doc, field);
    delete set[id];
    removed.delete(id);
    if (value === undefined) removed.add(id);
    else set[id] = value;
  }
}

/** Rows that are neither struck out nor done; a contradicted row counts, since somebody must look at it. */
function openRows(rows: unknown): number {
  if (!Array.isArray(rows)) return 0;
  const isOpen = (row: { removed?: unknown; status?: unknown; disputed?: unknown }): boolean => row.removed !== true && !isEnded(row.status);
  return rows.filter(isOpen).length;
}
const isEnded = (status: unknown): boolean => status === 'done' || status === 'cancelled';

/** Whether the field's value, or any of its rows, is contradicted in the document. */
export function isContradicted(doc: Y.Doc, field: Field): boolean {
  if (field.merge !== 'X' && field.merge !== 'G') return false;
  const value = readField(doc, field);
  if (field.merge === 'X') return isDisputedValue(value);
  return Array.isArray(value) && value.some(isDisputedValue);
}
const isDisputedValue = (value: unknown): boolean => typeof value === 'object' && value !== null && Array.isArray((value as { disputed?: unknown }).disputed);
