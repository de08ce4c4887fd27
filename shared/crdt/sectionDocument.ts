/** The only place that knows the inside of a section's document: where a field lives in it, how it is read and how it is written. */
import * as Y from 'yjs';
import type { Field, ProseBlock, Row, Section } from '../content/kinds.ts';
import { readProse, writeBlocks } from './prose.ts';

/** Name of the root map that holds every value of which the latest wins. */
export const fieldsRoot = 'fields';

/** Name of the root type that holds the field. */
export function rootName(field: Field): string {
  switch (field.merge) {
    case 'L': case 'A': return fieldsRoot;
    case 'X': return `x:${field.id}`;
    case 'T': return `t:${field.id}`;
    case 'G': return `g:${field.id}`;
  }
}

/** An element of an exclusive value or of a row, with the place in history that says who brought it. */
export interface Element {
  readonly value: unknown;
  readonly client: number;
  readonly clock: number;
}

/** What somebody wrote while somebody else, unseen, wrote something different. */
export interface DisputedValues {
  readonly disputed: readonly unknown[];
}

/** Makes every root type of the section in `doc`, so that nothing can arrive as another kind of type. */
export function openRoots(doc: Y.Doc, section: Section): void {
  doc.getMap(fieldsRoot);
  for (const field of section.fields) {
    if (field.merge === 'X') doc.getArray(rootName(field));
    if (field.merge === 'T') doc.getXmlFragment(rootName(field));
    if (field.merge === 'G') doc.getMap(rootName(field));
  }
}

/**
 * The field's value: `undefined` when not recorded; for an exclusive value that is contradicted `{disputed: [values]}`; prose as
 * blocks; rows sorted by id, a struck-out one kept with `removed` and `reason`, a contradicted one as `{id, disputed: [rows]}`.
 */
export function readField(doc: Y.Doc, field: Field): unknown {
  switch (field.merge) {
    case 'L': case 'A': return doc.getMap(fieldsRoot).get(field.id);
    case 'X': {
      const values = elements(doc, field).map((element) => valueOf(element.value));
      return values.length > 1 ? ({ disputed: values } satisfies DisputedValues) : values[0];
    }
    case 'T': return readProse(doc.getXmlFragment(rootName(field))) ?? doc.getMap(fieldsRoot).get(field.id);
    case 'G': {
      const rows = readRows(doc, field);
      return rows.length > 0 ? rows : doc.getMap(fieldsRoot).get(field.id);
    }
  }
}

/** Why the exclusive value that stands was chosen over others, or corrected; undefined where nobody had to say, and while it is disputed. */
export function settledBecause(doc: Y.Doc, field: Field): string | undefined {
  if (field.merge !== 'X') return undefined;
  const [only, ...others] = elements(doc, field);
  const reason = (only?.value as { reason?: unknown } | null | undefined)?.reason;
  return others.length === 0 && typeof reason === 'string' && reason.trim() !== '' ? reason : undefined;
}

/** Every recorded field of the section. */
export function readSection(doc: Y.Doc, section: Section): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (const field of section.fields) {
    const value = readField(doc, field);
    if (value !== undefined) content[field.id] = value;
  }
  return content;
}

/** What stands in an exclusive field or in one row of a list, and where each element came from. */
export function elements(doc: Y.Doc, field: Field, rowId?: string): Element[] {
  if (field.merge === 'X') return elementsOf(doc.getArray(rootName(field)));
  const row = rowId === undefined ? undefined : doc.getMap(rootName(field)).get(rowId);
  return row instanceof Y.Array ? elementsOf(row) : [];
}

/** The visible elements of an array, each with the client id and clock that brought it. */
export function elementsOf(array: Y.Array<unknown>): Element[] {
  const found: Element[] = [];
  for (let item = array._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentAny)) continue;
    const { client, clock } = item.id;
    item.content.arr.forEach((value: unknown, offset: number) => found.push({ value, client, clock: clock + offset }));
  }
  return found;
}

/** Ids of the rows that hold anything, in order. */
export const rowIds = (doc: Y.Doc, field: Field): string[] => [...doc.getMap(rootName(field)).keys()].toSorted();

function readRows(doc: Y.Doc, field: Field): Row[] {
  return rowIds(doc, field).flatMap((id) => {
    const rows = elements(doc, field, id).map((element) => rowOf(id, element.value));
    if (rows.length > 1) return [{ id, disputed: rows }];
    return rows;
  });
}

/** The value inside an element of an exclusive field. */
export const valueOf = (element: unknown): unknown => (element as { value?: unknown } | null)?.value;
/** A row as it is shown: with its id. */
export const rowOf = (id: string, element: unknown): Row => ({ ...(element as object), id });

/**
 * Writes an ordinary, automatic or exclusive value, or takes it away (`undefined`). On an exclusive field this settles whatever was
 * contradicted; `reason` says why.
 */
export function writeValue(doc: Y.Doc, field: Field, value: unknown, reason?: string): void {
  doc.transact(() => {
    if (field.merge !== 'X') {
      const fields = doc.getMap(fieldsRoot);
      if (value === undefined) fields.delete(field.id);
      else fields.set(field.id, value);
      return;
    }
    const array = doc.getArray(rootName(field));
    array.delete(0, array.length);
    if (value !== undefined) array.insert(0, [reason === undefined ? { value } : { value, reason }]);
  });
}

/** Puts `blocks` in the place of the field's prose. */
export function writeProse(doc: Y.Doc, field: Field, blocks: readonly ProseBlock[]): void {
  doc.transact(() => writeBlocks(doc.getXmlFragment(rootName(field)), blocks));
}

/** Adds a row, or puts it in the place of what its writer saw under the same id. */
export function putRow(doc: Y.Doc, field: Field, row: Row): void {
  const { id, ...columns } = row;
  doc.transact(() => {
    const rows = doc.getMap(rootName(field));
    const existing = rows.get(id);
    if (!(existing instanceof Y.Array)) return void rows.set(id, Y.Array.from([columns]));
    existing.delete(0, existing.length);
    existing.insert(0, [columns]);
  });
}

/** Strikes a row out: it stays, marked, with the reason. Nothing happens when there is no such row. */
export function strikeRow(doc: Y.Doc, field: Field, rowId: string, reason: string): void {
  const [first] = elements(doc, field, rowId);
  if (first) putRow(doc, field, { ...rowOf(rowId, first.value), removed: true, reason });
}

/** A row id that sorts by the time it was made. `random` gives the asked-for number of bytes. */
export function newRowId(now: Date, random: (bytes: number) => Uint8Array): string {
  const tail = Array.from(random(8), (byte) => (byte % 36).toString(36)).join('');
  return `r${now.getTime().toString(36).padStart(9, '0')}${tail}`;
}
