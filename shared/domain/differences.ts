/** What changed between two states of a plan, field by field, in sentences that a signer can read. */
import { diffWordsWithSpace } from 'diff';
import type { Column, Field, FieldKind, Row } from '../content/kinds.ts';
import { isDisputed, type PlanContent } from '../content/planContent.ts';
import { showCell, showProse, showRow, showValue } from '../content/show.ts';
import { sealValue } from '../content/sealed.ts';
import { sections } from '../content/standard.ts';
import { isBlank, isStruckOut, rowsOf } from '../content/values.ts';

export interface WordChange {
  readonly text: string;
  readonly change: 'same' | 'added' | 'removed';
}
export interface Difference {
  readonly section: string;
  readonly field: string;
  readonly label: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly from?: unknown;
  readonly to?: unknown;
  readonly sentence: string;
  /** For prose: `same` and `removed` together are the old text, `same` and `added` the new one, letter for letter. */
  readonly words?: readonly WordChange[];
}
type Change = Omit<Difference, 'section' | 'field' | 'label'>;

/** Past this many differing words and spaces the old text is shown whole and then the new one: nobody reads a longer patchwork, and finding it would hold up everyone else. */
const editsMax = 600;

/**
 * Everything that differs, in reading order. `from` undefined means there was nothing before. Fields that the service writes itself
 * (times, states, attendance) are left out. Only sections given in either content are compared.
 */
export function differences(from: PlanContent | undefined, to: PlanContent): readonly Difference[] {
  return sections.flatMap((section) => {
    const before = from?.sections[section.id] ?? {};
    const after = to.sections[section.id] ?? {};
    return section.fields.filter((field) => field.merge !== 'A').flatMap((field) =>
      fieldChanges(field, before[field.id], after[field.id]).map((change) => ({ section: section.id, field: field.id, label: field.label, ...change })));
  });
}

function fieldChanges(field: Field, before: unknown, after: unknown): readonly Change[] {
  if (same(before, after)) return [];
  if (field.masked) return sealedChange(field, before, after);
  if (field.of.kind === 'rows' && rowLike(before) && rowLike(after)) return rowChanges(field.label, field.of, before, after);
  if (isBlank(before) && isBlank(after)) return [];
  if (isBlank(before)) return [{ kind: 'added', to: after, sentence: `${field.label} recorded: ${quoted(showValue(field, after))}.`, ...wordsFor(field, before, after) }];
  if (isBlank(after)) return [{ kind: 'removed', from: before, sentence: `${field.label} removed; it was ${quoted(showValue(field, before))}.`, ...wordsFor(field, before, after) }];
  if (isProse(field, before) && isProse(field, after)) return [proseChange(field, before, after)];
  return [{ kind: 'changed', from: before, to: after, sentence: `${field.label} changed from ${quoted(showValue(field, before))} to ${quoted(showValue(field, after))}.` }];
}

/** That it changed, and not from what to what. */
function sealedChange(field: Field, before: unknown, after: unknown): readonly Change[] {
  if (isBlank(before) && isBlank(after)) return [];
  if (isBlank(before)) return [{ kind: 'added', to: sealValue(field, after), sentence: `${field.label} recorded.` }];
  if (isBlank(after)) return [{ kind: 'removed', from: sealValue(field, before), sentence: `${field.label} removed.` }];
  return [{ kind: 'changed', from: sealValue(field, before), to: sealValue(field, after), sentence: `${field.label} changed.` }];
}

const quoted = (text: string): string => `“${text}”`;
const rowLike = (value: unknown): boolean => value === undefined || Array.isArray(value);
const isProse = (field: Field, value: unknown): boolean => field.of.kind === 'prose' && (value === undefined || Array.isArray(value));

/** Equal as data, whatever the order of keys. */
function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null || Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length
    && keys.every((key) => Object.hasOwn(other, key) && same((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]));
}

/* --- prose --- */

function proseChange(field: Field, before: unknown, after: unknown): Change {
  const words = wordChanges(showProse(before), showProse(after));
  const count = (change: WordChange['change']): number => words.filter((part) => part.change === change).reduce((total, part) => total + (part.text.match(/\S+/g)?.length ?? 0), 0);
  const [added, removed] = [count('added'), count('removed')];
  if (words.every((part) => part.change === 'same')) return { kind: 'changed', from: before, to: after, sentence: `${field.label}: only the way it is set out changed.`, words };
  const counts = [added > 0 ? `${added} ${added === 1 ? 'word' : 'words'} added` : '', removed > 0 ? `${removed} ${removed === 1 ? 'word' : 'words'} removed` : ''].filter((part) => part !== '');
  return { kind: 'changed', from: before, to: after, sentence: `${field.label} rewritten: ${counts.join(', ') || 'spacing only'}.`, words };
}

function wordsFor(field: Field, before: unknown, after: unknown): { readonly words?: readonly WordChange[] } {
  if (!isProse(field, before) || !isProse(field, after)) return {};
  return { words: wordChanges(before === undefined ? '' : showProse(before), after === undefined ? '' : showProse(after)) };
}

/** Word by word; spaces and line breaks count, so both texts can be put together again exactly. */
export function wordChanges(before: string, after: string): readonly WordChange[] {
  const parts = diffWordsWithSpace(before, after, { maxEditLength: editsMax });
  if (parts === undefined) return [{ text: before, change: 'removed' }, { text: after, change: 'added' }];
  return parts.map((part) => ({ text: part.value, change: part.added ? 'added' : part.removed ? 'removed' : 'same' }));
}

/* --- rows --- */

type RowsKind = Extract<FieldKind, { kind: 'rows' }>;

function rowChanges(label: string, kind: RowsKind, before: unknown, after: unknown): readonly Change[] {
  const older = new Map(rowsOf(before).map((row) => [row.id, row]));
  const newer = new Map(rowsOf(after).map((row) => [row.id, row]));
  const gone = [...older.values()].filter((row) => !newer.has(row.id) && !isStruckOut(row)).map((row): Change => ({ kind: 'removed', from: row, sentence: `${label}: ${kind.rowNoun} removed; it was ${quoted(showRow(kind.columns, row))}.` }));
  return [...[...newer.values()].flatMap((row) => rowChange(label, kind, older.get(row.id), row)), ...gone];
}

function rowChange(label: string, kind: RowsKind, before: Row | undefined, after: Row): readonly Change[] {
  if (same(before, after)) return [];
  if (before === undefined) {
    if (isStruckOut(after)) return [];
    return [{ kind: 'added', to: after, sentence: `${label}: ${kind.rowNoun} added: ${quoted(showRow(kind.columns, after))}.` }];
  }
  if (isStruckOut(after)) return isStruckOut(before) ? [] : [struckOut(label, kind, before, after)];
  if (isStruckOut(before)) return [{ kind: 'added', to: after, sentence: `${label}: ${kind.rowNoun} put back: ${quoted(showRow(kind.columns, after))}.` }];
  const [one, other]: readonly [unknown, unknown] = [before, after];
  if (isDisputed(one) || isDisputed(other)) {
    return [{ kind: 'changed', from: before, to: after, sentence: `${label}: ${kind.rowNoun} changed from ${quoted(showRow(kind.columns, before))} to ${quoted(showRow(kind.columns, after))}.` }];
  }
  return kind.columns.flatMap((column) => cellChange(label, column, rowName(kind, before, after), before[column.id], after[column.id]));
}

function struckOut(label: string, kind: RowsKind, before: Row, after: Row): Change {
  const reason = typeof after['reason'] === 'string' && after['reason'].trim() !== '' ? ` Reason: ${after['reason'].trim()}` : '';
  return { kind: 'removed', from: before, to: after, sentence: `${label}: ${kind.rowNoun} struck out; it was ${quoted(showRow(kind.columns, before))}.${reason}` };
}

/** What people call the row: its first column, as it was before. */
function rowName(kind: RowsKind, before: Row, after: Row): string {
  const first = kind.columns[0];
  if (first === undefined) return kind.rowNoun;
  return showCell(first, before[first.id]) || showCell(first, after[first.id]) || kind.rowNoun;
}

function cellChange(label: string, column: Column, name: string, before: unknown, after: unknown): readonly Change[] {
  if (same(before, after) || (isBlank(before) && isBlank(after))) return [];
  const where = `${label}, ${quoted(name)}: ${column.label}`;
  if (isBlank(before)) return [{ kind: 'changed', to: after, sentence: `${where} recorded: ${quoted(showCell(column, after))}.` }];
  if (isBlank(after)) return [{ kind: 'changed', from: before, sentence: `${where} removed; it was ${quoted(showCell(column, before))}.` }];
  return [{ kind: 'changed', from: before, to: after, sentence: `${where} changed from ${quoted(showCell(column, before))} to ${quoted(showCell(column, after))}.` }];
}
