/** How fast this device talks: at once, or, when the server has asked for it, gathering what is written for half a second and sending it as one change. */
import { mergeUpdates } from 'yjs';
import { decodeFromClient, encodeFrame } from '../../shared/crdt/frame.ts';
import { limits } from '../../shared/limits.ts';
import type { Surroundings } from './surroundings.ts';

/** How long what is written is gathered, in milliseconds. */
const gatherMs = 500;
/** How long the server's wish holds after it was last heard, in milliseconds. */
const slowMs = 10_000;

/** A change up to here has no more parts than one may have, whatever they are: none takes less than two bytes. */
const surelyFitsBytes = 2 * Math.min(limits.structsPerUpdateMax, limits.deletionsPerUpdateMax);
const syncAnswer = 1;
const syncUpdate = 2;

/** The frame; a large change (a page that was pasted) as the answer to a question, which is the same but for its kind and may be larger. */
export function fitting(frame: Uint8Array): Uint8Array {
  if (frame.length <= surelyFitsBytes || frame[0] !== 0 || frame[1] !== syncUpdate) return frame;
  const answer = frame.slice();
  answer[1] = syncAnswer;
  return answer;
}

interface Held {
  readonly updates: Uint8Array[];
  /** The last question "is it saved?": it covers what is sent before it. */
  question: Uint8Array | undefined;
}

export class Pace {
  readonly #held = new Map<string, Held>();
  #slowUntil = 0;
  #cancel: (() => void) | undefined;

  constructor(private readonly around: Pick<Surroundings, 'now' | 'after'>, private readonly put: (section: string, frame: Uint8Array) => void) {}

  /** The server has more to save than it can write at once. */
  slowDown(): void {
    this.#slowUntil = this.around.now() + slowMs;
  }

  send(section: string, frame: Uint8Array): void {
    const held = this.#held.get(section);
    if (held === undefined && this.around.now() >= this.#slowUntil) return this.put(section, frame);
    const [message] = decodeFromClient(frame) ?? [];
    if (message?.kind !== 'update' && message?.kind !== 'barrier') {
      // Anything else keeps its place behind what was written before it.
      this.#flush(section);
      return this.put(section, frame);
    }
    const own = held ?? { updates: [], question: undefined };
    this.#held.set(section, own);
    if (message.kind === 'update') own.updates.push(message.update);
    else own.question = frame;
    this.#cancel ??= this.around.after(gatherMs, () => this.#flushAll());
  }

  /** Forgets what was gathered: after the next connection the document itself says it again. */
  drop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#held.clear();
  }

  #flushAll(): void {
    this.#cancel = undefined;
    for (const section of [...this.#held.keys()]) this.#flush(section);
  }

  #flush(section: string): void {
    const held = this.#held.get(section);
    if (held === undefined) return;
    this.#held.delete(section);
    if (held.updates.length > 0) this.put(section, fitting(encodeFrame({ kind: 'update', update: mergeUpdates(held.updates) })));
    if (held.question !== undefined) this.put(section, held.question);
  }
}
