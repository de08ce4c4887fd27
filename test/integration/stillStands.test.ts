/** What was let in at the door and is no longer right when it is written: another role by now, a session that ended or was locked in between. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { beginSession, tokenHashOf } from '../../server/identity/sessions.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import type { Result } from '../../shared/refusal.ts';
import type { AuditList, PlanView, Review } from '../../shared/wire/plans.ts';
import { joinMeeting } from '../../server/meetings/attendance.ts';
import { createMeeting } from '../../server/meetings/commands.ts';
import { carryOut } from '../../server/meetings/events.ts';
import { eventually } from '../support/eventually.ts';
import { makePlanWorld, must, refusalOf, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
let planId: PlanId;
let tieId: string;
let read: Review;
beforeAll(async () => {
  world = await makePlanWorld();
  planId = await world.completePlan();
  must(await world.call('coordinator', 'post', `/api/plans/${planId}/team`, { body: { organisationId: 'org_surgery', relationship: 'Registered practice', kind: 'registered-practice' } }));
  const { items } = must(await world.call<{ items: { id: string }[] }>('coordinator', 'post', `/api/plans/${planId}/people`, { body: { personId: 'person_outsider', kind: 'member', relationship: 'Second opinion' } }));
  tieId = items[0]?.id ?? '';
  read = must(await world.call<Review>('coordinator', 'post', `/api/plans/${planId}/reviews`));
});
afterAll(() => world.close());

const orders = {
  'a signature': () => ['post', 'versions', { position: read.position, contentHash: read.contentHash, statement: read.statement }],
  'a correction of the identity': () => ['post', 'identity', { givenName: 'Adele', reason: 'Misheard on the telephone' }],
  'an organisation more': () => ['post', 'team', { organisationId: 'org_ambulance', relationship: 'Transport' }],
  'an organisation less': () => ['delete', 'team/org_surgery', undefined],
  'a person more': () => ['post', 'people', { personId: 'person_secondcoordinator', kind: 'member', relationship: 'Holiday cover' }],
  'a person less': () => ['delete', `people/${tieId}`, undefined],
} as const satisfies Record<string, () => readonly [string, string, unknown]>;

const give = async (order: keyof typeof orders, cookieHeader = '') => {
  const [method, path, body] = orders[order]();
  return world.call('coordinator', method, `/api/plans/${planId}/${path}`, { cookieHeader, ...(body === undefined ? {} : { body }) });
};
const query = (sql: string, values: readonly unknown[] = []) => world.base.db.query(sql, values);
/** How often something was refused on the plan, as its trail says. */
const refused = async () => (await world.get<AuditList>('coordinator', `/api/plans/${planId}/audit`)).items.filter(({ outcome }) => outcome === 'refused').length;
/** All that these orders could change. */
const state = async () => JSON.stringify([
  await query('SELECT number FROM versions WHERE plan_id = $1', [planId]), await query('SELECT position FROM plans WHERE id = $1', [planId]),
  await query('SELECT organisation_id, until FROM care_team WHERE plan_id = $1 ORDER BY 1', [planId]), await query('SELECT id, until FROM plan_people WHERE plan_id = $1 ORDER BY 1', [planId]),
]);

describe.each(Object.keys(orders) as (keyof typeof orders)[])('%s', (order) => {
  test('[SE12] HAZ-09 is not done for whoever has another role by now, and that it was tried is recorded', async () => {
    const [before, tried] = [await state(), await refused()];
    await query(`UPDATE people SET role = 'social-worker' WHERE id = 'person_coordinator'`);
    expect(refusalOf(await give(order))).toMatchObject({ code: 'not-allowed', detail: expect.stringMatching(/^Your role (was|or organisation has) changed/) });
    await query(`UPDATE people SET role = 'coordinator' WHERE id = 'person_coordinator'`);
    expect(await state()).toBe(before);
    expect(await refused()).toBe(tried + 1);
  });

  test.each(['ended_at', 'locked_at'])('[SE12] HAZ-09 is not done in a session whose %s stands by now', async (column) => {
    const cookieHeader = (await beginSession(world.base.db, world.deps.random, world.people.coordinator.id, 'http://127.0.0.1')).split(';')[0] ?? '';
    const before = await state();
    await query(`UPDATE sessions SET ${column} = clock_timestamp() WHERE token_hash = $1`, [tokenHashOf(cookieHeader)]);
    expect(refusalOf(await give(order, cookieHeader))?.code).toBe('not-signed-in');
    expect(await state()).toBe(before);
  });
});

test('[SE12] HAZ-09 a role that is taken away while a plan is being signed is taken away after it, and is not waited for by anybody who reads', async () => {
  const cookieHeader = (await beginSession(world.base.db, world.deps.random, world.people.coordinator.id, 'http://127.0.0.1')).split(';')[0] ?? '';
  let demoted: Promise<unknown> = Promise.resolve();
  let whileSigning = '';
  const { text } = world.deps;
  const at = text.contentAt.bind(text);
  // The signature is under way, its checks behind it, when somebody takes the role away.
  Object.assign(text, { contentAt: async (...given: Parameters<typeof at>) => {
    demoted = query(`UPDATE people SET role = 'social-worker' WHERE id = 'person_coordinator'`);
    whileSigning = await eventually(async () => {
      const [row] = await world.base.db.query<{ role: string; waits: boolean }>(`SELECT role,
        EXISTS (SELECT FROM pg_locks WHERE locktype IN ('tuple', 'transactionid') AND NOT granted) AS waits FROM people WHERE id = 'person_coordinator'`);
      if (row?.waits !== true && row?.role === 'coordinator') throw new Error('it neither waits nor is it done');
      return row?.role ?? '';
    });
    return at(...given);
  } });
  expect((await give('a signature', cookieHeader)).ok).toBe(true);
  Object.assign(text, { contentAt: at });
  await demoted;
  expect(whileSigning).toBe('coordinator');
  expect((await world.base.db.query<{ role: string }>(`SELECT role FROM people WHERE id = 'person_coordinator'`))[0]?.role).toBe('social-worker');
  await query(`UPDATE people SET role = 'coordinator' WHERE id = 'person_coordinator'`);
});

test('[SE12] each of these is done for whoever still stands', async () => {
  const cookieHeader = (await beginSession(world.base.db, world.deps.random, world.people.coordinator.id, 'http://127.0.0.1')).split(';')[0] ?? '';
  for (const order of Object.keys(orders) as (keyof typeof orders)[]) {
    if (order === 'a signature') continue;
    expect([order, refusalOf(await give(order, cookieHeader))]).toEqual([order, undefined]);
  }
  expect((must(await world.call<PlanView>('coordinator', 'get', `/api/plans/${planId}`))).id).toBe(planId);
});

describe('what gives access to a plan, and a meeting', () => {
  const begun = async (person: string): Promise<string> => (await beginSession(world.base.db, world.deps.random, person as PersonId, 'http://127.0.0.1')).split(';')[0] ?? '';
  const others = {
    'an emergency access': { who: 'gp', role: 'gp', give: (plan: string, cookieHeader: string) => world.call('gp', 'post', `/api/plans/${plan}/break-glass`, { cookieHeader, body: { reason: 'emergency', note: 'Called to the house, very breathless' } }) },
    'an offline copy': { who: 'coordinator', role: 'coordinator', give: (plan: string, cookieHeader: string) => world.call('coordinator', 'post', `/api/plans/${plan}/offline-copies`, { cookieHeader }) },
    'a meeting': { who: 'coordinator', role: 'coordinator', give: (plan: string, cookieHeader: string) => createMeeting(world.deps, { actor: world.people.coordinator, cookieHeader }, { title: 'MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [plan] }) },
  } as const;
  const made = async (): Promise<string> => JSON.stringify(await query('SELECT (SELECT count(*) FROM break_glass) AS accesses, (SELECT count(*) FROM plan_people) AS ties, (SELECT count(*) FROM offline_copies) AS copies, (SELECT count(*) FROM meetings) AS meetings'));

  test.each(Object.keys(others) as (keyof typeof others)[])('[SE12] HAZ-09 %s is not given in a session that is over by now, nor to another role, and is to whoever still stands', async (name) => {
    const { who, role, give: order } = others[name];
    const plan = (await world.newPlan('coordinator')).id;
    const id = world.people[who].id;
    const [ended, stands] = [await begun(id), await begun(id)];
    await query('UPDATE sessions SET ended_at = clock_timestamp() WHERE token_hash = $1', [tokenHashOf(ended)]);
    const before = await made();
    expect(refusalOf(await order(plan, ended))?.code).toBe('not-signed-in');
    await query(`UPDATE people SET role = 'care-home-nurse' WHERE id = $1`, [id]);
    expect(refusalOf(await order(plan, stands))?.code).toBe('not-allowed');
    await query('UPDATE people SET role = $2 WHERE id = $1', [id, role]);
    expect(await made()).toBe(before);
    expect(refusalOf(await order(plan, stands))).toBeUndefined();
    expect(await made()).not.toBe(before);
  });

  test('[SE12] HAZ-09 no order in a meeting is carried out in a session that is over by now, nor for another role; the same order of whoever still stands is', async () => {
    const plan = (await world.newPlan('coordinator')).id;
    const actor = world.people.coordinator;
    const [ended, stands] = [await begun(actor.id), await begun(actor.id)];
    await query('UPDATE sessions SET ended_at = clock_timestamp() WHERE token_hash = $1', [tokenHashOf(ended)]);
    const made = await createMeeting(world.deps, { actor, cookieHeader: stands }, { title: 'MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [plan] });
    const meetingId = must(made);
    const [item] = await query('SELECT id FROM meeting_items WHERE meeting_id = $1', [meetingId]) as { id: string }[];
    const itemId = item?.id ?? '';
    const orders: readonly (readonly [string, (cookieHeader: string) => Promise<Result<unknown>>])[] = [
      ['join', (cookieHeader) => joinMeeting(world.deps, { actor, cookieHeader }, meetingId, `connection_${cookieHeader.slice(-12)}`)],
      ...([['start', {}], ['goTo', { itemId }], ['raiseHand', { up: true }], ['apologies', { personId: world.people.secondCoordinator.id, sent: true }], ['decide', { itemId, once: 'stands-decide', text: 'Stay at home' }],
        ['act', { itemId, once: 'stands-act', text: 'Ring the pharmacy', ownerId: actor.id, due: '2030-01-01', priority: 'soon' }]] as const)
        .map(([event, more]) => [event, (cookieHeader: string) => carryOut(world.deps, { actor, cookieHeader }, event, { meetingId, ...more } as never)] as const),
    ];
    const stored = async (): Promise<string> => JSON.stringify([
      await query('SELECT status, chair_id, current_item_id, revision FROM meetings WHERE id = $1', [meetingId]), await query('SELECT * FROM meeting_people WHERE meeting_id = $1 ORDER BY person_id', [meetingId]),
      await query('SELECT count(*) FROM meeting_decisions WHERE meeting_id = $1', [meetingId]), await query('SELECT count(*) FROM meeting_actions WHERE meeting_id = $1', [meetingId]), await query('SELECT position FROM plans WHERE id = $1', [plan]),
    ]);
    for (const [event, order] of orders) {
      const before = await stored();
      expect([event, refusalOf(await order(ended))?.code]).toEqual([event, 'not-signed-in']);
      await query(`UPDATE people SET role = 'care-home-nurse' WHERE id = $1`, [actor.id]);
      expect([event, refusalOf(await order(stands))?.code]).toEqual([event, 'not-allowed']);
      await query(`UPDATE people SET role = 'coordinator' WHERE id = $1`, [actor.id]);
      expect([event, await stored()]).toEqual([event, before]);
      expect([event, refusalOf(await order(stands))]).toEqual([event, undefined]);
      expect([event, await stored()]).not.toEqual([event, before]);
    }
  });
});
