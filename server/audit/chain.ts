/** Writes the audit chain of a plan: in the same transaction as what it records, or not at all. */
import { randomUUID } from 'node:crypto';
import { planStream, purposeOf, spellEntry, type AuditEntry } from '../../shared/domain/audit.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { AccessEntry, AppendPlanAudit, Database, PlanAuditEntry, Tx } from '../ports.ts';
import { entryHash } from './hash.ts';
import { addEntries, lockChainHeads, type ChainHead, type NewLink } from './store.ts';

/** Adds `entries` to the plan's chain, in order, in `tx`. Throws when there is no such plan: what was to be recorded must then not happen. */
export const appendPlanAudit: AppendPlanAudit = (tx, planId, entries) => appendPlansAudit(tx, new Map([[planId, entries]]));

/** As `appendPlanAudit`, for the chains of several plans that are changed in one transaction: two statements, however many plans. */
export async function appendPlansAudit(tx: Tx, entries: ReadonlyMap<PlanId, readonly PlanAuditEntry[]>): Promise<void> {
  const chains = [...entries].filter(([, own]) => own.length > 0);
  if (chains.length === 0) return;
  const heads = await lockChainHeads(tx, chains.map(([planId]) => planId));
  await addEntries(tx, chains.flatMap(([planId, own]) => {
    const head = heads.get(planId);
    if (!head) throw new Error(`no audit chain for ${planId}: no such plan`);
    return link(planId, own, head);
  }));
}

/** Adds one entry in a transaction of its own: for readings and refusals, which change nothing else. */
export const recordOnPlan = (db: Database, planId: PlanId, entry: PlanAuditEntry): Promise<void> => db.transaction((tx) => appendPlanAudit(tx, planId, [entry]));

/** The entries as links after `head`; all carry the time at which the head was locked. */
function link(planId: PlanId, entries: readonly PlanAuditEntry[], head: ChainHead): NewLink[] {
  const links: NewLink[] = [];
  let previous = head.hash;
  for (const [index, entry] of entries.entries()) {
    const seq = head.seq + index + 1;
    const text = spellEntry(asEntry(planId, entry, seq, head.at, previous?.toString('hex') ?? null));
    previous = entryHash(text);
    links.push({ planId, stream: planStream(planId), seq, text, hash: previous });
  }
  return links;
}

/** The entry as a link of the plan's chain: `seq`, the database's time and the hash of the link before (lower-case hex) are its place in it. What blinds it is 122 random bits: more than anybody tries. */
export function asEntry(planId: PlanId, entry: PlanAuditEntry, seq: number, at: string, previous: string | null): AuditEntry {
  return { ...linkOf(planStream(planId), { ...entry, plan: planId }, seq, at, previous), blind: randomUUID() };
}

/** As `asEntry`, for any chain. */
export function linkOf(stream: string, entry: AccessEntry & Pick<PlanAuditEntry, 'section'>, seq: number, at: string, previous: string | null): AuditEntry {
  const { actor, role, organisation, section, reason, ref, plan, purpose = purposeOf(role) } = entry;
  return {
    v: 1,
    stream,
    seq,
    at,
    actor: { id: actor, ...(role === undefined ? {} : { role }), ...(organisation === undefined ? {} : { org: organisation }) },
    action: entry.action,
    ...(plan === undefined ? {} : { plan }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(section === undefined ? {} : { section }),
    outcome: entry.outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(ref === undefined ? {} : { ref }),
    prev: previous,
  };
}
