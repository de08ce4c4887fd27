/** Checks repeated rows, column by column. */
import { isPlainDate } from '../domain/dates.ts';
import { parseId } from '../ids.ts';
import { limits } from '../limits.ts';
import { checkPerson } from './checkPerson.ts';
import { checkText } from './checkText.ts';
import type { Column, Field, FieldKind, ValueSet } from './kinds.ts';

type RowsKind = Extract<FieldKind, { kind: 'rows' }>;

const rowIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
const ownKeys = new Set(['id', 'removed', 'reason']);

const slugs = new WeakMap<ValueSet, ReadonlySet<string>>();
/** Membership of a value set in constant time. */
export function hasOption(set: ValueSet, value: string): boolean {
  let known = slugs.get(set);
  if (!known) {
    known = new Set(set.options.map((option) => option.value));
    slugs.set(set, known);
  }
  return known.has(value);
}

const columnMaps = new WeakMap<RowsKind, ReadonlyMap<string, Column>>();
function columnsOf(kind: RowsKind): ReadonlyMap<string, Column> {
  let columns = columnMaps.get(kind);
  if (!columns) {
    columns = new Map(kind.columns.map((column) => [column.id, column]));
    columnMaps.set(kind, columns);
  }
  return columns;
}

/** Why these answers of a set cannot be stored, or undefined. */
export function checkChoices(set: ValueSet, value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'this has to be a list of answers.';
  if (value.length > set.options.length) return 'an answer stands here twice.';
  const seen = new Set<string>();
  for (const item of value) {
    if (typeof item !== 'string' || !hasOption(set, item)) return `one answer is not among those of “${set.title}”.`;
    if (seen.has(item)) return 'an answer stands here twice.';
    seen.add(item);
  }
  return undefined;
}

function checkCell(column: Column, value: unknown): string | undefined {
  switch (column.of.kind) {
    case 'choice':
      return typeof value === 'string' && hasOption(column.of.valueSet, value) ? undefined : 'that is not one of the answers.';
    case 'choices':
      return checkChoices(column.of.valueSet, value);
    case 'yes-no':
      return typeof value === 'boolean' ? undefined : 'this has to be yes or no.';
    case 'date':
      return isPlainDate(value) ? undefined : 'that is not a real date.';
    case 'text':
      return checkText(value, limits.textLengthMax, column.of.multiline === true);
    case 'person':
      return checkPerson(value);
    case 'organisation':
      return checkOrganisation(value);
  }
}

function checkOrganisation(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).some((key) => key !== 'id' && key !== 'name')) return 'choose an organisation of the list.';
  const { id, name } = value as { readonly id?: unknown; readonly name?: unknown };
  return parseId('org', id) === undefined ? 'choose an organisation of the list.' : checkText(name, limits.textLengthMax, false);
}

/**
 * Why this row cannot be stored, or undefined. `id` may be left out where the row's place already says it. A struck-out row keeps its
 * columns and says why. A needed column may still be empty here: it is asked for at sign-off, not while somebody types.
 */
export function checkRow(field: Field, row: unknown): string | undefined {
  if (field.of.kind !== 'rows') return `${field.label} has no rows.`;
  const why = rowProblem(field.of, row);
  return why === undefined ? undefined : `${field.label}: ${why}`;
}

function rowProblem(kind: RowsKind, row: unknown): string | undefined {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'a row has to be an object.';
  const cells = row as Readonly<Record<string, unknown>>;
  const columns = columnsOf(kind);
  for (const [key, value] of Object.entries(cells)) {
    const column = columns.get(key);
    if (column) {
      const why = checkCell(column, value);
      if (why !== undefined) return `“${column.label}”: ${why}`;
    } else if (!ownKeys.has(key)) {
      return 'a row holds a column that does not exist.';
    }
  }
  if (cells['id'] !== undefined && (typeof cells['id'] !== 'string' || !rowIdPattern.test(cells['id']))) return 'a row’s id has to be letters, digits, hyphens.';
  return strikeProblem(cells);
}

function strikeProblem(cells: Readonly<Record<string, unknown>>): string | undefined {
  const { removed, reason } = cells;
  if (removed === undefined) return reason === undefined ? undefined : 'only a struck-out row has a reason.';
  if (removed !== true) return 'a row is struck out or it is not.';
  const why = checkText(reason, limits.textLengthMax, true);
  if (why !== undefined) return `reason for striking out: ${why}`;
  return typeof reason === 'string' && reason.trim().length >= 3 ? undefined : 'say why the row is struck out.';
}

/** Why this list of rows cannot be stored, or undefined. Each row carries its own id here. */
export function checkRowList(kind: RowsKind, value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'this has to be a list of rows.';
  if (value.length > limits.rowsMax) return `${value.length} rows are too many: at most ${limits.rowsMax} can be kept.`;
  const ids = new Set<unknown>();
  for (const row of value) {
    const why = rowProblem(kind, row);
    if (why !== undefined) return why;
    const id = (row as Readonly<Record<string, unknown>>)['id'];
    if (id === undefined) return 'a row has no id.';
    if (ids.has(id)) return 'two rows have the same id.';
    ids.add(id);
  }
  return undefined;
}
