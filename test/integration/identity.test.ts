/** Signing in and out, and what a session is worth. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sessionView } from '../../shared/wire/session.ts';
import { sessionEndedChannel, sessionNameOf } from '../../server/identity/sessions.ts';
import { eventually } from '../support/eventually.ts';
import { startApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await app.person('amina', 'community-nurse');
  await app.person('urgent', 'urgent-care', { organisationId: 'org_two' });
  await app.person('robot', 'gp', { simulated: true });
});
afterAll(() => app.close());

test('[ID1] the demo page lists the invented people without the simulated ones', async () => {
  const { body } = await app.api().get('/api/demo/people');
  expect(body).toEqual({ people: [
    { id: 'person_amina', name: 'Person amina', role: 'community-nurse', organisation: 'Organisation one', jobTitle: 'community-nurse' },
    { id: 'person_urgent', name: 'Person urgent', role: 'urgent-care', organisation: 'Organisation two', jobTitle: 'urgent-care' },
  ] });
});

test('[ID1] a simulated person, an unknown one and an id of another kind cannot sign in', async () => {
  for (const personId of ['person_robot', 'person_nobody', 'plan_amina', `person_amina' OR '1'='1`]) {
    expect(await app.api().post('/api/session', { personId })).toMatchObject({ status: 422, body: { problems: [{ field: 'personId' }] } });
  }
});

test('[ID2] the cookie is out of reach of scripts and other sites, and Secure when the address is https', async () => {
  const plain = (await app.api().post('/api/session', { personId: 'person_amina' })).headers.get('set-cookie') ?? '';
  expect(plain).toMatch(/^accord_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/);
  const secure = await startApp({ databaseUrl: app.databaseUrl, settings: { publicUrl: 'https://plans.example' } });
  expect((await secure.api().post('/api/session', { personId: 'person_amina' })).headers.get('set-cookie')).toMatch(/; Secure$/);
  await secure.close();
});

test('[ID3] the database holds the hash of the token, never the token', async () => {
  const cookie = await app.signIn('person_amina');
  const rows = await app.db.query<{ hash: string }>(`SELECT encode(token_hash, 'hex') AS hash FROM sessions`);
  expect(rows.map((row) => row.hash)).toContain(sessionNameOf(cookie));
  expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1]);
});

test('[ID4] a session says who one is and what one may do', async () => {
  const view = sessionView.parse((await app.api(await app.signIn('person_amina')).get('/api/session')).body);
  expect(view.person).toMatchObject({ id: 'person_amina', roleLabel: 'Community nurse' });
  expect(view.may).toMatchObject({ seeCaseload: true, urgentView: false, readDrafts: true });
  const urgent = sessionView.parse((await app.api(await app.signIn('person_urgent')).get('/api/session')).body);
  expect(urgent.may).toEqual({ createPlan: false, createMeeting: false, seeCaseload: false, seeMeetings: false, urgentView: true, readDrafts: false, breakGlass: false, privacyAlerts: false, seeColleagues: false, seeOwnPlans: false });
});

test('[ID5] signing out ends this session everywhere at once, and no other', async () => {
  const [one, two] = [await app.signIn('person_amina'), await app.signIn('person_amina')];
  const heard: string[] = [];
  const stop = await app.bus.subscribe(sessionEndedChannel, (name) => void heard.push(Buffer.from(name).toString()));
  const answer = await app.api(one).send('DELETE', '/api/session');
  expect(answer.status).toBe(204);
  expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
  await eventually(() => expect(heard).toEqual([sessionNameOf(one)]));
  expect((await app.api(one).get('/api/session')).status).toBe(401);
  expect((await app.api(two).get('/api/session')).status).toBe(200);
  await stop();
});

test('[ID6] a session is over when its time is over by the database’s clock, and a made-up cookie is none', async () => {
  const cookie = await app.signIn('person_amina');
  const name = sessionNameOf(cookie);
  await app.db.query(`UPDATE sessions SET expires_at = clock_timestamp() - interval '1 second' WHERE encode(token_hash, 'hex') = $1`, [name]);
  expect((await app.api(cookie).get('/api/session')).status).toBe(401);
  for (const made of ['accord_session=', 'accord_session=x', `accord_session=${'A'.repeat(43)}`, `other=${'A'.repeat(43)}`]) {
    expect((await app.api(made).get('/api/session')).status).toBe(401);
  }
});

test('[ID7] outside demo mode nobody is listed and nobody can choose who to be', async () => {
  const real = await startApp({ databaseUrl: app.databaseUrl, settings: { demo: false } });
  expect((await real.api().get('/api/demo/people')).status).toBe(404);
  expect((await real.api().post('/api/session', { personId: 'person_amina' })).status).toBe(404);
  await real.close();
});
