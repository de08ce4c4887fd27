/** "Who has looked at my plan": every reading and every refused attempt, day by day, in words for the person whose plan it is. */
import { planStream, purposeOf, purposeWords, type AuditEntry } from '../../shared/domain/audit.ts';
import { knowsSection } from '../../shared/domain/access.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { roleLabels, type Actor, type Role } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, type Result } from '../../shared/refusal.ts';
import type { LookedList } from '../../shared/wire/audit.ts';
import { presentPatient } from '../plans/present.ts';
import type { Deps } from '../ports.ts';
import { by } from './entries.ts';
import { readEntry } from './entryText.ts';
import { actionsOf, seesPlan } from './kinds.ts';
import { planFor } from './refusals.ts';
import { didOf } from './sentences.ts';
import { entriesLike, namesOf } from './store.ts';
import { namedBy } from './trail.ts';

type Day = LookedList['days'][number];
type Looker = Day['people'][number];

const looking: readonly string[] = [...new Set([...actionsOf.looked, ...actionsOf.offline])];

/** Refusals: not-found, not-allowed. */
export async function whoHasLooked(deps: Deps, actor: Actor, planId: PlanId): Promise<Result<LookedList>> {
  const seen = await planFor(deps, actor, planId, 'see-who-looked', { action: 'read-looked' });
  if (!seen.ok) return seen;
  const { plan } = seen.value;
  await deps.recordAccess({ ...by(actor), action: 'read-looked', outcome: 'done', plan: planId }, { sameForMs: limits.sameListMs });
  const found = await entriesLike(deps.db, planStream(planId), { actions: looking }, Number.MAX_SAFE_INTEGER, limits.lookedEntriesMax + 1);
  const entries = found.slice(0, limits.lookedEntriesMax).flatMap(({ entry }) => readEntry(entry) ?? []);
  const names = await namesOf(deps.db, [...new Set(entries.flatMap(({ actor: { id, org } }) => [id, org ?? id]))]);
  return ok({
    days: byDay(entries.filter(({ action }) => seesPlan(action)), namedBy(names), deps.settings.namesForPatients, (entry, name) => didOf(entry, name, (section) => knowsSection(actor, plan, section))),
    patient: presentPatient(plan.nhsNumber, plan.summary),
    more: found.length > limits.lookedEntriesMax, names: deps.settings.namesForPatients, checkedAt: deps.clock.now().toISOString(),
  });
}

type Telling = (entry: AuditEntry, name: (id: string) => string) => string;

function byDay(entries: readonly AuditEntry[], name: (id: string) => string, named: boolean, tell: Telling): Day[] {
  const days = new Map<string, Map<string, Looker>>();
  for (const entry of entries) {
    const day = londonDate(new Date(entry.at));
    const people = days.get(day) ?? new Map<string, Looker>();
    days.set(day, people);
    // Who was refused is told apart from who has seen something.
    const key = `${entry.actor.id} ${entry.actor.role ?? ''} ${entry.outcome}`;
    const before = people.get(key);
    const did = tell(entry, name);
    if (before) people.set(key, { ...before, times: [...before.times, entry.at], did: before.did.includes(did) ? before.did : [...before.did, did] });
    else people.set(key, { ...(named ? { name: name(entry.actor.id) } : {}), ...roleOf(entry, name), why: whyOf(entry), times: [entry.at], did: [did], refused: entry.outcome === 'refused' });
  }
  return [...days].map(([day, people]) => ({ day, people: [...people.values()] }));
}

function roleOf({ actor: { id, role, org } }: AuditEntry, name: (id: string) => string): Pick<Looker, 'role' | 'organisation'> {
  return { role: role === undefined ? (id === 'system' ? 'The service itself' : 'Somebody') : (roleLabels[role as Role] ?? role), organisation: org === undefined ? '' : name(org) };
}

function whyOf({ purpose, actor: { role } }: AuditEntry): string {
  const why = purpose ?? purposeOf(role);
  return why === undefined ? 'running the service' : purposeWords[why];
}
