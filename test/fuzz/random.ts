/** A seeded source of chance with 128 bits of state (xoshiro128**): the same seed gives the same campaign on every machine. */

export class Chance {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    // The seed is spread over the whole state by a generator of another kind, as the authors of xoshiro advise.
    let mixed = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let word = mixed;
      word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
      word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
      return (word ^ (word >>> 16)) >>> 0;
    });
  }

  /** 32 bits. */
  next(): number {
    const state = this.#state as unknown as [number, number, number, number];
    const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return result;
  }

  /** A whole number from 0 up to and without `end`. */
  below(end: number): number {
    return Math.floor((this.next() / 2 ** 32) * end);
  }
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }
  maybe(probability: number): boolean {
    return this.next() < probability * 2 ** 32;
  }
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('nothing to pick from');
    return items[this.below(items.length)] as T;
  }
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
