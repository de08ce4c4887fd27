/** One browser, two people one after the other: what was open for the first must not go on as the second. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { sessionEndedChannel, sessionNameOf } from '../../server/identity/sessions.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { makePerson, startNode as startMeetings } from '../support/meetingRoom.ts';
import { makePlan, people, settlePeople, socketTo, startNode } from '../support/provider.ts';

describe('signing in again in the same browser', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
    await app.person('amina', 'community-nurse');
    await app.person('ben', 'gp');
  });
  afterAll(() => app.close());

  test('[ID8] HAZ-09 ends the session whose cookie it replaces, on every node, and no other', async () => {
    const [first, elsewhere] = [await app.signIn('person_amina'), await app.signIn('person_amina')];
    const heard: string[] = [];
    const stop = await app.bus.subscribe(sessionEndedChannel, (name) => void heard.push(Buffer.from(name).toString()));
    const second = await app.api(first).post('/api/session', { personId: 'person_ben' });
    expect(second.status).toBe(200);
    expect((await app.api(first).get('/api/session')).status).toBe(401);
    expect((await app.api(elsewhere).get('/api/session')).status).toBe(200);
    await eventually(() => expect(heard).toEqual([sessionNameOf(first)]));
    const cookie = /^[^;]+/.exec(second.headers.get('set-cookie') ?? '')?.[0] ?? '';
    expect((await app.api(cookie).get('/api/session')).body).toMatchObject({ person: { id: 'person_ben' } });
    await stop();
  });

  test('[ID8] a choice that is refused leaves the session as it was', async () => {
    const cookie = await app.signIn('person_amina');
    expect((await app.api(cookie).post('/api/session', { personId: 'person_nobody' })).status).toBe(422);
    expect((await app.api(cookie).get('/api/session')).status).toBe(200);
  });
});

describe('a screen that says whom it shows', () => {
  let base: TestDatabase;
  beforeAll(async () => { base = await makeDatabase(); });
  afterAll(() => base.drop());

  test('[ID9] HAZ-09 a plan is not opened for anybody else than the person on the screen; a stock client says nothing and is let in', async () => {
    await settlePeople(base.db);
    const node = await startNode(base.db);
    try {
      const planId = await makePlan(base.db);
      for (const address of [`/${planId}`, `/${planId}/identity`]) {
        for (const claimed of [people.nurse.id, 'nobody', '']) expect(await socketTo(node, `${address}?person=${claimed}`, 'gp').closed()).toBe(4401);
        for (const query of [`?person=${people.gp.id}`, '']) {
          const socket = socketTo(node, address + query, 'gp');
          await socket.opened();
          socket.say({ kind: 'barrier', number: 1 }, address.endsWith('identity') ? undefined : 'identity');
          expect(await socket.saved(1)).toBeGreaterThanOrEqual(0);
          socket.end();
        }
      }
    } finally {
      await node.stop();
    }
  });

  test('[ID9] HAZ-09 the same in a meeting', async () => {
    const node = await startMeetings(base.db);
    try {
      const [ann, ben] = [await makePerson(base.db, 'Ann Vale', 'gp', 'Elm Surgery'), await makePerson(base.db, 'Ben Hart', 'gp', 'Elm Surgery')];
      const enter = (auth: Record<string, string>): Promise<string> => new Promise((resolve) => {
        const socket = io(`http://127.0.0.1:${node.port}/meetings`, { transports: ['websocket'], forceNew: true, reconnection: false, auth, extraHeaders: { cookie: ann.cookie } });
        const answer = (said: string): void => {
          socket.disconnect();
          resolve(said);
        };
        socket.once('connect', () => answer('in'));
        socket.once('connect_error', (error: Error & { data?: { code: string; detail: string } }) => answer(`${error.data?.code}: ${error.data?.detail}`));
      });
      expect(await enter({ person: ben.actor.id })).toBe('not-signed-in: Somebody else signed in in this browser. Sign in again to go on.');
      expect(await enter({ person: ann.actor.id })).toBe('in');
      expect(await enter({})).toBe('in');
    } finally {
      await node.stop();
    }
  });
});
