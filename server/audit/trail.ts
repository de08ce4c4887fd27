/** A plan's audit trail as people read it: newest first, names in place of ids, with the verdict on its chain. */
import { planStream, type AuditEntry } from '../../shared/domain/audit.ts';
import { isWithheld } from '../../shared/domain/relationship.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { AuditItem, AuditList } from '../../shared/wire/plans.ts';
import type { Deps } from '../ports.ts';
import { planFor } from './refusals.ts';
import { sectionFor, sentenceOf, type IsWithheld } from './sentences.ts';
import { entriesBefore, namesOf, type StoredEntry } from './store.ts';
import { readEntry, verifyPlanChain } from './verify.ts';

/** One page of the trail. Refusals: not-found, not-allowed, bad-request (a cursor that we did not give). */
export async function readTrail(deps: Deps, actor: Actor, planId: PlanId, cursor: string | undefined): Promise<Result<AuditList>> {
  const allowed = await planFor(deps, actor, planId, 'read-audit', { action: 'read-audit' });
  if (!allowed.ok) return allowed;
  if (cursor && !/^[1-9]\d{0,14}$/.test(cursor)) return refuse('bad-request', 'This page of the trail is not known. Start again from the newest.');

  const verdict = await verifyPlanChain(deps.db, planId);
  const found = await entriesBefore(deps.db, planStream(planId), cursor ? Number(cursor) : Number.MAX_SAFE_INTEGER, limits.pageSize + 1);
  const page = found.slice(0, limits.pageSize);
  const read = page.map((stored) => ({ stored, entry: readEntry(stored.entry) }));
  const names = await namesOf(deps.db, [...new Set(read.flatMap(({ entry }) => (entry ? idsIn(entry) : [])))]);
  const name = (id: string): string => names.get(id) ?? (id === 'system' ? 'The service' : 'Somebody no longer named');
  const last = page.at(-1);
  return ok({
    items: read.map(({ stored, entry }) => (entry ? presentEntry(stored, entry, actor, name, names, (section) => isWithheld(actor, allowed.value.plan, section)) : unreadable(stored))),
    next: found.length > page.length && last ? String(last.seq) : null,
    chain: { ok: verdict.ok, entries: verdict.entries, ...(verdict.firstBad === undefined ? {} : { firstBad: verdict.firstBad }) },
  });
}

const idsIn = ({ actor, ref }: AuditEntry): string[] =>
  [actor.id, actor.org, ref?.['organisation'], ...String(ref?.['people'] ?? ref?.['person'] ?? '').split(' ')].filter((id): id is string => typeof id === 'string' && id !== '');

function presentEntry(stored: StoredEntry, entry: AuditEntry, reader: Actor, name: (id: string) => string, names: ReadonlyMap<string, string>, withheld: IsWithheld): AuditItem {
  const { id: section } = sectionFor(entry, reader.role, withheld);
  const organisation = entry.actor.org === undefined ? undefined : names.get(entry.actor.org);
  return {
    seq: entry.seq,
    at: entry.at,
    action: entry.action,
    sentence: sentenceOf(entry, reader.role, name, withheld),
    outcome: entry.outcome,
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    actor: {
      id: entry.actor.id,
      name: name(entry.actor.id),
      ...(entry.actor.role === undefined ? {} : { role: entry.actor.role }),
      ...(organisation === undefined ? {} : { organisation }),
    },
    ...(section === undefined ? {} : { section }),
    ...(entry.ref === undefined ? {} : { ref: shownRef(entry.ref) }),
    hash: stored.hash.toString('hex'),
    previousHash: entry.prev,
  };
}

/** Without the hash of what was written: whoever may not read a section gets nothing to guess its text against. */
const shownRef = ({ rows: _rows, ...shown }: NonNullable<AuditEntry['ref']>): NonNullable<AuditEntry['ref']> => shown;

/** Somebody changed the stored entry: the trail says so in its place instead of leaving it out. */
const unreadable = (stored: StoredEntry): AuditItem => ({
  seq: stored.seq, at: '', action: 'unreadable', sentence: 'This entry cannot be read: it is not what was written.', outcome: 'refused',
  actor: { id: 'unknown', name: 'Unknown' }, hash: stored.hash.toString('hex'), previousHash: null,
});
