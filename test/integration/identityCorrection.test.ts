/** Correcting who a person is registered as: on a real database, by those who may, and by those who may not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeValue } from '../../shared/crdt/sectionDocument.ts';
import { fieldById } from '../../shared/content/standard.ts';
import type { Field } from '../../shared/content/kinds.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { AuditList, CorrectionList, PlanListItem, PlanView } from '../../shared/wire/plans.ts';
import { makePlanWorld, must, refusalOf, type Name, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
let planId: PlanId;
beforeAll(async () => { world = await makePlanWorld(); });
afterAll(() => world.close());
beforeEach(async () => {
  planId = (await world.newPlan()).id as PlanId;
  must(await world.call('coordinator', 'post', `/api/plans/${planId}/team`, { body: { organisationId: 'org_surgery', relationship: 'Registered practice' } }));
});

const reason = 'Passport seen by the practice';
const correct = (who: Name, changes: object, id: string = planId) => world.call<PlanView>(who, 'post', `/api/plans/${id}/identity`, { body: { reason, ...changes } });
const identityNow = async () => (await world.get<{ sections: Record<string, Record<string, unknown>> }>('coordinator', `/api/plans/${planId}/content`)).sections['identity'];
const trail = async () => (await world.get<AuditList>('coordinator', `/api/plans/${planId}/audit`)).items;

describe('a correction', () => {
  test.each(['gp', 'coordinator'] as const)('[PL14] HAZ-03 by the %s is in the draft, the banner and the caseload at once; what is not named stays', async (who) => {
    const plan = must(await correct(who, { familyName: ' Brook ', birthDate: '1941-06-15', gender: 'female' }));
    expect(plan.patient).toMatchObject({ familyName: 'Brook', givenName: 'Ada', birthDate: '1941-06-15', gender: 'female' });
    expect(await identityNow()).toMatchObject({ familyName: 'Brook', givenName: 'Ada', birthDate: '1941-06-15', gender: 'female' });
    const { items } = await world.get<{ items: PlanListItem[] }>(who, '/api/plans', { query: plan.patient.nhsNumber });
    expect(items[0]?.patient).toEqual(plan.patient);
  });

  test('[PL15] HAZ-27 is told in the trail by its fields, without a value and without the reason; the reason is kept beside it', async () => {
    must(await correct('gp', { familyName: 'Brook', givenName: 'Ida' }));
    const [entry] = (await trail()).filter(({ action }) => action === 'correct-identity');
    expect(entry?.sentence).toBe('Someone gp corrected the registered identity: family name, first names.');
    const stored = JSON.stringify(await world.base.db.query(`SELECT entry FROM audit_entries WHERE stream = $1`, [`plan:${planId}`]));
    expect(stored).toContain('correct-identity');
    expect(stored).not.toMatch(/Brook|Ida|Passport/);
    const { items } = await world.get<CorrectionList>('nurse', `/api/plans/${planId}/identity`);
    expect(items).toEqual([{ at: expect.any(String), by: 'Someone gp', fields: ['familyName', 'givenName'], reason }]);
    expect(refusalOf(await world.call('privacyOfficer', 'get', `/api/plans/${planId}/identity`))?.code).toBe('not-allowed');
    expect(refusalOf(await world.call('outsider', 'get', `/api/plans/${planId}/identity`))?.code).toBe('not-found');
  });

  test.each(['nurse', 'socialWorker', 'careHomeNurse', 'privacyOfficer'] as const)('[PL14] HAZ-10 %s is refused, the attempt is recorded, and nothing changes', async (who) => {
    const before = await identityNow();
    expect(refusalOf(await correct(who, { familyName: 'Brook' }))?.code).toBe('not-allowed');
    expect(await identityNow()).toEqual(before);
    expect((await trail()).map(({ action, outcome }) => [action, outcome])).toContainEqual(['correct-identity', 'refused']);
    expect((await world.get<PlanView>(who, `/api/plans/${planId}`)).may.correctIdentity).toBe(false);
  });

  test('[PL14] HAZ-10 nobody types over the registered identity, not even those who may correct it', async () => {
    const before = await identityNow();
    for (const [id, value] of [['familyName', 'Brook'], ['givenName', 'Ida'], ['birthDate', '1941-06-15'], ['gender', 'male'], ['nhsNumber', '9990000018']] as const) {
      for (const actor of [world.people.coordinator, world.people.gp, world.people.nurse]) {
        const typed = await world.deps.text.write({ planId, sectionId: 'identity', actor, as: 'person', change: (doc) => writeValue(doc, fieldById(id) as Field, value) });
        expect(refusalOf(typed)).toEqual({ code: 'invalid', detail: expect.stringContaining('is kept by the service') });
      }
    }
    expect(await identityNow()).toEqual(before);
    expect((await world.get<PlanView>('gp', `/api/plans/${planId}`)).may.correctIdentity).toBe(true);
  });

  test.each([
    ['an empty name', { familyName: '  ' }, ['familyName']],
    ['a control sign', { givenName: 'I\u0000da' }, ['givenName']],
    ['a day that does not exist', { birthDate: '1941-02-30' }, ['birthDate']],
    ['a birth in the future', { birthDate: '2199-01-01' }, ['birthDate']],
    ['a gender that is no answer', { gender: 'other' }, ['gender']],
    ['no reason to speak of', { familyName: 'Brook', reason: ' because   ' }, ['reason']],
    ['two faults at once', { birthDate: '1941-2-3', reason: '' }, ['birthDate', 'reason']],
    ['nothing that differs', { familyName: 'Testwell', birthDate: '1941-06-05' }, ['familyName']],
    ['nothing at all', {}, ['familyName']],
  ])('[PL16] HAZ-03 %s is refused and named, and nothing changes', async (_name, changes, fields) => {
    const before = await identityNow();
    const refusal = refusalOf(await correct('coordinator', changes));
    expect([refusal?.code, refusal?.problems?.map(({ field }) => field)]).toEqual(['invalid', fields]);
    expect(await identityNow()).toEqual(before);
    expect(await world.base.db.query('SELECT position FROM identity_corrections WHERE plan_id = $1', [planId])).toEqual([]);
  });

  test('[PL14] HAZ-03 the NHS number is no part of it', async () => {
    await expect(correct('coordinator', { nhsNumber: '9990000018' })).rejects.toThrow('nhsNumber');
  });

  test('[PL14] a plan that is closed is not corrected; a plan of others does not exist', async () => {
    expect(refusalOf(await correct('outsider', { familyName: 'Brook' }))).toEqual(refusalOf(await correct('outsider', { familyName: 'Brook' }, 'plan_0000000000000000')));
    await world.base.db.query('UPDATE plans SET closed_at = clock_timestamp() WHERE id = $1', [planId]);
    expect(refusalOf(await correct('coordinator', { familyName: 'Brook' }))?.code).toBe('conflict');
    expect((await world.get<PlanView>('coordinator', `/api/plans/${planId}`)).may.correctIdentity).toBe(false);
  });

  test('[PL14] two corrections at one instant both stand, one after the other', async () => {
    const answers = await Promise.all([correct('gp', { familyName: 'Brook' }), correct('coordinator', { givenName: 'Ida' })]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await identityNow()).toMatchObject({ familyName: 'Brook', givenName: 'Ida' });
    expect(await world.base.db.query('SELECT fields FROM identity_corrections WHERE plan_id = $1 ORDER BY position', [planId])).toHaveLength(2);
  });

  test('[PL14] HAZ-12 after a death the registration can still be put right', async () => {
    await world.write(planId, 'coordinator', 'death', { dateOfDeath: '2026-01-02' });
    expect(must(await correct('coordinator', { familyName: 'Brook' })).patient.familyName).toBe('Brook');
  });
});
