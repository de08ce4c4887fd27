/** Attempts with HTTP requests: forged by other sites, with SQL, paths, packed bodies, members too many, addresses to fetch, and lines for the log. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { limits } from '../../shared/limits.ts';
import { makeAttackStand, nextNumber, type AttackStand } from '../support/attackStand.ts';
import { request } from '../support/rawLine.ts';

const bodySchema = z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) });
const operation = z.object({ parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]), requestBody: bodySchema.optional() });
const description = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });
interface Described {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly hasBody: boolean;
  /** A body of the shape that is asked for, with this text in every place. */
  readonly bodyOf: (text: string) => unknown;
}
/** What a JSON schema asks for, with the text wherever a value belongs. */
function shaped(schema: unknown, text: string): unknown {
  const { type, properties, items } = (schema ?? {}) as { type?: unknown; properties?: Readonly<Record<string, unknown>>; items?: unknown };
  if (type === 'object') return Object.fromEntries(Object.entries(properties ?? {}).map(([name, each]) => [name, shaped(each, text)]));
  return type === 'array' ? [shaped(items, text)] : text;
}

let stand: AttackStand;
let routes: readonly Described[];
let meetingId: string;
beforeAll(async () => {
  stand = await makeAttackStand();
  const { paths } = description.parse((await stand.app.api().get('/api/openapi.json')).body);
  routes = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, { parameters, requestBody }]): Described => (
    { method: method.toUpperCase(), path, query: parameters.filter((each) => each.in === 'query').map(({ name }) => name), hasBody: requestBody !== undefined,
      bodyOf: (text) => (requestBody ? shaped(Object.values(requestBody.content)[0]?.schema, text) : undefined) })));
  const made = await stand.as('coordinator').post('/api/meetings', { title: 'Elm MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [stand.planId] });
  meetingId = String(made.body['id']);
});
afterEach(() => stand.closeSockets());
afterAll(() => stand.close());

/** The path with real ids in it, or with `replaced` in the place of each. */
const filled = (path: string, replaced?: string): string => path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
  encodeURIComponent(replaced ?? { planId: stand.planId, meetingId, organisationId: 'org_hub', number: '1', nhsNumber: '9990000018', copyId: 'copy_none00000' }[name] ?? 'x'));
/** Half of a character stands in no address. */
const whole = (text: string): string => text.replaceAll(/\p{Cs}/gu, 'x');
/** Where in a route this text can be put. What would really be done if it were asked for as it stands is not. */
const places = ({ method, path, query, hasBody }: Described, replaced: string): readonly string[] =>
  path === '/api/session' && method === 'DELETE' ? [] : [...(path.includes('{') ? [filled(path, replaced)] : []), ...(query.length > 0 || hasBody ? [filled(path)] : [])];
/** Changes that our own pages ask for. What the identity provider says by itself comes as a form from elsewhere and proves itself. */
const changes = (): readonly Described[] => routes.filter(({ method, path }) => method !== 'GET' && path !== '/auth/backchannel-logout');
/** Everything that the database holds, as one fingerprint; sessions, answers that are kept for repeated calls, what is sealed by itself, and wrong sign-ins aside. */
async function everythingStored(): Promise<string> {
  const tables = await stand.app.db.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT IN ('sessions', 'idempotency_keys', 'readiness', 'signing_keys', 'audit_checkpoints', 'audit_cosignatures', 'audit_leaves', 'audit_nodes', 'audit_sealed', 'sign_in_failures') ORDER BY 1`);
  const sums: string[] = [];
  for (const { name } of tables) {
    const [row] = await stand.app.db.query<{ sum: string }>(`SELECT count(*) || ':' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY t::text)), '') AS sum FROM ${name} t`).catch(() => [{ sum: 'not for the service' }]);
    sums.push(`${name} ${row?.sum}`);
  }
  return sums.join('\n');
}

describe('from other sites', () => {
  test('[WH7] A57 no change is made by a request that does not come from our own page, by the browser’s own word either', async () => {
    const before = await everythingStored();
    for (const { method, path } of changes()) {
      for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: '' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' }]) {
        expect([method, path, await stand.as('coordinator').send(method as 'POST', filled(path), method === 'DELETE' ? undefined : {}, headers as Record<string, string>)]).toMatchObject([method, path, { status: 403, body: { code: 'wrong-origin' } }]);
      }
    }
    expect(await everythingStored()).toBe(before);
    expect((await stand.as('coordinator').post(`/api/plans/${stand.planId}/reviews`, undefined, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('[WH7] A57 a form cannot say JSON, so a form of another page that lies about its origin is refused as well', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'text/plain; application/json', '']) {
      for (const { method, path, hasBody } of changes()) {
        if (!hasBody) continue;
        expect([path, type, await stand.as('coordinator').send(method as 'POST', filled(path), '{"a":1}', { 'content-type': type })]).toMatchObject([path, type, { status: 415, body: { code: 'unsupported-type' } }]);
      }
    }
  });

  test('[WH7] A57 reading changes nothing but the trail of who read', async () => {
    const read = async (): Promise<void> => {
      for (const { path, method } of routes) if (method === 'GET') await stand.as('coordinator').get(`${filled(path)}?section=identity&field=preferredName&from=1&to=draft`);
    };
    await read();
    const but = (all: string): string => all.split('\n').filter((line) => !/^(audit_|access_|plans )/.test(line)).join('\n');
    const before = but(await everythingStored());
    await read();
    expect(but(await everythingStored())).toBe(before);
  });
});

describe('what is asked', () => {
  const injections = [
    `'`, `''`, `"`, '`', '\\', '%', '_', `' OR '1'='1`, `' OR 1=1 --`, `1; DROP TABLE plans; --`, `'; SELECT pg_sleep(30); --`, `1 UNION SELECT token_hash FROM sessions`, `$1`, `$$`, `E'\\x27'`, `%27`, `||'a'`, `/**/`, `0x27`, `\u2019 OR 1=1`,
    `{"$gt":""}`, `[object Object]`, `NULL`, `true`, `-1`, `1e9`, `9999999999999999999999`, `NaN`, `Infinity`, `../../etc/passwd`, `%00`, `\u0000`, `\u202e`, `\ud800`, `a'||pg_sleep(30)||'`, `1) OR (1=1`, `*`, `?`, `:planId`, `draft'--`,
  ];

  test('A58 forty strings that mean something to a database, in every parameter, path and body, mean nothing here', async () => {
    const before = await everythingStored();
    const strange: unknown[] = [];
    const people = ['coordinator', 'gp', 'nurse', 'hospice', 'paramedic'] as const;
    for (const [at, text] of injections.entries()) {
      // One person may not ask so often in a minute.
      const api = stand.as(people[at % people.length] ?? 'coordinator');
      for (const route of routes) {
        const { method, query } = route;
        const asked = query.length > 0 ? `?${query.map((name) => `${name}=${encodeURIComponent(whole(text))}`).join('&')}` : '';
        const body = route.bodyOf(text);
        for (const each of places(route, whole(text))) {
          const answer = await api.send(method as 'POST', each + asked, body);
          if (answer.status >= 500 || (answer.status === 429 && !route.path.startsWith('/api/session')) || /syntax error|relation \\?"|invalid input|violates|42\d{3}/.test(JSON.stringify(answer.body))) strange.push([method, each, answer.status, answer.body]);
        }
      }
    }
    expect(strange).toEqual([]);
    const but = (all: string): string => all.split('\n').filter((line) => !/^(audit_|access_|plans )/.test(line)).join('\n');
    expect(but(await everythingStored())).toBe(but(before));
  }, 300_000);

  test('A59 paths with dots, NUL, double escapes and ids of ten thousand letters are answered at once and lead nowhere', async () => {
    const host = `Host: 127.0.0.1:${stand.port}`;
    await stand.undisturbed(async () => {
      for (const path of ['/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fpackage.json', '/assets/..%2f..%2f..%2fpackage.json', '/assets/%2e%2e/%2e%2e/server/main.ts', '/assets/....//....//package.json', '/%252e%252e/package.json', '/api/plans/%00', `/api/plans/plan_${'x'.repeat(10_000)}`,
        '/api/plans/..%2f..%2fsession', '/api/plans/plan_a%2fcontent', '//evil.example/%2e%2e', '/\\evil.example', '/api/%E0%A4%A', '/api/plans/%', '/assets/%', '/.env', '/.git/HEAD', '/data/keys', '/api/plans/;a=b', '/index.html/..%2f..%2fpackage.json']) {
        const line = stand.line(request('GET', path, [host, `Cookie: ${stand.cookies.coordinator}`, 'Connection: close']));
        await line.closed();
        expect([path, line.text()]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 (200|302|400|404) /)]);
        expect(line.text()).not.toMatch(/root:|"devDependencies"|PRIVATE KEY|\n {4}at |Location: (https?:)?\/\/evil|Location: \/\\/);
      }
    });
  });

  test('A68 strings that make a careless pattern run for ever, at the longest that is taken, in search, names and dates', async () => {
    const evil = ['a'.repeat(99), `${'a '.repeat(49)}!`, '\t'.repeat(99), `${' '.repeat(98)}x`, '%'.repeat(99), '-'.repeat(99), `${'1'.repeat(98)}x`, '\u0301'.repeat(99), `${'ab'.repeat(49)}'`, `(${'a+'.repeat(48)})`];
    const api = stand.as('coordinator');
    await stand.undisturbed(async () => {
      for (const text of evil) {
        expect((await api.get(`/api/plans?query=${encodeURIComponent(text)}&cursor=${encodeURIComponent(text)}`)).status).toBeLessThan(500);
        expect((await stand.as('paramedic').get(`/api/urgent/${encodeURIComponent(text)}`)).status).toBeLessThan(500);
        const patient = { nhsNumber: text.slice(0, 20), familyName: `${text} `, givenName: text, birthDate: text.slice(0, 10), address: text.repeat(5) };
        expect((await api.post('/api/plans', { patient })).status).toBe(422);
        expect((await api.post('/api/meetings', { title: text, startsAt: text, planIds: [text] })).status).toBe(422);
      }
    });
  });
});

describe('bodies', () => {
  test('[WH8] A60 another kind of content, packed content, another writing, too much of it and content without end', async () => {
    const api = stand.as('coordinator');
    const path = '/api/plans';
    const post = async (body: Buffer | string, headers: Record<string, string>): Promise<{ status: number; code: unknown }> => {
      const answer = await fetch(stand.app.url + path, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers: { cookie: stand.cookies.coordinator, origin: stand.app.url, 'content-type': 'application/json', ...headers } });
      return { status: answer.status, code: ((await answer.json()) as { code?: unknown }).code };
    };
    const unsupported = { status: 415, code: 'unsupported-type' };
    const bomb = gzipSync(JSON.stringify({ patient: 'x'.repeat(10_000_000) }));
    expect(bomb.length).toBeLessThan(limits.bodyBytesMax);
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip']) expect(await post(bomb, { 'content-encoding': encoding })).toEqual(unsupported);
    for (const type of ['text/plain', 'text/xml', 'application/x-www-form-urlencoded', 'application/json-seq', 'application/json; charset=iso-8859-1', 'application/json; charset=utf-7', 'application/xml']) expect([type, await post('{}', { 'content-type': type })]).toEqual([type, unsupported]);
    expect(await post(`{"patient":"${'x'.repeat(101 * 1024)}"}`, {})).toEqual({ status: 413, code: 'over-limit' });
    expect((await api.post(path, '{"patient":')).body).toMatchObject({ code: 'bad-request' });
    expect((await api.post(path, '[]')).body).toMatchObject({ code: 'invalid' });
    const endless = stand.line(request('POST', path, [`Host: 127.0.0.1:${stand.port}`, `Cookie: ${stand.cookies.coordinator}`, `Origin: ${stand.app.url}`, 'Content-Type: application/json', 'Transfer-Encoding: chunked']));
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    const pouring = setInterval(() => { if (!endless.isClosed) endless.write(chunk); }, 5);
    await stand.undisturbed(() => endless.closed());
    clearInterval(pouring);
    expect(endless.text()).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('A67 nothing is uploaded anywhere: files, one or ten thousand, are no content that is read', async () => {
    const file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.svg"\r\nContent-Type: image/svg+xml\r\n\r\n<svg onload="alert(1)"/>\r\n';
    for (const body of [`${file}--x--`, `${file.repeat(400)}--x--`]) {
      for (const { method, path } of changes()) expect([path, (await stand.as('coordinator').send(method as 'POST', filled(path), body, { 'content-type': 'multipart/form-data; boundary=x' })).status]).toEqual([path, 415]);
    }
  });

  test('[WH9] A61 a member that is not asked for refuses the whole body, on every route that changes something, also where no body is asked for', async () => {
    const before = await everythingStored();
    for (const { method, path, bodyOf } of changes()) {
      const own = (bodyOf('x') ?? {}) as Readonly<Record<string, unknown>>;
      for (const [key, value] of [['mine', 'plan_mine00000'], ['createdBy', 'person_gp'], ['isAdmin', true], ['__proto__', { role: 'coordinator' }], ['constructor', 1]] as const) {
        const body = `{${Object.entries(own).map(([name, each]) => `${JSON.stringify(name)}:${JSON.stringify(each)},`).join('')}${JSON.stringify(key)}:${JSON.stringify(value)}}`;
        const answer = await stand.as('coordinator').send(method as 'POST', filled(path), body, { 'content-type': 'application/json' });
        expect([method, path, key, answer]).toMatchObject([method, path, key, { status: 422, body: { code: 'invalid' } }]);
        expect([method, path, key, JSON.stringify(answer.body['problems'])]).toEqual([method, path, key, expect.stringMatching(/Unrecognized key|Invalid input/)]);
      }
    }
    // A member inside a member too.
    expect(await stand.as('coordinator').post('/api/plans', { patient: { nhsNumber: nextNumber(), familyName: 'Newly', givenName: 'Ann', birthDate: '1941-06-05', id: 'x' } })).toMatchObject({ status: 422 });
    expect(await everythingStored()).toBe(before);
  });
});

test('[WH17] A66 no address that a caller names is ever fetched: not from a body, a query, a path or a header', async () => {
  let knocks = 0;
  const canary = createServer((socket) => { knocks += 1; socket.destroy(); });
  await new Promise<void>((resolve) => void canary.listen(0, '127.0.0.1', resolve));
  const { port } = canary.address() as AddressInfo;
  const api = stand.as('coordinator');
  for (const address of [`http://127.0.0.1:${port}/x`, `http://localhost:${port}/`, `//127.0.0.1:${port}/`, `http://2130706433:${port}/`, `http://[::ffff:127.0.0.1]:${port}/`, `ws://127.0.0.1:${port}/`, `postgres://127.0.0.1:${port}/x`]) {
    const headers = { referer: address, 'x-forwarded-host': address, 'x-original-url': address, 'x-rewrite-url': address, forwarded: `host=${address}`, from: address, 'x-wap-profile': address };
    for (const route of routes) {
      const { method, query } = route;
      const asked = query.length > 0 ? `?${query.map((name) => `${name}=${encodeURIComponent(address)}`).join('&')}&url=${encodeURIComponent(address)}` : `?url=${encodeURIComponent(address)}`;
      for (const each of places(route, address)) await api.send(method as 'POST', each + asked, route.bodyOf(address), headers);
    }
    const line = stand.line(request('GET', address, [`Host: 127.0.0.1:${port}`, 'Connection: close']));
    await line.closed();
  }
  expect(knocks).toBe(0);
  // The canary would have sung.
  await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
  expect(knocks).toBe(1);
  await new Promise((resolve) => void canary.close(resolve));
}, 120_000);

test('A69 nothing that a caller writes makes a line of the log, and every line is one', async () => {
  const forged = '\r\n{"level":30,"msg":"forged entry"}\u001b[2J\u0007';
  const api = stand.as('coordinator');
  const from = stand.lines.length;
  await api.get(`/api/plans?query=${encodeURIComponent(forged)}`);
  await api.get(`/api/plans/${encodeURIComponent(forged)}`);
  await api.get(`/${encodeURIComponent(forged)}`);
  await api.post('/api/plans', { patient: { nhsNumber: forged.slice(0, 20), familyName: forged, givenName: forged, birthDate: 'x' } });
  await api.post('/api/plans', `{"a":"${forged}`);
  const line = stand.line(request('GET', '/api/nothing', [`Host: 127.0.0.1:${stand.port}`, 'User-Agent: forged entry', 'X-Request-Id: forged entry', `Cookie: a=forged entry`, 'Connection: close']));
  await line.closed();
  const socket = stand.socket(`/${stand.planId}/identity?x=${encodeURIComponent(forged)}`, 'social', { origin: 'https://forged entry' });
  await socket.opened().catch(() => undefined);
  const lines = stand.lines.slice(from);
  expect(lines.length).toBeGreaterThan(5);
  for (const each of lines) {
    expect(each.trimEnd()).not.toMatch(/\p{Cc}/u);
    expect(() => JSON.parse(each) as unknown).not.toThrow();
  }
  expect(lines.join('')).not.toContain('forged entry');
});
