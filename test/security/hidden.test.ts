/** Attempts to learn of what is hidden: another organisation's ids in every route, a route for everyone who may not, and the answers compared to the letter. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Answer } from '../support/app.ts';
import { makeAttackStand, type AttackStand, type Who } from '../support/attackStand.ts';

const description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
interface Described {
  readonly method: string;
  readonly path: string;
}
/** A body that each of these routes would read; what is not here needs none. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST /api/plans/{planId}/team': { organisationId: 'org_ambulance', relationship: 'Anything' },
  'POST /api/plans/{planId}/identity': { familyName: 'Other', reason: 'A reason of some length' },
  'POST /api/plans/{planId}/versions': { position: 1, contentHash: 'a'.repeat(64), statement: 'I sign' },
  'POST /api/plans/{planId}/looked': { position: 1 },
  'POST /api/plans/{planId}/people': { personId: 'person_gp-one', kind: 'member', relationship: 'Anything' },
  'POST /api/plans/{planId}/prints': { what: 'signed-version', version: 1 },
  'POST /api/plans/{planId}/practice': { colleagues: 1 },
  'POST /api/meetings/{meetingId}/practice': { colleagues: 1 },
};
/** What some routes want to be asked for, by the end of their path. */
const queries: Readonly<Record<string, string>> = { history: '?section=identity&field=preferredName', compare: '?from=1&to=draft', changes: '?after=0' };

let stand: AttackStand;
let routes: readonly Described[];
/** Ids of things that there are, and of things that there are not, of the same kind and length. */
let real: Readonly<Record<string, string>>;
let unknown: Readonly<Record<string, string>>;
beforeAll(async () => {
  stand = await makeAttackStand();
  const { paths } = description.parse((await stand.app.api().get('/api/openapi.json')).body);
  routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path }))).filter(({ path }) => path.includes('{'));
  const made = await stand.as('coordinator').post('/api/meetings', { title: 'Elm MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [stand.planId] });
  const copy = await stand.as('coordinator').post(`/api/plans/${stand.planId}/offline-copies`);
  expect([made.status, copy.status]).toEqual([201, 201]);
  real = { planId: stand.planId, meetingId: String(made.body['id']), copyId: String(copy.body['id']), organisationId: 'org_hub', number: '1', nhsNumber: '9990000018' };
  const other = (id: string): string => id.replace(/_.*/, (rest) => `_${'z'.repeat(rest.length - 1)}`);
  unknown = { ...real, planId: other(stand.planId), meetingId: other(real['meetingId'] ?? ''), copyId: other(real['copyId'] ?? '') };
});
afterAll(() => stand.close());

const ids = ['planId', 'meetingId', 'copyId'];
const filled = (path: string, values: Readonly<Record<string, string>>): string => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'x');
const ask = (who: Who, { method, path }: Described, values: Readonly<Record<string, string>>): Promise<Answer> =>
  stand.as(who).send(method as 'POST', filled(path, values) + (method === 'GET' ? queries[path.split('/').at(-1) ?? ''] ?? '' : ''), bodies[`${method} ${path}`]);
/** What of an answer could tell one from the other. */
const seen = ({ status, headers, body }: Answer): unknown => ({
  status, body, headers: [...headers].filter(([name]) => !['date', 'x-request-id', 'ratelimit', 'ratelimit-policy', 'etag'].includes(name)),
});

describe('another organisation’s', () => {
  test('the list of routes is the service’s own, and long', () => {
    expect(routes.filter(({ path }) => ids.some((id) => path.includes(`{${id}}`))).length).toBeGreaterThan(20);
    for (const key of Object.keys(bodies)) expect(routes.map(({ method, path }) => `${method} ${path}`)).toContain(key);
  });

  test.each(['outsider', 'stranger', 'paramedic'] as const)('[WH10] A62 to %s every route answers for what is not theirs as for what does not exist, to the letter', async (who) => {
    for (const route of routes) {
      if (!ids.some((id) => route.path.includes(`{${id}}`))) continue;
      // To open in an emergency what is not theirs is what this is for: tried where emergencies are.
      if (`${route.method} ${route.path}` === 'POST /api/plans/{planId}/break-glass') continue;
      const [there, nowhere] = [await ask(who, route, real), await ask(who, route, unknown)];
      expect([route.method, route.path, seen(there)]).toEqual([route.method, route.path, seen(nowhere)]);
      // Handing back and ending is done however often it is said, and one's own access may be none; that nothing was done to another's is seen below.
      if (['DELETE /api/offline-copies/{copyId}', 'GET /api/plans/{planId}/break-glass', 'DELETE /api/plans/{planId}/break-glass'].includes(`${route.method} ${route.path}`)) continue;
      expect([route.method, route.path, [403, 404].includes(there.status)]).toEqual([route.method, route.path, true]);
      if (who !== 'paramedic') expect([route.method, route.path, there.status]).toEqual([route.method, route.path, 404]);
    }
  });

  test('[WH10] A62 somebody of the team finds what the others did not: the ids were good', async () => {
    const found = await Promise.all([`/api/plans/${real['planId']}`, `/api/meetings/${real['meetingId']}`, `/api/offline-copies/${real['copyId']}/key`].map((path) => stand.as('coordinator').get(path)));
    expect(found.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('[WH10] A62 what was tried stands in the trail as denied, by whom and what', async () => {
    const trail = await stand.as('coordinator').get(`/api/plans/${stand.planId}/audit`);
    const items = trail.body['items'] as readonly { outcome: string; actor: { id: string }; reason?: string }[];
    for (const who of ['outsider', 'stranger', 'paramedic'] as const) expect(items.some(({ outcome, actor, reason }) => outcome === 'refused' && actor.id === stand.people[who].id && reason === 'not-found')).toBe(true);
  });

  test('[WH10] A70 the same on sockets: the close and not a byte before it', async () => {
    for (const who of ['outsider', 'stranger', 'paramedic', 'privacy'] as const) {
      for (const rest of ['', '/identity', '/keysafe', '/nosuchsection']) {
        const [there, nowhere] = [stand.socket(`/${real['planId']}${rest}`, who), stand.socket(`/${unknown['planId']}${rest}`, who)];
        expect([await there.closed(), await nowhere.closed(), there.frames, nowhere.frames]).toEqual([4404, 4404, [], []]);
      }
    }
    // A section that is hidden, and one that there is not.
    for (const section of ['keysafe', 'nosuchsection']) {
      const socket = stand.socket(`/${real['planId']}/${section}`, 'home');
      expect([await socket.closed(), socket.frames]).toEqual([4404, []]);
    }
  });

  test('[WH10] A70 a hidden section and one that does not exist are answered alike in the history too', async () => {
    const ask = (section: string): Promise<Answer> => stand.as('home').get(`/api/plans/${stand.planId}/history?section=${section}&field=keySafeCode`);
    expect(seen(await ask('keysafe'))).toEqual(seen(await ask('nosuchsection')));
  });

  test('[WH10] A70 an NHS number that nobody has and one whose plan was never signed are answered alike, and no search finds another’s patient', async () => {
    const plan = await stand.as('coordinator').get(`/api/plans/${stand.planId}`);
    const { nhsNumber } = plan.body['patient'] as { nhsNumber: string };
    const [there, nowhere] = [await stand.as('paramedic').get(`/api/urgent/${nhsNumber}`), await stand.as('paramedic').get('/api/urgent/9990000018')];
    expect(seen(there)).toEqual(seen(nowhere));
    for (const who of ['coordinator', 'outsider'] as const) {
      const lists = await Promise.all([nhsNumber, 'Testwell', 'Ada', '%', '', 'nobody'].map((word) => stand.as(who).get(`/api/plans?query=${encodeURIComponent(word)}`)));
      const found = lists.map(({ body }) => (body['items'] as unknown[]).length > 0);
      expect([who, found]).toEqual([who, who === 'coordinator' ? [true, true, true, false, true, false] : [false, false, false, false, false, false]]);
    }
    // An organisation that is told of a plan is told that there is one, never whose or which.
    const taken = await stand.as('outsider').post('/api/plans', { patient: { nhsNumber, familyName: 'Testwell', givenName: 'Ada', birthDate: '1941-06-05' } });
    expect(taken.status).toBe(409);
    expect(JSON.stringify(taken.body)).not.toMatch(/plan_|Testwell|org_/);
  });
});
