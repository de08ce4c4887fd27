/** Percentiles and medians. */
import type { Spread } from './orders.ts';

/** Collects times in milliseconds. */
export class Times {
  readonly #values: number[] = [];
  add(ms: number): void {
    this.#values.push(ms);
  }
  spread(): Spread | undefined {
    if (this.#values.length === 0) return undefined;
    const sorted = Float64Array.from(this.#values).toSorted();
    return { p50: at(sorted, 0.5), p99: at(sorted, 0.99), count: sorted.length };
  }
}

const at = (sorted: Float64Array, share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] as number;

/** The middle value; of an even number the lower one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN;
}
