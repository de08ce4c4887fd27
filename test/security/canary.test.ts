/** Every role of every organisation spends a whole day; not one of them is sent a word that they may not read, and no word stands in the log. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { sectionById, sections } from '../../shared/content/standard.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { plainFacts, type PlanFacts } from '../../shared/domain/planFacts.ts';
import { addDays, londonDate } from '../../shared/domain/dates.ts';
import { roles, type Actor, type Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { findPlan } from '../../server/plans/store.ts';
import { answers } from '../support/answers.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { nextNumber } from '../support/attackStand.ts';
import { leaks, maySee, newWord, valuesOf, wordsForSections, type Canary } from '../support/canaries.ts';
import { completePlan } from '../support/completePlan.ts';
import { eventually } from '../support/eventually.ts';
import { Day, type DayPlaces } from '../support/wholeDay.ts';

const today = londonDate(new Date());
const organisations = ['org_hub', 'org_elm', 'org_elsewhere', 'org_ambulance'] as const;
/** The hub and the other trust have everybody. The surgery sees both plans; the ambulance service stands in no relationship to anybody. */
const rolesOf = {
  org_hub: roles, org_elsewhere: roles, org_elm: ['gp', 'coordinator', 'social-worker', 'privacy-officer', 'patient', 'inspector'], org_ambulance: ['urgent-care', 'gp', 'privacy-officer'],
} as const satisfies Record<(typeof organisations)[number], readonly Role[]>;
const teams = [['org_hub', 'org_elm'], ['org_elsewhere', 'org_elm']] as const;

let app: TestApp;
const lines: string[] = [];
const canaries: Canary[] = [];
const days = new Map<string, Day>();
const people = new Map<string, Actor>();
const person = (name: string): Actor => people.get(name) as Actor;
const cookies = new Map<string, string>();

const factsOf = (planId: PlanId, team: readonly string[]): PlanFacts => plainFacts(planId, team as readonly OrganisationId[]);
/** Writes these words into their sections as they stand now. */
async function plant(plan: PlanFacts, words: ReadonlyMap<Section, string>, signed: boolean, content = valuesOf(words, today)): Promise<void> {
  for (const section of sections) {
    const values = Object.fromEntries(Object.entries(content).filter(([id]) => section.fields.some((field) => field.id === id && !field.fixed)));
    if (Object.keys(values).length === 0) continue;
    const written = await app.deps.text.write({ planId: plan.id, sectionId: section.id, actor: person('org_elm gp'), as: 'service', change: answers(values) });
    if (!written.ok) throw new Error(`${section.id}: ${JSON.stringify(written.refusal)}`);
  }
  for (const [section, word] of words) canaries.push({ word, plan, section, signed });
}

/** A plan of this team with words in its name, its team, its signed version and its draft. */
async function makePlan(team: readonly [string, string], nhsNumber: string): Promise<PlanFacts> {
  const coordinator = app.api(cookies.get(`${team[0]} coordinator`));
  const [name, relationship, reason] = [newWord(), newWord(), newWord()];
  const made = await coordinator.post('/api/plans', { patient: { nhsNumber, familyName: name, givenName: 'Ada', birthDate: '1941-06-05', gender: 'female', address: '1 High Street', gpPractice: 'Elm Surgery' } });
  expect(made.status).toBe(201);
  const plan = factsOf(made.body['id'] as PlanId, team);
  expect((await coordinator.post(`/api/plans/${plan.id}/team`, { organisationId: team[1], relationship })).status).toBe(201);
  expect((await coordinator.post(`/api/plans/${plan.id}/identity`, { givenName: 'Ada May', reason })).status).toBe(200);
  canaries.push({ word: name, plan, section: undefined, signed: true }, { word: relationship, plan, section: undefined, signed: false }, { word: reason, plan, section: sectionById('identity'), signed: false });

  const signed = wordsForSections();
  const { sections: whole } = completePlan(today, valuesOf(signed, today));
  await plant(plan, signed, true, Object.assign({}, ...Object.values(whole)) as Record<string, unknown>);
  const review = (await coordinator.post(`/api/plans/${plan.id}/reviews`)).body as { position: number; contentHash: string; statement: string; problems: readonly { severity: string }[] };
  expect(review.problems.filter(({ severity }) => severity === 'blocks')).toEqual([]);
  const { position, contentHash, statement } = review;
  expect((await coordinator.post(`/api/plans/${plan.id}/versions`, { position, contentHash, statement })).status).toBe(201);
  await plant(plan, wordsForSections(), false);
  return plan;
}

beforeAll(async () => {
  app = await startApp({ logTo: (line) => void lines.push(line) });
  for (const organisationId of organisations) {
    for (const role of rolesOf[organisationId]) {
      const name = `${organisationId} ${role}`;
      people.set(name, await app.person(name.replaceAll(/[ _]/g, '-'), role, { organisationId, senior: role === 'gp' || role === 'hospice-clinician' }));
      cookies.set(name, await app.signIn(person(name).id));
    }
  }
  const nhsNumbers = [nextNumber(), nextNumber()];
  const plans = [await makePlan(teams[0], nhsNumbers[0] ?? ''), await makePlan(teams[1], nhsNumbers[1] ?? '')] as const;

  // The surgery sees both plans and brings both to one meeting; each of the others sees one patient of it.
  const chair = app.api(cookies.get('org_elm gp'));
  const made = await chair.post('/api/meetings', { title: 'Elm MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: plans.map(({ id }) => id) });
  expect(made.status).toBe(201);
  const meetingId = String(made.body['id']);
  const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse((await app.api().get('/api/openapi.json')).body);
  const routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })));
  const places: DayPlaces = { url: app.url, routes, planIds: plans.map(({ id }) => id), meetingIds: [meetingId], nhsNumbers };
  for (const [name, actor] of people) days.set(name, new Day(actor, cookies.get(name) ?? '', places));

  // A few at a time, as people come.
  const waiting = [...days.values()];
  await Promise.all(Array.from({ length: 4 }, async () => { for (let day = waiting.pop(); day; day = waiting.pop()) await day.http24(); }));
  await Promise.all([...days.values()].map((day) => day.enterMeetings()));
  for (const day of days.values()) await day.openLive();

  // While all of them are there: the meeting talks about both, and every section of both is written in.
  const gp = days.get('org_elm gp') as Day;
  const started = (await gp.order('start', { meetingId })) as { state: { agenda: readonly { id: string; planId: string }[] } };
  for (const [at, plan] of plans.entries()) {
    const itemId = started.state.agenda.find(({ planId }) => planId === plan.id)?.id;
    const [decided, dissent, action] = [newWord(), newWord(), newWord()];
    expect(await gp.order('goTo', { meetingId, itemId })).toMatchObject({ ok: true });
    expect(await gp.order('decide', { meetingId, itemId, once: `decision-${at}`, text: decided, dissent })).toMatchObject({ ok: true });
    expect(await gp.order('act', { meetingId, itemId, once: `action-${at}`, text: action, ownerId: gp.actor.id, due: addDays(today, 7), priority: 'soon' })).toMatchObject({ ok: true });
    for (const word of [decided, dissent, action]) canaries.push({ word, plan, section: sectionById('mdt'), signed: false });
    await plant(plan, wordsForSections(), false);
  }
  for (const day of days.values()) {
    await day.settled();
    for (const rest of ['', '/minutes']) await day.call('GET', `/api/meetings/${meetingId}${rest}`);
    for (const { id } of plans) await day.call('GET', `/api/plans/${id}/content`);
    await day.call('GET', '/api/plans');
  }
  // What decides about sight is what the plan says by then: a limit was written in it.
  for (const [at, canary] of canaries.entries()) canaries[at] = { ...canary, plan: (await findPlan(app.db, canary.plan.id)) ?? canary.plan };
}, 400_000);
afterAll(async () => {
  for (const day of days.values()) day.end();
  await app?.close();
});

describe('what each was sent', () => {
  test('[WH16] T11 nobody, of any role in four organisations, was sent a word that they may not read, on any way', () => {
    expect([...days].flatMap(([name, day]) => leaks(name, day.actor, day.everything, canaries))).toEqual([]);
  });

  test('[WH16] whoever may read a word was sent it: nothing above passed because nothing was sent', () => {
    const missed = [...days].flatMap(([name, day]) => {
      const received = day.everything;
      return canaries.filter((canary) => maySee(day.actor, canary) && !received.includes(canary.word)).map(({ section, signed }) => `${name}: ${section?.id ?? 'name'}${signed ? '' : ', draft'}`);
    });
    expect(missed).toEqual([]);
  });

  test('[WH16] the log holds none of these words, and was written all the while', () => {
    expect(lines.length).toBeGreaterThan(1_000);
    const said = lines.join('\n');
    expect(canaries.filter(({ word }) => said.includes(word))).toEqual([]);
  });
});

describe('this way of looking', () => {
  test('[WH16] finds a word that is forbidden: with a rule that lets nobody read anything, each way on its own is full of findings', () => {
    const coordinator = days.get('org_hub coordinator') as Day;
    const forbidden = (received: string) => leaks('control', coordinator.actor, received, canaries, () => false).length;
    expect(forbidden(coordinator.http)).toBeGreaterThan(2 * sections.length);
    expect(forbidden(coordinator.live)).toBeGreaterThan(2 * sections.length);
    expect(forbidden(coordinator.meetings)).toBeGreaterThan(3);
  });

  test('[WH16] finds one that was planted in the sight of somebody who may not see it', async () => {
    const planted: Canary = { word: newWord(), plan: canaries[0]?.plan as PlanFacts, section: sectionById('prognosis'), signed: false };
    const home = days.get('org_hub care-home-nurse') as Day;
    expect(maySee(home.actor, planted)).toBe(false);
    // Where everybody of the team reads it, on purpose.
    const visible = sectionById('wishes') as Section;
    expect((await app.deps.text.write({ planId: planted.plan.id, sectionId: 'wishes', actor: person('org_elm gp'), as: 'service', change: answers(valuesOf(new Map([[visible, planted.word]]), today)) })).ok).toBe(true);
    await eventually(() => expect(leaks('home', home.actor, home.live, [planted])).toHaveLength(1), 60_000);
    await home.call('GET', `/api/plans/${planted.plan.id}/content`);
    expect(leaks('home', home.actor, home.http, [planted])).toHaveLength(1);
  }, 120_000);

  test('[WH16] a limit to sharing was in force all day: the social worker of the team was refused a part and the limit itself', () => {
    const social = days.get('org_hub social-worker') as Day;
    const kept = canaries.filter(({ plan, section }) => plan.team.includes('org_hub' as OrganisationId) && (section?.id === 'situation' || section?.id === 'sharing'));
    expect([kept.length > 3, kept.filter((canary) => maySee(social.actor, canary))]).toEqual([true, []]);
  });

  test('[WH16] every section has a word, and every role and organisation is there', () => {
    expect(new Set(canaries.map(({ section }) => section?.id)).size).toBe(sections.length + 1);
    expect(days.size).toBe(2 * roles.length + 9);
    expect(sections.filter(({ restricted }) => restricted).length).toBeGreaterThan(1);
  });
});
