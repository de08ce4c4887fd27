/** Stored values in plain English: for screens, prints, differences and minutes. */
import { formatDate, formatDateTime, isInstant } from '../domain/dates.ts';
import { formatNhsNumber } from '../domain/nhsNumber.ts';
import type { Column, Field, FieldKind, OrganisationValue, PersonValue, ProseBlock, Row, ValueSet } from './kinds.ts';
import { isDisputed } from './planContent.ts';
import { choiceCode, disputedSides, isNotDiscussed, isStruckOut, rowsOf } from './values.ts';

/** The label people read for a slug; the slug itself where an older list knew it and this one does not. */
export const labelOf = (set: ValueSet, slug: string): string => set.options.find((option) => option.value === slug)?.label ?? slug;

/**
 * A value as people read it; never shortened. Dates are dd-Mmm-yyyy, rows and paragraphs stand on lines of their own.
 * Nothing recorded gives ''. A value of an unexpected shape is written out as JSON rather than hidden.
 */
export function showValue(field: Field, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (isDisputed(value)) return showSides(value, (side) => showValue(field, side));
  if (isNotDiscussed(value)) return `Not discussed: ${value.notDiscussed}`;
  return showKind(field.of, value);
}

const showSides = (disputed: unknown, show: (value: unknown) => string): string =>
  `Disputed: ${disputedSides(disputed).map((side) => `“${show(side.value)}”${side.by ? ` (${side.by})` : ''}`).join(' or ')}`;

function showKind(kind: FieldKind, value: unknown): string {
  switch (kind.kind) {
    case 'choice':
      return showChoice(kind.valueSet, value);
    case 'choices':
      return showChoices(kind.valueSet, value);
    case 'yes-no':
      return showYesNo(value);
    case 'date':
      return kind.orWord !== undefined && value === kind.orWord.value ? kind.orWord.label : showText(value, formatDate);
    case 'date-time':
      return isInstant(value) ? formatDateTime(value) : showText(value, formatDate);
    case 'text':
      return showText(value, kind.format === 'nhs-number' ? formatNhsNumber : (text) => text);
    case 'prose':
      return showProse(value);
    case 'person':
      return showPerson(value);
    case 'rows':
      return rowsOf(value).map((row) => showRow(kind.columns, row)).join('\n');
  }
}

/** One row as a sentence: the first column by itself, the others with their names. */
export function showRow(columns: readonly Column[], row: Row): string {
  if (isDisputed(row)) return showSides(row, (side) => showRow(columns, side as Row));
  const cells: Readonly<Record<string, unknown>> = row;
  const text = showCells(columns, cells);
  if (!isStruckOut(cells)) return text;
  const reason = typeof cells['reason'] === 'string' ? cells['reason'] : '';
  return `Struck out: ${[text, reason && `Reason: ${reason}`].filter((part) => part !== '').join(' ')}`;
}

function showCells(columns: readonly Column[], row: Readonly<Record<string, unknown>>): string {
  const parts = columns.flatMap((column, at) => {
    const text = showCell(column, row[column.id]);
    if (text === '') return [];
    return [at === 0 ? text : `${column.label}: ${text}`];
  });
  return parts.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(' ');
}

/** One cell as people read it; '' when nothing is there. */
export function showCell(column: Column, value: unknown): string {
  if (value === undefined || value === null) return '';
  return column.of.kind === 'organisation' ? showOrganisation(value) : showKind(column.of, value);
}

const showOrganisation = (value: unknown): string => {
  const { name } = (typeof value === 'object' ? value : {}) as Partial<OrganisationValue>;
  return typeof name === 'string' ? name : asJson(value);
};

function showChoice(set: ValueSet, value: unknown): string {
  const code = choiceCode(value);
  if (code === undefined) return asJson(value);
  const beside = typeof value === 'object' ? (value as { readonly note?: string; readonly date?: string }) : {};
  const answer = beside.date ? `${labelOf(set, code)}, ${formatDate(beside.date)}` : labelOf(set, code);
  return beside.note ? `${answer} (${beside.note})` : answer;
}

const showChoices = (set: ValueSet, value: unknown): string =>
  Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? labelOf(set, item) : asJson(item))).join(', ') : asJson(value);

const showYesNo = (value: unknown): string => (value === true ? 'Yes' : value === false ? 'No' : asJson(value));
const showText = (value: unknown, format: (text: string) => string): string => (typeof value === 'string' ? format(value) : asJson(value));

/** "Dr A. Osei, GP, Elm Surgery, 01632 960001, registration 1234567". */
export function showPerson(value: unknown): string {
  if (typeof value !== 'object' || value === null || typeof (value as { name?: unknown }).name !== 'string') return asJson(value);
  const { name, role, organisation, phone, registration } = value as PersonValue;
  return [name, role, organisation, phone, registration && `registration ${registration}`].filter((part) => part).join(', ');
}

const isBlock = (item: unknown): item is ProseBlock =>
  typeof item === 'object' && item !== null && typeof (item as { text?: unknown }).text === 'string' && ['number', 'undefined'].includes(typeof (item as { depth?: unknown }).depth);

/** Prose as plain text, one line a block; list items keep their mark and depth. */
export function showProse(value: unknown): string {
  if (!Array.isArray(value) || !value.every(isBlock)) return asJson(value);
  const numbers: number[] = [];
  return value.map((block) => {
    const depth = block.depth ?? 0;
    numbers.length = Math.min(numbers.length, depth + 1);
    if (block.type !== 'orderedItem') {
      numbers.length = Math.min(numbers.length, depth);
      return `${'  '.repeat(depth)}${block.type === 'bulletItem' ? '• ' : ''}${block.text}`;
    }
    numbers[depth] = (numbers[depth] ?? 0) + 1;
    return `${'  '.repeat(depth)}${numbers[depth]}. ${block.text}`;
  }).join('\n');
}

const asJson = (value: unknown): string => JSON.stringify(value) ?? '';
