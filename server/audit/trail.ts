/** A plan's audit trail as people read it: newest first, names in place of ids, with the verdict on its chain. */
import { sectionById } from '../../shared/content/standard.ts';
import { planStream, type AuditEntry } from '../../shared/domain/audit.ts';
import { addDays, isPlainDate, startOfDay } from '../../shared/domain/dates.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import { knowsSection } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { AuditItem, AuditList, AuditQuery } from '../../shared/wire/plans.ts';
import type { Deps } from '../ports.ts';
import { planFor } from './refusals.ts';
import { sectionFor, sentenceOf, shownFacts, type Knows } from './sentences.ts';
import { actorsOf, entriesLike, namesOf, sealedOf, type EntryFilter, type StoredEntry } from './store.ts';
import { by } from './entries.ts';
import { readEntry } from './entryText.ts';
import { actionsOf } from './kinds.ts';
import { verifyPlanChain } from './verify.ts';

/** One page of the trail, narrowed as asked. Refusals: not-found, not-allowed, bad-request (a cursor that we did not give), invalid (no such day). */
export async function readTrail(deps: Deps, actor: Actor, planId: PlanId, query: AuditQuery): Promise<Result<AuditList>> {
  const allowed = await planFor(deps, actor, planId, 'read-audit', { action: 'read-audit' });
  if (!allowed.ok) return allowed;
  const [cursor, filter] = [cursorOf(query.cursor), filterOf(query, actor, allowed.value.plan)];
  if (!cursor.ok) return cursor;
  if (!filter.ok) return filter;

  await deps.recordAccess({ ...by(actor), action: 'read-audit', outcome: 'done', plan: planId }, { sameForMs: limits.sameListMs });
  const stream = planStream(planId);
  const verdict = await verifyPlanChain(deps.db, planId);
  const found = filter.value === 'nothing' ? [] : await entriesLike(deps.db, stream, filter.value, cursor.value, limits.pageSize + 1);
  const page = found.slice(0, limits.pageSize);
  const read = page.map((stored) => ({ stored, entry: readEntry(stored.entry) }));
  const actors = await actorsOf(deps.db, stream);
  const names = await namesOf(deps.db, [...new Set([...actors, ...read.flatMap(({ entry }) => (entry ? idsIn(entry) : []))])]);
  const name = namedBy(names);
  const sealed = await sealedOf(deps.db, stream);
  const last = page.at(-1);
  return ok({
    items: read.map(({ stored, entry }) => (entry ? presentEntry(stored, entry, name, names, (section) => knowsSection(actor, allowed.value.plan, section)) : unreadable(stored))),
    next: found.length > page.length && last ? String(last.seq) : null,
    chain: { ok: verdict.ok, entries: verdict.entries, ...(verdict.firstBad === undefined ? {} : { firstBad: verdict.firstBad }) },
    people: actors.map((id) => ({ id, name: name(id) })).sort((a, b) => a.name.localeCompare(b.name, 'en-GB')),
    sealed: sealed ? { entries: sealed.entries, at: sealed.at.toISOString() } : null,
  });
}

/** The entry before which a page ends; the newest page without one. */
export function cursorOf(cursor: string | undefined): Result<number> {
  if (!cursor) return ok(Number.MAX_SAFE_INTEGER);
  return /^[1-9]\d{0,14}$/.test(cursor) ? ok(Number(cursor)) : refuse('bad-request', 'This page of the trail is not known. Start again from the newest.');
}

/** How people are called in trails. */
export const namedBy = (names: ReadonlyMap<string, string>) => (id: string): string => names.get(id) ?? (id === 'system' ? 'The service' : 'Somebody no longer named');

/** What the query lets through. A section that the reader may not read lets nothing through, as one that does not exist would. */
export function filterOf({ person, kind, section, from, to }: AuditQuery, reader: Actor, plan: PlanFacts): Result<EntryFilter | 'nothing'> {
  for (const [field, day] of Object.entries({ from, to })) {
    if (day && !isPlainDate(day)) return refuse('invalid', 'Give days as YYYY-MM-DD.', { problems: [{ field, message: 'Give the day as YYYY-MM-DD' }] });
  }
  if (section) {
    const known = sectionById(section);
    if (!known || !knowsSection(reader, plan, known)) return ok('nothing');
  }
  return ok({
    person: person || undefined, section: section || undefined,
    ...(kind === 'refused' ? { outcome: 'refused' as const } : kind ? { outcome: 'done' as const, actions: actionsOf[kind] } : {}),
    since: from ? startOfDay(from).toISOString() : undefined, until: to ? startOfDay(addDays(to, 1)).toISOString() : undefined,
  });
}

const idsIn = ({ actor, ref }: AuditEntry): string[] =>
  [actor.id, actor.org, ref?.['organisation'], ...String(ref?.['people'] ?? ref?.['person'] ?? '').split(' ')].filter((id): id is string => typeof id === 'string' && id !== '');

function presentEntry(stored: StoredEntry, entry: AuditEntry, name: (id: string) => string, names: ReadonlyMap<string, string>, knows: Knows): AuditItem {
  const { id: section } = sectionFor(entry, knows);
  const { action, ref } = shownFacts(entry, knows);
  const organisation = entry.actor.org === undefined ? undefined : names.get(entry.actor.org);
  return {
    seq: entry.seq,
    at: entry.at,
    action,
    sentence: sentenceOf(entry, name, knows),
    outcome: entry.outcome,
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    actor: {
      id: entry.actor.id,
      name: name(entry.actor.id),
      ...(entry.actor.role === undefined ? {} : { role: entry.actor.role }),
      ...(organisation === undefined ? {} : { organisation }),
    },
    ...(section === undefined ? {} : { section }),
    ...(entry.ref === undefined ? {} : { ref }),
    hash: stored.hash.toString('hex'),
    previousHash: entry.prev,
  };
}

/** Somebody changed the stored entry: the trail says so in its place instead of leaving it out. */
const unreadable = (stored: StoredEntry): AuditItem => ({
  seq: stored.seq, at: '', action: 'unreadable', sentence: 'This entry cannot be read: it is not what was written.', outcome: 'refused',
  actor: { id: 'unknown', name: 'Unknown' }, hash: stored.hash.toString('hex'), previousHash: null,
});
