/** The values of a field, one by one: in the form that the field has, and allowed by the content standard. */
import { checkText } from '../../shared/content/checkText.ts';
import { checkRow, checkValue } from '../../shared/content/checkValue.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { rowOf } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';

export type FaultCode = 'wrong-content' | 'unknown-field' | 'service-only' | 'invalid' | 'over-limit' | 'row-removed' | 'answer-needed';
export interface Fault {
  readonly code: FaultCode;
  readonly reason: string;
}

export const fault = (code: FaultCode, reason: string): Fault => ({ code, reason });
export const wrong = (field: Field): Fault => fault('wrong-content', `“${field.label}” was sent in a form that this field does not have.`);
export const serviceOnly = (field: Field): Fault => fault('service-only', `“${field.label}” is kept by the service and cannot be written here.`);
export const unknownField = (): Fault => fault('unknown-field', 'The change names a field that this section does not have.');

/** Why this cannot stand as an ordinary value of the field. Where rows or prose belong, only "not discussed" can. */
export function ordinaryFault(today: string, field: Field, value: unknown): Fault | undefined {
  if ((field.merge === 'T' || field.merge === 'G') && !isNotDiscussed(value)) return wrong(field);
  return valueFault(field, value, today);
}

const isNotDiscussed = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).join() === 'notDiscussed';

function valueFault(field: Field, value: unknown, today: string): Fault | undefined {
  const sentence = checkValue(field, value, today);
  return sentence === undefined ? undefined : fault('invalid', sentence);
}

/** Why this cannot be an element of an exclusive field. */
export function exclusiveFault(today: string, field: Field, element: unknown): Fault | undefined {
  if (!isObjectOf(element, ['value', 'reason']) || element['value'] === undefined) return wrong(field);
  const { reason } = element;
  const sentence = reason === undefined ? undefined : checkText(reason, limits.textLengthMax, true);
  if (sentence !== undefined) return fault('invalid', `${field.label}: the reason: ${sentence}`);
  return valueFault(field, element['value'], today);
}

const isObjectOf = (value: unknown, keys: readonly string[]): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).every((key) => keys.includes(key));

/** Why this cannot be the row of this id. */
export function rowFault(field: Field, id: string, element: unknown): Fault | undefined {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return wrong(field);
  const named = (element as { id?: unknown }).id;
  if (named !== undefined && named !== id) return wrong(field);
  const sentence = checkRow(field, rowOf(id, element));
  return sentence === undefined ? undefined : fault('invalid', sentence);
}
