/** What a field ever held, piece by piece in the order of the document: text that stands and text that is gone, values and rows alike. */
import * as Y from 'yjs';
import type { Field } from '../content/kinds.ts';
import type { SectionPast } from './sectionPast.ts';
import { fieldsRoot, rootName } from './sectionDocument.ts';
import type { Steps } from './steps.ts';

/** Numbers of the deeds that brought a piece and took it away. */
interface Life {
  readonly brought: number;
  readonly taken: number | undefined;
}
export interface ValuePiece extends Life {
  /** The element as stored; `undefined` where it was gone before the service ever had it. */
  readonly value: unknown;
}
export interface TextPiece extends Life {
  /** Empty where only the way that text is set out was written. */
  readonly text: string;
  /** Begins a new block; its text is then the line break and the list mark. */
  readonly begins: boolean;
}

/** Cuts `length` clocks from `id` on wherever another deed brought or took them. */
function* lives(past: SectionPast, { client, clock }: Y.ID, length: number): Generator<Life & { readonly from: number; readonly after: number }> {
  let from = 0;
  while (from < length) {
    const [brought, taken] = [past.broughtBy(client, clock + from), past.takenBy(client, clock + from)];
    const after = Math.min(length, brought.until - clock, taken.until - clock);
    // What no row of the log brought cannot be in a document that was built from the log.
    if (brought.deed === undefined) throw new Error('something stands in the document that no row of the log brought');
    yield { brought: brought.deed, taken: taken.deed, from, after };
    from = after;
  }
}

function valuesOf(past: SectionPast, item: Y.Item): ValuePiece[] {
  if (item.content instanceof Y.ContentAny) {
    const { arr } = item.content;
    return [...lives(past, item.id, item.length)].flatMap(({ from, after, ...life }) => (arr.slice(from, after) as unknown[]).map((value) => ({ ...life, value })));
  }
  if (item.content instanceof Y.ContentDeleted) return [...lives(past, item.id, item.length)].map(({ brought, taken }) => ({ brought, taken, value: undefined }));
  return [];
}

/** The inside of any shared type. */
interface Inside {
  readonly _start: Y.Item | null;
  readonly _map: ReadonlyMap<string, Y.Item>;
}

/** Every item that ever stood under `key`, oldest first. */
function itemsUnder(map: Inside, key: string): Y.Item[] {
  const items: Y.Item[] = [];
  for (let item: Y.Item | null | undefined = map._map.get(key); item; item = item.left) items.push(item);
  return items.toReversed();
}

const arrayPieces = (past: SectionPast, array: Inside): ValuePiece[] => {
  const pieces: ValuePiece[] = [];
  for (let item = array._start; item !== null; item = item.right) pieces.push(...valuesOf(past, item));
  return pieces;
};

/** Answers under the field's own name in the map of ordinary values: the whole value, or "not discussed" where a list or prose might stand. */
export const ordinaryPieces = (past: SectionPast, field: Field): ValuePiece[] =>
  field.merge === 'X' ? [] : itemsUnder(past.doc.getMap(fieldsRoot), field.id).flatMap((item) => valuesOf(past, item));

/** Elements of an exclusive field. */
export const exclusivePieces = (past: SectionPast, field: Field): ValuePiece[] => arrayPieces(past, past.doc.getArray(rootName(field)));

/** Elements of each row of a list, by row id. */
export function rowPieces(past: SectionPast, field: Field): Map<string, ValuePiece[]> {
  const rows = new Map<string, ValuePiece[]>();
  const map = past.doc.getMap(rootName(field));
  for (const id of [...map._map.keys()].toSorted()) {
    rows.set(id, itemsUnder(map, id).flatMap((item) => (item.content instanceof Y.ContentType ? arrayPieces(past, item.content.type) : [])));
  }
  return rows;
}

/** Pieces that are put together in one step: under a hundredth of a second. */
const piecesPerStep = 1_000;

/** All text that the field's prose ever held. A block begins with a line break, a list item with its mark and depth as well. */
export function* textPieces(past: SectionPast, field: Field): Steps<TextPiece[]> {
  const pieces: TextPiece[] = [];
  let items = 0;
  const add = (item: Y.Item, text: (from: number, after: number) => string, begins = false): void => {
    for (const { from, after, ...life } of lives(past, item.id, item.length)) pieces.push({ ...life, text: text(from, after), begins });
  };
  const walk = function* (type: Inside, depth: number): Steps<void> {
    for (let item = type._start; item !== null; item = item.right) {
      const { content } = item;
      if (content instanceof Y.ContentString) add(item, (from, after) => content.str.slice(from, after));
      else if (content instanceof Y.ContentFormat) add(item, () => '');
      else if (content instanceof Y.ContentType) yield* inside(item, content.type, depth);
      items += 1;
      if (items % piecesPerStep === 0) yield;
    }
  };
  const inside = function* (item: Y.Item, type: Inside, depth: number): Steps<void> {
    if (!(type instanceof Y.XmlElement)) return yield* walk(type, depth);
    switch (type.nodeName) {
      case 'bulletList': case 'orderedList': return yield* walk(type, depth + 1);
      case 'listItem': return yield* walk(type, depth);
      case 'hardBreak': return add(item, () => '\n');
      default:
        add(item, () => `\n${depth > 0 ? `${'  '.repeat(depth - 1)}• ` : ''}`, true);
        return yield* walk(type, depth);
    }
  };
  yield* walk(past.doc.getXmlFragment(rootName(field)), 0);
  return pieces;
}
