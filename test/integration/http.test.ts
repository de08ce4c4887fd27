/** The HTTP frame: fixed order of checks, refusals as documents, nothing private in logs. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { z } from 'zod';
import express from 'express';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { limits } from '../../shared/limits.ts';
import { ok, refuse } from '../../shared/refusal.ts';
import { systemClock } from '../../server/config/system.ts';
import { createFrame } from '../../server/http/frame.ts';
import { forgetOldAnswers } from '../../server/http/idempotency.ts';
import { open, signedIn } from '../../server/http/route.ts';
import { standingOf } from '../../server/identity/sessions.ts';
import { startApp, type Api, type TestApp } from '../support/app.ts';

let app: TestApp;
let cookie: string;
const lines: string[] = [];
beforeAll(async () => {
  app = await startApp({ logTo: (line) => void lines.push(line) });
  await app.person('amina', 'community-nurse');
  cookie = await app.signIn('person_amina');
});
afterAll(() => app.close());

describe('refusals', () => {
  test('[HT1] an address that does not exist is a problem document, not a page', async () => {
    const answer = await app.api(cookie).get('/api/nothing');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toEqual({ type: 'urn:accord:problem:not-found', title: 'Not found', status: 404, code: 'not-found', detail: 'There is nothing at this address.' });
  });

  test('[HT1] broken JSON, another content type and a body over the limit are refused each by its name', async () => {
    const api = app.api();
    expect(await api.post('/api/session', '{"personId":')).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    expect(await api.post('/api/session', 'personId=x', { 'content-type': 'text/plain' })).toMatchObject({ status: 415, body: { code: 'unsupported-type' } });
    expect(await api.post('/api/session', { personId: 'x'.repeat(limits.bodyBytesMax) })).toMatchObject({ status: 413, body: { code: 'over-limit' } });
    expect(await api.get('/api/%E0%A4%A')).toMatchObject({ status: 404 });
  });

  test('[HT2] values at fault are named by their path', async () => {
    const answer = await app.api().post('/api/session', { personId: 7, more: 1 });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect((answer.body['problems'] as { field: string }[]).map((problem) => problem.field)).toEqual(['personId', 'body']);
  });

  test('[HT3] a change without Origin, or from another site, is refused before anything else is looked at', async () => {
    for (const origin of ['', 'null', 'https://evil.example', `${app.url}.evil.example`, app.url.toUpperCase(), `${app.url}.`]) {
      const answer = await app.api(cookie).post('/api/session', '{broken', origin === '' ? { origin: '' } : { origin });
      expect(answer).toMatchObject({ status: 403, body: { code: 'wrong-origin' } });
    }
  });

  test('[HT4] without a session the answer is 401, whatever else is wrong', async () => {
    expect(await app.api().send('DELETE', '/api/session', undefined, { origin: 'https://evil.example' })).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
  });
});

describe('a route of one’s own', () => {
  let done = 0;
  let api: Api;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const count = z.object({ n: z.number() });
    const routes = [
      signedIn({ method: 'post', path: '/api/count', summary: 'Counts', body: z.object({ by: z.number() }).strict(), answer: count, status: 201, handle: async ({ body }) => ok({ n: (done += body.by) }) }),
      signedIn({ method: 'post', path: '/api/refuse', summary: 'Refuses', answer: count, handle: async () => { done += 1; return refuse('conflict', `no ${done}`, { more: { n: done, status: 200 } }); } }),
      signedIn({ method: 'post', path: '/api/throw', summary: 'Throws', answer: count, handle: async () => { done += 1; throw new Error('secret 999 000 0018'); } }),
      open({ method: 'get', path: '/api/urgent/:nhsNumber', summary: 'Reads', query: z.object({ q: z.string().optional() }), answer: count, handle: async () => ok({ n: done }) }),
    ];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const frame = createFrame({ ...app, clock: systemClock, log, routes, pages: '/nowhere', migrations: 1, version: '1', standingOf: (header, byPerson) => standingOf(app.db, header, byPerson), knowsPlan: () => Promise.resolve(true) });
    const outer = express().use(frame.app).listen(0, '127.0.0.1');
    await new Promise((resolve) => void outer.once('listening', resolve));
    const url = `http://127.0.0.1:${(outer.address() as AddressInfo).port}`;
    const call = async (method: string, path: string, body?: unknown, extra: Record<string, string> = {}) => {
      const response = await fetch(url + path, { method, headers: { cookie, origin: app.url, 'content-type': 'application/json', ...extra }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
    };
    api = { get: (path) => call('GET', path), send: call, post: (path, body, headers) => call('POST', path, body, headers) };
    close = () => new Promise((resolve) => void outer.close(() => resolve()));
  });
  afterAll(() => close());

  test('[HT5] the same call with the same key is answered again and done once; with another body the key is refused', async () => {
    const before = done;
    const first = await api.post('/api/count', { by: 2 }, { 'idempotency-key': 'k1' });
    const second = await api.post('/api/count', { by: 2 }, { 'idempotency-key': 'k1' });
    expect([first.status, first.body, second.status, second.body]).toEqual([201, { n: before + 2 }, 201, { n: before + 2 }]);
    expect(await api.post('/api/count', { by: 3 }, { 'idempotency-key': 'k1' })).toMatchObject({ status: 409, body: { code: 'idempotency-reused' } });
    expect(await api.post('/api/count', { by: 3 }, { 'idempotency-key': 'k2' })).toMatchObject({ status: 201, body: { n: before + 5 } });
  });

  test('[HT5] twenty at once with one key: done once', async () => {
    const before = done;
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post('/api/count', { by: 1 }, { 'idempotency-key': 'race' })));
    expect(done).toBe(before + 1);
    expect(answers.filter((answer) => answer.status === 201).length).toBeGreaterThan(0);
    for (const answer of answers) expect([201, 409]).toContain(answer.status);
  });

  test('[HT5] a refusal is kept as well; a failure frees the key', async () => {
    const first = await api.post('/api/refuse', undefined, { 'idempotency-key': 'r' });
    const again = await api.post('/api/refuse', undefined, { 'idempotency-key': 'r' });
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({ status: 409, code: 'conflict', n: done });
    const before = done;
    await api.post('/api/throw', undefined, { 'idempotency-key': 't' });
    await api.post('/api/throw', undefined, { 'idempotency-key': 't' });
    expect(done).toBe(before + 2);
  });

  test('[HT5] a claim left by a node that died is taken over after its time, and old answers are forgotten', async () => {
    const before = done;
    await api.post('/api/count', { by: 1 }, { 'idempotency-key': 'dead' });
    await app.db.query(`UPDATE idempotency_keys SET status = 0 WHERE key = 'dead'`);
    expect(await api.post('/api/count', { by: 1 }, { 'idempotency-key': 'dead' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await app.db.query(`UPDATE idempotency_keys SET at = at - interval '2 minutes' WHERE key = 'dead'`);
    expect(await api.post('/api/count', { by: 1 }, { 'idempotency-key': 'dead' })).toMatchObject({ status: 201, body: { n: before + 2 } });
    await app.db.query(`UPDATE idempotency_keys SET at = at - interval '25 hours' WHERE key = 'dead'`);
    await forgetOldAnswers(app.db);
    expect(await app.db.query(`SELECT key FROM idempotency_keys WHERE key IN ('dead', 'k1')`)).toEqual([{ key: 'k1' }]);
  });

  test('[HT6] HAZ-12 an unexpected error tells the caller a number and nothing else', async () => {
    const answer = await api.post('/api/throw');
    expect(answer.status).toBe(500);
    expect(Object.keys(answer.body).sort()).toEqual(['code', 'detail', 'requestId', 'status', 'title', 'type']);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(lines.some((line) => line.includes(String(answer.body['requestId'])) && line.includes('request failed'))).toBe(true);
  });

  test('[HT7] HAZ-12 a log line names the route’s pattern, never the number, the query or the cookie', async () => {
    await api.get('/api/urgent/9990000018?q=Margaret');
    const line = lines.find((one) => one.includes('/api/urgent/:nhsNumber'));
    expect(line).toBeDefined();
    const all = lines.join('\n');
    for (const secret of ['9990000018', 'Margaret', cookie.split('=')[1] ?? '']) expect(all).not.toContain(secret);
  });
});

describe('what the service says about itself', () => {
  test('[HT8] alive, ready with a write to storage, measured', async () => {
    expect(await app.api().get('/livez')).toMatchObject({ status: 200, body: { alive: true } });
    expect(await app.api().get('/readyz')).toMatchObject({ status: 200, body: { ready: true, problems: [] } });
    expect(String((await app.api().get('/metrics')).body)).toContain('accord_http_request_seconds_bucket');
  });

  test('[HT9] the description lists every route with the schemas that check it', async () => {
    const { body } = await app.api().get('/api/openapi.json');
    const paths = body['paths'] as Record<string, Record<string, { requestBody?: unknown; security: unknown[] }>>;
    expect(body['openapi']).toBe('3.1.0');
    expect(paths['/api/session']?.['post']?.requestBody).toMatchObject({ content: { 'application/json': { schema: { required: ['personId'] } } } });
    expect(paths['/api/session']?.['get']?.security).toEqual([{ session: [] }]);
  });

  test('[HT10] every answer forbids scripts of others, frames and guessing at types', async () => {
    const { headers } = await app.api().get('/livez');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`script-src 'self';`);
    expect(policy).toContain(`connect-src 'self' ${app.url.replace('http', 'ws')}`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect((await app.api(cookie).get('/api/session')).headers.get('cache-control')).toBe('no-store');
  });

  test('[HT11] a socket asked for at an unknown address is told so at once', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(app.settings.port, '127.0.0.1', () => void socket.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'));
      socket.once('data', (data) => { resolve(data.toString()); socket.destroy(); });
      socket.once('error', reject);
    });
    expect(answer).toContain('404 Not Found');
  });
});
