/** What was refused, and what was read by way of a meeting, stands in the trail of the plan that it was about. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { meaningOfSigning } from '../../shared/domain/signOff.ts';
import type { PlanId } from '../../shared/ids.ts';
import { meetingState } from '../../shared/wire/meetings.ts';
import type { AuditItem, AuditList } from '../../shared/wire/plans.ts';
import { startApp, type Api, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { makePlanWorld, refusalOf, type PlanWorld } from '../support/planWorld.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { makePlan, people, settlePeople, socketTo, startNode, type Node, type PersonName } from '../support/provider.ts';

let world: PlanWorld;
let planId: PlanId;
beforeAll(async () => {
  world = await makePlanWorld();
  planId = await world.completePlan();
  await world.sign(planId);
});
afterAll(() => world.close());

const newest = async (): Promise<AuditItem | undefined> => (await world.get<AuditList>('coordinator', `/api/plans/${planId}/audit`)).items[0];
const body = { statement: meaningOfSigning, position: 1, contentHash: 'a'.repeat(64) };
const addresses = [
  ['get', '', 'open-plan', undefined], ['get', '/content', 'read-draft', undefined], ['get', '/identity', 'read-draft', undefined], ['get', '/versions', 'list-versions', undefined], ['get', '/versions/1', 'read-version', undefined],
  ['get', '/compare?from=1&to=draft', 'compare-versions', undefined], ['post', '/reviews', 'review-plan', undefined], ['post', '/versions', 'sign-version', body],
  ['post', '/team', 'add-to-team', { organisationId: 'org_elsewhere', relationship: 'Practice' }], ['delete', '/team/org_hub', 'remove-from-team', undefined],
  ['post', '/identity', 'correct-identity', { familyName: 'Other', reason: 'Because I say so.' }],
] as const;
const ask = (who: 'outsider' | 'privacyOfficer' | 'coordinator', plan: string, method: string, address: string, sent?: object) => {
  const [path = '', query] = address.split('?');
  return world.call(who, method, `/api/plans/${plan}${path}`, { ...(query ? { query: Object.fromEntries(new URLSearchParams(query)) } : {}), ...(sent ? { body: sent } : {}) });
};

describe('what is refused', () => {
  test.each(addresses)('[AU10] HAZ-10 HAZ-27 an outsider’s %s %s is in the trail and answered as if there were no plan', async (method, address, action, sent) => {
    const refusal = refusalOf(await ask('outsider', planId, method, address, sent));
    expect(refusal).toEqual(refusalOf(await ask('outsider', 'plan_nobody0000', method, address, sent)));
    expect(refusal?.code).toBe('not-found');
    expect(await newest()).toMatchObject({ action, outcome: 'refused', reason: 'not-found', actor: { id: 'person_outsider' } });
    expect((await newest())?.sentence).toMatch(/^Someone outsider was refused .+: there is no such thing for them\.$/);
  });

  test.each(addresses.filter(([, address]) => address !== ''))('[AU10] HAZ-27 a privacy officer’s %s %s is in the trail', async (method, address, action, sent) => {
    expect(refusalOf(await ask('privacyOfficer', planId, method, address, sent))?.code).toBe('not-allowed');
    expect(await newest()).toMatchObject({ action, outcome: 'refused', reason: 'not-allowed', actor: { id: 'person_privacyofficer' } });
  });

  test('[AU10] HAZ-27 a change of the care team that cannot be is in the trail', async () => {
    expect(refusalOf(await ask('coordinator', planId, 'delete', '/team/org_hub'))?.code).toBe('conflict');
    expect(await newest()).toMatchObject({ action: 'remove-from-team', outcome: 'refused', reason: 'conflict' });
    expect(refusalOf(await ask('coordinator', planId, 'post', '/team', { organisationId: 'org_none', relationship: 'Practice' }))?.code).toBe('invalid');
    expect(await newest()).toMatchObject({ action: 'add-to-team', outcome: 'refused', reason: 'invalid' });
  });

  test('[AU10] HAZ-10 a refusal that cannot be recorded is the same refusal', async () => {
    await world.base.asAdministrator('REVOKE INSERT ON audit_entries FROM accord_service');
    try {
      expect(refusalOf(await ask('outsider', planId, 'get', '/content'))).toEqual(refusalOf(await ask('outsider', 'plan_nobody0000', 'get', '/content')));
    } finally {
      await world.base.asAdministrator('GRANT INSERT ON audit_entries TO accord_service');
    }
  });
});

describe('on the live connection', () => {
  let base: TestDatabase;
  let node: Node;
  beforeAll(async () => {
    base = await makeDatabase();
    await settlePeople(base.db);
    node = await startNode(base.db);
  });
  afterAll(async () => {
    await node.stop();
    await base.drop();
  });

  interface Told { readonly action: string; readonly outcome: string; readonly section?: string; readonly reason?: string; readonly actor: { readonly id: string } }
  const trailOf = async (plan: PlanId): Promise<Told[]> =>
    (await base.db.query<{ entry: string }>('SELECT entry FROM audit_entries WHERE stream = $1 ORDER BY seq', [`plan:${plan}`])).map(({ entry }) => JSON.parse(entry) as Told);

  test.each([
    ['a plan of others', 'outsider', '', { action: 'open-plan' }],
    ['a section hidden from the person', 'home', '/keysafe', { action: 'open-section', section: 'keysafe' }],
    ['a section that there is not', 'coordinator', '/nothing', { action: 'open-section' }],
  ] as const)('[AU11] HAZ-10 HAZ-27 %s is recorded as refused, never as opened', async (_name, who, address, told) => {
    const plan = await makePlan(base.db);
    const socket = socketTo(node, `/${plan}${address}`, who as PersonName);
    expect(await socket.closed()).toBe(4404);
    await eventually(async () => expect(await trailOf(plan)).toHaveLength(1));
    const [entry] = await trailOf(plan);
    expect(entry).toMatchObject({ ...told, outcome: 'refused', reason: 'not-found', actor: { id: people[who as PersonName].id } });
    expect(entry?.section).toBe('section' in told ? told.section : undefined);
  });

  test('[AU11] HAZ-10 a hidden section asked for on the socket that carries them all is recorded as refused', async () => {
    const plan = await makePlan(base.db);
    const socket = socketTo(node, `/${plan}`, 'home' as PersonName);
    await socket.opened();
    socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) }, 'keysafe');
    expect(await socket.closed()).toBe(4404);
    await eventually(async () => expect((await trailOf(plan)).map(({ action, outcome, section }) => [action, outcome, section])).toEqual([['open-plan', 'done', undefined], ['open-section', 'refused', 'keysafe']]));
  });
});

describe('by way of a meeting', () => {
  let app: TestApp;
  let gp: Api, nurse: Api;
  const plans: string[] = [];
  beforeAll(async () => {
    app = await startApp();
    const [osei, reid] = [await app.person('osei', 'gp', { organisationId: 'org_elm', senior: true }), await app.person('reid', 'community-nurse', { organisationId: 'org_trust' })];
    [gp, nurse] = [app.api(await app.signIn(osei.id)), app.api(await app.signIn(reid.id))];
    for (const nhsNumber of ['9990000018', '9990001006']) {
      plans.push(String((await gp.post('/api/plans', { patient: { nhsNumber, familyName: 'Walker', givenName: 'Margaret', birthDate: '1941-06-05' } })).body['id']));
    }
    await app.db.query(`INSERT INTO care_team (plan_id, organisation_id, relationship) VALUES ($1, 'org_trust', 'Care')`, [plans[0]]);
  });
  afterAll(() => app.close());

  test('[AU12] HAZ-27 reading a meeting and its minutes is in the trail of each plan shown, and of no other', async () => {
    const { id } = meetingState.parse((await gp.post('/api/meetings', { title: 'Elm MDT', startsAt: new Date(Date.now() + 3_600_000).toISOString(), planIds: plans })).body);
    const readings = async (plan: string | undefined) => (await app.db.query<{ entry: string }>('SELECT entry FROM audit_entries WHERE stream = $1 ORDER BY seq', [`plan:${plan}`]))
      .map(({ entry }) => JSON.parse(entry) as { action: string; actor: { id: string }; ref?: Record<string, unknown> }).filter(({ action }) => action.startsWith('read-')).map(({ action, actor, ref }) => [action, actor.id, ref?.['meeting']]);
    await nurse.get(`/api/meetings/${id}`);
    await nurse.get(`/api/meetings/${id}/minutes`);
    const [shown, hidden] = [await readings(plans[0]), await readings(plans[1])];
    const nurseId = shown.at(-1)?.[1];
    expect(shown.slice(1)).toEqual([['read-meeting', nurseId, id], ['read-minutes', nurseId, id]]);
    expect(nurseId).not.toBe(shown[0]?.[1]);
    expect(hidden).toEqual([['read-meeting', shown[0]?.[1], id]]);
  });
});
