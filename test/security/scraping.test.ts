/** Attempts to read a caseload out, and to ask more than anybody asks. */
import { afterEach, expect, test } from '@jest/globals';
import { beginSession } from '../../server/identity/sessions.ts';
import { systemRandom } from '../../server/config/system.ts';
import { limits } from '../../shared/limits.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { openSocket } from '../support/provider.ts';
import { openLine, request } from '../support/rawLine.ts';

const apps: TestApp[] = [];
afterEach(async () => { for (const app of apps.splice(0)) await app.close(); });

/** A service for real people, and somebody signed in. */
async function realService(lines: string[] = []): Promise<{ app: TestApp; cookieOf: (slug: string, role?: 'coordinator' | 'urgent-care') => Promise<string> }> {
  const app = await startApp({ settings: { demo: false }, logTo: (line) => void lines.push(line) });
  apps.push(app);
  return {
    app,
    cookieOf: async (slug, role = 'coordinator') => {
      const { id } = await app.person(slug, role);
      return (await beginSession(app.db, systemRandom, id, app.settings.publicUrl)).split(';')[0] ?? '';
    },
  };
}
const planId = (at: number): string => `plan_${String(at).padStart(16, '0')}`;
const counted = async (app: TestApp, name: string): Promise<number> => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(String((await app.api().get('/metrics')).body))?.[1] ?? 0);

test('[WH11] A48 somebody who opens plan after plan is noted and then refused, on HTTP and on the live connection, and what they had open stays open', async () => {
  const lines: string[] = [];
  const { app, cookieOf } = await realService(lines);
  const [cookie, other] = [await cookieOf('reader'), await cookieOf('colleague')];
  const [notedBefore, refusedBefore] = [await counted(app, 'accord_many_plans_noted_total'), await counted(app, 'accord_many_plans_refused_total')];
  const api = app.api(cookie);
  // Guessed ids count as real ones do: who guesses is told nothing, and is stopped as soon.
  for (let at = 0; at < limits.plansOpenedMax; at += 1) expect((await api.get(`/api/plans/${planId(at)}`)).status).toBe(404);
  const events = (name: string): readonly string[] => lines.filter((line) => line.includes(`"event":"${name}"`));
  expect(events('many-plans')).toHaveLength(1);
  expect(events('many-plans')[0]).toContain('person_reader');

  expect(await api.get(`/api/plans/${planId(9_999)}`)).toMatchObject({ status: 429, body: { code: 'too-many' } });
  for (const path of ['content', 'audit', 'versions', 'history?section=identity&field=preferredName']) expect((await api.get(`/api/plans/${planId(9_998)}/${path}`)).status).toBe(429);
  const socket = openSocket(`${app.url.replace('http', 'ws')}/sync`, `/${planId(9_997)}`, { cookie });
  expect([await socket.closed(), socket.frames]).toEqual([4413, []]);
  expect(events('too-many-plans').length).toBeGreaterThanOrEqual(6);
  expect(await counted(app, 'accord_many_plans_noted_total')).toBe(notedBefore + 1);
  expect(await counted(app, 'accord_many_plans_refused_total')).toBe(refusedBefore + 6);

  // What was open is not taken away in the middle of work, and nobody else is touched.
  expect((await api.get(`/api/plans/${planId(limits.plansOpenedMax - 1)}/content`)).status).toBe(404);
  expect((await app.api(other).get(`/api/plans/${planId(9_999)}`)).status).toBe(404);
  expect((await api.get('/api/plans')).status).toBe(200);
});

test('[WH11] A48 urgent care that tries number after number is refused as well', async () => {
  const { app, cookieOf } = await realService();
  const api = app.api(await cookieOf('owen', 'urgent-care'));
  for (let at = 0; at < limits.plansOpenedMax; at += 1) expect((await api.get(`/api/urgent/${1_000_000_000 + at}`)).status).not.toBe(429);
  expect(await api.get('/api/urgent/9434765919')).toMatchObject({ status: 429, body: { code: 'too-many' } });
});

test('[WH19] one address without a session may ask so often in a minute and no more, with Redis or without; whoever is signed in there is counted apart', async () => {
  const { app, cookieOf } = await realService();
  const cookie = await cookieOf('calm');
  const ask = request('GET', '/api/demo/people', [`Host: 127.0.0.1:${app.settings.port}`, 'X-Forwarded-For: 203.0.113.9']);
  const line = openLine(app.settings.port, ask.repeat(limits.requestsPerMinuteMax + 100));
  const answers = (status: number): number => line.text().split(`HTTP/1.1 ${status} `).length - 1;
  await eventually(() => { if (answers(404) + answers(429) < limits.requestsPerMinuteMax + 100) throw new Error('not all answered'); }, 60_000);
  line.end();
  // On a machine so slow that a minute was over meanwhile there would be no more than a hint of it.
  expect(answers(429)).toBeGreaterThan(0);
  expect(line.text()).toContain('"code":"too-many"');
  expect((await app.api(cookie).get('/api/session')).status).toBe(200);
}, 90_000);
