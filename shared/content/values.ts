/** Reading values as they are stored. Tolerant: values come from other programs too. */
import type { NotDiscussed, Row } from './kinds.ts';
import { isDisputed } from './planContent.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The reason that stands where an answer should, if that is what this value is. */
export const isNotDiscussed = (value: unknown): value is NotDiscussed => isObject(value) && typeof value['notDiscussed'] === 'string';

/** The chosen answer's slug, with or without a note beside it; undefined for anything else. */
export function choiceCode(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return isObject(value) && typeof value['code'] === 'string' ? value['code'] : undefined;
}

/** Rows as stored, struck-out ones included; an empty list for anything else. */
export const rowsOf = (value: unknown): readonly Row[] =>
  Array.isArray(value) ? value.filter((row): row is Row => isObject(row) && typeof row['id'] === 'string') : [];

export const isStruckOut = (row: Readonly<Record<string, unknown>>): boolean => row['removed'] === true;
/** Rows that stand. */
export const liveRows = (value: unknown): readonly Row[] => rowsOf(value).filter((row) => !isStruckOut(row));

/** True when nothing is recorded: absent, blank text, an empty list, prose without a letter, only struck-out rows. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (!Array.isArray(value)) return isObject(value) && Object.keys(value).length === 0;
  return value.every((item) => {
    if (!isObject(item)) return isBlank(item);
    return isStruckOut(item) || (typeof item['text'] === 'string' && 'type' in item && item['text'].trim() === '');
  });
}

/** True for an answer about the person: recorded, and not a reason for having none. */
export const isAnswered = (value: unknown): boolean => !isBlank(value) && !isNotDiscussed(value);

/** One side of a contradiction: its value, and who wrote it where that is known. */
export interface DisputedSide {
  readonly value: unknown;
  readonly by?: string;
}

/** The sides of a disputed value; a section read straight from its document knows the values alone. Empty when not disputed. */
export function disputedSides(value: unknown): readonly DisputedSide[] {
  if (!isDisputed(value)) return [];
  return (value.disputed as readonly unknown[]).map((side) => {
    if (!isObject(side) || !isObject(side['by']) || !('value' in side)) return { value: side };
    const { name } = side['by'];
    return { value: side['value'], ...(typeof name === 'string' ? { by: name } : {}) };
  });
}

/** Every slug this value could stand for: one, or several while it is disputed. */
export function possibleCodes(value: unknown): readonly string[] {
  if (isDisputed(value)) return disputedSides(value).flatMap((side) => possibleCodes(side.value));
  const code = choiceCode(value);
  return code === undefined ? [] : [code];
}
