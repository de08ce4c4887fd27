/** The urgent view: the latest signed version, and not a word that was not signed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlanId } from '../../shared/ids.ts';
import type { AuditList, PlanView, UrgentView } from '../../shared/wire/plans.ts';
import { makePlanWorld, must, refusalOf, type Name, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
let planId: PlanId;
let nhsNumber: string;
beforeAll(async () => {
  world = await makePlanWorld();
  planId = await world.completePlan();
  nhsNumber = (await world.get<PlanView>('coordinator', `/api/plans/${planId}`)).patient.nhsNumber;
});
afterAll(() => world.close());

const ask = (who: Name, number: string) => world.call<UrgentView>(who, 'get', `/api/urgent/${encodeURIComponent(number)}`);
const trail = async (plan: PlanId) => (await world.get<AuditList>('coordinator', `/api/plans/${plan}/audit`)).items.filter(({ action }) => action === 'urgent-read');

describe('urgent care', () => {
  test('[VE5] HAZ-05 before anything is signed there is nothing to read: the same answer as for a number nobody knows', async () => {
    const drafted = refusalOf(await ask('paramedic', nhsNumber));
    const unknown = refusalOf(await ask('paramedic', '999 999 9484'));
    expect(drafted).toEqual(unknown);
    expect(drafted?.code).toBe('not-found');
    expect((await trail(planId)).map(({ outcome, reason, actor }) => [outcome, reason, actor.id])).toEqual([['refused', 'never-signed', 'person_paramedic']]);
  });

  test('[VE5] HAZ-05 HAZ-02 shows the signed text, its age and signer, never what was written since, but that something was', async () => {
    await world.write(planId, 'nurse', 'wishes', { preferredPlaceOfCare: { code: 'hospice', note: 'signed words' } });
    const version = await world.sign(planId);
    const fresh = must(await ask('paramedic', nhsNumber));
    expect(fresh.newerDraft).toBe(false);
    await world.write(planId, 'nurse', 'wishes', { preferredPlaceOfCare: { code: 'own-home', note: 'draft words' } });
    const later = must(await ask('paramedic', `${nhsNumber.slice(0, 3)} ${nhsNumber.slice(3, 6)} ${nhsNumber.slice(6)}`));
    expect(later.newerDraft).toBe(true);
    expect(later.version).toEqual(fresh.version);
    expect(JSON.stringify(later)).toContain('signed words');
    expect(JSON.stringify(later)).not.toContain('draft words');
    expect(later.version).toMatchObject({ number: version.number, latest: true, signedAt: version.signedAt, signedBy: { id: 'person_coordinator' } });
    expect(later.ageMinutes).toBe(0);
    expect((await trail(planId)).slice(0, 2).map(({ outcome, ref }) => [outcome, ref?.['version']])).toEqual([['done', 1], ['done', 1]]);
  });

  test('[VE5] HAZ-05 the name on top is the signed one too', async () => {
    await world.write(planId, 'coordinator', 'identity', { familyName: 'Draftname' });
    expect(must(await ask('paramedic', nhsNumber)).patient).toMatchObject({ familyName: 'Testwell', nhsNumber });
  });

  test('[VE6] sections that urgent care may not read are left out of the signed version too', async () => {
    await world.write(planId, 'gp', 'prognosis', { prognosis: 'weeks' });
    await world.write(planId, 'nurse', 'keysafe', { keySafeCode: '2486' });
    await world.sign(planId);
    const { version } = must(await ask('paramedic', nhsNumber));
    expect(version.withheld).toEqual(['prognosis']);
    expect(version.content.sections).not.toHaveProperty('prognosis');
    expect(version.content.sections['keysafe']).toEqual({ keySafeCode: '••••••' });
  });

  test.each(['coordinator', 'gp', 'nurse', 'privacyOfficer', 'outsider'] as const)('[AC3] %s does not use the urgent view; the attempt is in the chain', async (who) => {
    expect(refusalOf(await ask(who, nhsNumber))?.code).toBe('not-allowed');
    expect(refusalOf(await ask(who, '999 999 9484'))?.code).toBe('not-allowed');
    expect((await trail(planId))[0]).toMatchObject({ outcome: 'refused', reason: 'not-allowed', actor: { id: `person_${who.toLowerCase()}` } });
  });

  test('[VE5] HAZ-05 no other address gives urgent care anything of a plan', async () => {
    const addresses = [
      ['get', '/api/plans'], ['get', '/api/organisations'], ['get', `/api/plans/${planId}`], ['get', `/api/plans/${planId}/content`], ['post', `/api/plans/${planId}/reviews`],
      ['get', `/api/plans/${planId}/versions`], ['get', `/api/plans/${planId}/versions/1`], ['get', `/api/plans/${planId}/audit`],
    ] as const;
    for (const [method, address] of addresses) expect([address, (await world.call('paramedic', method, address)).ok]).toEqual([address, false]);
    expect((await world.call('paramedic', 'get', `/api/plans/${planId}/compare`, { query: { from: '1', to: 'draft' } })).ok).toBe(false);
  });

  test.each(['123', 'abcdefghij', '9999999999', `${'9'.repeat(9)}8`, '999 000 0000 0'])('[VE5] %s cannot be an NHS number and is said to be none', async (number) => {
    expect(refusalOf(await ask('paramedic', number))).toMatchObject({ code: 'invalid', problems: [{ field: 'nhsNumber' }] });
  });
});
