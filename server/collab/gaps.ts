/**
 * The gap that each new piece is put into, between the two neighbours that its writer saw. Whoever writes sees no gap but that between two
 * that stand beside each other; only what others wrote there meanwhile lies between. The library looks at all of it for every piece, so a
 * forger who names neighbours far apart, or many pieces for one gap, could keep it busy for minutes.
 */
import * as Y from 'yjs';
import { limits } from '../../shared/limits.ts';
import type { AnyType, Container } from './places.ts';
import type { Id, Struct } from './updateReading.ts';

export class Gaps {
  #steps: number = limits.neighbourStepsMax;
  /** For new pieces: the nearest that stood before to the right of each, `null` for the end. */
  readonly #right = new Map<Struct, Y.Item | null>();
  readonly #byClient = new Map<number, Struct[]>();

  constructor(private readonly doc: Y.Doc) {}

  /** Goes from one neighbour to the other as the document stands. Neighbours the wrong way round are refused. To be called in order of clocks. */
  cross(struct: Struct, { type }: Container, key: string | null): 'malformed' | 'over-limit' | undefined {
    const { origin, rightOrigin, id } = struct;
    const right = rightOrigin === undefined ? null : (this.#itemAt(rightOrigin) ?? this.#anchorOf(rightOrigin));
    this.#right.set(struct, right);
    const own = this.#byClient.get(id.client);
    if (own) own.push(struct);
    else this.#byClient.set(id.client, [struct]);
    const left = origin && this.#itemAt(origin);
    // Beside a piece of the same update the library stops at the first that stood before.
    if (type === undefined || (origin && !left)) return undefined;
    if (origin && left && left === right) return rightOrigin && this.#itemAt(rightOrigin) && rightOrigin.clock <= origin.clock ? 'malformed' : undefined;
    let item = left ? left.right : key === null ? type._start : this.#first(type, key);
    for (; item !== right; item = item.right) {
      if (item === null) return 'malformed';
      if (this.#steps === 0) return 'over-limit';
      this.#steps -= 1;
    }
    return undefined;
  }

  #itemAt({ client, clock }: Id): Y.Item | undefined {
    if (clock >= Y.getState(this.doc.store, client)) return undefined;
    const item = Y.getItem(this.doc.store, { client, clock });
    return item instanceof Y.Item ? item : undefined;
  }

  #anchorOf({ client, clock }: Id): Y.Item | null {
    const own = this.#byClient.get(client) ?? [];
    let [low, high] = [0, own.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { id, length } = own[middle] as Struct;
      if (id.clock + length <= clock) low = middle + 1;
      else high = middle;
    }
    const struct = own[low];
    return (struct && this.#right.get(struct)) ?? null;
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
