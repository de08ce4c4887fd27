/** Puts a section's past together from its log, a piece at a time, so that neither memory nor anybody else's work suffers from a long one. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Section } from '../../shared/content/kinds.ts';
import { SectionPast } from '../../shared/crdt/sectionPast.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import { rowsBetween } from '../collab/log.ts';
import type { Queryable } from '../ports.ts';

export class Replays {
  #waiting = 0;
  #before: Promise<unknown> = Promise.resolve();

  /** What `work` makes of the section's past up to a position; one section at a time on a node. Refusal: unavailable, when too many wait. */
  async replay<T>(db: Queryable, planId: PlanId, section: Section, upTo: number, work: (past: SectionPast) => T | Promise<T>): Promise<Result<T>> {
    if (this.#waiting >= limits.historyWaitingMax) return refuse('unavailable', 'Too many people ask for a history just now. Try again in a moment.');
    this.#waiting += 1;
    const own = this.#before.then(() => this.#read(db, planId, section, upTo, work));
    // The next one follows whether or not this one worked; this one's failure is told to who asked for it.
    this.#before = own.then(() => undefined, () => undefined);
    try {
      return ok(await own);
    } finally {
      this.#waiting -= 1;
    }
  }

  async #read<T>(db: Queryable, planId: PlanId, section: Section, upTo: number, work: (past: SectionPast) => T | Promise<T>): Promise<T> {
    const past = new SectionPast(section);
    try {
      for (let after = 0; after < upTo; after += limits.historyReadPositions) {
        const rows = await rowsBetween(db, planId, [section.id], after, Math.min(upTo, after + limits.historyReadPositions));
        for (let at = 0; at < rows.length; at += limits.historyRowsAtOnce) {
          past.take(rows.slice(at, at + limits.historyRowsAtOnce));
          await turn();
        }
      }
      return await work(past);
    } finally {
      past.destroy();
    }
  }
}
