/** Group commit by itself, on storage in memory whose answers the test lets through. */
import { expect, jest, test } from '@jest/globals';
import pino from 'pino';
import { Committer } from '../../server/collab/committer.ts';
import type { OpenPlan } from '../../server/collab/openPlan.ts';
import { OpenPlans } from '../../server/collab/openPlans.ts';
import { NotAsDecided, type PlanLog } from '../../server/collab/planLog.ts';
import { systemClock } from '../../server/config/system.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { handClock } from '../support/handClock.ts';
import { direct, memoryLog } from '../support/memoryLog.ts';
import { MemoryTables } from '../support/memoryTables.ts';
import { people } from '../support/provider.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A committer whose shared commits wait until the test lets them through. */
function slowStorage() {
  const tables = new MemoryTables(() => systemClock.now());
  tables.people.set(people.nurse.id, people.nurse);
  const store = memoryLog(tables, direct, systemClock);
  const journeys: { readonly plans: readonly string[]; readonly letThrough: () => void }[] = [];
  const slow = {
    ...store,
    append: async (shares: Parameters<typeof store.append>[0]) => {
      await new Promise<void>((resolve) => void journeys.push({ plans: shares.map(({ head }) => head.id), letThrough: resolve }));
      return store.append(shares);
    },
  };
  const plans = new OpenPlans({ store, clock: systemClock, loaded: () => undefined, opened: () => () => undefined });
  const nothing = (): void => undefined;
  const committer = new Committer({ store: slow, clock: systemClock, log: pino({ level: 'silent' }), committed: nothing, accessChanged: nothing, askWho: async () => undefined, discard: nothing });
  const open = async (name: string): Promise<OpenPlan> => {
    const planId = tables.addPlan(`plan_${name}` as PlanId, ['org_hub'] as OrganisationId[]).id;
    return (await plans.open(planId)) as OpenPlan;
  };
  const recorded: string[] = [];
  const say = async (plan: OpenPlan): Promise<void> => {
    committer.submit(plan, { kind: 'opening', actor: people.nurse, recorded: (ok) => void (ok && recorded.push(plan.id)) });
    await turn();
  };
  return { committer, open, say, journeys, recorded };
}

test('[CO55] two commits of many plans are under way at most: what comes meanwhile goes together with the next, and a plan by itself does not wait for them', async () => {
  const { committer, open, say, journeys, recorded } = slowStorage();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await say(await open(name));
  expect(journeys.map((each) => each.plans)).toEqual([['plan_a'], ['plan_b']]);
  const alone = await open('alone');
  alone.alone = true;
  await say(alone);
  expect(recorded).toEqual(['plan_alone']);
  journeys[1]?.letThrough();
  await turn();
  expect(journeys.slice(2).map((each) => each.plans)).toEqual([['plan_c', 'plan_d', 'plan_e']]);
  for (const { letThrough } of journeys) letThrough();
  await committer.idle();
  expect(recorded.toSorted()).toEqual(['plan_a', 'plan_alone', 'plan_b', 'plan_c', 'plan_d', 'plan_e']);
});

test('[CO60] a thing that is said costs a look at its own plan, not at the hundreds that wait', async () => {
  const { committer, open, say, journeys } = slowStorage();
  const plans: OpenPlan[] = [];
  for (let index = 0; index < 302; index += 1) plans.push(await open(`many${index}`));
  for (const plan of plans) await say(plan);
  expect(journeys).toHaveLength(2);
  let looks = 0;
  for (const plan of plans) {
    const { alone } = plan;
    Object.defineProperty(plan, 'alone', { get: () => { looks += 1; return alone; }, set: () => { } });
  }
  for (let times = 0; times < 100; times += 1) committer.submit(plans[150 + times] as OpenPlan, { kind: 'opening', actor: people.nurse, recorded: () => undefined });
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThanOrEqual(200);
  for (let through = 0; through < journeys.length; through += 1) {
    journeys[through]?.letThrough();
    await turn();
  }
  await committer.idle();
  expect(plans.flatMap(({ waiting }) => waiting)).toEqual([]);
});

test('[CO65] what is refused again and again because somebody is not who they were is not tried without a pause, and stands in the end', async () => {
  const clock = handClock();
  const tables = new MemoryTables(() => clock.now());
  tables.people.set(people.nurse.id, people.nurse);
  const store = memoryLog(tables, direct, clock);
  let [tries, refusing] = [0, true];
  const hold: PlanLog['hold'] = async (planId, work) => {
    tries += 1;
    if (refusing) throw new NotAsDecided();
    return store.hold(planId, work);
  };
  const plans = new OpenPlans({ store, clock, loaded: () => undefined, opened: () => () => undefined });
  const nothing = (): void => undefined;
  const discard = jest.fn();
  const committer = new Committer({ store: { ...store, hold }, clock, log: pino({ level: 'silent' }), committed: nothing, accessChanged: nothing, askWho: async () => undefined, discard });
  const plan = (await plans.open(tables.addPlan('plan_refused' as PlanId, ['org_hub'] as OrganisationId[]).id)) as OpenPlan;
  plan.alone = true;
  let recorded = 0;
  const say = async (): Promise<void> => {
    committer.submit(plan, { kind: 'opening', actor: people.nurse, recorded: (ok) => { recorded += ok ? 1 : 0; } });
    for (let turns = 0; turns < 20; turns += 1) await turn();
  };
  for (let said = 0; said < 10; said += 1) await say();
  expect(tries).toBe(2);
  clock.pass(50);
  await say();
  expect([tries, recorded, discard.mock.calls.length]).toEqual([3, 0, 0]);
  refusing = false;
  clock.pass(50);
  await say();
  expect([tries, recorded]).toEqual([4, 12]);
  clock.pass(50);
  await say();
  expect(recorded).toBe(13);
});
