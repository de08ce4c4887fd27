/** Writes the audit chain of a plan: in the same transaction as what it records, or not at all. */
import { planStream, spellEntry, type AuditEntry } from '../../shared/domain/audit.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { AppendPlanAudit, PlanAuditEntry } from '../ports.ts';
import { entryHash } from './hash.ts';
import { addEntries, lockChainHead } from './store.ts';

interface Link {
  readonly seq: number;
  readonly text: string;
  readonly hash: Buffer;
}

/** Adds `entries` to the plan's chain, in order, in `tx`. Throws when there is no such plan: what was to be recorded must then not happen. */
export const appendPlanAudit: AppendPlanAudit = async (tx, planId, entries) => {
  if (entries.length === 0) return;
  const head = await lockChainHead(tx, planId);
  if (!head) throw new Error(`no audit chain for ${planId}: no such plan`);
  await addEntries(tx, planId, planStream(planId), link(planId, entries, head));
};

/** The entries as links after `head`; all carry the time at which the head was locked. */
function link(planId: PlanId, entries: readonly PlanAuditEntry[], head: { seq: number; hash: Buffer | null; at: string }): Link[] {
  const links: Link[] = [];
  let previous = head.hash;
  for (const [index, entry] of entries.entries()) {
    const seq = head.seq + index + 1;
    const text = spellEntry(asEntry(planId, entry, seq, head.at, previous));
    previous = entryHash(text);
    links.push({ seq, text, hash: previous });
  }
  return links;
}

function asEntry(planId: PlanId, entry: PlanAuditEntry, seq: number, at: string, previous: Buffer | null): AuditEntry {
  const { actor, role, organisation, section, reason, ref } = entry;
  return {
    v: 1,
    stream: planStream(planId),
    seq,
    at,
    actor: { id: actor, ...(role === undefined ? {} : { role }), ...(organisation === undefined ? {} : { org: organisation }) },
    action: entry.action,
    plan: planId,
    ...(section === undefined ? {} : { section }),
    outcome: entry.outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(ref === undefined ? {} : { ref }),
    prev: previous?.toString('hex') ?? null,
  };
}
