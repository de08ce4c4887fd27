/**
 * The gap that each new piece is put into, between the two neighbours that its writer saw. Whoever writes sees no gap but that between two
 * that stand beside each other; only what others wrote there meanwhile lies between. The library looks at all of it for every piece, so a
 * forger who names neighbours far apart, or many pieces for one gap, could keep it busy for minutes.
 */
import * as Y from 'yjs';
import { limits } from '../../shared/limits.ts';
import type { AnyType, Container } from './places.ts';
import type { Id, Struct } from './updateReading.ts';

/** The nearest that stood before on either side; `null` for the start or the end. */
interface Sides {
  readonly left: Neighbour | null;
  readonly right: Neighbour | null;
}
interface Neighbour {
  readonly id: Id;
  readonly item: Y.Item;
}

export class Gaps {
  #steps: number = limits.neighbourStepsMax;
  readonly #sides = new Map<Struct, Sides>();
  readonly #byClient = new Map<number, Struct[]>();

  constructor(private readonly doc: Y.Doc) {}

  /**
   * Goes from one neighbour to the other as the document stands. Neighbours the wrong way round are refused, and neighbours that something
   * stands between which their writer must have seen. To be called in the order of clocks.
   */
  cross(struct: Struct, { type }: Container, key: string | null): 'malformed' | 'over-limit' | undefined {
    const { origin, rightOrigin, id } = struct;
    const left = origin ? (this.#neighbour(origin) ?? this.#sidesOf(origin)?.left ?? null) : null;
    const right = rightOrigin ? (this.#neighbour(rightOrigin) ?? this.#sidesOf(rightOrigin)?.right ?? null) : null;
    this.#sides.set(struct, { left, right });
    const own = this.#byClient.get(id.client);
    if (own) own.push(struct);
    else this.#byClient.set(id.client, [struct]);
    // Beside a piece of the same update the library stops at the first that stood before; whether the order holds is seen when it is applied.
    if (type === undefined || (origin && origin !== left?.id)) return undefined;
    const exact = rightOrigin === undefined || rightOrigin === right?.id;
    return this.#walk(type, key, left, right, exact ? seenBy(left?.item, left?.id, right?.item, right?.id) : []);
  }

  #walk(type: AnyType, key: string | null, left: Neighbour | null, right: Neighbour | null, seen: readonly Id[]): 'malformed' | 'over-limit' | undefined {
    if (left && left.item === right?.item) return right.id.clock === left.id.clock + 1 || seen.length === 0 ? undefined : 'malformed';
    // The beginning of the run that the right neighbour is in, and the rest of the one that the left neighbour is in, lie between them.
    if (right && seen.length > 0 && right.id.clock > right.item.id.clock) return 'malformed';
    if (left && left.id.clock < left.item.lastId.clock && wasSeen(seen, { client: left.id.client, clock: left.id.clock + 1 })) return 'malformed';
    let item = left ? left.item.right : key === null ? type._start : this.#first(type, key);
    for (; item !== (right?.item ?? null); item = item.right) {
      if (item === null || wasSeen(seen, item.id)) return 'malformed';
      if (this.#steps === 0) return 'over-limit';
      this.#steps -= 1;
    }
    return undefined;
  }

  #neighbour(id: Id): Neighbour | undefined {
    if (id.clock >= Y.getState(this.doc.store, id.client)) return undefined;
    const item = Y.getItem(this.doc.store, id);
    return item instanceof Y.Item ? { id, item } : undefined;
  }

  #sidesOf({ client, clock }: Id): Sides | undefined {
    const own = this.#byClient.get(client) ?? [];
    let [low, high] = [0, own.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { id, length } = own[middle] as Struct;
      if (id.clock + length <= clock) low = middle + 1;
      else high = middle;
    }
    const struct = own[low];
    return struct && this.#sides.get(struct);
  }

  /** The oldest value under a key. */
  #first(type: AnyType, key: string): Y.Item | null {
    let item = type._map.get(key) ?? null;
    while (item !== null && item.left !== null && this.#steps > 0) {
      item = item.left;
      this.#steps -= 1;
    }
    return item;
  }
}

/** What somebody has seen who names these neighbours: up to these clocks of these ids. */
export function seenBy(left: Y.Item | undefined, leftId: Id | null | undefined, right: Y.Item | undefined, rightId: Id | null | undefined): readonly Id[] {
  const seen: Id[] = [];
  for (const id of [leftId, left?.origin, left?.rightOrigin, rightId, right?.origin, right?.rightOrigin]) if (id) seen.push(id);
  return seen;
}

/** Whether somebody who has seen these must have seen this: whoever saw a letter saw all that its writer wrote before it. */
export const wasSeen = (seen: readonly Id[], { client, clock }: Id): boolean => seen.some((id) => id.client === client && clock <= id.clock);

/**
 * Nobody puts two pieces into the same gap: after the first it is two gaps. What comes beside the same neighbour again has the piece
 * before it as its other neighbour, or somebody else's.
 */
export class Crowds {
  readonly #gaps = new Set<string>();
  readonly #crowds = new Map<string, number>();
  readonly #ordinals = new Map<Container, number>();

  /** `from`: the clock of its client from which on everything comes with this update. */
  add({ id, origin, rightOrigin }: Struct, from: number, container: Container, key: string | null): 'malformed' | 'over-limit' | undefined {
    // Most of what people write stands right after what they wrote just before: of those there can be one for each.
    if (origin?.client === id.client && origin.clock === id.clock - 1) return undefined;
    let ordinal = this.#ordinals.get(container);
    if (ordinal === undefined) this.#ordinals.set(container, (ordinal = this.#ordinals.size));
    const left = `${id.client} ${ordinal} ${key ?? ''} ${origin ? `${origin.client} ${origin.clock}` : ''}`;
    const gap = `${left} ${rightOrigin ? `${rightOrigin.client} ${rightOrigin.clock}` : ''}`;
    if (this.#gaps.has(gap)) return 'malformed';
    this.#gaps.add(gap);
    if (rightOrigin?.client === id.client && rightOrigin.clock >= from) return undefined;
    const crowd = (this.#crowds.get(left) ?? 0) + 1;
    if (crowd > limits.neighboursMax) return 'over-limit';
    this.#crowds.set(left, crowd);
    return undefined;
  }
}
