/**
 * The history of one field: each committed change of a value or a row, each stretch of somebody's writing in prose, and who wrote what
 * stands now. Pure: the same rows of the log always give the same history.
 */
import type { Field } from '../content/kinds.ts';
import { limits } from '../limits.ts';
import { exclusivePieces, ordinaryPieces, rowPieces, textPieces, type TextPiece, type ValuePiece } from './pieces.ts';
import { rowOf, valueOf } from './sectionDocument.ts';
import type { By, SectionPast } from './sectionPast.ts';
import { atOnce, type Steps } from './steps.ts';

interface Moment {
  readonly position: number;
  readonly by: By;
  readonly atMs: number;
}
/** A value as plans show it: `undefined`, the value, or `{disputed}` with who wrote each side. Rows carry their id. */
export interface ValueEntry extends Moment {
  readonly kind: 'value';
  /** Id of the row of a list. */
  readonly row?: string;
  readonly from: unknown;
  readonly to: unknown;
  /** Said with the value by whoever settled a dispute or corrected it. */
  readonly reason?: string;
  /** Written at the same moment as another answer, which stands: nobody ever saw this one, and the log does not keep it. */
  readonly overtaken: boolean;
}
/** What one person wrote in prose without a longer pause, whoever else wrote meanwhile. */
export interface TextEntry extends Moment {
  readonly kind: 'text';
  readonly firstPosition: number;
  readonly sinceMs: number;
  /** The text without and with what this person did; `passing` is what they wrote and took away again within the stretch. */
  texts(): { readonly before: string; readonly after: string; readonly passing: string };
}
export type HistoryEntry = ValueEntry | TextEntry;

/** A run of text that one person wrote in one stretch. */
export interface Run extends Moment {
  readonly text: string;
}
/** A value that stands, or one side of a disputed one. */
export interface Standing extends Moment {
  readonly row?: string;
  readonly value: unknown;
}
export interface FieldHistory {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** The prose that stands, in order. */
  readonly runs: readonly Run[];
  readonly standing: readonly Standing[];
}

export const fieldHistory = (past: SectionPast, field: Field): FieldHistory => atOnce(fieldHistoryInSteps(past, field));

export function* fieldHistoryInSteps(past: SectionPast, field: Field): Steps<FieldHistory> {
  const ordinary = values(past, ordinaryPieces(past, field), (element) => element);
  switch (field.merge) {
    case 'L': case 'A': return { entries: newestFirst(ordinary.entries), runs: [], standing: ordinary.standing };
    case 'X': {
      const { entries, standing } = values(past, exclusivePieces(past, field), valueOf);
      return { entries: newestFirst(entries), runs: [], standing };
    }
    case 'T': {
      const { entries, runs } = yield* prose(past, yield* textPieces(past, field));
      return { entries: newestFirst([...ordinary.entries, ...entries]), runs, standing: runs.length > 0 ? [] : ordinary.standing };
    }
    case 'G': {
      const rows = [...rowPieces(past, field)].map(([id, pieces]) => values(past, pieces, (element) => rowOf(id, element), id));
      const standing = rows.flatMap((row) => row.standing);
      return { entries: newestFirst([...ordinary.entries, ...rows.flatMap((row) => row.entries)]), runs: [], standing: standing.length > 0 ? standing : ordinary.standing };
    }
  }
}

const newestFirst = (entries: readonly HistoryEntry[]): HistoryEntry[] => entries.toSorted((a, b) => b.position - a.position);

/* --- values and rows --- */

/** How a value went from change to change. `shown` gives the value inside an element. */
function values(past: SectionPast, pieces: readonly ValuePiece[], shown: (element: unknown) => unknown, row?: string): { entries: ValueEntry[]; standing: Standing[] } {
  const changes = new Map<number, { brought: ValuePiece[]; taken: Set<ValuePiece> }>();
  const at = (deed: number) => {
    const change = changes.get(deed) ?? { brought: [], taken: new Set<ValuePiece>() };
    changes.set(deed, change);
    return change;
  };
  for (const piece of pieces) {
    at(piece.brought).brought.push(piece);
    if (piece.taken !== undefined) at(piece.taken).taken.add(piece);
  }
  const rowPart = row === undefined ? {} : { row };
  const show = (standing: readonly ValuePiece[]): unknown => {
    const [first, ...others] = standing;
    if (first === undefined) return undefined;
    if (others.length === 0) return shown(first.value);
    const sides = standing.map((piece) => ({ value: shown(piece.value), by: past.deed(piece.brought).by, at: isoOf(past.deed(piece.brought).atMs) }));
    return row === undefined ? { disputed: sides } : { id: row, disputed: sides };
  };
  const order = new Map(pieces.map((piece, index) => [piece, index]));
  let before: readonly ValuePiece[] = [];
  const entries: ValueEntry[] = [];
  for (const [deed, { brought, taken }] of [...changes].toSorted(([a], [b]) => a - b)) {
    // Sides of a dispute stand in the order in which the plan shows them.
    const after = [...before, ...brought].filter((piece) => !taken.has(piece)).toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const overtaken = after.length === before.length && after.every((piece) => before.includes(piece));
    // What came and went in one breath on a device that was away is part of what that breath ended with.
    const reason = after.length === 1 && brought.includes(after[0] as ValuePiece) ? reasonOf(after[0]?.value, row) : undefined;
    entries.push({ kind: 'value', ...past.deed(deed), ...rowPart, from: show(before), to: show(after), overtaken, ...(reason === undefined ? {} : { reason }) });
    before = after;
  }
  return { entries, standing: before.map((piece) => ({ ...past.deed(piece.brought), ...rowPart, value: shown(piece.value) })) };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** A row keeps its own reason among its columns; only the element around an exclusive value has one beside the value. */
function reasonOf(element: unknown, row: string | undefined): string | undefined {
  const reason = row === undefined && typeof element === 'object' && element !== null && Object.hasOwn(element, 'value') ? (element as { reason?: unknown }).reason : undefined;
  return typeof reason === 'string' && reason.trim() !== '' ? reason : undefined;
}

/* --- prose --- */

/** One person's writing without a longer pause; `number` tells stretches apart. */
interface Stretch {
  readonly number: number;
  readonly first: number;
  last: number;
}

/** Every piece of text with the numbers of the stretches that brought it and took it away; 0 for none. */
interface Written {
  readonly pieces: readonly TextPiece[];
  readonly brought: Int32Array;
  readonly taken: Int32Array;
}

function* prose(past: SectionPast, pieces: readonly TextPiece[]): Steps<{ entries: TextEntry[]; runs: Run[] }> {
  const stretchOf = stretches(past, new Set(pieces.flatMap(({ brought, taken }) => (taken === undefined ? [brought] : [brought, taken]))));
  const number = (deed: number | undefined): number => (deed === undefined ? 0 : stretchOf.get(deed)?.number ?? 0);
  const written: Written = { pieces, brought: Int32Array.from(pieces, (piece) => number(piece.brought)), taken: Int32Array.from(pieces, (piece) => number(piece.taken)) };
  yield;
  const entries = [...new Set(stretchOf.values())].map((stretch): TextEntry => {
    const [first, last] = [past.deed(stretch.first), past.deed(stretch.last)];
    return { kind: 'text', ...last, firstPosition: first.position, sinceMs: first.atMs, texts: () => textsOf(written, stretch) };
  });
  return { entries, runs: runsOf(past, written) };
}

/** Which stretch of writing each deed belongs to. Others' writing meanwhile does not end one, a pause does. */
function stretches(past: SectionPast, deeds: ReadonlySet<number>): ReadonlyMap<number, Stretch> {
  const open = new Map<string, Stretch>();
  const found = new Map<number, Stretch>();
  let count = 0;
  for (const deed of [...deeds].toSorted((a, b) => a - b)) {
    const { by, atMs } = past.deed(deed);
    const before = open.get(by.id);
    const goesOn = before !== undefined && atMs - past.deed(before.last).atMs <= limits.writingPauseMs && atMs - past.deed(before.first).atMs <= limits.writingStretchMs;
    const stretch = goesOn ? before : { number: (count += 1), first: deed, last: deed };
    stretch.last = deed;
    open.set(by.id, stretch);
    found.set(deed, stretch);
  }
  return found;
}

function textsOf({ pieces, brought, taken }: Written, { number, last }: Stretch): ReturnType<TextEntry['texts']> {
  let [before, after, passing] = ['', '', ''];
  // A field may have a hundred thousand pieces and a page of history asks many times: no list is built on the way.
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index] as TextPiece;
    const [mine, gone] = [brought[index] === number, taken[index] === number];
    if (mine && gone) passing += piece.text;
    else if (mine) after = joined(after, piece);
    else if (gone) before = joined(before, piece);
    else if (piece.brought < last && (piece.taken === undefined || piece.taken > last)) {
      before = joined(before, piece);
      after = joined(after, piece);
    }
  }
  return { before, after, passing: passing.trim() };
}

/** The first block begins without a line break. */
const joined = (text: string, piece: TextPiece): string => text + (text === '' && piece.begins ? piece.text.slice(1) : piece.text);

function runsOf(past: SectionPast, { pieces, brought }: Written): Run[] {
  const runs: { text: string; deed: number; readonly stretch: number | undefined }[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (piece.taken !== undefined || piece.text === '') continue;
    const text = joined('', runs.length === 0 ? piece : { ...piece, begins: false });
    const last = runs.at(-1);
    if (last !== undefined && last.stretch === brought[index]) {
      last.text += text;
      last.deed = Math.max(last.deed, piece.brought);
    } else runs.push({ text, deed: piece.brought, stretch: brought[index] });
  }
  if (runs.every((run) => run.text.replaceAll('•', '').trim() === '')) return [];
  return runs.filter((run) => run.text !== '').map(({ text, deed }) => ({ text, ...past.deed(deed) }));
}
