/** A failure in every handler: what the caller is told, and what stands in the log. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { makeAttackStand, type AttackStand } from '../support/attackStand.ts';
import { administer } from '../support/postgres.ts';

const description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.object({ requestBody: z.unknown().optional() }))) });

let stand: AttackStand;
beforeAll(async () => { stand = await makeAttackStand(); });
afterAll(() => stand.close());

const queries: Readonly<Record<string, string>> = { history: 'section=identity&field=preferredName', compare: 'from=1&to=draft', changes: 'after=0' };
const bodies: Readonly<Record<string, unknown>> = {
  '/api/session': { personId: 'person_gp' },
  '/api/plans': { patient: { nhsNumber: '9990000018', familyName: 'Secretname', givenName: 'Ann', birthDate: '1941-06-05' } },
  '/api/plans/{planId}/team': { organisationId: 'org_elsewhere', relationship: 'Anything' },
  '/api/plans/{planId}/identity': { familyName: 'Secretname', reason: 'A reason of some length' },
  '/api/plans/{planId}/versions': { position: 1, contentHash: 'a'.repeat(64), statement: 'I sign' },
  '/api/plans/{planId}/looked': { position: 1 },
  '/api/plans/{planId}/people': { personId: 'person_gp-one', kind: 'member', relationship: 'Anything' },
  '/api/plans/{planId}/prints': { what: 'signed-version', version: 1 },
  '/api/meetings': { title: 'Secretname', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: ['plan_none00000'] },
  '/api/plans/{planId}/practice': { colleagues: 1 }, '/api/meetings/{meetingId}/practice': { colleagues: 1 },
};

test('[WH12] A72 with the tables pulled away from under it, every handler says one sentence and a number to quote, and the log has that number without a word of data or SQL', async () => {
  const { paths } = description.parse((await stand.app.api().get('/api/openapi.json')).body);
  const made = await stand.as('coordinator').post('/api/meetings', { title: 'Elm MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [stand.planId] });
  const tables = await stand.app.db.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT IN ('sessions', 'people', 'organisations', 'idempotency_keys')`);
  expect(tables.length).toBeGreaterThan(15);
  for (const { name } of tables) await administer(stand.app.databaseUrl, `ALTER TABLE ${name} RENAME TO ${name}_gone`);
  const from = stand.lines.length;

  const values: Readonly<Record<string, string>> = { planId: stand.planId, meetingId: String(made.body['id']), copyId: 'copy_none00000', organisationId: 'org_elm', number: '1', nhsNumber: '9990000018' };
  const failed: string[] = [];
  for (const [path, methods] of Object.entries(paths)) {
    for (const method of Object.keys(methods)) {
      // What ends or locks the session would end the run.
      if (method !== 'get' && /^\/(api\/session|auth|api\/sign-in)/.test(path)) continue;
      const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'x');
      const who = path.startsWith('/api/urgent') ? 'paramedic' : 'coordinator';
      const answer = await stand.as(who).send(method.toUpperCase() as 'POST', method === 'get' ? `${address}?${queries[path.split('/').at(-1) ?? ''] ?? 'query=Secretname'}` : address, bodies[method === 'post' ? path : '']);
      const text = JSON.stringify(answer.body ?? '');
      expect([path, text]).toEqual([path, expect.not.stringMatching(/relation|does not exist|SELECT|INSERT|UPDATE|_gone|\bat \/|node_modules|\.ts:|42P01|stack/)]);
      if (answer.status !== 500) continue;
      failed.push(`${method} ${path}`);
      expect([path, Object.keys(answer.body).sort()]).toEqual([path, ['code', 'detail', 'requestId', 'status', 'title', 'type']]);
      expect(answer.headers.get('x-request-id')).toBe(answer.body['requestId']);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const line = stand.lines.slice(from).find((each) => each.includes(String(answer.body['requestId'])) && each.includes('request failed'));
      expect([path, line !== undefined]).toEqual([path, true]);
    }
  }
  // Every route about a plan, a meeting or a copy got as far as its tables.
  const all = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`)).filter((each) => /\/(plans|meetings|offline-copies|urgent)/.test(each) && !/\/meetings\/people|\/people\/|break-glass/.test(each));
  expect(all.filter((each) => !failed.includes(each))).toEqual([]);
  const said = stand.lines.slice(from).join('\n');
  expect(said).not.toMatch(/Secretname|9990000018|SELECT|INSERT INTO/);
  expect(await stand.app.api().get('/livez')).toMatchObject({ status: 200 });
  expect(await stand.app.api().get('/readyz')).toMatchObject({ status: 503 });
});
