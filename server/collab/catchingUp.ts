/**
 * What a client types in the moment between its connection and the server's question builds on what it wrote while it was away, which only its
 * answer to that question brings. Such frames wait for the answer; whatever builds on nothing unknown passes at once.
 */
import type { ClientFrame } from '../../shared/crdt/frame.ts';
import { limits } from '../../shared/limits.ts';
import type { Room } from './room.ts';
import { readUpdate, type Id } from './updateReading.ts';

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

  /** Whether everything that the update builds on, or takes away, is known or comes with it. */
  #continues(room: Room, update: Uint8Array): boolean {
    const read = readUpdate(update, limits.structsPerUpdateMax);
    // What cannot be read is refused, not waited for.
    if (typeof read === 'string') return true;
    const brought = new Map<number, number>();
    const reachOf = (client: number): number => brought.get(client) ?? Math.max(room.committed.clockOf(client), this.#passed.get(client) ?? 0);
    for (const { id: { client, clock }, length } of read.structs) {
      const reach = reachOf(client);
      if (clock > reach) return false;
      brought.set(client, Math.max(reach, clock + length));
    }
    const known = (id: Id | undefined): boolean => id === undefined || id.clock < reachOf(id.client);
    if (!read.structs.every(({ origin, rightOrigin, parent }) => known(origin) && known(rightOrigin) && (typeof parent === 'string' || known(parent)))) return false;
    if (!read.deletions.every(({ client, clock, length }) => clock + length <= reachOf(client))) return false;
    for (const [client, reach] of brought) this.#passed.set(client, reach);
    return true;
  }
}
