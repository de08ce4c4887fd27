/** Sessions: asleep when idle, awake again, one by one in sight of their person, and bounded. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sessionNameOf } from '../../server/identity/sessions.ts';
import { limits } from '../../shared/limits.ts';
import { backgroundHeader, sessionList, sessionView } from '../../shared/wire/session.ts';
import { fieldsRoot } from '../../shared/crdt/sectionDocument.ts';
import { eventually } from '../support/eventually.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { Chair } from '../support/meetingRoom.ts';
import { openProvider, type Writer } from '../support/provider.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';

let app: TestApp;
let planId: string;
const ends: (() => void)[] = [];
beforeAll(async () => {
  app = await startApp();
  await app.person('amina', 'community-nurse');
  await app.person('ben', 'community-nurse');
  await app.person('cleo', 'coordinator');
  await app.person('robot', 'gp', { simulated: true });
  const nhsNumber = ['999000001', '999000002', '999000003'].map(makeNhsNumber).find((number) => number !== undefined);
  const made = await app.api(await app.signIn('person_cleo')).post('/api/plans', { patient: { nhsNumber, familyName: 'TESTER', givenName: 'Tom', birthDate: '1941-06-05' } });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  planId = String(made.body['id']);
});
afterAll(async () => {
  for (const end of ends) end();
  await app.close();
});

/** Moves the session's last activity (or another time) into the past. */
const age = (cookie: string, minutes: number, column = 'active_at') =>
  app.db.query(`UPDATE sessions SET ${column} = ${column} - $2 * interval '1 minute' WHERE encode(token_hash, 'hex') = $1`, [sessionNameOf(cookie), minutes]);
const minutesIdle = async (cookie: string): Promise<number> => {
  const [row] = await app.db.query<{ idle: number }>(`SELECT (extract(epoch FROM clock_timestamp() - active_at) / 60)::double precision AS idle FROM sessions WHERE encode(token_hash, 'hex') = $1`, [sessionNameOf(cookie)]);
  return row?.idle ?? -1;
};
const codeOf = async (cookie: string, path = '/api/plans') => (await app.api(cookie).get(path)).body['code'];
const open = (cookie: string, sectionId = 'identity'): Writer => {
  const writer = openProvider(app.url.replace('http', 'ws') + '/sync', planId, sectionId, cookie);
  ends.push(writer.end);
  return writer;
};

test('[SE1] HAZ-09 after a quarter of an hour of nothing the session is locked, not lost: no answer, no live line, and it says only whose it is', async () => {
  const cookie = await app.signIn('person_amina');
  const writer = open(cookie);
  await writer.synced();
  await age(cookie, 14);
  expect(await codeOf(cookie, '/api/sessions')).toBeUndefined();
  await age(cookie, 16);
  for (const path of ['/api/session', '/api/plans', `/api/plans/${planId}/content`, '/api/meetings']) {
    const { status, body } = await app.api(cookie).get(path);
    expect([path, status, body]).toMatchObject([path, 401, { code: 'session-locked', person: { id: 'person_amina', name: 'Person amina' }, method: 'demo' }]);
    expect(JSON.stringify(body)).not.toContain('TESTER');
  }
  await eventually(() => expect(writer.stopped()).toBe(4401), 20_000);
  const again = open(cookie);
  await eventually(() => expect(again.stopped()).toBe(4401));
});

test('[SE2] a person’s own request keeps the session awake and is written down at most once a minute; a poll does neither', async () => {
  const cookie = await app.signIn('person_amina');
  await age(cookie, 10);
  await fetch(`${app.url}/api/session`, { headers: { cookie, [backgroundHeader]: '1' } });
  expect(await minutesIdle(cookie)).toBeGreaterThan(9);
  await app.api(cookie).get('/api/plans');
  expect(await minutesIdle(cookie)).toBeLessThan(5);
  await age(cookie, 0.5);
  await app.api(cookie).get('/api/plans');
  expect(await minutesIdle(cookie)).toBeGreaterThan(0.4);
});

test('[SE2] writing in a plan and an order of a meeting keep it awake; being there does not', async () => {
  const cookie = await app.signIn('person_cleo');
  const writer = open(cookie);
  await writer.synced();
  await age(cookie, 10);
  writer.provider.awareness.setLocalState({ section: 'identity', field: 'preferredName', cursor: null });
  writer.doc.getMap(fieldsRoot).set('preferredName', 'Tommy');
  await eventually(async () => expect(await minutesIdle(cookie)).toBeLessThan(5));

  const second = await app.signIn('person_cleo');
  const made = await app.api(second).post('/api/meetings', { title: 'Tuesday', startsAt: new Date(Date.now() + 3_600_000).toISOString(), planIds: [planId], invited: [] });
  const meetingId = String(made.body['id']);
  const chair = new Chair({ port: Number(new URL(app.url).port) }, { cookie: second, actor: { id: 'person_cleo' } as never }, { origin: app.url });
  ends.push(() => chair.close());
  await age(second, 10);
  await chair.ask('join', { meetingId });
  expect(await minutesIdle(second)).toBeGreaterThan(9);
  await chair.ask('raiseHand', { meetingId, up: true });
  await eventually(async () => expect(await minutesIdle(second)).toBeLessThan(5));
});

test('[SE2] nothing that comes too late wakes a locked session, and simulated colleagues never fall asleep', async () => {
  const cookie = await app.signIn('person_amina');
  await age(cookie, 16);
  for (let times = 0; times < 3; times += 1) expect(await codeOf(cookie)).toBe('session-locked');
  expect(await minutesIdle(cookie)).toBeGreaterThan(15);
  const robot = await app.signIn('person_ben');
  await app.db.query(`UPDATE sessions SET person_id = 'person_robot' WHERE encode(token_hash, 'hex') = $1`, [sessionNameOf(robot)]);
  await age(robot, 60);
  expect(await codeOf(robot, '/api/session')).toBeUndefined();
});

test('[SE3] in the demonstration one click on one’s own name unlocks it, under the same cookie; anybody else’s name does not', async () => {
  const cookie = await app.signIn('person_amina');
  await age(cookie, 16);
  expect(await app.api(cookie).post('/api/session/unlock', { personId: 'person_ben' })).toMatchObject({ status: 403 });
  expect(await codeOf(cookie)).toBe('session-locked');
  const unlocked = await app.api(cookie).post('/api/session/unlock', { personId: 'person_amina' });
  expect([unlocked.status, sessionView.parse(unlocked.body).person.id]).toEqual([200, 'person_amina']);
  expect(await codeOf(cookie)).toBeUndefined();
  expect(await app.api().post('/api/session/unlock', { personId: 'person_amina' })).toMatchObject({ status: 401 });
});

test('[SE5] the screen can be locked by hand, at once on every node and every line of that session and no other', async () => {
  const [cookie, other] = [await app.signIn('person_amina'), await app.signIn('person_amina')];
  const [writer, elsewhere] = [open(cookie), open(other)];
  await Promise.all([writer.synced(), elsewhere.synced()]);
  expect((await app.api(cookie).post('/api/session/lock')).status).toBe(204);
  expect(await codeOf(cookie)).toBe('session-locked');
  await eventually(() => expect(writer.stopped()).toBe(4401));
  expect([await codeOf(other), elsewhere.stopped()]).toEqual([undefined, undefined]);
});

test('[SE5] a locked session can be signed out', async () => {
  const cookie = await app.signIn('person_amina');
  await app.api(cookie).post('/api/session/lock');
  expect((await app.api(cookie).send('DELETE', '/api/session')).status).toBe(204);
  expect(await codeOf(cookie)).toBe('not-signed-in');
});

test('[SE6] T6 a session says when it ends, by the service’s own clock, and ends then whatever its person does', async () => {
  const cookie = await app.signIn('person_amina');
  const { session } = sessionView.parse((await app.api(cookie).get('/api/session')).body);
  expect(Math.round((Date.parse(session?.endsAt ?? '') - Date.parse(session?.now ?? '')) / 60_000)).toBe(limits.sessionAbsoluteMs / 60_000);
  await age(cookie, 12 * 60, 'expires_at');
  expect(await codeOf(cookie)).toBe('not-signed-in');
});

test('[SE7] everybody sees where they are signed in and can end each of them, their own only', async () => {
  const [here, there, foreign] = [await app.signIn('person_ben'), await app.signIn('person_ben'), await app.signIn('person_amina')];
  const listOf = async (cookie: string) => sessionList.parse((await app.api(cookie).get('/api/sessions')).body).sessions;
  const mine = await listOf(here);
  expect(mine).toHaveLength(2);
  expect(mine[0]).toMatchObject({ here: true, locked: false, role: 'Community nurse, Organisation one' });
  const theirs = (await listOf(foreign))[0]?.id ?? '';
  for (const id of [theirs, 'session_0', 'x']) expect((await app.api(here).send('DELETE', `/api/sessions/${id}`)).status).toBe(404);
  expect((await app.api(here).send('DELETE', `/api/sessions/${mine[1]?.id ?? ''}`)).status).toBe(204);
  expect([await codeOf(there), await codeOf(foreign), await codeOf(here)]).toEqual(['not-signed-in', undefined, undefined]);
  expect(await listOf(here)).toHaveLength(1);
});

test('[SE9] in the demonstration, where nobody proves who they are, a signature asks for no fresh proof', async () => {
  const cookie = await app.signIn('person_cleo');
  await age(cookie, 60, 'authenticated_at');
  const answer = await app.api(cookie).post(`/api/plans/${planId}/versions`, { position: 1, contentHash: 'a'.repeat(64), statement: 'x' });
  expect(answer.body['code']).not.toBe('fresh-sign-in-needed');
});
