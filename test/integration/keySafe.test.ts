/** The code of the key-safe: in no answer but that of the act that asks for it, and each asking in the trail. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlanId } from '../../shared/ids.ts';
import type { AuditList, KeySafeCode } from '../../shared/wire/plans.ts';
import { makePlanWorld, must, refusalOf, type Name, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
let planId: PlanId;
// No hash can hold them by chance.
const [code, newCode] = ['Key 2486', 'Key 9753'];
beforeAll(async () => {
  world = await makePlanWorld();
  planId = await world.completePlan();
  await world.write(planId, 'nurse', 'keysafe', { keySafeLocation: 'Behind the water butt', keySafeCode: code });
  await world.sign(planId);
  await world.write(planId, 'nurse', 'keysafe', { keySafeCode: newCode });
});
afterAll(() => world.close());

const reveal = (who: Name) => world.call<KeySafeCode>(who, 'post', `/api/plans/${planId}/key-safe/reveal`);
const nhsNumber = async (): Promise<string> => (await world.get<{ patient: { nhsNumber: string } }>('nurse', `/api/plans/${planId}`)).patient.nhsNumber;

describe('the code of the key-safe', () => {
  test('[NK11] is in no answer: draft, page, versions, comparison, review, history, changes, urgent view; that it is recorded, and that it changed, is', async () => {
    const history = { section: 'keysafe', field: 'keySafeCode' };
    const answers: [string, unknown][] = [
      ['content', await world.get('nurse', `/api/plans/${planId}/content`)], ['plan', await world.get('nurse', `/api/plans/${planId}`)], ['version', await world.get('gp', `/api/plans/${planId}/versions/1`).catch(() => '')],
      ['version', await world.get('nurse', `/api/plans/${planId}/versions/1`)], ['compare', await world.get('nurse', `/api/plans/${planId}/compare`, { from: '1', to: 'draft' })],
      ['review', must(await world.call('coordinator', 'post', `/api/plans/${planId}/reviews`))], ['history', await world.get('nurse', `/api/plans/${planId}/history`, history)],
      ['changes', await world.get('coordinator', `/api/plans/${planId}/changes`, { after: '0' })], ['urgent', await world.get('paramedic', `/api/urgent/${await nhsNumber()}`)],
      ['trail', await world.get('coordinator', `/api/plans/${planId}/audit`)],
    ];
    for (const [name, answer] of answers) expect([name, JSON.stringify(answer).includes(code), JSON.stringify(answer).includes(newCode)]).toEqual([name, false, false]);
    expect(JSON.stringify(answers[0]?.[1])).toContain('"keySafeCode":"••••••"');
    expect(JSON.stringify(answers[4]?.[1])).toContain('Key-safe code changed.');
  });

  test('[NK11] is shown to whoever asks and may read it: the draft’s to the team, the signed one to urgent care; each asking is in the trail', async () => {
    expect([must(await reveal('nurse')), must(await reveal('coordinator'))]).toEqual([{ codes: [newCode], of: 'draft' }, { codes: [newCode], of: 'draft' }]);
    expect(must(await reveal('paramedic'))).toEqual({ codes: [code], of: 1 });
    expect([refusalOf(await reveal('careHomeNurse'))?.code, refusalOf(await reveal('privacyOfficer'))?.code, refusalOf(await reveal('outsider'))?.code]).toEqual(['not-found', 'not-allowed', 'not-found']);
    const { items } = await world.get<AuditList>('coordinator', `/api/plans/${planId}/audit`);
    expect(items.filter(({ action }) => action === 'reveal-key-safe').map(({ actor, outcome }) => [actor.id, outcome])).toEqual([
      [world.people.outsider.id, 'refused'], [world.people.privacyOfficer.id, 'refused'], [world.people.careHomeNurse.id, 'refused'],
      [world.people.paramedic.id, 'done'], [world.people.coordinator.id, 'done'], [world.people.nurse.id, 'done'],
    ]);
    expect(items.find(({ action }) => action === 'reveal-key-safe' )?.sentence).toContain('was refused the code of the key-safe');
  });

  test('[NK11] while it is disputed both are shown to whoever asks, and neither in a problem of the review', async () => {
    await world.dispute(planId, 'keysafe', 'keySafeCode', ['1111', '2222']);
    const review = must(await world.call<{ problems: { message: string }[] }>('coordinator', 'post', `/api/plans/${planId}/reviews`));
    expect(JSON.stringify(review)).not.toMatch(/1111|2222/);
    expect(must(await reveal('nurse')).codes.toSorted()).toEqual(['1111', '2222']);
  });
});
