/** How the service itself reads and changes a plan's text: through the same gate, log and commit as a person's keystrokes. */
import * as Y from 'yjs';
import { londonDate } from '../../shared/domain/dates.ts';
import { sectionById } from '../../shared/content/standard.ts';
import { refuse, RefusalError } from '../../shared/refusal.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Clock, PlanNotice, PlanText, Random, Tx } from '../ports.ts';
import type { Committer } from './committer.ts';
import { contentAt } from './content.ts';
import { judge } from './gate.ts';
import { appendShares } from './append.ts';
import { readHeads } from './log.ts';
import type { OpenPlans } from './openPlans.ts';
import type { NewRow } from './planLog.ts';
import { newDocument } from './document.ts';
import { summarise } from './summary.ts';

export interface PlanTextNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly plans: OpenPlans;
  readonly committer: Committer;
  readonly announce: (planId: PlanId, notice: PlanNotice) => void;
}

export function planText(needs: PlanTextNeeds): PlanText {
  return {
    write: async ({ planId, sectionId, actor, as, change, also }) => {
      const plan = sectionById(sectionId) && (await needs.plans.open(planId));
      if (!plan) return refuse('not-found', 'There is no such plan or section.');
      const room = await plan.room(sectionId);
      return new Promise((answer, failed) => {
        const taken = needs.committer.submit(plan, { kind: 'write', room, actor, isService: as === 'service', change, also, answer, failed });
        if (!taken) answer(refuse('unavailable', 'Too much is waiting to be saved.'));
      });
    },
    begin: (tx, planId, author, sections) => begin(needs, tx, planId, author, sections),
    contentAt,
    announce: needs.announce,
  };
}

/**
 * The first rows of a plan whose head row `tx` has just made: one a section. Called once for each author, each with sections of their
 * own. Throws `RefusalError` when a value cannot be kept.
 */
async function begin({ clock, random }: PlanTextNeeds, tx: Tx, planId: PlanId, author: Actor, sections: ReadonlyMap<string, (doc: Y.Doc) => void>): Promise<number> {
  const [head] = await readHeads(tx, [planId]);
  if (!head) throw new Error('the plan’s head is made first');
  const rows: NewRow[] = [];
  const set: Record<string, unknown> = {};
  for (const [sectionId, change] of sections) {
    const section = sectionById(sectionId);
    if (!section) throw new Error(`the content standard has no section ${sectionId}`);
    const [written, staging] = [newDocument(section), newDocument(section)];
    try {
      // Client ids have 32 bits; the first writer of a document of its own cannot meet another.
      written.clientID = new DataView(Uint8Array.from(random(4)).buffer).getUint32(0);
      change(written);
      const verdict = judge({
        update: Y.encodeStateAsUpdate(written), kind: 'sync-reply', staging, sectionBytes: 0, section, authorId: author.id,
        ownerOf: () => undefined, mayNot: undefined, isService: true, today: londonDate(clock.now()),
      });
      if (verdict.kind === 'refuse') throw new RefusalError({ code: 'invalid', detail: verdict.reason });
      if (verdict.kind === 'nothing') continue;
      rows.push({ position: head.position + rows.length + 1, sectionId, bytes: verdict.bytes, spans: verdict.spans, fields: verdict.fields, authorId: author.id });
      summarise(staging, section, verdict.fields, set, new Set());
    } finally {
      written.destroy();
      staging.destroy();
    }
  }
  const last = rows.at(-1);
  if (!last) return head.position;
  const leases = rows.flatMap((row) => row.spans.map(([client]) => ({ sectionId: row.sectionId, client, personId: author.id })));
  const written = await appendShares(tx, [{ head, rows, leases, summary: { set, removed: [], disputed: {} }, audit: [], writers: [] }]);
  if (!written.has(planId)) throw new Error('the first text of a plan was not written');
  return last.position;
}
