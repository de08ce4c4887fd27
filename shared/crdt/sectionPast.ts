/**
 * A section's document with all its past: what stands, what was taken away, and which row of the log did either. Who did it is taken
 * from the log's own columns (author, spans, database time) and from nothing that the document says.
 */
import * as Y from 'yjs';
import type { Section } from '../content/kinds.ts';
import { openRoots } from './sectionDocument.ts';

/** Who wrote a row, as the log says. */
export interface By {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

/** `[client, clock from, clock after]`. */
export type ClockSpan = readonly [client: number, from: number, after: number];

/** What attribution needs of one row of the log. */
export interface WrittenRow {
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly spans: readonly ClockSpan[];
  readonly author: By;
  readonly at: Date;
}

/** One row of the log, without what it wrote. */
export interface Deed {
  readonly position: number;
  readonly by: By;
  readonly atMs: number;
}

/** Number of a deed, in the order of the log; `until` is the clock up to which the answer holds. */
export interface Found {
  readonly deed: number | undefined;
  readonly until: number;
}

/** Letters typed one after the other are one span, and so are letters taken away backwards. */
export function extend(spans: ClockSpan[], [client, from, after]: ClockSpan): void {
  const last = spans.at(-1);
  if (last !== undefined && last[0] === client && last[2] === from) spans[spans.length - 1] = [client, last[1], after];
  else if (last !== undefined && last[0] === client && last[1] === after) spans[spans.length - 1] = [client, from, last[2]];
  else spans.push([client, from, after]);
}

/** Which clocks an update holds, in its own order, those that follow each other as one span. Throws for what is no update. */
export function broughtIn(bytes: Uint8Array): ClockSpan[] {
  const brought: ClockSpan[] = [];
  for (const { id: { client, clock }, length } of Y.decodeUpdate(bytes).structs) extend(brought, [client, clock, clock + length]);
  return brought;
}

/** What the update in `bytes` takes away. */
export function takenIn(bytes: Uint8Array): ClockSpan[] {
  const taken: ClockSpan[] = [];
  for (const [client, items] of Y.decodeUpdate(bytes).ds.clients) for (const { clock, len } of items) taken.push([client, clock, clock + len]);
  return taken;
}

/** Spans of clocks, each with the deed that it belongs to. */
class SpanIndex {
  readonly #clients = new Map<number, { from: number[]; after: number[]; deed: number[]; sorted: boolean }>();

  add([client, from, after]: ClockSpan, deed: number): void {
    let own = this.#clients.get(client);
    if (own === undefined) this.#clients.set(client, (own = { from: [], after: [], deed: [], sorted: true }));
    own.sorted &&= from >= (own.after.at(-1) ?? 0);
    own.from.push(from);
    own.after.push(after);
    own.deed.push(deed);
  }

  at(client: number, clock: number): Found {
    const own = this.#clients.get(client);
    if (own === undefined) return { deed: undefined, until: Infinity };
    if (!own.sorted) this.#sort(own);
    let [low, high] = [0, own.from.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((own.after[middle] as number) <= clock) low = middle + 1;
      else high = middle;
    }
    const from = own.from[low];
    if (from === undefined) return { deed: undefined, until: Infinity };
    return from > clock ? { deed: undefined, until: from } : { deed: own.deed[low], until: own.after[low] as number };
  }

  /** In order of clocks; of two that overlap, the first of the log keeps what both name. */
  #sort(own: { from: number[]; after: number[]; deed: number[]; sorted: boolean }): void {
    const order = own.from.map((_, index) => index).toSorted((a, b) => (own.from[a] as number) - (own.from[b] as number) || (own.deed[a] as number) - (own.deed[b] as number));
    const next = { from: [] as number[], after: [] as number[], deed: [] as number[] };
    for (const index of order) {
      const from = Math.max(own.from[index] as number, next.after.at(-1) ?? 0);
      const after = own.after[index] as number;
      if (from >= after) continue;
      next.from.push(from);
      next.after.push(after);
      next.deed.push(own.deed[index] as number);
    }
    Object.assign(own, next, { sorted: true });
  }
}

export class SectionPast {
  /** Nothing that was taken away is forgotten in it. */
  readonly doc = new Y.Doc({ gc: false });
  readonly deeds: Deed[] = [];
  readonly #brought = new SpanIndex();
  readonly #taken = new SpanIndex();
  readonly #people = new Map<string, By>();

  constructor(readonly section: Section) {
    openRoots(this.doc, section);
  }

  /** Takes the next rows of this section's log, in order. */
  take(rows: readonly WrittenRow[]): void {
    this.doc.transact(() => {
      for (const { position, bytes, spans, author, at } of rows) {
        const deed = this.deeds.length;
        this.deeds.push({ position, by: this.#person(author), atMs: at.getTime() });
        for (const span of spans) this.#brought.add(span, deed);
        for (const span of takenIn(bytes)) this.#taken.add(span, deed);
        Y.applyUpdate(this.doc, bytes);
      }
    });
  }

  /** One object a person, however many rows they wrote. */
  #person(author: By): By {
    const known = this.#people.get(author.id);
    if (known !== undefined) return known;
    this.#people.set(author.id, author);
    return author;
  }

  deed(index: number): Deed {
    const deed = this.deeds[index];
    if (deed === undefined) throw new Error('no row of the log has this number');
    return deed;
  }

  broughtBy(client: number, clock: number): Found {
    return this.#brought.at(client, clock);
  }
  takenBy(client: number, clock: number): Found {
    return this.#taken.at(client, clock);
  }

  destroy(): void {
    this.doc.destroy();
  }
}
