/** Checks what an update did to the fields it touched: right place, right shape, a value that the content standard allows. */
import * as Y from 'yjs';
import { checkRow, checkValue } from '../../shared/content/checkValue.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { fieldsRoot, readField, rootName, rowOf } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { isPlainJson } from './plainJson.ts';
import { proseFault } from './proseShape.ts';

export type FaultCode = 'wrong-content' | 'unknown-field' | 'service-only' | 'invalid' | 'over-limit' | 'row-removed' | 'answer-needed';
export interface Fault {
  readonly code: FaultCode;
  readonly reason: string;
}

/** A shared type of any kind, as the library itself names it. */
export type AnyType = Y.Transaction['changed'] extends Map<infer Type, unknown> ? Type : never;

export interface Examination {
  readonly doc: Y.Doc;
  readonly section: Section;
  /** Types the update changed, each with the keys it changed in it (`null`: its sequence). */
  readonly changed: ReadonlyMap<AnyType, ReadonlySet<string | null>>;
  /** The clock of a client id from which on the update itself brought what stands; infinite for ids that it brought nothing of. */
  readonly newFrom: (client: number) => number;
  /** What the update took away, whether it stood before or came with it. */
  readonly deleted: readonly Y.Transaction['deleteSet'][];
  readonly isService: boolean;
  readonly today: string;
}

const rowIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const forbiddenKeys = new Set(['constructor', 'prototype']);
export const fault = (code: FaultCode, reason: string): Fault => ({ code, reason });
export const wrong = (field: Field): Fault => fault('wrong-content', `“${field.label}” was sent in a form that this field does not have.`);

export const isNew = ({ newFrom }: Examination, id: { readonly client: number; readonly clock: number }): boolean => id.clock >= newFrom(id.client);

/** The ids of the fields that were touched, or the first thing that is wrong with them. */
export function examine(examination: Examination): { readonly fields: readonly string[] } | Fault {
  const touched = new Set<string>();
  const prose = new Set<Field>();
  for (const [type, keys] of examination.changed) {
    const root = rootOf(type);
    const name = Y.findRootTypeKey(root);
    if (name === fieldsRoot) {
      const found = examineFields(examination, type, keys, touched);
      if (found) return found;
      continue;
    }
    const field = fieldOfRoot(examination.section, name);
    if (!field) return fault('unknown-field', 'The change names a field that this section does not have.');
    if (field.fixed && !examination.isService) return serviceOnly(field);
    touched.add(field.id);
    if (field.merge === 'T') prose.add(field);
    const found = field.merge === 'X' ? examineExclusive(examination, field, type, keys)
      : field.merge === 'G' ? (type === root ? examineRows(examination, field, type, keys) : examineRow(examination, field, type, keys))
      : undefined;
    if (found) return found;
  }
  for (const field of prose) {
    const found = examineProse(examination, field);
    if (found) return found;
  }
  return { fields: [...touched] };
}

export const fieldOfRoot = (section: Section, name: string): Field | undefined =>
  section.fields.find((each) => each.merge !== 'L' && each.merge !== 'A' && rootName(each) === name);

const serviceOnly = (field: Field): Fault => fault('service-only', `“${field.label}” is kept by the service and cannot be written here.`);

export function rootOf(type: AnyType): AnyType {
  let root = type;
  while (root._item !== null) root = root._item.parent as AnyType;
  return root;
}

function examineFields(
  examination: Examination, map: AnyType, keys: ReadonlySet<string | null>, touched: Set<string>,
): Fault | undefined {
  if (map._item !== null || !(map instanceof Y.Map)) return fault('wrong-content', 'An ordinary value cannot hold a shared type.');
  for (const key of keys) {
    const field = ordinaryField(examination, key);
    if (!('of' in field)) return field;
    touched.add(field.id);
    const item = map._map.get(field.id);
    if (!item || item.deleted || !isNew(examination, item.id)) continue;
    if (!(item.content instanceof Y.ContentAny)) return wrong(field);
    const found = ordinaryFault(examination, field, item.content.arr.at(-1));
    if (found) return found;
  }
  return undefined;
}

/** The field whose ordinary value stands under this key, or why nothing may be written there. */
export function ordinaryField({ section, isService }: Examination, key: string | null): Field | Fault {
  const field = key === null ? undefined : section.fields.find((each) => each.id === key);
  if (!field || field.merge === 'X') return fault('unknown-field', 'The change names a field that this section does not have here.');
  return (field.merge === 'A' || field.fixed) && !isService ? serviceOnly(field) : field;
}

export function ordinaryFault({ today }: Examination, field: Field, value: unknown): Fault | undefined {
  if ((field.merge === 'T' || field.merge === 'G') && !isNotDiscussed(value)) return wrong(field);
  return valueFault(field, value, today);
}

const isNotDiscussed = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).join() === 'notDiscussed';

function valueFault(field: Field, value: unknown, today: string): Fault | undefined {
  if (!isPlainJson(value)) return wrong(field);
  const sentence = checkValue(field, value, today);
  return sentence === undefined ? undefined : fault('invalid', sentence);
}

/** The visible elements that the update brought, or a fault when the array holds anything but plain values. */
function newElements(examination: Examination, field: Field, array: AnyType, keys: ReadonlySet<string | null>): Fault | unknown[] {
  if ([...keys].some((key) => key !== null)) return wrong(field);
  const values: unknown[] = [];
  let visible = 0;
  for (let item = array._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    visible += item.length;
    if (!isNew(examination, item.lastId)) continue;
    if (!(item.content instanceof Y.ContentAny)) return wrong(field);
    values.push(...item.content.arr.filter((_: unknown, offset: number) => isNew(examination, { client: item.id.client, clock: item.id.clock + offset })));
  }
  return visible > limits.disputedValuesMax ? fault('over-limit', `“${field.label}” holds too many values at once.`) : values;
}

function examineExclusive(examination: Examination, field: Field, array: AnyType, keys: ReadonlySet<string | null>): Fault | undefined {
  const values = newElements(examination, field, array, keys);
  if (!Array.isArray(values)) return values;
  for (const element of values) {
    const found = exclusiveFault(examination, field, element);
    if (found) return found;
  }
  // Whoever leaves one answer of several must have written that answer: taking the others' away settles nothing. The reason is asked for
  // by the screen and kept beside the value; a client that knows only `{value}` is a client all the same.
  if (examination.isService || array._length > 1 || values.length > 0 || stoodBefore(examination, array) < 2) return undefined;
  return fault('answer-needed', `“${field.label}” is disputed: it is settled by giving the answer that stands, not by taking one away.`);
}

/** How many elements of the array stood before the update. */
function stoodBefore({ newFrom, deleted }: Examination, array: AnyType): number {
  let count = 0;
  for (let item = array._start; item !== null; item = item.right) {
    const [from, after] = [item.id.clock, Math.min(item.id.clock + item.length, newFrom(item.id.client))];
    if (!item.deleted) count += Math.max(0, after - from);
    else for (const set of deleted) for (const gone of set.clients.get(item.id.client) ?? []) count += Math.max(0, Math.min(after, gone.clock + gone.len) - Math.max(from, gone.clock));
  }
  return count;
}

export function exclusiveFault({ today }: Examination, field: Field, element: unknown): Fault | undefined {
  if (!isPlainJson(element) || !isObjectOf(element, ['value', 'reason']) || element['value'] === undefined) return wrong(field);
  if (!isReason(element['reason'])) return fault('invalid', `${field.label}: the reason must be text of at most ${limits.textLengthMax} characters.`);
  return valueFault(field, element['value'], today);
}

const isObjectOf = (value: unknown, keys: readonly string[]): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).every((key) => keys.includes(key));
const isReason = (reason: unknown): boolean => reason === undefined || (typeof reason === 'string' && reason.length <= limits.textLengthMax);

function examineRows(examination: Examination, field: Field, rows: AnyType, keys: ReadonlySet<string | null>): Fault | undefined {
  if (rows._map.size > limits.rowsMax) return fault('over-limit', `“${field.label}” can hold ${limits.rowsMax} rows.`);
  for (const key of keys) {
    const item = key === null ? undefined : rows._map.get(key);
    if (!item || key === null || !rowIdPattern.test(key) || forbiddenKeys.has(key)) return wrong(field);
    // A row that went, or was put in the place of another, would be lost without a trace: rows are struck out instead.
    if (item.deleted || item.left !== null) return rowRemoved(field);
    if (!(item.content instanceof Y.ContentType) || !(item.content.type instanceof Y.Array)) return wrong(field);
    const found = examineRow(examination, field, item.content.type, new Set());
    if (found) return found;
  }
  return undefined;
}

const rowRemoved = (field: Field): Fault => fault('row-removed', `A row of “${field.label}” cannot be taken away; strike it out with a reason.`);

function examineRow(examination: Examination, field: Field, type: AnyType, keys: ReadonlySet<string | null>): Fault | undefined {
  if (!(type instanceof Y.Array)) return wrong(field);
  const id = type._item?.parentSub ?? '';
  const values = newElements(examination, field, type, keys);
  if (!Array.isArray(values)) return values;
  if (type.length === 0 && type._start !== null) return rowRemoved(field);
  for (const element of values) {
    const found = rowFault(field, id, element);
    if (found) return found;
  }
  if (!examination.isService && values.length === 0 && type.length === 1 && stoodBefore(examination, type) > 1) {
    return fault('row-removed', `A disputed row of “${field.label}” is settled by writing it anew, not by taking away what somebody else wrote.`);
  }
  return undefined;
}

export function rowFault(field: Field, id: string, element: unknown): Fault | undefined {
  if (!isPlainJson(element) || typeof element !== 'object' || element === null || Array.isArray(element)) return wrong(field);
  const named = (element as { id?: unknown }).id;
  if (named !== undefined && named !== id) return wrong(field);
  const sentence = checkRow(field, rowOf(id, element));
  return sentence === undefined ? undefined : fault('invalid', sentence);
}

function examineProse({ doc, today }: Examination, field: Field): Fault | undefined {
  const fragment = doc.getXmlFragment(rootName(field));
  const found = proseFault(fragment);
  if (found === 'too-deep') return fault('over-limit', `“${field.label}”: lists can be nested ${limits.listDepthMax} deep.`);
  if (found) return wrong(field);
  const blocks = readField(doc, field);
  return Array.isArray(blocks) ? valueFault(field, blocks, today) : undefined;
}
