/**
 * How long the prose of each field is, kept up with every change of the document, so that a key pressed in a long text costs no more than
 * one pressed in a short text.
 */
import * as Y from 'yjs';
import { newFrom, type Span } from './claim.ts';
import { containerOf, type AnyType, type Container } from './places.ts';

/** Letters (a line break is one) and blocks of one field. */
export interface ProseSize {
  readonly letters: number;
  readonly blocks: number;
}

/** The length that the content standard bounds: every letter, and one for each break between blocks. */
export const lengthOf = ({ letters, blocks }: ProseSize): number => letters + Math.max(0, blocks - 1);

interface Books {
  readonly sizes: Map<string, ProseSize>;
  /** Set while the gate itself applies an update and accounts for it. */
  judging: boolean;
}

const booksOf = new WeakMap<Y.Doc, Books>();

function open(doc: Y.Doc): Books {
  let books = booksOf.get(doc);
  if (!books) {
    const made: Books = { sizes: new Map(), judging: false };
    books = made;
    booksOf.set(doc, made);
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (!made.judging && made.sizes.size > 0) account(made, transaction, spansOf(transaction));
    });
  }
  return books;
}

/** Begins to keep books of a field if nobody did yet, and answers its size. */
export function sizeOf(doc: Y.Doc, root: string): ProseSize {
  const { sizes } = open(doc);
  let size = sizes.get(root);
  if (!size) {
    const counted = { letters: 0, blocks: 0 };
    count(doc.getXmlFragment(root) as unknown as AnyType, counted);
    size = counted;
    sizes.set(root, size);
  }
  return size;
}

/** Accounts for each transaction that `work` makes; `spans` are what its first brings. */
export function keepBooks(doc: Y.Doc, spans: readonly Span[], work: () => void): void {
  const books = open(doc);
  let [first, ...none] = [spans];
  const hear = (transaction: Y.Transaction): void => {
    if (books.sizes.size > 0) account(books, transaction, first);
    first = none;
  };
  books.judging = true;
  doc.on('afterTransaction', hear);
  try {
    work();
  } finally {
    doc.off('afterTransaction', hear);
    books.judging = false;
  }
}

function spansOf({ beforeState, afterState }: Y.Transaction): Span[] {
  const spans: Span[] = [];
  for (const [client, after] of afterState) {
    const from = beforeState.get(client) ?? 0;
    if (after > from) spans.push([client, from, after]);
  }
  return spans;
}

/** Adds what a transaction brought and stands, takes off what stood and is gone. To be called before its deletions are forgotten. */
function account(books: Books, { doc, deleteSet }: Y.Transaction, spans: readonly Span[]): void {
  const containers = new Map<AnyType, Container>();
  const add = (item: Y.Item | Y.GC, sign: 1 | -1): void => {
    if (!(item instanceof Y.Item) || item.parent === null || item.parentSub !== null) return;
    const letters = sign * lettersIn(item);
    const blocks = sign * blocksIn(item);
    if (letters === 0 && blocks === 0) return;
    const parent = item.parent as AnyType;
    let container = containers.get(parent);
    if (!container) containers.set(parent, (container = containerOf(parent)));
    const size = books.sizes.get(container.root);
    if (size) books.sizes.set(container.root, { letters: size.letters + letters, blocks: size.blocks + blocks });
  };
  for (const [client, from] of spans) {
    const structs = doc.store.clients.get(client) ?? [];
    for (let index = Y.findIndexSS(structs, from); index < structs.length; index += 1) {
      const struct = structs[index] as Y.Item | Y.GC;
      if (!struct.deleted) add(struct, 1);
    }
  }
  for (const [client, ranges] of deleteSet.clients) {
    const structs = doc.store.clients.get(client) ?? [];
    const from = newFrom(spans, client);
    for (const { clock, len } of ranges) {
      const end = Math.min(clock + len, from);
      if (clock >= end) continue;
      for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
        const struct = structs[index] as Y.Item | Y.GC;
        if (struct.id.clock >= end) break;
        add(struct, -1);
      }
    }
  }
}

const lettersIn = ({ content }: Y.Item): number => {
  if (content instanceof Y.ContentString) return content.str.length;
  return nodeName(content) === 'hardBreak' ? 1 : 0;
};
const blocksIn = ({ content }: Y.Item): number => (nodeName(content) === 'paragraph' ? 1 : 0);
const nodeName = (content: Y.Item['content']): string | undefined => (content instanceof Y.ContentType && content.type instanceof Y.XmlElement ? content.type.nodeName : undefined);

function count(type: AnyType, size: { letters: number; blocks: number }): void {
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    size.letters += lettersIn(item);
    size.blocks += blocksIn(item);
    if (item.content instanceof Y.ContentType) count(item.content.type as AnyType, size);
  }
}
