/** One section of one plan, open on this node: the durable document, the staging document ahead of it, and who listens. */
import * as Y from 'yjs';
import type { Section } from '../../shared/content/kinds.ts';
import { openRoots, rootName } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import type { Notice } from '../../shared/wire/notice.ts';
import type { Channel } from './channel.ts';
import type { LogRow } from './log.ts';
import { Outgoing } from './outgoing.ts';
import { isContradicted } from './summary.ts';

export class Room {
  /** Only what is committed. */
  readonly live: Y.Doc;
  /** What is committed and, while a commit is under way, what goes into it. */
  staging: Y.Doc;
  /** To whom each client id belongs. */
  readonly owners = new Map<number, string>();
  /** Client ids of browsers that are here now, with the person each belongs to. */
  readonly present = new Map<number, string>();
  readonly channels = new Set<Channel>();
  /** Ids of contradicted fields. */
  disputed: ReadonlySet<string> = new Set();
  /** Size of the document, at most: as it was last measured and all that came since. */
  #bytes: number;
  /** Nothing came since the document was measured. */
  #measured = true;
  /** The documents hold every row of this section up to this position of the plan. */
  upTo: number;
  /** Milliseconds since 1970 at which somebody last wanted the room. */
  wantedAtMs = 0;
  readonly #roots: ReadonlyMap<string, string>;

  constructor(readonly section: Section, rows: readonly LogRow[], upTo: number) {
    this.live = newDocument(section);
    this.#roots = new Map(section.fields.map((field) => [rootName(field), field.id]));
    // One transaction for all rows: what a document does after each is done once.
    this.live.transact(() => {
      for (const row of rows) this.#take(row);
    });
    if (hasPending(this.live)) throw new Error(`the log of section ${section.id} has a gap`);
    this.upTo = upTo;
    const state = Y.encodeStateAsUpdate(this.live);
    this.#bytes = state.length;
    this.staging = documentFrom(state, section);
    this.disputed = new Set(section.fields.filter((field) => isContradicted(this.live, field)).map((field) => field.id));
  }

  #take(row: LogRow): void {
    Y.applyUpdate(this.live, row.bytes);
    for (const [client] of row.spans) this.owners.set(client, row.author.id);
  }
  #grew(row: LogRow): void {
    this.#bytes += row.bytes.length;
    this.#measured = false;
  }

  /**
   * Bytes of the document, or a little more. Measured again only when `more` bytes would not fit and something came since the last
   * time, so that an edit of a long section costs no more than one of a short section.
   */
  bytesBefore(more: number): number {
    if (this.#bytes + more > limits.sectionBytesMax && !this.#measured) {
      this.#bytes = Y.encodeStateAsUpdate(this.live).length;
      this.#measured = true;
    }
    return this.#bytes;
  }

  /** Takes a row that this node committed; the staging document holds it already. Answers whether it was new here. */
  takeOwn(row: LogRow): boolean {
    if (row.position <= this.upTo) return false;
    this.#take(row);
    this.#grew(row);
    this.upTo = row.position;
    return true;
  }

  /** Takes a row that another node committed. Answers the fields it touched, or `undefined` when it was known. */
  takeOther(row: LogRow): string[] | undefined {
    if (row.position <= this.upTo) return undefined;
    const fields = new Set<string>();
    const heard = (transaction: Y.Transaction): void => {
      for (const [type, keys] of transaction.changed) this.#name(type, keys, fields);
    };
    this.live.on('afterTransaction', heard);
    this.#take(row);
    this.#grew(row);
    this.live.off('afterTransaction', heard);
    Y.applyUpdate(this.staging, row.bytes);
    this.upTo = row.position;
    const contradicted = this.section.fields.filter((field) => (fields.has(field.id) ? isContradicted(this.live, field) : this.disputed.has(field.id)));
    this.disputed = new Set(contradicted.map((field) => field.id));
    return [...fields];
  }

  #name(type: { readonly _item: Y.Item | null }, keys: ReadonlySet<string | null>, fields: Set<string>): void {
    let root = type;
    while (root._item !== null) root = root._item.parent as { readonly _item: Y.Item | null };
    const field = this.#roots.get(Y.findRootTypeKey(root as Parameters<typeof Y.findRootTypeKey>[0]));
    if (field !== undefined && root !== this.live.getMap('fields')) return void fields.add(field);
    for (const key of keys) if (key !== null) fields.add(key);
  }

  /** Throws the staging document away and begins it again from what is committed and from `accepted`, updates of the commit under way. */
  restage(accepted: readonly Uint8Array[] = []): void {
    this.staging.destroy();
    this.staging = copyOf(this.live, this.section);
    for (const bytes of accepted) Y.applyUpdate(this.staging, bytes);
  }

  /** To everyone in the section; a notice only to those who asked for more than a stock client understands. */
  broadcast(update: Uint8Array): void {
    const frame = Outgoing.frame(this.section.id, { kind: 'update', update });
    for (const channel of this.channels) channel.send(frame);
  }
  notify(notice: Notice): void {
    const frame = Outgoing.notice(this.section.id, notice);
    for (const channel of this.channels) if (channel.asked) channel.send(frame);
  }

  destroy(): void {
    this.live.destroy();
    this.staging.destroy();
  }
}

/** An empty document of the section, with every root type in its kind. */
export function newDocument(section: Section): Y.Doc {
  const doc = new Y.Doc();
  openRoots(doc, section);
  return doc;
}

export const copyOf = (doc: Y.Doc, section: Section): Y.Doc => documentFrom(Y.encodeStateAsUpdate(doc), section);

function documentFrom(state: Uint8Array, section: Section): Y.Doc {
  const doc = newDocument(section);
  Y.applyUpdate(doc, state);
  return doc;
}

const hasPending = (doc: Y.Doc): boolean => doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
