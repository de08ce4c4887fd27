/** Care teams with kinds and days, single people, inspections, and what people without a caseload may see. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, londonDate } from '../../shared/domain/dates.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { Role } from '../../shared/domain/roles.ts';
import { limits } from '../../shared/limits.ts';
import type { AuditList, PlanPeople, PlanView } from '../../shared/wire/plans.ts';
import { startApp, type Answer, type Api, type TestApp } from '../support/app.ts';

let app: TestApp;
const people: Record<string, { id: string; api: Api }> = {};
const at = (name: string): Api => (people[name] as { api: Api }).api;
const idOf = (name: string): string => (people[name] as { id: string }).id;
const today = londonDate(new Date());

beforeAll(async () => {
  app = await startApp();
  const cast: readonly [string, Role, string][] = [
    ['coordinator', 'coordinator', 'org_hub'], ['social', 'social-worker', 'org_hub'], ['officer', 'privacy-officer', 'org_hub'], ['locum', 'gp', 'org_agency'], ['hospice', 'hospice-clinician', 'org_hospice'],
    ['patient', 'patient', 'org_themselves'], ['inspector', 'inspector', 'org_inspectorate'], ['admin', 'organisation-admin', 'org_hub'],
  ];
  for (const [name, role, organisationId] of cast) {
    const { id } = await app.person(`${name}-team`, role, { organisationId });
    people[name] = { id, api: app.api(await app.signIn(id)) };
  }
});
afterAll(() => app.close());

let numbers = 999_500_000;
const nextNumber = (): string => makeNhsNumber(String((numbers += 1))) ?? nextNumber();
async function newPlan(): Promise<string> {
  return String((await at('coordinator').post('/api/plans', { patient: { nhsNumber: nextNumber(), familyName: 'Teamwell', givenName: 'Una', birthDate: '1944-04-04' } })).body['id']);
}
const sees = async (who: string, planId: string): Promise<number> => (await at(who).get(`/api/plans/${planId}`)).status;
const fields = ({ body }: Answer): string[] => (body['problems'] as { field: string }[]).map(({ field }) => field);

describe('organisations', () => {
  test('[NK8] an organisation comes with its kind, from and until a day; until it begins it sees nothing, and it is shown as coming', async () => {
    const planId = await newPlan();
    const order = { organisationId: 'org_hospice', relationship: 'Respite week', kind: 'referral', from: addDays(today, 3), until: addDays(today, 10) };
    const added = await at('coordinator').post(`/api/plans/${planId}/team`, order);
    const view = added.body as unknown as PlanView;
    expect([added.status, view.team.map(({ organisation }) => organisation.id), view.teamAhead?.map(({ organisation, kind }) => [organisation.id, kind])]).toEqual([201, ['org_hub'], [['org_hospice', 'referral']]]);
    expect(londonDate(new Date(view.teamAhead?.[0]?.since ?? ''))).toBe(order.from);
    // To the end of the last day.
    expect(londonDate(new Date(Date.parse(view.teamAhead?.[0]?.until ?? '') - 1))).toBe(order.until);
    expect(await sees('hospice', planId)).toBe(404);
    expect((await at('coordinator').post(`/api/plans/${planId}/team`, order)).status).toBe(409);
    expect((await at('coordinator').send('DELETE', `/api/plans/${planId}/team/org_hospice`)).status).toBe(200);
    expect((await at('coordinator').post(`/api/plans/${planId}/team`, { organisationId: 'org_hospice', relationship: 'Today only', until: today })).status).toBe(201);
    expect(await sees('hospice', planId)).toBe(200);
  });

  test.each([
    [{ from: addDays(today, -1) }, 'from'], [{ until: addDays(today, -1) }, 'until'], [{ from: addDays(today, 5), until: addDays(today, 4) }, 'until'], [{ from: '2026-02-30' }, 'from'], [{ until: 'soon' }, 'until'],
  ])('[NK8] %j is refused and named, and changes nothing', async (term, field) => {
    const planId = await newPlan();
    const refused = await at('coordinator').post(`/api/plans/${planId}/team`, { organisationId: 'org_hospice', relationship: 'Respite', ...term });
    expect([refused.status, fields(refused)]).toEqual([422, [field]]);
    expect(await sees('hospice', planId)).toBe(404);
  });

  test('[PL13] the last organisation that stays cannot leave, though others are there until a day', async () => {
    const planId = await newPlan();
    await at('coordinator').post(`/api/plans/${planId}/team`, { organisationId: 'org_hospice', relationship: 'Respite week', until: addDays(today, 7) });
    expect((await at('coordinator').send('DELETE', `/api/plans/${planId}/team/org_hub`)).status).toBe(409);
    await at('coordinator').post(`/api/plans/${planId}/team`, { organisationId: 'org_agency', relationship: 'Stays' });
    // Whoever began the plan keeps it when agreement to share is taken back; until the practice is there, nobody else would.
    expect((await at('coordinator').send('DELETE', `/api/plans/${planId}/team/org_hub`)).status).toBe(409);
    await app.organisation('org_practice', 'practice');
    await at('coordinator').post(`/api/plans/${planId}/team`, { organisationId: 'org_practice', relationship: 'GP practice', kind: 'registered-practice' });
    expect((await at('coordinator').send('DELETE', `/api/plans/${planId}/team/org_hub`)).status).toBe(200);
  });
});

describe('single people', () => {
  const add = (who: string, planId: string, order: object) => at(who).post(`/api/plans/${planId}/people`, order);
  const listed = async (planId: string): Promise<PlanPeople['items']> => ((await at('coordinator').get(`/api/plans/${planId}/people`)).body as unknown as PlanPeople).items;

  test('[NK9] one person is named on the team, alone of their organisation, until somebody ends it; both are in the trail', async () => {
    const planId = await newPlan();
    expect((await at('coordinator').get('/api/people?query=locum')).body['items']).toEqual([expect.objectContaining({ id: idOf('locum') })]);
    expect((await add('coordinator', planId, { personId: idOf('locum'), kind: 'member', relationship: 'Locum this month', until: addDays(today, 30) })).status).toBe(201);
    expect([await sees('locum', planId), await sees('hospice', planId)]).toEqual([200, 404]);
    expect((await at('locum').get('/api/plans')).body['items']).toContainEqual(expect.objectContaining({ id: planId }));
    expect((await add('coordinator', planId, { personId: idOf('locum'), kind: 'member', relationship: 'Again' })).status).toBe(409);
    const [tie] = await listed(planId);
    expect((await at('social').send('DELETE', `/api/plans/${planId}/people/${tie?.id}`)).status).toBe(403);
    expect((await at('coordinator').send('DELETE', `/api/plans/${planId}/people/${tie?.id}`)).status).toBe(200);
    expect(await sees('locum', planId)).toBe(404);
    expect((await at('coordinator').send('DELETE', `/api/plans/${planId}/people/${tie?.id}`)).status).toBe(404);
    const trail = (await at('coordinator').get(`/api/plans/${planId}/audit`)).body as unknown as AuditList;
    expect(trail.items.map(({ sentence }) => sentence)).toEqual(expect.arrayContaining([expect.stringContaining('gave Person locum-team access'), expect.stringContaining('ended the access of Person locum-team')]));
    expect(trail.chain.ok).toBe(true);
  });

  test('[NK9] a role that cannot be it, somebody unknown, and a plan that is not theirs to change are refused', async () => {
    const planId = await newPlan();
    for (const order of [{ personId: idOf('patient'), kind: 'member' }, { personId: idOf('locum'), kind: 'own' }, { personId: 'person_nobody-at-all', kind: 'member' }]) {
      expect(fields(await add('coordinator', planId, { ...order, relationship: 'Wrong' }))).toEqual(['personId']);
    }
    expect((await add('social', planId, { personId: idOf('locum'), kind: 'member', relationship: 'No' })).status).toBe(403);
    expect((await add('hospice', planId, { personId: idOf('locum'), kind: 'member', relationship: 'No' })).status).toBe(404);
  });

  test('[NK10] T10 a privacy officer lets an inspector in to one plan until a day: trail and what was signed, no draft', async () => {
    const [planId, other] = [await newPlan(), await newPlan()];
    const order = { personId: idOf('inspector'), kind: 'inspection', relationship: 'Yearly inspection', until: addDays(today, 14) };
    expect((await add('coordinator', planId, order)).status).toBe(403);
    expect(fields(await add('officer', planId, { ...order, until: undefined }))).toEqual(['until']);
    expect(fields(await add('officer', planId, { ...order, until: addDays(today, limits.inspectionDaysMax + 1) }))).toEqual(['until']);
    expect((await add('officer', planId, order)).status).toBe(201);
    const page = async (path: string) => (await at('inspector').get(`/api/plans/${planId}${path}`)).status;
    expect([await page('/audit'), await page('/versions'), await page('/content'), await sees('inspector', other)]).toEqual([200, 200, 403, 404]);
    expect((await at('inspector').get('/api/own-plans')).body['items']).toEqual([expect.objectContaining({ planId, kind: 'inspection', latestVersion: null })]);
    expect((await at('officer').get('/api/people?query=team')).body['items']).toEqual([expect.objectContaining({ id: idOf('inspector') })]);
  });

  test('[NK10] the patient finds their own plan and what is signed of it; an administrator finds the people of their organisation and no plan', async () => {
    const planId = await newPlan();
    expect((await at('patient').get('/api/own-plans')).body['items']).toEqual([]);
    await add('coordinator', planId, { personId: idOf('patient'), kind: 'own', relationship: 'The person herself' });
    expect((await at('patient').get('/api/own-plans')).body['items']).toEqual([expect.objectContaining({ planId, kind: 'own' })]);
    expect((await at('patient').get(`/api/plans/${planId}/versions`)).status).toBe(200);
    expect((await at('patient').get(`/api/plans/${planId}/content`)).status).toBe(403);
    expect((await at('patient').get(`/api/plans/${planId}/looked`)).status).toBe(200);
    expect((await at('patient').post(`/api/plans/${planId}/prints`, { what: 'who-has-looked' })).status).toBe(201);
    expect((await at('patient').get(`/api/plans/${await newPlan()}/looked`)).status).toBe(404);
    const colleagues = (await at('admin').get('/api/colleagues')).body['items'] as { id: string }[];
    expect(colleagues.map(({ id }) => id).toSorted()).toEqual(['coordinator', 'social', 'officer', 'admin'].map(idOf).toSorted());
    expect([await sees('admin', planId), (await at('admin').get('/api/plans')).status, (await at('coordinator').get('/api/colleagues')).status, (await at('social').get('/api/people?query=team')).status]).toEqual([404, 403, 403, 403]);
  });
});
