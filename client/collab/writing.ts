/** Writing into the live plan from the screen: checked against the content standard first, so that a bad value is told here and kept. */
import { checkRow, checkValue } from '../../shared/content/checkValue.ts';
import type { Field, Row } from '../../shared/content/kinds.ts';
import { isBlank } from '../../shared/content/values.ts';
import { newRowId, putRow, rootName, strikeRow, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import type { Doc } from 'yjs';
import type { PlanConnection } from './planConnection.ts';

const notOpen = 'This section cannot be written just now.';
// Written into a section that was not read, an answer would contradict one that its writer could see.
const notRead = 'This section is being read anew: it cannot be written just now.';

/** The document that is written into, or why there is none. */
function openDoc(connection: PlanConnection, section: string): Doc | string {
  const doc = connection.doc(section);
  if (doc === undefined || !connection.mayEdit(section)) return notOpen;
  return connection.loaded.value.has(section) ? doc : notRead;
}

export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * Writes a value, or takes it back when it is blank. Answers why not, as a sentence, or undefined when it was written. Writing what
 * already stands changes nothing. `reason` belongs to settling a dispute.
 */
export function writeField(connection: PlanConnection, section: string, field: Field, value: unknown, reason?: string): string | undefined {
  const doc = openDoc(connection, section);
  if (typeof doc === 'string') return doc;
  const blank = isBlank(value);
  const why = blank ? undefined : checkValue(field, value, londonDate(new Date()));
  if (why !== undefined) return withoutLabel(why, field);
  const stored = connection.value(section, field.id);
  if (reason === undefined && (blank ? stored === undefined : sameValue(stored, value))) return undefined;
  writeValue(doc, field, blank ? undefined : value, reason);
  return undefined;
}

/** Adds a row or writes a changed one. Empty columns are left out. Answers why not, or undefined. */
export function writeRow(connection: PlanConnection, section: string, field: Field, row: Row): string | undefined {
  const doc = openDoc(connection, section);
  if (typeof doc === 'string') return doc;
  const filled = { ...Object.fromEntries(Object.entries(row).filter(([, cell]) => !isBlank(cell))), id: row.id };
  if (Object.keys(filled).length === 1) return 'An empty row is not kept. Fill in at least one column.';
  const why = checkRow(field, filled);
  if (why !== undefined) return withoutLabel(why, field);
  putRow(doc, field, filled);
  return undefined;
}

/** Strikes a row out; it stays visible with the reason. Answers why not, or undefined. */
export function strikeOut(connection: PlanConnection, section: string, field: Field, row: Row, reason: string): string | undefined {
  const doc = openDoc(connection, section);
  if (typeof doc === 'string') return doc;
  const why = checkRow(field, { ...row, removed: true, reason });
  if (why !== undefined) return withoutLabel(why, field);
  strikeRow(doc, field, row.id, reason);
  return undefined;
}

export const rowIdNow = (): string => newRowId(new Date(), (bytes) => crypto.getRandomValues(new Uint8Array(bytes)));

/** What an editor of prose works on; undefined when the section is not open. */
export const proseFragment = (connection: PlanConnection, section: string, field: Field) => connection.doc(section)?.getXmlFragment(rootName(field));

/** The sentence stands under its field: the label need not be said again. */
function withoutLabel(why: string, field: Field): string {
  const rest = why.startsWith(`${field.label}: `) ? why.slice(field.label.length + 2) : why;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
