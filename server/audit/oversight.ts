/** What a privacy officer looks at first: whether the chains hold, and what of the last day's readings is unusual. Only what concerns their organisation's plans or people. */
import { house, may } from '../../shared/domain/access.ts';
import { bannerName } from '../../shared/domain/names.ts';
import type { AuditEntry, Purpose } from '../../shared/domain/audit.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { limits } from '../../shared/limits.ts';
import { ok, type Result } from '../../shared/refusal.ts';
import type { OversightView } from '../../shared/wire/audit.ts';
import type { Deps } from '../ports.ts';
import { by } from './entries.ts';
import { readEntry } from './entryText.ts';
import { seesPlan } from './kinds.ts';
import { readVerifier } from './note.ts';
import { latestEntries, plansSeen, witnessTimes, type PlanSeen } from './oversightStore.ts';
import { namesOf } from './store.ts';
import { namedBy } from './trail.ts';
import { latestCheckpoint, unsealedCount } from './treeStore.ts';
import { lastWalk, lastWholeWalk } from './walkStore.ts';

type Unusual = OversightView['unusual'][number];

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/** Refusals: not-allowed. */
export async function readOversight(deps: Deps, actor: Actor): Promise<Result<OversightView>> {
  const allowed = may(actor, 'see-privacy-alerts', house);
  const entry = { ...by(actor), action: 'oversee-access' };
  if (!allowed.ok) {
    void deps.recordAccess({ ...entry, outcome: 'refused', reason: allowed.refusal.code }, { soon: true });
    return allowed;
  }
  await deps.recordAccess({ ...entry, outcome: 'done' }, { sameForMs: limits.sameListMs });
  const since = new Date(deps.clock.now().getTime() - dayMs);
  return ok({ log: await logState(deps), unusual: await unusualSince(deps, actor, since), since: since.toISOString() });
}

async function logState({ db, settings }: Deps): Promise<OversightView['log']> {
  const [walk, whole, checkpoint, waiting, times] = [await lastWalk(db), await lastWholeWalk(db), await latestCheckpoint(db), await unsealedCount(db), await witnessTimes(db)];
  return {
    breaks: walk?.breaks ?? 0, found: [...(walk?.found ?? [])], lastWalk: walk?.at.toISOString() ?? null, lastWholeWalk: whole?.at.toISOString() ?? null, walked: walk?.size ?? 0,
    sealedEntries: checkpoint?.size ?? 0, lastSeal: checkpoint?.at.toISOString() ?? null, waiting: Math.max(0, waiting),
    witnesses: settings.witnesses.flatMap(({ key }) => readVerifier(key)?.name ?? []).map((name) => ({ name, lastCosigned: times.get(name)?.toISOString() ?? null })),
  };
}

async function unusualSince({ db }: Deps, actor: Actor, since: Date): Promise<Unusual[]> {
  const from = since.toISOString();
  const recent = (await latestEntries(db, limits.overseenEntriesMax)).flatMap((text) => readEntry(text) ?? []).filter(({ at, actor: { id } }) => at >= from && id !== 'system');
  const plans = await plansSeen(db, [...new Set(recent.flatMap(({ plan }) => plan ?? []))]);
  const own = recent.filter((entry) => entry.actor.org === actor.organisationId || (entry.plan !== undefined && plans.get(entry.plan)?.team.includes(actor.organisationId)));
  const people = new Map<string, AuditEntry[]>();
  for (const entry of own) people.set(entry.actor.id, [...(people.get(entry.actor.id) ?? []), entry]);
  const name = namedBy(await namesOf(db, [...new Set(own.flatMap(({ actor: { id, org } }) => [id, org ?? id]))]));
  return [...people.values()].flatMap((entries) => unusualOf(entries, plans, actor, name)).sort((a, b) => rank[a.kind] - rank[b.kind] || b.count - a.count);
}

const rank: Readonly<Record<Unusual['kind'], number>> = { 'break-glass': 0, 'outside-team': 1, 'many-plans': 2, 'refused': 3 };

/** What is read to look after somebody: not one's own plan, nor what somebody was let in to check. What an emergency opened is told by itself. */
const caring: readonly Purpose[] = ['direct-care', 'emergency-care'];

/** What of one person's day somebody should look at. Entries are theirs alone, oldest first. */
export function unusualOf(entries: readonly AuditEntry[], plans: ReadonlyMap<string, PlanSeen>, reader: Pick<Actor, 'organisationId'>, name: (id: string) => string): Unusual[] {
  const readings = entries.filter(({ outcome, action, plan }) => outcome === 'done' && plan !== undefined && seesPlan(action));
  const emergencies = entries.filter(({ outcome, purpose, action }) => outcome === 'done' && (purpose === 'break-glass' || action === 'break-glass'));
  const outside = readings.filter(({ plan, actor, purpose }) => purpose !== undefined && caring.includes(purpose) && actor.org !== undefined && plans.get(plan ?? '')?.team.includes(actor.org) === false);
  const busiest = busiestHour(readings);
  const refused = entries.filter(({ outcome }) => outcome === 'refused');
  const tell = (kind: Unusual['kind'], own: readonly AuditEntry[], count: number, words: (who: string) => string): Unusual[] => {
    const [first, last] = [own[0], own.at(-1)];
    if (!first || !last) return [];
    const { id, role, org } = first.actor;
    const ids = [...new Set(own.flatMap(({ plan }) => plan ?? []))];
    return [{
      kind, count, first: first.at, last: last.at, sentence: `${words(name(id))}.`,
      person: { id, name: name(id), ...(role === undefined ? {} : { role }), ...(org === undefined ? {} : { organisation: name(org) }) },
      // Whose plan it is, only where the reader's organisation looks after the person too.
      plans: ids.flatMap((planId) => {
        const plan = plans.get(planId);
        return plan?.team.includes(reader.organisationId) ? [{ id: planId, name: bannerName(plan.patient) }] : [];
      }),
    }];
  };
  return [
    ...tell('break-glass', emergencies, emergencies.length, (who) => `${who} used emergency access`),
    ...tell('outside-team', outside, plansIn(outside), (who) => `${who} read ${counted(plansIn(outside), 'plan')} ${outside.every(({ action }) => action === 'urgent-read') ? 'in urgent care' : 'of people whom their organisation has never looked after'}`),
    ...(plansIn(busiest) > limits.plansAnHourUsual ? tell('many-plans', busiest, plansIn(busiest), (who) => `${who} opened ${plansIn(busiest)} plans within an hour`) : []),
    ...tell('refused', refused, refused.length, (who) => `${who} was refused ${counted(refused.length, 'time')}`),
  ];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
const plansIn = (entries: readonly AuditEntry[]): number => new Set(entries.map(({ plan }) => plan)).size;

/** The hour in which the most different plans were read. */
function busiestHour(readings: readonly AuditEntry[]): readonly AuditEntry[] {
  const inHour = new Map<string | undefined, number>();
  let most = { from: 0, to: 0, plans: 0 };
  let from = 0;
  for (const [to, reading] of readings.entries()) {
    inHour.set(reading.plan, (inHour.get(reading.plan) ?? 0) + 1);
    for (let oldest = readings[from]; oldest && Date.parse(reading.at) - Date.parse(oldest.at) >= hourMs; oldest = readings[from]) {
      const left = (inHour.get(oldest.plan) ?? 0) - 1;
      if (left > 0) inHour.set(oldest.plan, left);
      else inHour.delete(oldest.plan);
      from += 1;
    }
    if (inHour.size > most.plans) most = { from, to: to + 1, plans: inHour.size };
  }
  return readings.slice(most.from, most.to);
}
