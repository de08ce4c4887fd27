/** Opening a plan in an emergency: who may, what it opens, how it ends, who is told. Over HTTP and over the live socket of the real service. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reviewBreakGlass } from '../../server/breakGlass/commands.ts';
import { tokenHashOf } from '../../server/identity/sessions.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { sections } from '../../shared/content/standard.ts';
import type { AccessId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { AuditList } from '../../shared/wire/plans.ts';
import type { BreakGlassView, PrivacyAlert } from '../../shared/wire/breakGlass.ts';
import { answers } from '../support/answers.ts';
import { startApp, type Answer, type Api, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { openSocket } from '../support/provider.ts';

const order = { reason: 'emergency', note: 'Called to the house at night, breathless, no notes there' };
let app: TestApp;
const people: Record<string, { actor: Actor; cookie: string; api: Api }> = {};
const at = (name: string) => people[name] as { actor: Actor; cookie: string; api: Api };

beforeAll(async () => {
  app = await startApp();
  const cast = [
    ['owner', 'coordinator', 'org_hub'], ['officer', 'privacy-officer', 'org_hub'], ['gp', 'gp', 'org_far'], ['nurse', 'community-nurse', 'org_far'], ['farOfficer', 'privacy-officer', 'org_far'],
    ['social', 'social-worker', 'org_far'], ['otherOfficer', 'privacy-officer', 'org_other'],
  ] as const;
  for (const [name, role, organisationId] of cast) {
    const actor = await app.person(`${name.toLowerCase()}-here`, role, { organisationId });
    const cookie = await app.signIn(actor.id);
    people[name] = { actor, cookie, api: app.api(cookie) };
  }
});
afterAll(() => app.close());

let numbers = 999_200_000;
const nextNumber = (): string => makeNhsNumber(String((numbers += 1))) ?? nextNumber();
async function newPlan(): Promise<{ id: string; nhsNumber: string; birthDate: string }> {
  const nhsNumber = nextNumber();
  const made = await at('owner').api.post('/api/plans', { patient: { nhsNumber, familyName: 'Zellwood', givenName: 'Ottilie', birthDate: '1941-06-05' } });
  expect(made.status).toBe(201);
  const id = String(made.body['id']);
  await app.deps.text.write({ planId: id as never, sectionId: 'wishes', actor: at('owner').actor, as: 'service', change: answers({ whatMatters: [{ type: 'paragraph', text: 'To be at home with the canary' }] }) });
  return { id, nhsNumber, birthDate: '1941-06-05' };
}
const open = (who: string, planId: string, body: object = order): Promise<Answer> => at(who).api.post(`/api/plans/${planId}/break-glass`, body);
const view = (answer: Answer): BreakGlassView => answer.body as unknown as BreakGlassView;
const plain = ({ status, body }: Answer) => ({ status, body: { ...body, instance: 0, requestId: 0 } });
/** Lets the hour pass, by the database's clock; nothing else tells anybody. */
const letItPass = async (id: string): Promise<void> => {
  await app.db.query(`UPDATE break_glass SET began_at = began_at - interval '2 hours', until = until - interval '2 hours' WHERE id = $1`, [id]);
  await app.db.query(`UPDATE plan_people SET since = since - interval '2 hours', until = until - interval '2 hours' WHERE source = $1`, [id]);
};

describe('breaking the glass', () => {
  test('[BG1] a GP, community nurse or hospice clinician without a relationship opens the plan; to others it does not exist', async () => {
    const plan = await newPlan();
    expect((await at('gp').api.get(`/api/plans/${plan.id}`)).status).toBe(404);
    expect(plain(await open('social', plan.id))).toEqual(plain(await open('social', 'plan_0000000000000000')));
    expect((await at('social').api.post('/api/break-glass', { ...order, nhsNumber: plan.nhsNumber, birthDate: plan.birthDate })).status).toBe(403);
    const begun = await open('gp', plan.id);
    expect(begun.status).toBe(201);
    expect(Date.parse(view(begun).until) - Date.parse(view(begun).beganAt)).toBe(limits.breakGlassMs);
    expect((await at('gp').api.get(`/api/plans/${plan.id}`)).body).toMatchObject({ id: plan.id, breakGlassUntil: view(begun).until });
    expect((await open('gp', 'plan_0000000000000000')).status).toBe(404);
  });

  test.each([
    ['no reason', { note: order.note }, 'reason'], ['a reason that is not on the list', { ...order, reason: 'curious' }, 'reason'],
    ['a short note', { ...order, note: 'urgent visit  ' }, 'note'], ['a note of blanks', { ...order, note: ' '.repeat(40) }, 'note'], ['two letters far apart', { ...order, note: `a${' '.repeat(20)}b` }, 'note'], ['a note that turns the reading direction', { ...order, note: `${order.note}\u202e` }, 'note'],
  ])('[BG1] %s is refused and named, and opens nothing', async (_name, body, field) => {
    const plan = await newPlan();
    const refused = await open('gp', plan.id, body);
    expect([refused.status, (refused.body['problems'] as { field: string }[]).map((problem) => problem.field)]).toEqual([422, [field]]);
    expect((await at('gp').api.get(`/api/plans/${plan.id}`)).status).toBe(404);
  });

  test('[BG2] T9 it opens the sections of the role to read, over HTTP and live, and nothing else', async () => {
    const plan = await newPlan();
    expect((await open('gp', plan.id)).status).toBe(201);
    const shown = await at('gp').api.get(`/api/plans/${plan.id}`);
    const access = shown.body['sections'] as { id: string; access: string }[];
    expect(access.map(({ id, access: how }) => [id, how])).toEqual(sections.map(({ id, readers }) => [id, readers.includes('gp') ? 'view' : 'none']));
    expect(shown.body['may']).toEqual({ sign: false, readAudit: false, changeTeam: false, correctIdentity: false, review: false, changeInspection: false });
    expect(JSON.stringify((await at('gp').api.get(`/api/plans/${plan.id}/content`)).body)).toContain('canary');
    const refused: [string, Promise<Answer>][] = [
      ['review', at('gp').api.post(`/api/plans/${plan.id}/reviews`)], ['sign', at('gp').api.post(`/api/plans/${plan.id}/versions`, { position: 1, contentHash: '0'.repeat(64), statement: 'I sign' })],
      ['offline', at('gp').api.post(`/api/plans/${plan.id}/offline-copies`)], ['team', at('gp').api.post(`/api/plans/${plan.id}/team`, { organisationId: 'org_far', relationship: 'Ours now' })],
      ['identity', at('gp').api.post(`/api/plans/${plan.id}/identity`, { familyName: 'Other', reason: 'I know better than this' })], ['trail', at('gp').api.get(`/api/plans/${plan.id}/audit`)], ['print', at('gp').api.post(`/api/plans/${plan.id}/prints`, { what: 'signed-version', version: 1 })], ['practice', at('gp').api.post(`/api/plans/${plan.id}/practice`, { colleagues: 1 })],
    ];
    for (const [name, answer] of refused) expect([name, (await answer).status]).toEqual([name, 403]);
    const socket = openSocket(app.url.replace('http', 'ws'), `/sync/${plan.id}/wishes`, { cookie: at('gp').cookie });
    await socket.opened();
    socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) });
    await eventually(() => expect(Buffer.concat(socket.frames.map((frame) => (frame.kind === 'step2' ? Buffer.from(frame.update) : Buffer.alloc(0)))).toString('latin1')).toContain('canary'));
    const { updateOf } = await import('../support/provider.ts');
    socket.say({ kind: 'update', update: updateOf('wishes', answers({ whatMatters: [{ type: 'paragraph', text: 'Something else' }] })) });
    expect(await socket.closed()).toBe(4403);
  });

  test('[BG3] by NHS number and date of birth, which must belong together; an unknown number and another’s birth are answered alike, and each asking is recorded', async () => {
    const plan = await newPlan();
    const by = (nhsNumber: string, birthDate: string) => at('nurse').api.post('/api/break-glass', { ...order, nhsNumber, birthDate });
    const asked = async () => (await app.db.query<{ found: boolean }>('SELECT found FROM break_glass_lookups WHERE person_id = $1 ORDER BY at', [at('nurse').actor.id])).map(({ found }) => found);
    const [unknown, wrong] = [await by(nextNumber(), plan.birthDate), await by(plan.nhsNumber, '1941-06-06')];
    expect(unknown.status).toBe(404);
    expect(plain(wrong)).toEqual(plain(unknown));
    expect(await asked()).toEqual([false, false]);
    await eventually(async () => {
      const { items } = (await at('owner').api.get(`/api/plans/${plan.id}/audit`)).body as unknown as AuditList;
      expect(items.filter(({ action, outcome }) => action === 'break-glass' && outcome === 'refused')).toHaveLength(1);
    });
    const begun = await by(plan.nhsNumber, plan.birthDate);
    expect([begun.status, view(begun).planId]).toEqual([201, plan.id]);
    expect(await asked()).toEqual([false, false, true]);
    for (const [nhsNumber, birthDate, field] of [['9990000000', plan.birthDate, 'nhsNumber'], [plan.nhsNumber, '1941-02-30', 'birthDate']] as const) {
      expect((await by(nhsNumber, birthDate)).body).toMatchObject({ status: 422, problems: [{ field }] });
    }
    await app.db.query(`INSERT INTO break_glass_lookups (person_id, at, found) SELECT $1, clock_timestamp() - n * interval '1 minute', false FROM generate_series(1, $2) AS n`, [at('nurse').actor.id, limits.breakGlassLookupsPerHour]);
    expect((await by(nextNumber(), plan.birthDate)).status).toBe(429);
    await app.db.query(`INSERT INTO break_glass_lookups (person_id, at, found) SELECT $1, clock_timestamp() - interval '9 hours', false`, [at('gp').actor.id]);
  });

  test('[BG4] a second time while one runs is refused, once it was ended it is allowed anew; whoever has access anyway takes none', async () => {
    const plan = await newPlan();
    const first = view(await open('gp', plan.id));
    expect((await open('gp', plan.id)).body).toMatchObject({ status: 409, until: first.until });
    const twice = await Promise.all([open('nurse', plan.id), open('nurse', plan.id)]);
    expect(twice.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const socket = openSocket(app.url.replace('http', 'ws'), `/sync/${plan.id}/wishes`, { cookie: at('gp').cookie });
    await socket.opened();
    expect((await at('gp').api.send('DELETE', `/api/plans/${plan.id}/break-glass`)).status).toBe(204);
    expect((await at('gp').api.send('DELETE', `/api/plans/${plan.id}/break-glass`)).status).toBe(204);
    expect([4403, 4404]).toContain(await socket.closed());
    expect((await at('gp').api.get(`/api/plans/${plan.id}/content`)).status).toBe(404);
    expect((await open('gp', plan.id)).status).toBe(201);
    const own = await app.person(`own${numbers}`, 'gp', { organisationId: 'org_hub' });
    expect((await app.api(await app.signIn(own.id)).post(`/api/plans/${plan.id}/break-glass`, order)).body).toMatchObject({ status: 409, planId: plan.id });
  });

  test('[BG5] T9 after an hour it is over by the clock: the live connection is closed, the plan does not exist any more, and it is in no list', async () => {
    const plan = await newPlan();
    const begun = view(await open('gp', plan.id));
    const listed = async () => ((await at('gp').api.get('/api/plans')).body['items'] as { id: string }[]).map(({ id }) => id);
    expect(await listed()).toContain(plan.id);
    const socket = openSocket(app.url.replace('http', 'ws'), `/sync/${plan.id}/wishes`, { cookie: at('gp').cookie });
    await socket.opened();
    await letItPass(begun.id);
    expect([4403, 4404]).toContain(await socket.closed());
    expect((await at('gp').api.get(`/api/plans/${plan.id}`)).status).toBe(404);
    expect(await listed()).not.toContain(plan.id);
    expect((await open('gp', plan.id)).status).toBe(201);
  });
});

describe('afterwards', () => {
  const alerts = async (who: string): Promise<PrivacyAlert[]> => (await at(who).api.get('/api/privacy/alerts')).body['items'] as PrivacyAlert[];
  const alertOf = async (who: string, id: string): Promise<PrivacyAlert | undefined> => (await alerts(who)).find((alert) => alert.id === id);

  test('[BG6] HAZ-18 privacy officers of the organisations concerned are told, without anything that names the patient; note and plan only where they oversee it', async () => {
    const plan = await newPlan();
    const begun = view(await open('gp', plan.id, { ...order, note: 'Ottilie Zellwood is very ill tonight' }));
    const [near, far] = [await alertOf('officer', begun.id), await alertOf('farOfficer', begun.id)];
    expect(near).toMatchObject({ planId: plan.id, note: 'Ottilie Zellwood is very ill tonight', reason: 'emergency', overdue: false, review: null, person: { name: at('gp').actor.name } });
    expect(Date.parse(near?.reviewDue ?? '') - Date.parse(begun.beganAt)).toBe(limits.breakGlassReviewMs);
    expect(far).toMatchObject({ planId: null, note: null });
    for (const told of ['Zellwood', 'Ottilie', plan.nhsNumber, plan.birthDate, plan.id]) expect([told, JSON.stringify(far).includes(told)]).toEqual([told, false]);
    expect(await alertOf('otherOfficer', begun.id)).toBeUndefined();
    expect((await at('gp').api.get('/api/privacy/alerts')).status).toBe(403);
  });

  test('[BG7] T9 a review is due in 72 hours and is closed once, with an outcome and why, by an officer whom it concerns', async () => {
    const plan = await newPlan();
    const begun = view(await open('gp', plan.id));
    const close = (who: string, body: object = { outcome: 'justified', note: 'Rang the practice: she was on call and went there' }) => at(who).api.post(`/api/privacy/alerts/${begun.id}/review`, body);
    expect((await close('otherOfficer')).status).toBe(404);
    expect((await close('gp')).status).toBe(404);
    expect((await close('officer', { outcome: 'justified', note: 'fine' })).status).toBe(422);
    await app.db.query(`UPDATE break_glass SET review_due = clock_timestamp() - interval '1 minute' WHERE id = $1`, [begun.id]);
    expect(await alertOf('officer', begun.id)).toMatchObject({ overdue: true });
    expect((await close('officer')).body).toMatchObject({ overdue: false, review: { outcome: 'justified', by: at('officer').actor.name } });
    expect((await close('farOfficer')).status).toBe(409);
    expect(await alertOf('farOfficer', begun.id)).toMatchObject({ review: { outcome: 'justified', note: '' } });
  });

  test('[SE12] HAZ-09 a review is not closed by whoever has another role, or no session, in the moment in which it is written', async () => {
    const begun = view(await open('gp', (await newPlan()).id));
    const { actor, cookie } = at('officer');
    const close = (cookieHeader: string) => reviewBreakGlass(app.deps, { actor, cookieHeader }, begun.id as AccessId, { outcome: 'justified', note: 'Rang the practice: she was on call and went there' });
    const over = await app.signIn(actor.id);
    await app.db.query('UPDATE sessions SET ended_at = clock_timestamp() WHERE token_hash = $1', [tokenHashOf(over)]);
    expect(await close(over)).toMatchObject({ ok: false, refusal: { code: 'not-signed-in' } });
    await app.db.query(`UPDATE people SET role = 'organisation-admin' WHERE id = $1`, [actor.id]);
    expect(await close(cookie)).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
    await app.db.query('UPDATE people SET role = $2 WHERE id = $1', [actor.id, actor.role]);
    expect(await alertOf('officer', begun.id)).toMatchObject({ review: null });
    expect((await close(cookie)).ok).toBe(true);
  });

  test('[BG8] the trail of the plan tells all of it: the opening with its reason, the end, the review; never the note', async () => {
    const plan = await newPlan();
    const begun = view(await open('gp', plan.id));
    await at('gp').api.get(`/api/plans/${plan.id}`);
    expect((await at('gp').api.post(`/api/plans/${plan.id}/key-safe/reveal`)).status).toBe(200);
    await at('gp').api.send('DELETE', `/api/plans/${plan.id}/break-glass`);
    await at('officer').api.post(`/api/privacy/alerts/${begun.id}/review`, { outcome: 'follow-up', note: 'The practice is to be on the care team' });
    const trail = (await at('owner').api.get(`/api/plans/${plan.id}/audit`)).body as unknown as AuditList;
    expect(trail.chain.ok).toBe(true);
    expect(trail.items.filter(({ action }) => action.includes('break-glass')).map(({ action, outcome, reason }) => [action, outcome, reason])).toEqual([
      ['review-break-glass', 'done', undefined], ['end-break-glass', 'done', undefined], ['break-glass', 'done', 'emergency'],
    ]);
    expect(trail.items.find(({ action }) => action === 'open-plan')?.actor.id).toBe(at('gp').actor.id);
    const purposes = async (action: string) => (await app.db.query<{ entry: string }>('SELECT entry FROM audit_entries WHERE stream = $1', [`plan:${plan.id}`])).map(({ entry }) => JSON.parse(entry) as { action: string; purpose: string }).filter((each) => each.action === action).map(({ purpose }) => purpose);
    expect(await purposes('open-plan')).toEqual(['break-glass']);
    expect(await purposes('reveal-key-safe')).toEqual(['break-glass']);
    expect(JSON.stringify(trail)).not.toContain('Called to the house');
  });
});
