/** The demo community on a real database: made once, made right, made before anybody is served. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signOffProblems } from '../../shared/content/completeness.ts';
import { isDisputed } from '../../shared/content/planContent.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import type { PlanId } from '../../shared/ids.ts';
import { seedDemo, type SeedCommands } from '../../server/demo/seed.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { makeDatabase } from '../support/database.ts';

let app: TestApp;
let cookie: string;

beforeAll(async () => {
  app = await startApp({ seed: true });
  cookie = await app.signIn('person_helen-carter');
}, 60_000);
afterAll(() => app.close());

interface Item { readonly id: string; readonly stage?: string; readonly status: string; readonly reviewDue?: string; readonly patient: { readonly familyName: string }; readonly summary: { readonly disputed: string[] }; readonly latestVersion?: { readonly number: number } }
const caseload = async (): Promise<Item[]> => (await app.api(cookie).get('/api/plans')).body['items'] as Item[];
const item = async (slug: string): Promise<Item> => {
  const found = (await caseload()).find(({ id }) => id === `plan_${slug}`);
  if (!found) throw new Error(`no ${slug} in the caseload`);
  return found;
};
const count = async (sql: string): Promise<number> => (await app.db.query<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`))[0]?.n ?? 0;

describe('seeding', () => {
  test('[DE11] seeding again changes nothing', async () => {
    const tables = ['organisations', 'people', 'plans', 'plan_log', 'versions', 'audit_entries', 'meetings', 'meeting_log'];
    const before = await Promise.all(tables.map(count));
    const again = await startApp({ databaseUrl: app.databaseUrl, seed: true, settings: { dataDir: app.settings.dataDir } });
    await again.close();
    expect(await Promise.all(tables.map(count))).toEqual(before);
    expect(before.every((n) => n > 0)).toBe(true);
  });

  test('[DE12] two nodes that seed at once make one community', async () => {
    const empty = await makeDatabase();
    const nodes = await Promise.all([1, 2].map(() => startApp({ databaseUrl: empty.url, seed: true })));
    const [found] = await empty.db.query('SELECT (SELECT count(*) FROM plans) AS plans, (SELECT count(*) FROM meetings) AS meetings');
    expect(found).toEqual({ plans: 16, meetings: 2 });
    await Promise.all(nodes.map((node) => node.close()));
    await empty.drop();
  }, 60_000);

  test('[DE13] outside demo mode nothing is ever seeded', async () => {
    const real = await startApp({ settings: { demo: false } });
    await expect(seedDemo(real.deps, {} as SeedCommands)).rejects.toThrow('demo mode only');
    const [people] = await real.db.query<{ n: number }>('SELECT count(*) AS n FROM people');
    expect(people?.n).toBe(0);
    await real.close();
  });

  test('[DE14] the coordinator’s caseload shows every state: never signed, signed, changed since, disputed, overdue, died', async () => {
    const items = await caseload();
    expect(items).toHaveLength(16);
    expect(new Set(items.map(({ status }) => status))).toEqual(new Set(['draft', 'signed', 'changed']));
    expect((await item('linda-proctor')).status).toBe('draft');
    expect((await item('edna-brightwell')).status).toBe('signed');
    expect((await item('winifred-hale')).latestVersion?.number).toBe(3);
    expect((await item('victor-nwosu')).summary.disputed).toEqual(['cprDecision']);
    expect(String((await item('patricia-doyle')).reviewDue) < londonDate(new Date())).toBe(true);
    expect((await item('albert-finch')).stage).toBe('after-care');
  });

  test('[DE15] HAZ-01 the disputed CPR recommendation names its two authors, and what was signed is untouched by it', async () => {
    const draft = await app.deps.text.contentAt(app.db, 'plan_victor-nwosu' as PlanId);
    const value = draft.sections['resuscitation']?.['cprDecision'];
    expect(isDisputed(value) && value.disputed.map(({ by }) => by.name).toSorted()).toEqual(['Dr Amara Osei', 'Dr Priya Nair']);
    const version = await app.api(cookie).get('/api/plans/plan_victor-nwosu/versions/1');
    expect((version.body['content'] as { sections: Record<string, Record<string, unknown>> }).sections['resuscitation']?.['cprDecision']).toBe('for-attempted-cpr');
  });

  test('[DE16] every signed version is complete, and the chains of all plans hold', async () => {
    const signed = await app.db.query<{ planId: PlanId; position: number }>('SELECT plan_id AS "planId", position FROM versions');
    expect(signed.length).toBeGreaterThanOrEqual(15);
    for (const { planId, position } of signed) {
      const content = await app.deps.text.contentAt(app.db, planId, position);
      expect([planId, signOffProblems(content, londonDate(new Date())).filter(({ severity }) => severity === 'blocks')]).toEqual([planId, []]);
    }
    for (const { id } of await caseload()) {
      const audit = await app.api(cookie).get(`/api/plans/${id}/audit`);
      expect([id, (audit.body['chain'] as { ok: boolean }).ok]).toEqual([id, true]);
    }
  });

  test('[DE17] several disciplines wrote each plan, under their own names', async () => {
    const rows = await app.db.query<{ planId: string; authors: number }>('SELECT plan_id AS "planId", count(DISTINCT author_id) AS authors FROM plan_log GROUP BY plan_id');
    for (const { planId, authors } of rows) if (planId !== 'plan_linda-proctor') expect([planId, authors >= 4]).toEqual([planId, true]);
  });

  test('[DE18] a meeting lies ahead today with its agenda, and a held one can be read as minutes', async () => {
    const meetings = (await app.api(cookie).get('/api/meetings')).body['items'] as { id: string; status: string; startsAt: string; patients: number; chair: { name: string } }[];
    const planned = meetings.find(({ status }) => status === 'planned');
    expect(planned).toMatchObject({ patients: 10, chair: { name: 'Dr Priya Nair' } });
    expect(Date.parse(planned?.startsAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    const ended = meetings.find(({ status }) => status === 'ended');
    const minutes = (await app.api(cookie).get(`/api/meetings/${ended?.id}/minutes`)).body as { present: unknown[]; apologies: unknown[]; patients: { decisions: unknown[]; actions: unknown[] }[]; quorum: { met: boolean } };
    expect(minutes.patients.map(({ decisions, actions }) => [decisions.length, actions.length])).toEqual([[1, 1], [1, 1], [1, 1]]);
    expect(minutes.quorum.met).toBe(true);
    expect([minutes.present.length, minutes.apologies.length]).toEqual([5, 1]);
  });

  test('[DE19] urgent care finds the signed plan of somebody in the last days, and nothing for a new referral', async () => {
    const urgent = app.api(await app.signIn('person_owen-price'));
    const dying = await app.db.query<{ number: string }>(`SELECT nhs_number AS number FROM plans WHERE id = 'plan_maureen-ashby'`);
    const fresh = await app.db.query<{ number: string }>(`SELECT nhs_number AS number FROM plans WHERE id = 'plan_linda-proctor'`);
    const answer = await urgent.get(`/api/urgent/${dying[0]?.number}`);
    expect([answer.status, answer.body['newerDraft']]).toEqual([200, true]);
    expect((await urgent.get(`/api/urgent/${fresh[0]?.number}`)).status).toBe(404);
  });

  test('[DE20] simulated colleagues are not on the sign-in page and cannot be signed in as', async () => {
    const { people } = (await app.api().get('/api/demo/people')).body as { people: { id: string }[] };
    expect(people.length).toBeGreaterThanOrEqual(13);
    expect(people.some(({ id }) => id.includes('practice'))).toBe(false);
    expect((await app.api().post('/api/session', { personId: 'person_practice-nurse' })).status).toBe(422);
  });

  test('[DE21] a start with an empty database has the whole demonstration before anybody is served', async () => {
    const empty = await makeDatabase();
    const fresh = await startApp({ databaseUrl: empty.url, seed: true });
    const found = (await fresh.api(await fresh.signIn('person_helen-carter')).get('/api/plans')).body['items'] as Item[];
    await fresh.close();
    await empty.drop();
    expect(found.length).toBe((await caseload()).length);
  }, 60_000);
});
