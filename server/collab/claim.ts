/**
 * What an update says it would change: its pieces in an order in which each builds on what is there, each with its place, and what it
 * takes away. Told from the update and the document as it stood before; nothing is applied.
 */
import * as Y from 'yjs';
import { Crowds, Gaps } from './gaps.ts';
import { containerOf, placeName, type AnyType, type Container } from './places.ts';
import { joined, type Deletion, type Id, type Struct, type UpdateRead } from './updateReading.ts';

/** `[client, clock from, clock after]` of what an update brings. */
export type Span = readonly [client: number, from: number, after: number];

/** A new piece with its place. One that has no container becomes a hole: what it stood in or beside is gone. */
export interface Brought {
  readonly struct: Struct;
  readonly container: Container | undefined;
  readonly key: string | null;
}

export interface Place {
  readonly root: string;
  readonly key: string | null;
}

export interface Claim {
  readonly spans: readonly Span[];
  readonly brought: readonly Brought[];
  /** By their names. */
  readonly places: ReadonlyMap<string, Place>;
  /** The deletions it names, each client's sorted and joined. */
  readonly named: ReadonlyMap<number, readonly Deletion[]>;
  /** Clocks that stood before and that it names as deleted. */
  readonly removes: number;
  /** Runs of deletions that change something. */
  readonly runs: number;
  /** Places under a key, in types that stood before, that it writes anew; the value that stood there goes. */
  readonly overwrites: ReadonlyMap<AnyType, ReadonlySet<string>>;
}

export type ClaimFault = 'gap' | 'malformed' | 'over-limit' | 'half-character';

/** The clock from which on the update itself brings what it brings under a client id; infinite for ids of which it brings nothing. */
export const newFrom = (spans: readonly Span[], client: number): number => {
  for (const [id, from] of spans) if (id === client) return from;
  return Infinity;
};

/** `read` holds nothing that the document has, and `spans` are all that it brings; they are known to continue the document's clocks. */
export function claimOf(doc: Y.Doc, read: UpdateRead, spans: readonly Span[]): Claim | ClaimFault {
  return new Claiming(doc, spans).claim(read);
}

/** New pieces of one client. */
interface Run {
  readonly client: number;
  readonly structs: Struct[];
  readonly settled: Brought[];
  /** The clock up to which everything is there. */
  upTo: number;
}

class Claiming {
  readonly #runs = new Map<number, Run>();
  readonly #brought: Brought[] = [];
  readonly #made = new Map<Struct, Container>();
  readonly #containers = new Map<AnyType, Container>();
  readonly #places = new Map<string, Place>();
  readonly #overwrites = new Map<AnyType, Set<string>>();
  readonly #gaps: Gaps;
  readonly #crowds = new Crowds();

  constructor(private readonly doc: Y.Doc, private readonly spans: readonly Span[]) {
    this.#gaps = new Gaps(doc);
    for (const [client, from] of spans) this.#runs.set(client, { client, structs: [], settled: [], upTo: from });
  }

  claim({ structs, deletions }: UpdateRead): Claim | ClaimFault {
    for (const struct of structs) this.#runs.get(struct.id.client)?.structs.push(struct);
    const fault = this.#settle();
    if (fault) return fault;
    const named = joined(deletions);
    let removes = 0;
    let runs = 0;
    for (const list of named.values()) {
      for (const deletion of list) {
        const found = this.#remove(deletion);
        if (typeof found === 'string') return found;
        removes += found;
        if (found > 0) runs += 1;
      }
    }
    return { spans: this.spans, brought: this.#brought, places: this.#places, named, removes, runs, overwrites: this.#overwrites };
  }

  /** Gives every new piece its place, in an order in which each finds what it builds on. A piece that never does is a gap. */
  #settle(): ClaimFault | undefined {
    let waiting = 0;
    for (const run of this.#runs.values()) waiting += run.structs.length;
    while (waiting > 0) {
      const before = waiting;
      for (const run of this.#runs.values()) {
        for (let struct = run.structs[run.settled.length]; struct !== undefined && this.#isReady(struct); struct = run.structs[run.settled.length]) {
          const brought = this.#place(struct, (run.structs[0] as Struct).id.clock);
          if (typeof brought === 'string') return brought;
          run.settled.push(brought);
          run.upTo = struct.id.clock + struct.length;
          this.#brought.push(brought);
          waiting -= 1;
        }
      }
      if (waiting === before) return 'gap';
    }
    return undefined;
  }

  #isReady({ origin, rightOrigin, parent }: Struct): boolean {
    return this.#isThere(origin) && this.#isThere(rightOrigin) && (typeof parent !== 'object' || this.#isThere(parent));
  }
  #isThere(id: Id | undefined): boolean {
    return id === undefined || id.clock < (this.#runs.get(id.client)?.upTo ?? Y.getState(this.doc.store, id.client));
  }

  #place(struct: Struct, from: number): Brought | ClaimFault {
    const hole = { struct, container: undefined, key: null };
    const { content, origin, rightOrigin, parent } = struct;
    if (content.kind === 'gc' || content.kind === 'skip') return hole;
    // Nobody has seen what they are only about to write.
    for (const id of [origin, rightOrigin]) if (id?.client === struct.id.client && id.clock >= struct.id.clock) return 'malformed';
    if (this.#splitsCharacter(origin?.client, (origin?.clock ?? 0) + 1) || this.#splitsCharacter(rightOrigin?.client, rightOrigin?.clock ?? 0)) return 'half-character';
    const left = origin && this.#find(origin);
    const right = rightOrigin && this.#find(rightOrigin);
    if (left === 'gone' || right === 'gone') return hole;
    // A value under a key is put after the one before it, never before one.
    if (right && right.key !== null) return 'malformed';
    if (left && right && (left.container !== right.container || left.key !== right.key)) return 'malformed';
    const found = left ?? right ?? this.#parent(parent, struct.key);
    if (found === 'gone') return hole;
    if (found === undefined) return 'malformed';
    const { container, key } = found;
    const crossed = this.#gaps.cross(struct, container, key) ?? this.#crowds.add(struct, from, container, key);
    if (crossed) return crossed;
    if (container.stands && container.type !== undefined) this.#touch(container, key);
    if (content.kind === 'type') {
      this.#made.set(struct, { type: undefined, root: container.root, depth: container.depth + 1, kind: content.type, name: content.name, key, stands: container.stands });
    }
    return { struct, container, key };
  }

  #touch({ type, root }: Container, key: string | null): void {
    const name = placeName(root, key);
    if (!this.#places.has(name)) this.#places.set(name, { root, key });
    if (key === null || type === undefined) return;
    const keys = this.#overwrites.get(type);
    if (keys) keys.add(key);
    else this.#overwrites.set(type, new Set([key]));
  }

  /** The place of a piece that is there. */
  #find({ client, clock }: Id): { readonly container: Container; readonly key: string | null } | 'gone' {
    if (clock < Y.getState(this.doc.store, client)) {
      const item = Y.getItem(this.doc.store, { client, clock });
      return item instanceof Y.Item && item.parent !== null ? { container: this.#container(item.parent as AnyType), key: item.parentSub } : 'gone';
    }
    const brought = this.#newAt(client, clock);
    return brought?.container ? { container: brought.container, key: brought.key } : 'gone';
  }

  /** The container that a piece names itself; undefined when what it names can hold nothing. */
  #parent(parent: string | Id | undefined, key: string | null): { readonly container: Container; readonly key: string | null } | 'gone' | undefined {
    if (parent === undefined) return undefined;
    if (typeof parent === 'string') {
      const type = this.doc.share.get(parent);
      return type && { container: this.#container(type), key };
    }
    if (parent.clock < Y.getState(this.doc.store, parent.client)) {
      const item = Y.getItem(this.doc.store, parent);
      if (!(item instanceof Y.Item) || item.content instanceof Y.ContentDeleted) return 'gone';
      return item.content instanceof Y.ContentType ? { container: this.#container(item.content.type), key } : undefined;
    }
    const brought = this.#newAt(parent.client, parent.clock);
    if (!brought?.container) return 'gone';
    const made = this.#made.get(brought.struct);
    if (made) return { container: made, key };
    return brought.struct.content.kind === 'deleted' ? 'gone' : undefined;
  }

  #container(type: AnyType): Container {
    let container = this.#containers.get(type);
    if (!container) {
      container = containerOf(type);
      this.#containers.set(type, container);
    }
    return container;
  }

  #newAt(client: number, clock: number): Brought | undefined {
    const settled = this.#runs.get(client)?.settled ?? [];
    let [low, high] = [0, settled.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const brought = settled[middle] as Brought;
      if (clock < brought.struct.id.clock) high = middle - 1;
      else if (clock >= brought.struct.id.clock + brought.struct.length) low = middle + 1;
      else return brought;
    }
    return undefined;
  }

  /** Whether a cut before this clock would leave half of a character on either side. */
  #splitsCharacter(client: number | undefined, clock: number): boolean {
    if (client === undefined) return false;
    if (clock < Y.getState(this.doc.store, client)) {
      const item = Y.getItem(this.doc.store, { client, clock });
      return item instanceof Y.Item && item.content instanceof Y.ContentString && isInsidePair(item.content.str, clock - item.id.clock);
    }
    const struct = this.#newAt(client, clock)?.struct;
    return struct?.content.kind === 'text' && isInsidePair(struct.content.text, clock - struct.id.clock);
  }

  /** How much of what stood before this deletion takes away. */
  #remove({ client, clock, length }: Deletion): number | ClaimFault {
    const state = Y.getState(this.doc.store, client);
    const end = clock + length;
    if (end > (this.#runs.get(client)?.upTo ?? state)) return 'gap';
    if (this.#splitsCharacter(client, clock) || this.#splitsCharacter(client, end)) return 'half-character';
    const structs = this.doc.store.clients.get(client);
    if (structs === undefined || clock >= state) return 0;
    let removed = 0;
    for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
      const struct = structs[index] as Y.Item | Y.GC;
      if (struct.id.clock >= end) break;
      if (struct.deleted || !(struct instanceof Y.Item)) continue;
      removed += Math.min(end, struct.id.clock + struct.length) - Math.max(clock, struct.id.clock);
      const { root } = this.#container(struct.parent as AnyType);
      const name = placeName(root, struct.parentSub);
      if (!this.#places.has(name)) this.#places.set(name, { root, key: struct.parentSub });
    }
    return removed;
  }
}

const isInsidePair = (text: string, at: number): boolean => at > 0 && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
