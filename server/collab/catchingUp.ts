/**
 * What a client types in the moment between its connection and the server's question builds on what it wrote while it was away, which only its
 * answer to that question brings. Such frames wait for the answer; whatever builds on nothing unknown passes at once.
 */
import type { ClientFrame } from '../../shared/crdt/frame.ts';
import { limits } from '../../shared/limits.ts';
import type { Room } from './room.ts';
import { readUpdate } from './updateReading.ts';

type Ordered = Extract<ClientFrame, { kind: 'update' | 'barrier' }>;

/** Frames that may wait for the answer: the client sends it as soon as it hears the question. */
const framesMax = 256;

export class CatchingUp {
  #waiting: Ordered[] = [];
  #bytes = 0;
  /** How far this client's own changes reach that were passed on and may not be committed yet. */
  readonly #passed = new Map<number, number>();

  /** 'pass': to be dealt with now. 'wait': kept until the answer. 'too-much': more waits than may. */
  take(room: Room, frame: Ordered): 'pass' | 'wait' | 'too-much' {
    if (this.#waiting.length === 0 && (frame.kind === 'barrier' || this.#continues(room, frame.update))) return 'pass';
    this.#waiting.push(frame);
    this.#bytes += frame.kind === 'update' ? frame.update.length : 0;
    return this.#waiting.length > framesMax || this.#bytes > limits.syncReplyBytesMax ? 'too-much' : 'wait';
  }

  /** The answer has come: what waited, in order. */
  release(): readonly Ordered[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  #continues(room: Room, update: Uint8Array): boolean {
    const read = readUpdate(update, limits.structsPerUpdateMax);
    // What cannot be read is refused, not waited for.
    if (typeof read === 'string') return true;
    for (const { id: { client, clock }, length } of read.structs) {
      if (clock > Math.max(room.committed.clockOf(client), this.#passed.get(client) ?? 0)) return false;
      this.#passed.set(client, clock + length);
    }
    return true;
  }
}
