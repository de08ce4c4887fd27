/** "Who has looked at my plan": every reading and every refused attempt, day by day, in words for the person whose plan it is. */
import { planStream, purposeOf, purposeWords, type AuditEntry } from '../../shared/domain/audit.ts';
import { may } from '../../shared/domain/access.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { isWithheld } from '../../shared/domain/relationship.ts';
import { roleLabels, type Actor, type Role } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, type Result } from '../../shared/refusal.ts';
import type { LookedList } from '../../shared/wire/audit.ts';
import { presentPatient } from '../plans/present.ts';
import { findPlan, type PlanRow } from '../plans/store.ts';
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
  const plan = await planOfLooker(deps, actor, planId, 'read-looked');
  if (!plan.ok) return plan;
  await deps.recordAccess({ ...by(actor), action: 'read-looked', outcome: 'done', plan: planId }, { sameForMs: limits.sameListMs });
  const found = await entriesLike(deps.db, planStream(planId), { actions: looking }, Number.MAX_SAFE_INTEGER, limits.lookedEntriesMax + 1);
  const entries = found.slice(0, limits.lookedEntriesMax).flatMap(({ entry }) => readEntry(entry) ?? []);
  const names = await namesOf(deps.db, [...new Set(entries.flatMap(({ actor: { id, org } }) => [id, org ?? id]))]);
  return ok({
    days: byDay(entries.filter(({ action }) => seesPlan(action)), namedBy(names), deps.settings.namesForPatients, (entry, name) => didOf(entry, actor.role, name, (section) => isWithheld(actor, plan.value, section))),
    patient: presentPatient(plan.value.nhsNumber, plan.value.summary),
    more: found.length > limits.lookedEntriesMax, names: deps.settings.namesForPatients, checkedAt: deps.clock.now().toISOString(),
  });
}

/** The plan for whoever may read, and print, who has looked at it: the person whose plan it is and the privacy officer by a right of their own; the care team, which hands it to them, by its right to the trail. */
export async function planOfLooker(deps: Deps, actor: Actor, planId: PlanId, action: 'read-looked' | 'print'): Promise<Result<PlanRow>> {
  const plan = await findPlan(deps.db, planId);
  if (plan && may(actor, 'see-who-looked', { kind: 'plan', plan }).ok) return ok(plan);
  const allowed = await planFor(deps, actor, planId, 'read-audit', { action });
  return allowed.ok ? ok(allowed.value.plan) : allowed;
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
