/** Virtual time: everything that happens outside the engine is an event with a moment, and nothing happens between two events. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../server/ports.ts';

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly label: string;
  readonly work: () => void;
  cancelled: boolean;
}

/** When the simulated day begins. */
const beginning = Date.parse('2026-06-01T09:00:00.000Z');
/** Lines kept for whoever has to understand a failure. */
const linesKept = 500;

export class Schedule {
  nowMs = 0;
  /** When the simulated day begins, as a clock says it. */
  readonly beganAtMs = beginning;
  readonly #heap: Event[] = [];
  #order = 0;
  readonly #hash = createHash('sha256');
  readonly lines: string[] = [];
  events = 0;

  constructor(private readonly say: ((line: string) => void) | undefined) {}

  /** Has `work` done after `delayMs`. Events of one moment happen in the order in which they were asked for. */
  after(delayMs: number, label: string, work: () => void): { cancel(): void } {
    const event: Event = { atMs: this.nowMs + Math.max(0, delayMs), order: (this.#order += 1), label, work, cancelled: false };
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return { cancel: () => { event.cancelled = true; } };
  }

  /** Goes on to the next event, has it done and lets everything that follows from it without further waiting happen. False when there is none until `untilMs`. */
  async step(untilMs: number): Promise<boolean> {
    const [next] = this.#heap;
    if (!next || next.atMs > untilMs) {
      this.nowMs = Math.max(this.nowMs, untilMs);
      return false;
    }
    this.#drop();
    if (next.cancelled) return true;
    this.nowMs = next.atMs;
    this.events += 1;
    this.note(next.label);
    next.work();
    // All promises that can go on have gone on when the loop comes round.
    await new Promise((resolve) => void setImmediate(resolve));
    return true;
  }

  /** Writes into the story that the hash is taken of. */
  note(line: string): void {
    const full = `${this.nowMs.toFixed(3)} ${line}`;
    this.#hash.update(full);
    this.lines.push(full);
    if (this.lines.length > 2 * linesKept) this.lines.splice(0, linesKept);
    this.say?.(full);
  }

  /** The story so far in one number. To be asked once, at the end. */
  hash(): string {
    return this.#hash.digest('hex');
  }

  /** The clock of one program: wrong by `skewMs`, and still once the program is gone. */
  clockOf(name: string, isAlive: () => boolean, skewMs = 0): Clock {
    return {
      now: () => new Date(beginning + Math.floor(this.nowMs) + skewMs),
      after: (ms, work) => this.after(ms, `${name} timer`, () => { if (isAlive()) work(); }),
    };
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(this.#at(index), this.#at(parent))) return;
      this.#swap(index, parent);
      index = parent;
    }
  }
  #drop(): void {
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let index = 0; ;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) if (child < this.#heap.length && before(this.#at(child), this.#at(least))) least = child;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }
  #at(index: number): Event {
    return this.#heap[index] as Event;
  }
  #swap(one: number, other: number): void {
    [this.#heap[one], this.#heap[other]] = [this.#at(other), this.#at(one)];
  }
}

const before = (one: Event, other: Event): boolean => one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
