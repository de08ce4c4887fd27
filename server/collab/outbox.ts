/**
 * What goes out to one socket. A reader who is slow is not sent more and more: what comes meanwhile is kept as it is, shared with everybody else
 * who gets it, and sent as one update a section once the line is free. One who stays slow is asked to come back.
 */
import * as Y from 'yjs';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../ports.ts';
import type { LiveSocket } from './liveSocket.ts';
import { Outgoing } from './outgoing.ts';

export class Outbox {
  #held: Outgoing[] = [];
  #heldBytes = 0;
  #slowSince: { cancel(): void } | undefined;
  readonly #flushed = (): void => this.#whenFree();

  constructor(
    private readonly socket: LiveSocket,
    private readonly clock: Clock,
    /** The bytes of a frame in the form of this endpoint. */
    private readonly spell: (frame: Outgoing) => Uint8Array,
    private readonly tooSlow: () => void,
  ) {}

  send(frame: Outgoing): void {
    if (this.#slowSince === undefined && this.socket.bufferedAmount <= limits.socketBufferedBytesMax) return this.#write(frame);
    // Who is where is told afresh by whoever moves next.
    if (frame.content.kind === 'awareness') return;
    this.#slowSince ??= this.clock.after(limits.slowReaderMs, () => this.tooSlow());
    this.#hold(frame);
    if (this.#heldBytes > limits.socketHeldBytesMax) return this.tooSlow();
    this.#whenFree();
  }

  /**
   * The answer to a question counts for nothing, or a plan larger than the bound could never be opened; but of each section only the latest is kept,
   * where the first stood: a saved barrier that was answered between them says that all up to its position was shown before.
   */
  #hold(frame: Outgoing): void {
    const first = frame.content.kind === 'step2' ? this.#held.findIndex((each) => each.content.kind === 'step2' && each.sectionId === frame.sectionId) : -1;
    if (first >= 0) return void (this.#held[first] = frame);
    if (frame.content.kind !== 'step2') this.#heldBytes += frame.plain.length;
    this.#held.push(frame);
  }

  #write(frame: Outgoing): void {
    this.socket.send(this.spell(frame), this.#flushed);
  }

  #whenFree(): void {
    if (this.#slowSince === undefined || this.socket.bufferedAmount > limits.socketBufferedBytesMax) return;
    this.#slowSince.cancel();
    this.#slowSince = undefined;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const frame of merged(held)) this.#write(frame);
  }

  /** Forgets what was held. */
  end(): void {
    this.#slowSince?.cancel();
    this.#held = [];
  }
}

/** The same frames with the updates of each section as one, where the first of them stood: an answer never comes before what it answers for. */
function merged(frames: readonly Outgoing[]): Outgoing[] {
  const updates = new Map<string, Uint8Array[]>();
  const order: (string | Outgoing)[] = [];
  for (const frame of frames) {
    if (frame.content.kind !== 'update') {
      order.push(frame);
      continue;
    }
    const own = updates.get(frame.sectionId);
    if (own) own.push(frame.content.update);
    else {
      updates.set(frame.sectionId, [frame.content.update]);
      order.push(frame.sectionId);
    }
  }
  return order.map((each) => (typeof each === 'string' ? Outgoing.frame(each, { kind: 'update', update: Y.mergeUpdates(updates.get(each) ?? []) }) : each));
}
