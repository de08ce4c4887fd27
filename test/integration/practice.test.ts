/** Practice mode on the real application: simulated colleagues come, are seen, write, and leave the plan as they found it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import * as Y from 'yjs';
import type { Field, ProseBlock } from '../../shared/content/kinds.ts';
import { practiceMark } from '../../shared/content/signOffRules.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { rootName, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import type { PresentUser } from '../../shared/wire/presence.ts';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import { Visitor } from '../../server/collab/visitor.ts';
import { Rehearsals } from '../../server/demo/rehearsals.ts';
import { findPerson } from '../../server/identity/store.ts';
import { findPlan } from '../../server/plans/store.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';

let app: TestApp;
let cookie: string;
const visitors: Visitor[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  app = await startApp({ seed: true });
  cookie = await app.signIn('person_helen-carter');
}, 60_000);
afterEach(async () => {
  await Promise.all(visitors.splice(0).map((visitor) => visitor.leave()));
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => app.close());

type Sections = Record<string, Record<string, unknown>>;
const sectionsOf = async (planId: string): Promise<Sections> => (await app.deps.text.contentAt(app.db, planId as PlanId)).sections as Sections;
const practiceText = async (planId: string): Promise<string[]> =>
  Object.values(await sectionsOf(planId)).flatMap((section) => Object.values(section)).filter(Array.isArray).flat()
    .map((block: ProseBlock) => block.text).filter((text) => typeof text === 'string' && text.startsWith(practiceMark));
const addParagraph = (doc: Y.Doc, field: Field, text: string): void => {
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(text)]);
  const prose = doc.getXmlFragment(rootName(field));
  prose.insert(prose.length, [element]);
};
const openPlan = async (planId: string): Promise<Visitor> => {
  const visitor = new Visitor({ address: app.url, planId, cookie, publicUrl: app.settings.publicUrl });
  visitors.push(visitor);
  (await visitor.enter('identity')).stand({});
  return visitor;
};
const presentNow = async (planId: string): Promise<string[]> => {
  const { items } = (await app.api(cookie).get('/api/plans')).body as { items: { id: string; presentNow: { name: string }[] }[] };
  return items.find(({ id }) => id === planId)?.presentNow.map(({ name }) => name) ?? [];
};

describe('practice in a plan', () => {
  const planId = 'plan_edna-brightwell' as PlanId;
  const path = `/api/plans/${planId}/practice`;

  test('[DE22] colleagues are seen, write marked words, and leave the plan’s content as they found it', async () => {
    const before = await sectionsOf(planId);
    await openPlan(planId);
    const started = await app.api(cookie).post(path, { colleagues: 4 });
    expect([started.status, (started.body['colleagues'] as unknown[]).length]).toEqual([200, 4]);
    expect(Date.parse(started.body['endsAt'] as string)).toBeGreaterThan(Date.now());
    await eventually(async () => expect((await presentNow(planId)).filter((name) => name.includes('(simulated)'))).toHaveLength(4));
    await eventually(async () => expect((await practiceText(planId)).length).toBeGreaterThan(0), 30_000);
    const authors = await app.db.query<{ author: string }>(`SELECT DISTINCT author_id AS author FROM plan_log WHERE plan_id = $1 AND author_id LIKE 'person_practice-%'`, [planId]);
    expect(authors.length).toBeGreaterThan(0);

    // Half a mark that an earlier practice could not take back.
    const [nurse, needs] = [await findPerson(app.db, 'person_practice-nurse' as PersonId), fieldById('carerNeeds')];
    if (!nurse || !needs) throw new Error('the demo is not what it was');
    expect((await app.deps.text.write({ planId, sectionId: 'people', actor: nurse, as: 'service', change: (doc) => addParagraph(doc, needs, '[prac') })).ok).toBe(true);

    const ended = await app.api(cookie).send('DELETE', path);
    expect([ended.status, ended.body['running']]).toEqual([200, false]);
    expect(await practiceText(planId)).toEqual([]);
    const { identity: _now, ...after } = await sectionsOf(planId);
    const { identity: _then, ...found } = before;
    expect(after).toEqual(found);
    await eventually(async () => expect(await presentNow(planId)).toEqual(['Helen Carter']));
    const audit = (await app.api(cookie).get(`/api/plans/${planId}/audit`)).body as { items: { action: string; actor: { name: string } }[]; chain: { ok: boolean } };
    expect(audit.items.map(({ action }) => action)).toEqual(expect.arrayContaining(['start-practice', 'end-practice']));
    expect(audit.items.some(({ action, actor }) => action === 'edit' && actor.name.includes('(simulated)'))).toBe(true);
    expect(audit.chain.ok).toBe(true);
  }, 90_000);

  test('[DE23] words that a person put into a colleague’s paragraph stay when the colleague goes', async () => {
    const other = 'plan_george-tilling';
    const helen = await openPlan(other);
    await app.api(cookie).post(`/api/plans/${other}/practice`, { colleagues: 4 });
    const place = await eventually(async () => {
      const found = Object.entries(await sectionsOf(other)).flatMap(([section, values]) => Object.entries(values).map(([field, value]) => ({ section, field, value })))
        .find(({ section, value }) => ['people', 'wishes', 'mdt', 'support'].includes(section) && Array.isArray(value) && (value as ProseBlock[]).at(-1)?.text?.startsWith(practiceMark));
      if (!found) throw new Error('nobody has written yet');
      return found;
    }, 45_000);
    const visited = await helen.enter(place.section);
    const paragraph = visited.doc.getXmlFragment(`t:${place.field}`).toArray().at(-1) as unknown as { toArray(): { insert(at: number, text: string): void }[] };
    paragraph.toArray()[0]?.insert(3, 'Noted by Helen.');
    await helen.saved(place.section);
    await app.api(cookie).send('DELETE', `/api/plans/${other}/practice`);
    const blocks = (await sectionsOf(other))[place.section]?.[place.field] as ProseBlock[];
    expect(blocks.at(-1)?.text).toBe('Noted by Helen.');
    expect(await practiceText(other)).toEqual([]);
  }, 90_000);

  test('[DE24] refused: twice at once, too many, no care team, a person who may not see the plan', async () => {
    await openPlan(planId);
    expect((await app.api(cookie).post(path, { colleagues: 1 })).status).toBe(200);
    const again = await app.api(cookie).post(path, { colleagues: 1 });
    expect([again.status, again.body['code']]).toEqual([409, 'conflict']);
    expect((await app.api(cookie).send('DELETE', path)).body['running']).toBe(false);
    expect([400, 422]).toContain((await app.api(cookie).post(path, { colleagues: 5 })).status);
    expect((await app.api(cookie).post('/api/plans/plan_nobody-at-all/practice', { colleagues: 1 })).status).toBe(404);
    const hartley = app.api(await app.signIn('person_thomas-hartley'));
    expect((await hartley.post(path, { colleagues: 1 })).status).toBe(404);
  });

  test('[DE25] outside demo mode there is no practice', async () => {
    const real = await startApp({ databaseUrl: app.databaseUrl, settings: { demo: false } });
    const answer = await real.api(cookie).post(path, { colleagues: 1 });
    expect([answer.status, (await real.api(cookie).get(path)).status]).toEqual([404, 404]);
    await real.close();
  });

  test('[DE26] words and choices left behind by a service that was cut off are taken out at the next start, however little of them was written', async () => {
    const plan = await findPlan(app.db, 'plan_susan-fairley' as PlanId);
    const nurse = await findPerson(app.db, 'person_practice-nurse' as PersonId);
    const [needs, format] = [fieldById('carerNeeds'), fieldById('infoFormat')];
    if (!plan || !nurse || !needs || !format) throw new Error('the demo is not what it was');
    const planId = plan.id;
    const ann = await findPerson(app.db, 'person_ann-reid' as PersonId);
    if (!ann) throw new Error('no Ann Reid');
    const write = async (actor: typeof nurse, sectionId: string, change: (doc: Y.Doc) => void): Promise<void> =>
      expect((await app.deps.text.write({ planId, sectionId, actor, as: 'service', change })).ok).toBe(true);
    const paragraph = (doc: Y.Doc, text: string): void => addParagraph(doc, needs, text);
    await write(ann, 'communication', (doc) => writeValue(doc, format, ['audio']));
    await write(ann, 'people', (doc) => paragraph(doc, `A person wrote this about the ${practiceMark} words.`));
    const before = await sectionsOf(planId);
    await write(nurse, 'people', (doc) => paragraph(doc, '['));
    await write(nurse, 'communication', (doc) => writeValue(doc, format, ['easy-read']));
    await write(nurse, 'communication', (doc) => writeValue(doc, format, ['large-print']));
    expect((await sectionsOf(planId))['people']).not.toEqual(before['people']);
    const restart = async (): Promise<number> => {
      const next = await startApp({ databaseUrl: app.databaseUrl, seed: true, settings: { dataDir: app.settings.dataDir } });
      await next.close();
      return (await app.db.query<{ position: number }>('SELECT position FROM plans WHERE id = $1', [planId]))[0]?.position ?? 0;
    };
    const swept = await restart();
    const after = await sectionsOf(planId);
    expect([after['people'], after['communication']]).toEqual([before['people'], before['communication']]);
    expect(await restart()).toBe(swept);
    await write(ann, 'people', (doc) => doc.getXmlFragment(rootName(needs)).delete(doc.getXmlFragment(rootName(needs)).length - 1, 1));
  }, 60_000);

  test('[DE31] when one colleague cannot come in, none stays', async () => {
    const plan = await findPlan(app.db, planId);
    if (!plan) throw new Error('no such plan');
    await openPlan(planId);
    const db = new Proxy(app.deps.db, {
      get: (target, name) => {
        if (name !== 'query') return Reflect.get(target, name) as unknown;
        return (text: string, values?: readonly unknown[]) => (/INSERT INTO sessions/.test(text) && values?.includes('person_practice-nurse') ? Promise.reject(new Error('no session')) : target.query(text, values));
      },
    });
    const rehearsals = new Rehearsals({ ...app.deps, db }, { address: () => app.url, presentOn: async () => [], presentIn: async () => 1 });
    const started = await rehearsals.begin({ kind: 'plan', id: plan.id }, 4, [plan]);
    expect(started).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    await eventually(async () => expect(await app.db.query(`SELECT FROM sessions WHERE person_id LIKE 'person_practice-%' AND ended_at IS NULL`)).toEqual([]));
    await eventually(async () => expect(await presentNow(planId)).toEqual(['Helen Carter']));
    expect((await rehearsals.stateOf(plan.id)).running).toBe(false);
    await rehearsals.close();
  }, 30_000);

  test('[DE26] HAZ-12 colleagues at work when a date of death is recorded leave nothing behind in the plan that stands still', async () => {
    const planId = 'plan_susan-fairley';
    const [wishes, death] = [fieldById('whatMatters'), fieldById('dateOfDeath')];
    const coordinator = await findPerson(app.db, 'person_helen-carter' as PersonId);
    if (!wishes || !death || !coordinator) throw new Error('the demo is not what it was');
    const before = await sectionsOf(planId);
    await openPlan(planId);
    await app.api(cookie).post(`/api/plans/${planId}/practice`, { colleagues: 4 });
    await eventually(async () => expect((await practiceText(planId)).length).toBeGreaterThan(0), 45_000);
    const write = (value: unknown) => app.deps.text.write({ planId: planId as PlanId, sectionId: 'death', actor: coordinator, as: 'service', change: (doc) => writeValue(doc, death, value) });
    expect((await write('2026-01-02')).ok).toBe(true);
    await app.api(cookie).send('DELETE', `/api/plans/${planId}/practice`);
    await eventually(async () => expect((await app.api(cookie).get(`/api/plans/${planId}/practice`)).body['running']).toBe(false), 20_000);
    await eventually(async () => expect(await practiceText(planId)).toEqual([]));
    expect((await sectionsOf(planId))['wishes']?.['whatMatters']).toEqual(before['wishes']?.['whatMatters']);
    expect((await write(undefined)).ok).toBe(true);
  }, 90_000);

  test('[DE28] colleagues whose line breaks are gone, and what they wrote is taken out', async () => {
    const victim = 'plan_kevin-marsh';
    await openPlan(victim);
    await app.api(cookie).post(`/api/plans/${victim}/practice`, { colleagues: 4 });
    await eventually(async () => expect((await practiceText(victim)).length).toBeGreaterThan(0), 45_000);
    await app.db.query(`UPDATE sessions SET ended_at = clock_timestamp() WHERE person_id LIKE 'person_practice-%' AND ended_at IS NULL`);
    await eventually(async () => expect((await app.api(cookie).get(`/api/plans/${victim}/practice`)).body['running']).toBe(false), 20_000);
    await eventually(async () => expect(await practiceText(victim)).toEqual([]));
  }, 90_000);

  test('[DE29] they go after ten minutes, or half a minute after the last real person', async () => {
    const clock = handClock();
    const helen = { id: 'person_helen-carter', simulated: false } as PresentUser;
    let watching: readonly PresentUser[] = [helen];
    const rehearsals = new Rehearsals({ ...app.deps, clock }, { address: () => app.url, presentOn: async () => watching, presentIn: async () => 0 });
    const plan = await findPlan(app.db, 'plan_esther-quayle' as PlanId);
    if (!plan) throw new Error('no such plan');
    const scene = { kind: 'plan', id: plan.id } as const;
    const running = async (): Promise<boolean> => (await rehearsals.stateOf(plan.id)).colleagues.length > 0;

    expect((await rehearsals.begin(scene, 1, [plan])).ok).toBe(true);
    await clock.pass(9 * 60_000);
    expect(await running()).toBe(true);
    await clock.pass(61_000);
    await eventually(async () => expect(await running()).toBe(false));

    await eventually(async () => expect((await rehearsals.begin(scene, 1, [plan])).ok).toBe(true));
    watching = [];
    await clock.pass(20_000);
    expect(await running()).toBe(true);
    await clock.pass(20_000);
    await eventually(async () => expect(await running()).toBe(false));
    await rehearsals.close();
    expect(await practiceText(plan.id)).toEqual([]);
  }, 60_000);
});

/** A clock that moves only when told to. */
function handClock() {
  let nowMs = Date.now();
  let waiting: { at: number; work: () => void }[] = [];
  return {
    now: () => new Date(nowMs),
    after: (ms: number, work: () => void) => {
      const entry = { at: nowMs + ms, work };
      waiting.push(entry);
      return { cancel: () => { waiting = waiting.filter((other) => other !== entry); } };
    },
    /** Lets time pass a second at a time; whatever is due is done, and given a moment to plan what comes next. */
    async pass(ms: number): Promise<void> {
      for (const end = nowMs + ms; nowMs < end;) {
        nowMs += 1_000;
        const due = waiting.filter(({ at }) => at <= nowMs);
        waiting = waiting.filter(({ at }) => at > nowMs);
        for (const { work } of due) work();
        if (due.length > 0) for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
      }
    },
  };
}

describe('practice in a meeting', () => {
  test('[DE27] simulated colleagues join, follow the chair into the plan, count for no quorum, and go', async () => {
    const { items } = (await app.api(cookie).get('/api/meetings')).body as { items: { id: string; status: string }[] };
    const meetingId = items.find(({ status }) => status === 'planned')?.id ?? '';
    const socket = io(`${app.url}/meetings`, { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: { cookie, origin: app.settings.publicUrl } });
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    let state: MeetingState | undefined;
    socket.on('state', (next: MeetingState) => { state = next; });
    const order = (event: string, rest: object = {}) => socket.timeout(5_000).emitWithAck(event, { meetingId, ...rest }) as Promise<{ ok: boolean; state: MeetingState }>;
    state = (await order('join')).state;
    expect((await order('start')).ok).toBe(true);
    const path = `/api/meetings/${meetingId}/practice`;
    expect((await app.api(cookie).post(path, { colleagues: 2 })).status).toBe(200);
    await eventually(() => expect(state?.attendance.filter(({ simulated, present }) => simulated && present)).toHaveLength(2));
    expect(state?.quorum.met).toBe(false);
    const item = state?.agenda[2];
    expect((await order('goTo', { itemId: item?.id })).ok).toBe(true);
    await eventually(async () => expect((await presentNow(item?.planId ?? '')).filter((name) => name.includes('(simulated)'))).toHaveLength(2), 20_000);
    expect((await app.api(cookie).send('DELETE', path)).body['running']).toBe(false);
    await eventually(() => expect(state?.attendance.filter(({ simulated, present }) => simulated && present)).toHaveLength(0));
    expect(await practiceText(item?.planId ?? '')).toEqual([]);
  }, 90_000);
});
