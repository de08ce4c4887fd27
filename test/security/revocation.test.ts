/** Rights that end while a line is open: on the node where it happens and on another, with hints and without. Nothing is accepted after the end stands. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fieldById } from '../../shared/content/standard.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { makeAttackStand, type AttackStand, type Who } from '../support/attackStand.ts';
import { eventually } from '../support/eventually.ts';
import { openSocket, updateOf, type RawSocket } from '../support/provider.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const field = (id: string): Field => fieldById(id) as Field;
const rowsOf = (stand: AttackStand, planId: PlanId): Promise<{ author: string; at: Date }[]> =>
  stand.app.db.query('SELECT author_id AS author, at FROM plan_log WHERE plan_id = $1 ORDER BY position', [planId]);

describe.each([
  ['each hint of the other node is heard', true],
  ['no hint is ever heard (T8)', false],
])('two nodes where %s', (_name, hints) => {
  let redis: TestRedis | undefined;
  let stand: AttackStand;
  let other: TestApp;
  beforeAll(async () => {
    redis = hints ? await startRedis() : undefined;
    stand = await makeAttackStand(redis ? { redisUrl: redis.url } : {});
    other = await startApp({ databaseUrl: stand.app.databaseUrl, ...(redis ? { redisUrl: redis.url } : {}) });
  });
  afterAll(async () => {
    await other.close();
    await stand.close();
    await redis?.stop();
  });

  /** Somebody on the other node with the section open, who has written and been answered. */
  async function open(planId: PlanId, sectionId: string, cookie: string): Promise<RawSocket> {
    const socket = openSocket(other.url.replace('http', 'ws') + '/sync', `/${planId}/${sectionId}`, { cookie });
    await socket.opened();
    socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) });
    await eventually(() => expect(socket.frames.some(({ kind }) => kind === 'step1')).toBe(true), 20_000);
    socket.say({ kind: 'step2', update: Uint8Array.of(0, 0) });
    socket.say({ kind: 'barrier', number: 1 });
    await socket.saved(1);
    return socket;
  }
  const typeInto = (socket: RawSocket, words: string): void => {
    socket.say({ kind: 'update', update: updateOf('identity', (doc) => writeValue(doc, field('preferredName'), words)) });
    socket.say({ kind: 'barrier', number: 2 });
  };
  const answered = (socket: RawSocket): boolean => socket.frames.some((frame) => frame.kind === 'barrier-answer' && frame.number === 2);
  /** Ends the right, writes at once, and sees the line cut, nothing answered and nothing written. */
  async function cutBy(who: Who, end: (planId: PlanId, cookie: string) => Promise<unknown>, codes: readonly number[]): Promise<void> {
    const planId = await stand.newPlan();
    await stand.as('coordinator').post(`/api/plans/${planId}/team`, { organisationId: 'org_elm', relationship: 'GP practice' });
    const cookie = await other.signIn(stand.people[who].id);
    const socket = await open(planId, 'identity', cookie);
    const before = await rowsOf(stand, planId);
    await end(planId, cookie);
    typeInto(socket, 'Too late');
    expect(codes).toContain(await socket.closed());
    expect(answered(socket)).toBe(false);
    expect((await rowsOf(stand, planId)).length).toBe(before.length);
  }

  test('[CO7] [CO51] T3 A46 HAZ-09 who signs out elsewhere is cut, and what they wrote meanwhile is not accepted', () =>
    cutBy('nurse', (_planId, cookie) => stand.app.api(cookie).send('DELETE', '/api/session'), [4401]));

  test('[CO51] T3 a session that is ended in storage only, with no word to anybody, writes nothing more and is cut', () =>
    cutBy('nurse', (_planId, cookie) => stand.app.db.query(`UPDATE sessions SET ended_at = clock_timestamp() WHERE token_hash = sha256(convert_to($1, 'UTF8'))`, [cookie.split('=')[1]]), [4401]));

  test('[CO51] T5 nor does one that is locked', () =>
    cutBy('nurse', (_planId, cookie) => stand.app.api(cookie).post('/api/session/lock'), [4401]));

  test('[CO16] T2 HAZ-10 who loses the role that may write is refused at once, whatever their line was opened with', async () => {
    try {
      await cutBy('nurse', () => stand.app.db.query(`UPDATE people SET role = 'privacy-officer' WHERE id = $1`, [stand.people.nurse.id]), [4403]);
    } finally {
      await stand.app.db.query(`UPDATE people SET role = 'community-nurse' WHERE id = $1`, [stand.people.nurse.id]);
    }
  });

  test('[CO16] T4 everybody of an organisation that leaves the care team is cut, and hears nothing of the plan afterwards', async () => {
    const planId = await stand.newPlan();
    await stand.as('coordinator').post(`/api/plans/${planId}/team`, { organisationId: 'org_elm', relationship: 'GP practice' });
    const gp = await open(planId, 'identity', await other.signIn(stand.people.gp.id));
    const staying = await open(planId, 'identity', await other.signIn(stand.people.hospice.id));
    expect(await stand.as('coordinator').send('DELETE', `/api/plans/${planId}/team/org_elm`)).toMatchObject({ status: 200 });
    typeInto(gp, 'From outside');
    expect(await gp.closed()).toBe(4403);
    const heard = gp.frames.length;
    typeInto(staying, 'From inside');
    await staying.saved(2);
    expect(gp.frames.length).toBe(heard);
    expect((await rowsOf(stand, planId)).filter(({ author }) => author === stand.people.gp.id)).toEqual([]);
  });

  test('[CO52] HAZ-11 when agreement to share is taken back, whoever does not keep the plan is cut on every node, and it was the last they were sent', async () => {
    const planId = await stand.newPlan();
    await stand.as('coordinator').post(`/api/plans/${planId}/team`, { organisationId: 'org_elm', relationship: 'Neighbour' });
    const gp = await open(planId, 'identity', await other.signIn(stand.people.gp.id));
    const keeper = await open(planId, 'identity', await other.signIn(stand.people.hospice.id));
    const nurse = openSocket(stand.app.url.replace('http', 'ws') + '/sync', `/${planId}/consent`, { cookie: stand.cookies.nurse });
    await nurse.opened();
    nurse.say({ kind: 'update', update: updateOf('consent', (doc) => writeValue(doc, field('consentShare'), 'withdrawn')) });
    nurse.say({ kind: 'barrier', number: 1 });
    await nurse.saved(1);
    typeInto(gp, 'Not shared any more');
    expect(await gp.closed()).toBe(4403);
    expect(answered(gp)).toBe(false);
    expect((await rowsOf(stand, planId)).filter(({ author }) => author === stand.people.gp.id)).toEqual([]);
    expect((await other.api(await other.signIn(stand.people.gp.id)).get(`/api/plans/${planId}`)).status).toBe(404);
    typeInto(keeper, 'Still here');
    await keeper.saved(2);
  });
});
