/** Meetings over HTTP, through the real application. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { meetingList, meetingState, minutes } from '../../shared/wire/meetings.ts';
import { startApp, type Api, type TestApp } from '../support/app.ts';

let app: TestApp;
let gp: Api, nurse: Api, stranger: Api, paramedic: Api;
let planId: string;

beforeAll(async () => {
  app = await startApp();
  const people = {
    gp: await app.person('osei', 'gp', { organisationId: 'org_elm', senior: true }), nurse: await app.person('reid', 'community-nurse', { organisationId: 'org_trust' }),
    stranger: await app.person('moss', 'social-worker', { organisationId: 'org_council' }), paramedic: await app.person('price', 'urgent-care', { organisationId: 'org_ambulance' }),
  };
  const as = async (who: { id: string }) => app.api(await app.signIn(who.id));
  [gp, nurse, stranger, paramedic] = [await as(people.gp), await as(people.nurse), await as(people.stranger), await as(people.paramedic)];
  const made = await gp.post('/api/plans', { patient: { nhsNumber: '9990000018', familyName: 'Walker', givenName: 'Margaret', birthDate: '1941-06-05' } });
  expect(made.status).toBe(201);
  planId = String(made.body['id']);
  await app.db.query(`INSERT INTO care_team (plan_id, organisation_id, relationship) VALUES ($1, 'org_trust', 'Care')`, [planId]);
});
afterAll(() => app.close());

const order = () => ({ title: 'Elm MDT', startsAt: new Date(Date.now() + 3_600_000).toISOString(), planIds: [planId] });

describe('meetings over HTTP', () => {
  test('[ME14] planning answers 201 with the whole meeting; the list and the meeting itself say the same', async () => {
    const made = await gp.post('/api/meetings', order());
    expect(made.status).toBe(201);
    const state = meetingState.parse(made.body);
    expect(state).toMatchObject({ status: 'planned', revision: expect.any(Number), agenda: [{ planId, order: 1, patient: { familyName: 'Walker' }, group: 'new' }], quorum: { met: false } });
    const { items } = meetingList.parse((await nurse.get('/api/meetings')).body);
    expect(items).toContainEqual(expect.objectContaining({ id: state.id, patients: 1, mayRun: false, chair: expect.objectContaining({ name: state.chair.name }) }));
    expect(meetingList.parse((await gp.get('/api/meetings')).body).items.find(({ id }) => id === state.id)?.mayRun).toBe(true);
    expect(meetingState.parse((await nurse.get(`/api/meetings/${state.id}`)).body).agenda).toHaveLength(1);
    expect(minutes.parse((await nurse.get(`/api/meetings/${state.id}/minutes`)).body)).toMatchObject({ startedAt: null, present: [], patients: [{ item: { status: 'waiting' } }] });
  });

  test('[ME14] bad input is 422 and names the field', async () => {
    const fields = async (change: object) => {
      const answer = await gp.post('/api/meetings', { ...order(), ...change });
      expect(answer.status).toBe(422);
      return (answer.body['problems'] as { field: string }[]).map(({ field }) => field);
    };
    expect(await fields({ startsAt: '2020-01-01T10:00:00Z' })).toEqual(['startsAt']);
    expect(await fields({ planIds: ['plan_nobody0000'] })).toEqual(['planIds.0']);
    expect(await fields({ planIds: [] })).toEqual(['planIds']);
    expect(await fields({ title: ' ' })).toEqual(['title']);
    expect(await fields({ startsAt: 'tomorrow' })).toEqual(['startsAt']);
  });

  test('[ME8] a meeting is hidden from people whom it does not concern, and from roles that do not meet', async () => {
    const { id } = meetingState.parse((await gp.post('/api/meetings', order())).body);
    expect(meetingList.parse((await stranger.get('/api/meetings')).body).items).toEqual([]);
    for (const path of [`/api/meetings/${id}`, `/api/meetings/${id}/minutes`]) {
      const [hidden, unknown] = [await stranger.get(path), await stranger.get(path.replace(id, 'meeting_0000000000000000'))];
      expect(hidden.status).toBe(404);
      expect({ ...hidden.body, instance: 0, requestId: 0 }).toEqual({ ...unknown.body, instance: 0, requestId: 0 });
    }
    expect((await paramedic.get('/api/meetings')).status).toBe(403);
    expect((await stranger.post('/api/meetings', order())).status).toBe(403);
    expect((await app.api().get('/api/meetings')).status).toBe(401);
  });

  test('[ME8] those who can be invited are real colleagues of organisations that share a plan', async () => {
    const people = (await gp.get('/api/meetings/people')).body['people'] as { name: string; role: string }[];
    expect(people.map(({ role }) => role).toSorted()).toEqual(['community-nurse', 'gp']);
    expect((await nurse.get('/api/meetings/people')).status).toBe(403);
  });
});
