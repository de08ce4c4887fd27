/** Looks at what an update left behind in the fields it touched: rows that must not vanish, disputes that must not be settled in silence, counts. */
import * as Y from 'yjs';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { rootName } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { newFrom, type Span } from './claim.ts';
import { fault, type Fault } from './fieldFaults.ts';
import type { AnyType } from './places.ts';
import { lengthOf, sizeOf, type ProseSize } from './proseSize.ts';

export interface Examination {
  readonly doc: Y.Doc;
  readonly section: Section;
  /** The fields that the update touches. */
  readonly fields: readonly Field[];
  /** Types the update changed, each with the keys it changed in it (`null`: its sequence). */
  readonly changed: ReadonlyMap<AnyType, ReadonlySet<string | null>>;
  readonly spans: readonly Span[];
  /** What the update took away, whether it stood before or came with it. */
  readonly deleted: readonly Y.Transaction['deleteSet'][];
  /** Sizes of the touched prose before. */
  readonly sizes: ReadonlyMap<Field, ProseSize>;
  readonly isService: boolean;
}

/** The first thing that is wrong with the touched fields as they are now. */
export function examine(examination: Examination): Fault | undefined {
  for (const field of examination.fields) {
    const found = fieldFault(examination, field);
    if (found) return found;
  }
  return undefined;
}

function fieldFault(examination: Examination, field: Field): Fault | undefined {
  switch (field.merge) {
    case 'X': return examineExclusive(examination, field);
    case 'G': return examineRows(examination, field);
    case 'T': return examineLength(examination, field);
    case 'L': case 'A': return undefined;
  }
}

const isNew = ({ spans }: Examination, { client, clock }: { readonly client: number; readonly clock: number }): boolean => clock >= newFrom(spans, client);

/** How many elements stand, whether the update brought any of them, and how many stood before. */
function census(examination: Examination, array: AnyType): { readonly stand: number; readonly brought: boolean; readonly before: number } {
  let [stand, before, brought] = [0, 0, false];
  for (let item = array._start; item !== null; item = item.right) {
    before += stoodBefore(examination, item);
    if (item.deleted) continue;
    stand += item.length;
    brought ||= isNew(examination, item.lastId);
  }
  return { stand, brought, before };
}

function stoodBefore({ spans, deleted }: Examination, item: Y.Item): number {
  const { client, clock } = item.id;
  const after = Math.min(clock + item.length, newFrom(spans, client));
  if (!item.deleted) return Math.max(0, after - clock);
  let count = 0;
  for (const set of deleted) for (const gone of set.clients.get(client) ?? []) count += Math.max(0, Math.min(after, gone.clock + gone.len) - Math.max(clock, gone.clock));
  return count;
}

const tooMany = (field: Field): Fault => fault('over-limit', `“${field.label}” holds too many values at once.`);

function examineExclusive(examination: Examination, field: Field): Fault | undefined {
  const { stand, brought, before } = census(examination, examination.doc.getArray(rootName(field)));
  if (stand > limits.disputedValuesMax) return tooMany(field);
  // Whoever leaves one answer of several must have written that answer: taking the others' away settles nothing. The reason is asked for
  // by the screen and kept beside the value; a client that knows only `{value}` is a client all the same.
  if (examination.isService || stand > 1 || brought || before < 2) return undefined;
  return fault('answer-needed', `“${field.label}” is disputed: it is settled by giving the answer that stands, not by taking one away.`);
}

function examineRows(examination: Examination, field: Field): Fault | undefined {
  const rows = examination.doc.getMap(rootName(field)) as unknown as AnyType;
  if (rows._map.size > limits.rowsMax) return fault('over-limit', `“${field.label}” can hold ${limits.rowsMax} rows.`);
  const touched = new Set<AnyType>();
  for (const key of examination.changed.get(rows) ?? []) {
    const item = key === null ? undefined : rows._map.get(key);
    // A row that went, or was put in the place of another, would be lost without a trace: rows are struck out instead.
    if (!item || item.deleted || item.left !== null || !(item.content instanceof Y.ContentType)) return rowRemoved(field);
    touched.add(item.content.type as AnyType);
  }
  for (const type of examination.changed.keys()) if (type._item?.parent === rows) touched.add(type);
  for (const row of touched) {
    const found = examineRow(examination, field, row);
    if (found) return found;
  }
  return undefined;
}

const rowRemoved = (field: Field): Fault => fault('row-removed', `A row of “${field.label}” cannot be taken away; strike it out with a reason.`);

function examineRow(examination: Examination, field: Field, row: AnyType): Fault | undefined {
  const { stand, brought, before } = census(examination, row);
  if (stand > limits.disputedValuesMax) return tooMany(field);
  if (stand === 0 && row._start !== null) return rowRemoved(field);
  if (examination.isService || brought || stand !== 1 || before < 2) return undefined;
  return fault('row-removed', `A disputed row of “${field.label}” is settled by writing it anew, not by taking away what somebody else wrote.`);
}

function examineLength({ doc, sizes }: Examination, field: Field): Fault | undefined {
  const now = sizeOf(doc, rootName(field));
  const before = sizes.get(field) ?? { letters: 0, blocks: 0 };
  const lengthMax = (field.of.kind === 'prose' ? field.of.lengthMax : undefined) ?? limits.proseLengthMax;
  // What makes a text shorter is let in even where it is still too long.
  if (now.blocks > limits.proseBlocksMax && now.blocks > before.blocks) return fault('invalid', `${field.label}: ${now.blocks} paragraphs are too many.`);
  const length = lengthOf(now);
  if (length <= lengthMax || length <= lengthOf(before)) return undefined;
  return fault('invalid', `${field.label}: ${length.toLocaleString('en-GB')} characters are too many: at most ${lengthMax.toLocaleString('en-GB')} can be kept.`);
}
