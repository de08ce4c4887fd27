/** Plans taken offline, the service's side: who may, what is recorded, what its half of a key is given for, and how a copy ends. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { limits } from '../../shared/limits.ts';
import { copyKey, offlineCopies, takenOffline } from '../../shared/wire/offline.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { sessionNameOf } from '../../server/identity/sessions.ts';
import { forgetOldSecrets } from '../../server/offline/store.ts';
import { startApp, type Answer, type TestApp } from '../support/app.ts';

let app: TestApp;
let cookies: Record<'nurse' | 'doctor' | 'officer' | 'stranger', string>;
let count = 0;

beforeAll(async () => {
  app = await startApp();
  await app.person('nurse', 'community-nurse');
  await app.person('doctor', 'gp');
  await app.person('officer', 'privacy-officer');
  await app.person('stranger', 'gp', { organisationId: 'org_elsewhere' });
  cookies = { nurse: await app.signIn('person_nurse'), doctor: await app.signIn('person_doctor'), officer: await app.signIn('person_officer'), stranger: await app.signIn('person_stranger') };
});
afterAll(() => app.close());

async function newPlan(): Promise<string> {
  count += 1;
  const nhsNumber = makeNhsNumber(String(999_500_000 + count * 7)) ?? makeNhsNumber(String(999_500_001 + count * 7));
  const made = await app.api(cookies.doctor).post('/api/plans', { patient: { nhsNumber, familyName: 'Brook', givenName: 'Ida', birthDate: '1938-02-28' } });
  expect(made.status).toBe(201);
  return String(made.body['id']);
}
const take = (cookie: string, planId: string): Promise<Answer> => app.api(cookie).post(`/api/plans/${planId}/offline-copies`);
const taken = async (cookie: string, planId: string) => takenOffline.parse((await take(cookie, planId)).body);
const key = (cookie: string, id: string): Promise<Answer> => app.api(cookie).get(`/api/offline-copies/${id}/key`);
const stateOf = async (cookie: string, id: string): Promise<string | undefined> =>
  offlineCopies.parse((await app.api(cookie).get('/api/offline-copies')).body).items.find((copy) => copy.id === id)?.state;
const trail = async (planId: string): Promise<readonly { action: string; outcome: string; sentence: string }[]> =>
  (await app.api(cookies.doctor).get(`/api/plans/${planId}/audit`)).body['items'] as { action: string; outcome: string; sentence: string }[];

describe('taking a plan offline', () => {
  test('[OF1] HAZ-15 is recorded in the plan’s trail and answered with its time and the position it starts from', async () => {
    const planId = await newPlan();
    const answer = await take(cookies.nurse, planId);
    expect(answer.status).toBe(201);
    const copy = takenOffline.parse(answer.body);
    expect(copy).toMatchObject({ lifeMs: 12 * 60 * 60 * 1000, position: 1 });
    expect(Math.abs(Date.parse(copy.until) - Date.now() - copy.lifeMs)).toBeLessThan(10 * 60_000);
    expect((await trail(planId))[0]).toMatchObject({ action: 'take-offline', outcome: 'done', sentence: 'Person nurse took the plan offline for a visit.' });
  });

  test('[OF1] is refused to whoever may write nothing of it, recorded, and to strangers as if there were no such plan', async () => {
    const planId = await newPlan();
    expect(await take(cookies.officer, planId)).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await take(cookies.stranger, planId)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await take('', planId)).toMatchObject({ status: 401 });
    const refusals = (await trail(planId)).filter(({ action }) => action === 'take-offline');
    expect(refusals.map(({ outcome, sentence }) => [outcome, sentence])).toEqual([
      ['refused', 'Person stranger was refused taking the plan offline: there is no such thing for them.'],
      ['refused', 'Person officer was refused taking the plan offline: the role may not do this.'],
    ]);
    expect(await app.db.query('SELECT id FROM offline_copies WHERE plan_id = $1', [planId])).toEqual([]);
  });

  test('[OF2] the secret is kept by the service: neither the taking nor what is remembered of it for a repeated call holds it', async () => {
    const planId = await newPlan();
    const once = { 'Idempotency-Key': 'taken-once' };
    const first = await app.api(cookies.nurse).post(`/api/plans/${planId}/offline-copies`, undefined, once);
    const again = await app.api(cookies.nurse).post(`/api/plans/${planId}/offline-copies`, undefined, once);
    expect(again.body).toEqual(first.body);
    const [row] = await app.db.query<{ secret: Buffer; session: string }>(`SELECT secret, encode(session_hash, 'hex') AS session FROM offline_copies WHERE plan_id = $1`, [planId]);
    expect(row?.secret).toHaveLength(32);
    expect(row?.session).toBe(sessionNameOf(cookies.nurse));
    const given = copyKey.parse((await key(cookies.nurse, String(first.body['id']))).body);
    for (const part of [given.plan, given.words]) expect(JSON.stringify(await app.db.query('SELECT answer FROM idempotency_keys'))).not.toContain(part);
    expect(given.plan).not.toBe(given.words);
    expect([row?.secret.toString('base64url')]).not.toContain(given.plan);
  });

  test('[HT5] [NK4] an answer that was kept is not given again to whoever may not know of the plan by now', async () => {
    const planId = await newPlan();
    const once = { 'Idempotency-Key': 'no-longer-theirs' };
    const order = { personId: 'person_nobody-at-all', kind: 'member', relationship: 'Second opinion' };
    const call = () => app.api(cookies.nurse).post(`/api/plans/${planId}/offline-copies`, undefined, once);
    const first = await call();
    expect([first.status, (await call()).status]).toEqual([201, 201]);
    await app.db.query('UPDATE care_team SET until = clock_timestamp() WHERE plan_id = $1', [planId]);
    const gone = await call();
    expect(gone).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect({ ...gone.body, requestId: 0, instance: 0 }).toEqual({ ...(await app.api(cookies.nurse).post(`/api/plans/${planId}/people`, order)).body, requestId: 0, instance: 0 });
    await app.db.query('UPDATE care_team SET until = NULL WHERE plan_id = $1', [planId]);
    expect((await call()).body).toEqual(first.body);
  });

  test('[OF4] stops at the limit for one person, and goes on when one was handed back', async () => {
    const planId = await newPlan();
    await app.person('visitor', 'community-nurse');
    const cookie = await app.signIn('person_visitor');
    const first = await taken(cookie, planId);
    for (let copies = 1; copies < limits.offlineCopiesMax; copies += 1) await taken(cookie, planId);
    expect(await take(cookie, planId)).toMatchObject({ status: 429, body: { detail: 'You hold 12 plans offline. Hand one back first.' } });
    expect((await app.api(cookie).send('DELETE', `/api/offline-copies/${first.id}`)).status).toBe(204);
    expect((await take(cookie, planId)).status).toBe(201);
  });
});

describe('the service’s half of the key', () => {
  test('[OF2] HAZ-11 is given to the person who took the copy, the same each time, recorded each time, and to nobody else', async () => {
    const planId = await newPlan();
    const copy = await taken(cookies.nurse, planId);
    const one = copyKey.parse((await key(cookies.nurse, copy.id)).body);
    expect(one.plan).toMatch(/^[\w-]{43}$/);
    expect(copyKey.parse((await key(cookies.nurse, copy.id)).body)).toEqual(one);
    expect((await key(cookies.doctor, copy.id)).status).toBe(404);
    expect((await key('', copy.id)).status).toBe(401);
    expect(await stateOf(cookies.doctor, copy.id)).toBeUndefined();
    expect((await trail(planId)).filter(({ action }) => action === 'unlock-offline').map(({ sentence }) => sentence))
      .toEqual(Array.from({ length: 2 }, () => 'Person nurse was given the key to an offline copy of the plan.'));
    expect((await key(cookies.nurse, 'copy_0000000000000000')).status).toBe(404);
    expect((await key(cookies.nurse, 'plan_x')).status).toBe(404);
  });

  test('[OF3] [OF4] handing back ends the copy for good: recorded once, the secret forgotten, a repeated hand-back harmless', async () => {
    const planId = await newPlan();
    const copy = await taken(cookies.nurse, planId);
    // Somebody else’s order ends nothing.
    expect((await app.api(cookies.doctor).send('DELETE', `/api/offline-copies/${copy.id}`)).status).toBe(204);
    expect(await stateOf(cookies.nurse, copy.id)).toBe('held');
    for (const _ of [1, 2]) expect((await app.api(cookies.nurse).send('DELETE', `/api/offline-copies/${copy.id}`)).status).toBe(204);
    expect(await stateOf(cookies.nurse, copy.id)).toBeUndefined();
    expect((await key(cookies.nurse, copy.id)).status).toBe(404);
    expect(await app.db.query('SELECT secret FROM offline_copies WHERE id = $1 AND returned_at IS NOT NULL', [copy.id])).toEqual([{ secret: null }]);
    expect((await trail(planId)).filter(({ action }) => action === 'hand-back-offline')).toHaveLength(1);
  });
});

describe('how a copy ends', () => {
  test('[OF3] with the sign-out of the sign-in it was taken under; another sign-in of the person is told and gets the key for their own words only', async () => {
    const planId = await newPlan();
    await app.person('leaver', 'community-nurse');
    const [cookie, later] = [await app.signIn('person_leaver'), await app.signIn('person_leaver')];
    const copy = await taken(cookie, planId);
    const { words } = copyKey.parse((await key(cookie, copy.id)).body);
    expect(await stateOf(later, copy.id)).toBe('held');
    await app.api(cookie).send('DELETE', '/api/session');
    expect(await stateOf(later, copy.id)).toBe('signed-out');
    expect((await key(later, copy.id)).body).toEqual({ plan: null, words });
    expect((await trail(planId))[0]?.sentence).toBe('Person leaver was given the key to what they wrote in an offline copy.');
  });

  test('[OF3] a sign-in that ran out by itself does not end it', async () => {
    const planId = await newPlan();
    await app.person('late', 'community-nurse');
    const cookie = await app.signIn('person_late');
    const copy = await taken(cookie, planId);
    await app.db.query(`UPDATE sessions SET expires_at = clock_timestamp() - interval '1 minute' WHERE person_id = 'person_late'`);
    expect((await app.api(cookie).get('/api/offline-copies')).status).toBe(401);
    const later = await app.signIn('person_late');
    expect(await stateOf(later, copy.id)).toBe('held');
    expect(copyKey.parse((await key(later, copy.id)).body).plan).not.toBeNull();
  });

  test('[OF3] HAZ-11 with the plan: whoever lost it is told, and gets no key to it', async () => {
    const planId = await newPlan();
    await app.person('helper', 'community-nurse', { organisationId: 'org_two' });
    expect((await app.api(cookies.doctor).post(`/api/plans/${planId}/team`, { organisationId: 'org_two', relationship: 'Nursing at home' })).status).toBe(201);
    const cookie = await app.signIn('person_helper');
    const copy = await taken(cookie, planId);
    expect(await stateOf(cookie, copy.id)).toBe('held');
    expect((await app.api(cookies.doctor).send('DELETE', `/api/plans/${planId}/team/org_two`)).status).toBe(200);
    expect(await stateOf(cookie, copy.id)).toBe('no-access');
    expect((await key(cookie, copy.id)).body).toMatchObject({ plan: null });
  });

  test('[OF3] [OF4] HAZ-15 after twelve hours it is over; a week later the secret is forgotten', async () => {
    const planId = await newPlan();
    const copy = await taken(cookies.nurse, planId);
    await app.db.query(`UPDATE offline_copies SET until = clock_timestamp() - interval '1 second' WHERE id = $1`, [copy.id]);
    expect(await stateOf(cookies.nurse, copy.id)).toBe('over');
    expect((await key(cookies.nurse, copy.id)).body).toMatchObject({ plan: null, words: expect.any(String) });
    await forgetOldSecrets(app.db);
    expect((await key(cookies.nurse, copy.id)).status).toBe(200);
    await app.db.query(`UPDATE offline_copies SET until = until - $2 * interval '1 millisecond' WHERE id = $1`, [copy.id, limits.offlineWordsKeptMs]);
    await forgetOldSecrets(app.db);
    expect(await stateOf(cookies.nurse, copy.id)).toBeUndefined();
    expect((await key(cookies.nurse, copy.id)).status).toBe(404);
  });
});
