/** Making plans, the caseload, opening, the draft, the care team: on a real database. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sections } from '../../shared/content/standard.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { AuditList, PlanListItem, PlanView } from '../../shared/wire/plans.ts';
import { makePlanWorld, must, refusalOf, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
beforeAll(async () => { world = await makePlanWorld(); });
afterAll(() => world.close());

const patient = { nhsNumber: '9990001006', familyName: 'Brook', givenName: 'Ida', birthDate: '1938-02-28' };
const begin = (who: Parameters<PlanWorld['call']>[0], changes: object = {}) => world.call<PlanView>(who, 'post', '/api/plans', { body: { patient: { ...patient, ...changes } } });
const list = (who: Parameters<PlanWorld['call']>[0], query: Record<string, string> = {}) => world.get<{ items: PlanListItem[]; next: string | null }>(who, '/api/plans', query);

describe('beginning a plan', () => {
  test('[PL1] the plan begins with the patient’s identity in its log and the beginner’s organisation on its care team', async () => {
    const plan = must(await begin('gp', { nhsNumber: ' 999 000-1006 ', familyName: ' Brook ', gender: 'female', address: '', gpPractice: 'Elm Surgery' }));
    expect(plan.patient).toEqual({ nhsNumber: '9990001006', familyName: 'Brook', givenName: 'Ida', birthDate: '1938-02-28', gender: 'female' });
    expect(plan.status).toBe('draft');
    expect(plan.team.map(({ organisation }) => organisation.id)).toEqual(['org_surgery']);
    const content = await world.get<{ sections: Record<string, Record<string, unknown>> }>('gp', `/api/plans/${plan.id}/content`);
    expect(content.sections['identity']).toMatchObject({ nhsNumber: '9990001006', familyName: 'Brook', birthDate: '1938-02-28', gpPractice: 'Elm Surgery', nhsNumberStatus: '02' });
    expect(content.sections['identity']).not.toHaveProperty('address');
  });

  test('[PL3] HAZ-24 a second open plan for the same number is refused; who may see the first is told which it is, others are not', async () => {
    const first = (await list('gp', { query: '9990001006' })).items[0];
    const seen = refusalOf(await begin('gp'));
    expect(seen).toMatchObject({ code: 'open-plan-exists', more: { planId: first?.id } });
    const unseen = refusalOf(await begin('nurse'));
    expect(unseen?.code).toBe('open-plan-exists');
    expect(JSON.stringify(unseen)).not.toContain(first?.id);
  });

  test('[PL3] HAZ-24 twenty people begin the same plan at one instant: exactly one does', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => begin('coordinator', { nhsNumber: '9990002002' })));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => refusalOf(answer)?.code === 'open-plan-exists')).toHaveLength(19);
    expect(await world.base.db.query(`SELECT id FROM plans WHERE nhs_number = '9990002002'`)).toHaveLength(1);
  });

  test.each([
    ['a wrong check digit', { nhsNumber: '9990001007' }, 'patient.nhsNumber'],
    ['nine digits', { nhsNumber: '999000100' }, 'patient.nhsNumber'],
    ['one digit ten times', { nhsNumber: '9999999999' }, 'patient.nhsNumber'],
    ['a day that does not exist', { birthDate: '1939-02-29' }, 'patient.birthDate'],
    ['a birth in the future', { birthDate: '2199-01-01' }, 'patient.birthDate'],
    ['no family name', { familyName: '   ' }, 'patient.familyName'],
    ['a gender that is no answer', { gender: 'other' }, 'patient.gender'],
    ['a control sign', { givenName: 'I\u0000da' }, 'patient.givenName'],
    ['a sign that turns the reading direction', { preferredName: '\u202eadI' }, 'patient.preferredName'],
  ])('[PL2] %s is refused and named, and nothing is made', async (_name, changes, field) => {
    const before = await world.base.db.query('SELECT id FROM plans');
    const refusal = refusalOf(await begin('coordinator', { nhsNumber: '9990003009', ...changes }));
    expect(refusal?.code).toBe('invalid');
    expect(refusal?.problems?.map((problem) => problem.field)).toEqual([field]);
    expect(await world.base.db.query('SELECT id FROM plans')).toHaveLength(before.length);
  });

  test('[PL4] HAZ-29 a demonstration takes no real number, a real service none of the demonstration’s', async () => {
    expect(refusalOf(await begin('coordinator', { nhsNumber: makeNhsNumber('400000000') }))?.problems?.[0]?.field).toBe('patient.nhsNumber');
    const real = await makePlanWorld({ demo: false });
    try {
      const refusal = refusalOf(await real.call('gp', 'post', '/api/plans', { body: { patient } }));
      expect(refusal).toMatchObject({ code: 'invalid', problems: [{ field: 'patient.nhsNumber' }] });
    } finally {
      await real.close();
    }
  });

  test.each(['socialWorker', 'careHomeNurse', 'privacyOfficer', 'paramedic'] as const)('[PL1] HAZ-10 %s cannot begin a plan', async (who) => {
    expect(refusalOf(await begin(who, { nhsNumber: '9990003009' }))?.code).toBe('not-allowed');
  });
});

describe('the caseload', () => {
  let own: PlanWorld;
  beforeAll(async () => {
    own = await makePlanWorld();
    const names = ['Ash', 'Birch', 'Cedar', 'Elm', 'Fir'];
    for (let index = 0; index < 60; index += 1) {
      const plan = await own.newPlan(index < 55 ? 'coordinator' : 'gp');
      const family = `${names[index % names.length] ?? ''}${String(index).padStart(2, '0')}`;
      await own.write(plan.id as PlanId, 'coordinator', 'identity', { familyName: family, givenName: index % 2 ? 'Mary Jo' : 'Örs 100%' });
      if (index === 3) await own.write(plan.id as PlanId, 'coordinator', 'status', { gsfStage: { code: 'red', note: 'since Tuesday' } });
    }
  });
  afterAll(() => own.close());
  const page = (query: Record<string, string> = {}) => own.get<{ items: PlanListItem[]; next: string | null }>('coordinator', '/api/plans', query);

  test('[PL6] every plan of the organisation, in order of name, once, over as many pages as it takes', async () => {
    const first = await page();
    expect(first.items).toHaveLength(50);
    const second = await page({ cursor: first.next ?? '' });
    expect(second.next).toBeNull();
    const names = [...first.items, ...second.items].map(({ patient: { familyName } }) => familyName);
    expect(names).toHaveLength(55);
    expect(names).toEqual([...new Set(names)].toSorted());
  });

  test('[PL7] looks for names, each word anywhere, and for NHS numbers with or without blanks', async () => {
    expect((await page({ query: 'birch01' })).items.map(({ patient: { familyName } }) => familyName)).toEqual(['Birch01']);
    expect((await page({ query: 'mary, ELM13' })).items.map(({ patient: { familyName } }) => familyName)).toEqual(['Elm13']);
    expect((await page({ query: 'mary elm12' })).items).toEqual([]);
    const [{ patient: { nhsNumber } }] = (await page({ query: 'ash00' })).items as [PlanListItem];
    const spaced = `${nhsNumber.slice(0, 3)} ${nhsNumber.slice(3, 6)} ${nhsNumber.slice(6)}`;
    for (const query of [nhsNumber, spaced, nhsNumber.slice(2)]) expect((await page({ query })).items.map((item) => item.patient.nhsNumber)).toContain(nhsNumber);
  });

  test('[PL7] signs that mean something to the database are only signs', async () => {
    expect((await page({ query: '100%' })).items.length).toBeGreaterThan(0);
    expect((await page({ query: 'Ash%Mary' })).items).toEqual([]);
    expect((await page({ query: '_sh00' })).items).toEqual([]);
    expect((await page({ query: 'ash\u0000' })).items.length).toBeGreaterThan(0);
  });

  test('[PL8] a stage is found whether or not a note goes with it', async () => {
    const { items } = await page({ stage: 'red' });
    expect(items.map(({ patient: { familyName }, stage }) => [familyName, stage])).toEqual([['Elm03', 'red']]);
  });

  test('[PL6] a cursor that is none of ours is refused', async () => {
    for (const cursor of ['x', 'W10', 'WzEsMiwzXQ', Buffer.from('["a\\u0000","b","c"]').toString('base64url')]) {
      expect(refusalOf(await own.call('coordinator', 'get', '/api/plans', { query: { cursor } }))?.code).toBe('bad-request');
    }
  });

  test('[PL6] other organisations see nothing of it, urgent care has no caseload', async () => {
    expect((await own.get<{ items: PlanListItem[] }>('outsider', '/api/plans')).items).toEqual([]);
    expect(refusalOf(await own.call('paramedic', 'get', '/api/plans'))?.code).toBe('not-allowed');
  });

  test('[PL9] who may read no section gets no value of one from a list or a plan', async () => {
    const [item] = (await own.get<{ items: PlanListItem[] }>('privacyOfficer', '/api/plans', { stage: 'red' })).items;
    expect(item?.summary).toEqual({ disputed: [] });
    expect(item?.stage).toBeUndefined();
    const plan = await own.get<PlanView>('privacyOfficer', `/api/plans/${item?.id ?? ''}`);
    expect(plan.summary).toEqual({ disputed: [] });
    expect(plan.sections).toEqual(sections.map(({ id }) => ({ id, access: 'none' })));
  });

  test('[PL6] says who changed the plan last and when', async () => {
    const [item] = (await page({ query: 'ash00' })).items;
    expect(item?.lastChanged?.by).toBe('Someone coordinator');
    expect(Date.parse(item?.lastChanged?.at ?? '')).toBeGreaterThan(Date.now() - 10 * 60_000);
  });
});

describe('one plan', () => {
  test('[PL10] a plan of others and a plan that does not exist are answered alike, at every address', async () => {
    const plan = await world.newPlan();
    const addresses = (id: string) => [
      ['get', `/api/plans/${id}`], ['get', `/api/plans/${id}/content`], ['post', `/api/plans/${id}/reviews`], ['get', `/api/plans/${id}/versions`],
      ['get', `/api/plans/${id}/versions/1`], ['get', `/api/plans/${id}/audit`],
    ] as const;
    const ask = async (id: string) => Promise.all(addresses(id).map(async ([method, address]) => refusalOf(await world.call('outsider', method, address))));
    const hidden = await ask(plan.id);
    expect(hidden).toEqual(await ask('plan_0000000000000000'));
    expect(hidden.every((refusal) => refusal?.code === 'not-found')).toBe(true);
  });

  test('[PL11] the draft holds the sections that the reader may read and no others', async () => {
    const plan = await world.newPlan();
    await world.write(plan.id as PlanId, 'gp', 'prognosis', { prognosis: 'weeks' });
    await world.write(plan.id as PlanId, 'nurse', 'keysafe', { keySafeCode: '2486' });
    const nurse = await world.call('nurse', 'get', `/api/plans/${plan.id}/content`);
    expect(JSON.stringify(nurse)).toContain('keySafeCode');
    const home = must(await world.call<{ sections: object }>('careHomeNurse', 'get', `/api/plans/${plan.id}/content`));
    expect(Object.keys(home.sections)).toEqual(['identity']);
    expect(JSON.stringify(home)).not.toMatch(/2486|"weeks"/);
    expect(refusalOf(await world.call('privacyOfficer', 'get', `/api/plans/${plan.id}/content`))?.code).toBe('not-allowed');
  });

  test('[PL12] HAZ-27 opening a plan is in its chain once for each person, however often the page is loaded', async () => {
    const plan = await world.newPlan();
    for (const who of ['nurse', 'nurse', 'gp', 'socialWorker', 'nurse'] as const) {
      await world.call(who, 'get', `/api/plans/${plan.id}`);
      await world.call(who, 'get', `/api/plans/${plan.id}/content`);
    }
    const trail = await world.get<AuditList>('coordinator', `/api/plans/${plan.id}/audit`);
    const opened = trail.items.filter(({ action, outcome }) => action === 'open-plan' && outcome === 'done').map(({ actor }) => actor.id);
    expect(opened.toSorted()).toEqual(['person_nurse', 'person_socialworker']);
  });
});

describe('the care team', () => {
  test('[PL13] an organisation brought in sees the plan at once, and no longer once its access has ended', async () => {
    const plan = await world.newPlan();
    const see = async () => (await world.call('gp', 'get', `/api/plans/${plan.id}`)).ok;
    expect(await see()).toBe(false);
    const added = must(await world.call<PlanView>('coordinator', 'post', `/api/plans/${plan.id}/team`, { body: { organisationId: 'org_surgery', relationship: 'Registered practice' } }));
    expect(added.team.map(({ organisation, relationship }) => [organisation.id, relationship])).toContainEqual(['org_surgery', 'Registered practice']);
    expect(await see()).toBe(true);
    must(await world.call('coordinator', 'delete', `/api/plans/${plan.id}/team/org_surgery`));
    expect(await see()).toBe(false);
    const notices = world.announced.filter(({ planId }) => planId === plan.id).map(({ what }) => what.kind);
    expect(notices).toEqual(['access-changed', 'access-changed']);
    const trail = await world.get<AuditList>('coordinator', `/api/plans/${plan.id}/audit`);
    expect(trail.items.map(({ sentence }) => sentence)).toEqual(expect.arrayContaining([
      'Someone coordinator brought The surgery to the care team.', 'Someone coordinator ended the access of The surgery.',
    ]));
  });

  test('[PL13] twice, unknown, the last one, or without the right: refused, each for its reason', async () => {
    const plan = await world.newPlan();
    const add = async (who: Parameters<PlanWorld['call']>[0], organisationId: string) =>
      refusalOf(await world.call(who, 'post', `/api/plans/${plan.id}/team`, { body: { organisationId, relationship: 'Practice' } }))?.code;
    expect(await add('coordinator', 'org_hub')).toBe('conflict');
    expect(await add('coordinator', 'org_nowhere')).toBe('invalid');
    expect(await add('socialWorker', 'org_surgery')).toBe('not-allowed');
    expect(await add('outsider', 'org_elsewhere')).toBe('not-found');
    expect(refusalOf(await world.call('coordinator', 'delete', `/api/plans/${plan.id}/team/org_hub`))?.code).toBe('conflict');
    expect(refusalOf(await world.call('coordinator', 'delete', `/api/plans/${plan.id}/team/org_surgery`))?.code).toBe('not-found');
  });

  test('[PL13] organisations to choose from, by name', async () => {
    const { items } = await world.get<{ items: { name: string }[] }>('nurse', '/api/organisations');
    expect(items.map(({ name }) => name)).toEqual(['The ambulance', 'The elsewhere', 'The hub', 'The surgery']);
  });
});
