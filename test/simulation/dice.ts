/** The one source of chance in a simulation: xoshiro128** with its state spread from the seed, so that a seed says everything that happens. */

export class Dice {
  readonly #state = new Uint32Array(4);

  constructor(seed: number) {
    // splitmix32: neighbouring seeds begin in places far apart.
    let spread = seed >>> 0;
    for (let index = 0; index < 4; index += 1) {
      spread = (spread + 0x9e3779b9) >>> 0;
      let mixed = spread;
      mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      this.#state[index] = (mixed ^ (mixed >>> 15)) >>> 0;
    }
  }

  /** 32 random bits. */
  bits(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#state;
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    this.#state[2] = c ^ a;
    this.#state[3] = d ^ b;
    this.#state[1] = b ^ (this.#state[2] ?? 0);
    this.#state[0] = a ^ (this.#state[3] ?? 0);
    this.#state[2] = (this.#state[2] ?? 0) ^ (b << 9);
    this.#state[3] = rotated(this.#state[3] ?? 0, 11);
    return result;
  }

  /** From 0 up to, not including, 1. */
  part(): number {
    return this.bits() / 2 ** 32;
  }
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.part() * (to - from + 1));
  }
  /** Any number from `from` up to `to`. */
  between(from: number, to: number): number {
    return from + this.part() * (to - from);
  }
  /** True in that part of cases. */
  chance(part: number): boolean {
    return this.part() < part;
  }
  pick<T>(from: readonly T[]): T {
    const picked = from[this.whole(0, from.length - 1)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.bits() >>> 24);
  }
}

const rotated = (value: number, by: number): number => ((value << by) | (value >>> (32 - by))) >>> 0;
