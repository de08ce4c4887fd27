/**
 * Copies of sections, made beside the work, so that opening a plan with a long history reads one copy and a short tail. A copy
 * is loaded again and compared with what it was made from before it is kept; the log keeps everything that the copy says.
 */
import * as Y from 'yjs';
import type { Logger } from 'pino';
import type { Section } from '../../shared/content/kinds.ts';
import { readSection } from '../../shared/crdt/sectionDocument.ts';
import { canonical } from '../../shared/domain/canonical.ts';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../ports.ts';
import type { OpenPlan } from './openPlan.ts';
import type { Checkpoint, PlanLog } from './planLog.ts';
import { documentFrom, hasPending } from './document.ts';
import type { Room } from './room.ts';

export interface CheckpointNeeds {
  readonly store: PlanLog;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Checkpoints {
  /** Rooms whose copy waits to be made, oldest first. */
  readonly #due = new Map<Room, OpenPlan>();
  #working: Promise<void> | undefined;

  constructor(private readonly needs: CheckpointNeeds) {}

  /** Has the room copied when enough has come since the last copy; to be called when rows have come to it. */
  consider(plan: OpenPlan, room: Room): void {
    if (room.committed.rowsSinceCopy >= limits.rowsPerCheckpoint + room.committed.bytes / limits.bytesPerCheckpointRow) this.#ask(plan, room);
  }
  /** The same for a room that leaves memory: a shorter tail is worth a copy then. */
  atRest(plan: OpenPlan, room: Room): void {
    if (room.committed.rowsSinceCopy >= limits.rowsPerCheckpointAtRest) this.#ask(plan, room);
  }

  /** Resolves when no copy is being made. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  #ask(plan: OpenPlan, room: Room): void {
    if (this.#due.has(room)) return;
    this.#due.set(room, plan);
    if (!this.#working) this.#next();
  }

  /** One at a time, each in a turn of its own, so that a copy never holds up more than itself. */
  #next(): void {
    const [next] = this.#due;
    if (!next) return;
    const [room, plan] = next;
    this.#working = new Promise<void>((done) => {
      this.needs.clock.after(0, () => {
        this.#due.delete(room);
        void this.#keep(plan, room).finally(() => {
          this.#working = undefined;
          this.#next();
          done();
        });
      });
    });
  }

  async #keep(plan: OpenPlan, room: Room): Promise<void> {
    const { store, log } = this.needs;
    try {
      const copy = makeCheckpoint(room);
      await store.keepCheckpoint(plan.id, room.section.id, copy);
      room.committed.replaceBy(copy);
    } catch (error) {
      // The log still says everything; the next rows ask again.
      log.warn({ err: error, plan: plan.id }, 'a section could not be copied');
    }
  }
}

function makeCheckpoint(room: Room): Checkpoint {
  const { section, upTo: position } = room;
  const original = documentFrom([room.committed.state()], section);
  try {
    const bytes = Y.encodeStateAsUpdate(original);
    verify(original, bytes, section);
    return { position, bytes, stateVector: Y.encodeStateVector(original) };
  } finally {
    original.destroy();
  }
}

/** Throws unless a document made from the bytes is the original in every value and every clock. */
export function verify(original: Y.Doc, bytes: Uint8Array, section: Section): void {
  const again = documentFrom([bytes], section);
  try {
    const same = !hasPending(original) && !hasPending(again)
      && Buffer.from(Y.encodeStateVector(original)).equals(Buffer.from(Y.encodeStateVector(again)))
      && canonical(readSection(original, section)) === canonical(readSection(again, section));
    if (!same) throw new Error('the copy differs from what it was made from');
  } finally {
    again.destroy();
  }
}
