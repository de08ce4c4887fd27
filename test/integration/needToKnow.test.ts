/** Limits to sharing and withdrawn agreement at every door of the real service; invitations to meetings; relationships that end by the clock. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Actor, Role } from '../../shared/domain/roles.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { sections } from '../../shared/content/standard.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { createMeeting, moveMeeting } from '../../server/meetings/commands.ts';
import { joinMeeting } from '../../server/meetings/attendance.ts';
import { answers, contradict } from '../support/answers.ts';
import { startApp, type Answer, type Api, type TestApp } from '../support/app.ts';
import { completePlan } from '../support/completePlan.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { eventually } from '../support/eventually.ts';
import { openSocket, updateOf } from '../support/provider.ts';

interface Someone { readonly actor: Actor; readonly cookie: string; readonly api: Api }
let app: TestApp;
const people: Record<string, Someone> = {};
const at = (name: string): Someone => people[name] as Someone;

beforeAll(async () => {
  app = await startApp();
  const cast: readonly [string, Role, string][] = [
    ['coordinator', 'coordinator', 'org_hub'], ['doctor', 'gp', 'org_practice'], ['social', 'social-worker', 'org_council'], ['nurse', 'community-nurse', 'org_trust'],
    ['officer', 'privacy-officer', 'org_council'], ['crew', 'urgent-care', 'org_ambulance'], ['guest', 'hospice-clinician', 'org_hospice'],
  ];
  for (const [name, role, organisationId] of cast) {
    const actor = await app.person(`${name}-ntk`, role, { organisationId, senior: role === 'gp' });
    const cookie = await app.signIn(actor.id);
    people[name] = { actor, cookie, api: app.api(cookie) };
  }
});
afterAll(() => app.close());

let numbers = 999_300_000;
const nextNumber = (): string => makeNhsNumber(String((numbers += 1))) ?? nextNumber();
const write = async (planId: string, sectionId: string, values: Readonly<Record<string, unknown>>, actor = at('doctor').actor): Promise<void> => {
  const written = await app.deps.text.write({ planId: planId as PlanId, sectionId, actor, as: 'service', change: answers(values) });
  if (!written.ok) throw new Error(JSON.stringify(written.refusal));
};
/** A plan of hub, practice, council and trust, ready to be signed. */
async function newPlan(): Promise<{ id: string; nhsNumber: string }> {
  const nhsNumber = nextNumber();
  const made = await at('coordinator').api.post('/api/plans', { patient: { nhsNumber, familyName: 'Quillfeather', givenName: 'Enid', birthDate: '1939-01-02' } });
  const id = String(made.body['id']);
  for (const organisationId of ['org_practice', 'org_council', 'org_trust']) await at('coordinator').api.post(`/api/plans/${id}/team`, { organisationId, relationship: 'Looks after her' });
  await app.db.query(`UPDATE care_team SET kind = 'registered-practice' WHERE plan_id = $1 AND organisation_id = 'org_practice'`, [id]);
  for (const [sectionId, values] of Object.entries(completePlan(londonDate(new Date())).sections)) {
    const fixed = new Set(sections.find((section) => section.id === sectionId)?.fields.filter((field) => field.fixed).map((field) => field.id));
    await write(id, sectionId, Object.fromEntries(Object.entries(values).filter(([field]) => !fixed.has(field))));
  }
  await write(id, 'wishes', { whatMatters: [{ type: 'paragraph', text: 'The canary by the window' }] });
  return { id, nhsNumber };
}
async function sign(id: string): Promise<void> {
  const review = await at('coordinator').api.post(`/api/plans/${id}/reviews`);
  const { position, contentHash, statement } = review.body;
  expect((await at('coordinator').api.post(`/api/plans/${id}/versions`, { position, contentHash, statement })).status).toBe(201);
}
const limit = (id: string, row: object) => write(id, 'sharing', { sharingLimits: [{ id: 'limit-one', because: 'She asked for it', ...row }] });
const said = (answer: Answer): string => JSON.stringify(answer.body);
const live = (who: string, address: string) => openSocket(app.url.replace('http', 'ws'), `/sync/${address}`, { cookie: at(who).cookie });

describe('limits to sharing', () => {
  test('[NK4] whoever is limited finds nothing of the section at any door: draft, versions, comparison, history, changes, trail, list, page, live', async () => {
    const { id } = await newPlan();
    await sign(id);
    expect(said(await at('social').api.get(`/api/plans/${id}/content`))).toContain('canary');
    await limit(id, { role: 'social-worker', section: 'wishes' });
    await write(id, 'wishes', { whatMatters: [{ type: 'paragraph', text: 'The canary and the cat' }] });
    const doors = ['content', 'versions/1', 'compare?from=1&to=draft', 'changes?after=0', 'audit', ''];
    for (const door of doors) {
      const answer = await at('social').api.get(`/api/plans/${id}${door === '' ? '' : `/${door}`}`);
      expect([door, answer.status]).toEqual([door, 200]);
      expect([door, /canary|What matters to me|What matters and preferences|"section":"wishes"/.test(said(answer))]).toEqual([door, false]);
    }
    expect((await at('social').api.get(`/api/plans/${id}`)).body['sections']).toContainEqual({ id: 'wishes', access: 'none' });
    expect((await at('social').api.get(`/api/plans/${id}/history?section=wishes&field=whatMatters`)).body).toMatchObject({ status: 404 });
    expect((await at('social').api.get(`/api/plans/${id}/versions/1`)).body['withheld']).toContain('wishes');
    expect(await live('social', `${id}/wishes`).closed()).toBe(4404);
    // Others read on.
    expect(said(await at('nurse').api.get(`/api/plans/${id}/content`))).toContain('canary');
  });

  test('[NK4] HAZ-18 whoever a limit concerns is cut before its row is shown: neither it nor its reason reaches them', async () => {
    const { id } = await newPlan();
    const [limited, other] = [live('social', `${id}/sharing`), live('nurse', `${id}/sharing`)];
    for (const socket of [limited, other]) {
      await socket.opened();
      socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) });
      await eventually(() => expect(socket.frames.some((frame) => frame.kind === 'step2')).toBe(true));
    }
    const heard = (socket: typeof limited): boolean => socket.frames.some((frame) => frame.kind === 'update' && Buffer.from(frame.update).toString('latin1').includes('org_council'));
    await limit(id, { organisation: { id: 'org_council', name: 'The council' }, section: 'wishes' });
    expect([4403, 4404]).toContain(await limited.closed());
    await eventually(() => expect(heard(other)).toBe(true));
    expect(heard(limited)).toBe(false);
  });

  test('[NK4] T7 HAZ-18 a limit closes the section for whoever has it open, at once, and what they write in that moment is refused', async () => {
    const { id } = await newPlan();
    const [socket, other] = [live('social', `${id}/wishes`), live('nurse', `${id}/wishes`)];
    await Promise.all([socket.opened(), other.opened()]);
    socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) });
    await eventually(() => expect(socket.frames.some((frame) => frame.kind === 'step2')).toBe(true));
    await limit(id, { organisation: { id: 'org_council', name: 'The council' }, section: 'wishes' });
    expect([4403, 4404]).toContain(await socket.closed());
    const late = live('social', id);
    await late.opened();
    late.say({ kind: 'update', update: updateOf('wishes', answers({ whatMatters: [{ type: 'paragraph', text: 'smuggled' }] })) }, 'wishes');
    expect([4403, 4404]).toContain(await late.closed());
    expect(said(await at('nurse').api.get(`/api/plans/${id}/content`))).not.toContain('smuggled');
    other.say({ kind: 'barrier', number: 7 });
    await other.saved(7);
    other.end();
  });

  test('[NK4] HAZ-11 a copy that was taken offline with the section is not opened any more', async () => {
    const { id } = await newPlan();
    const copy = String((await at('social').api.post(`/api/plans/${id}/offline-copies`)).body['id']);
    const state = async () => ((await at('social').api.get('/api/offline-copies')).body['items'] as { id: string; state: string }[]).find((one) => one.id === copy)?.state;
    expect(await state()).toBe('held');
    await limit(id, { role: 'social-worker', section: 'wishes' });
    expect(await state()).toBe('no-access');
    expect((await at('social').api.get(`/api/offline-copies/${copy}/key`)).body['plan']).toBeNull();
  });

  test('[NK4] everything withheld is no plan: no page, no list, no meeting place; urgent care finds nothing signed', async () => {
    const { id, nhsNumber } = await newPlan();
    await sign(id);
    const listed = async (who: string) => ((await at(who).api.get(`/api/plans?query=${nhsNumber}`)).body['items'] as unknown[]).length;
    expect([await listed('social'), (await at('crew').api.get(`/api/urgent/${nhsNumber}`)).status]).toEqual([1, 200]);
    await limit(id, { role: 'social-worker', section: 'everything' });
    expect([(await at('social').api.get(`/api/plans/${id}`)).status, await listed('social'), await listed('nurse')]).toEqual([404, 0, 1]);
    await write(id, 'sharing', { sharingLimits: [{ id: 'limit-two', because: 'Hers', role: 'urgent-care', section: 'everything' }] });
    const [withheld, unknown] = [await at('crew').api.get(`/api/urgent/${nhsNumber}`), await at('crew').api.get(`/api/urgent/${nextNumber()}`)];
    expect([withheld.status, withheld.body['detail']]).toEqual([404, unknown.body['detail']]);
  });

  test('[NK4] the pages of a list say nothing of the plans between those that they show, and end', async () => {
    const { id } = await newPlan();
    await limit(id, { role: 'social-worker', section: 'everything' });
    // More of them than fill a page, with one after all of them that may be seen.
    const copies = `SELECT 'plan_copy-' || n AS copy, n FROM generate_series(1, ${limits.pageSize + 5}) AS n`;
    await app.db.query(`INSERT INTO plans (id, nhs_number, created_by, begun_in, summary)
      SELECT copy, '0000000' || lpad(n::text, 3, '0'), created_by, begun_in, (summary || jsonb_build_object('familyName', 'Zzhidden' || lpad(n::text, 3, '0'))) - CASE WHEN n = ${limits.pageSize + 5} THEN 'sharingLimits' ELSE '' END
      FROM plans, (${copies}) AS copies WHERE id = $1`, [id]);
    await app.db.query(`INSERT INTO care_team (plan_id, organisation_id, relationship) SELECT copy, organisation, 'Looks after her' FROM (${copies}) AS copies, unnest(ARRAY['org_council', 'org_trust']) AS organisation`);
    const pages = async (who: string): Promise<{ names: string[]; cursors: string[] }> => {
      const found = { names: [] as string[], cursors: [] as string[] };
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body }: Answer = await at(who).api.get(`/api/plans?query=zzhidden&cursor=${cursor}`);
        found.names.push(...(body['items'] as { patient: { familyName: string } }[]).map(({ patient }) => patient.familyName));
        cursor = body['next'] as string | null;
        if (cursor !== null) found.cursors.push(Buffer.from(cursor, 'base64url').toString('utf8'));
      }
      return found;
    };
    const last = `Zzhidden${String(limits.pageSize + 5).padStart(3, '0')}`;
    expect(await pages('social')).toEqual({ names: [last], cursors: [] });
    const all = await pages('nurse');
    expect([all.names.length, new Set(all.names).size, all.cursors.length]).toEqual([limits.pageSize + 5, limits.pageSize + 5, 1]);
  });

  test('[NK5] a limit written as text, before limits took effect, is kept, shown as not applied, and has to be chosen before a signature', async () => {
    const { id } = await newPlan();
    await write(id, 'sharing', { sharingLimits: [{ id: 'old', who: 'Custody staff', part: 'Everything but the card', because: 'His wish' }] });
    expect(said(await at('social').api.get(`/api/plans/${id}/content`))).toContain('Custody staff');
    const problems = (await at('coordinator').api.post(`/api/plans/${id}/reviews`)).body['problems'] as { field: string; message: string }[];
    expect(problems.filter(({ field }) => field === 'sharingLimits').map(({ message }) => message)).toEqual(expect.arrayContaining([expect.stringContaining('What is withheld is missing'), expect.stringContaining('choose one of them')]));
  });
});

describe('agreement to share', () => {
  test('[NK6] HAZ-11 withdrawal takes the plan away from all but the one that began it and the registered practice, live too, and urgent care is told so without content', async () => {
    const { id, nhsNumber } = await newPlan();
    await sign(id);
    const socket = live('nurse', `${id}/wishes`);
    await socket.opened();
    await write(id, 'consent', { consentShare: 'withdrawn' });
    expect([4403, 4404]).toContain(await socket.closed());
    const sees = async (who: string) => (await at(who).api.get(`/api/plans/${id}`)).status;
    expect([await sees('coordinator'), await sees('doctor'), await sees('social'), await sees('nurse'), await sees('officer')]).toEqual([200, 200, 404, 404, 200]);
    const urgent = await at('crew').api.get(`/api/urgent/${nhsNumber}`);
    expect([urgent.status, urgent.body['code']]).toEqual([403, 'not-shared']);
    for (const word of ['Quillfeather', 'Enid', 'canary', id]) expect(said(urgent)).not.toContain(word);
    await write(id, 'consent', { consentShare: 'own-consent' });
    expect([await sees('nurse'), (await at('crew').api.get(`/api/urgent/${nhsNumber}`)).status]).toEqual([200, 200]);
  });

  test('[NK6] HAZ-11 of a disputed answer the last signed one stays in force', async () => {
    const { id } = await newPlan();
    await sign(id);
    const dispute = () => app.deps.text.write({ planId: id as PlanId, sectionId: 'consent', actor: at('doctor').actor, as: 'service', change: contradict('consentShare', ['own-consent', 'withdrawn']) });
    expect((await dispute()).ok).toBe(true);
    expect((await at('nurse').api.get(`/api/plans/${id}`)).status).toBe(200);
    expect((await app.db.query<{ answer: unknown }>('SELECT signed_sharing AS answer FROM plans WHERE id = $1', [id]))[0]?.answer).toBe('own-consent');
  });
});

describe('invitations', () => {
  test('[NK7] whoever is invited to a meeting sees the plans on its agenda from its start until a week after its end, and answers for none of them', async () => {
    const { id } = await newPlan();
    const chair = at('coordinator').actor;
    const made = await createMeeting(app.deps, { actor: chair }, { title: 'MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [id], invited: [at('guest').actor.id] });
    if (!made.ok) throw new Error(JSON.stringify(made.refusal));
    const sees = async () => (await at('guest').api.get(`/api/plans/${id}`)).status;
    expect(await sees()).toBe(404);
    await joinMeeting(app.deps, { actor: chair }, made.value, 'connection_need-to-know');
    expect((await moveMeeting(app.deps, { actor: chair }, made.value, { kind: 'start' })).ok).toBe(true);
    expect(await sees()).toBe(200);
    for (const [method, path, body] of [['POST', 'team', { organisationId: 'org_hospice', relationship: 'Ours' }], ['POST', 'offline-copies', undefined]] as const) expect((await at('guest').api.send(method, `/api/plans/${id}/${path}`, body)).status).toBe(403);
    expect((await createMeeting(app.deps, { actor: at('guest').actor }, { title: 'Mine', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [id] })).ok).toBe(false);
    expect((await moveMeeting(app.deps, { actor: chair }, made.value, { kind: 'end' })).ok).toBe(true);
    expect(await sees()).toBe(200);
    const [tie] = await app.db.query<{ left: number }>(`SELECT extract(epoch FROM until - clock_timestamp()) * 1000 AS left FROM plan_people WHERE source = $1`, [made.value]);
    expect(Number(tie?.left)).toBeGreaterThan(limits.meetingFollowUpMs - 60_000);
    expect(Number(tie?.left)).toBeLessThanOrEqual(limits.meetingFollowUpMs);
    await app.db.query(`UPDATE plan_people SET since = since - interval '8 days', until = until - interval '8 days' WHERE source = $1`, [made.value]);
    expect(await sees()).toBe(404);
    const trail = said(await at('coordinator').api.get(`/api/plans/${id}/audit`));
    expect(trail).toContain('opened the plan to people invited to a meeting: Person guest-ntk');
  });
});

test('[NK1] a relationship of the care team with a beginning and an end holds between them', async () => {
  const { id } = await newPlan();
  const sees = async () => (await at('guest').api.get(`/api/plans/${id}`)).status;
  await app.db.query(`INSERT INTO care_team (plan_id, organisation_id, relationship, kind, since, until) VALUES ($1, 'org_hospice', 'From next week', 'referral', clock_timestamp() + interval '7 days', clock_timestamp() + interval '14 days')`, [id]);
  expect(await sees()).toBe(404);
  await app.db.query(`UPDATE care_team SET since = since - interval '8 days', until = until - interval '8 days' WHERE plan_id = $1 AND organisation_id = 'org_hospice'`, [id]);
  expect(await sees()).toBe(200);
  await app.db.query(`UPDATE care_team SET since = since - interval '8 days', until = until - interval '8 days' WHERE plan_id = $1 AND organisation_id = 'org_hospice'`, [id]);
  expect(await sees()).toBe(404);
});
