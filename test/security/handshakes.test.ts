/** Attempts on the way in: foreign pages, headers beyond measure, callers that say nothing, and proxies that nobody appointed. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { createHttpServer } from '../../server/http/server.ts';
import { limits } from '../../shared/limits.ts';
import { startApp } from '../support/app.ts';
import { makeAttackStand, type AttackStand } from '../support/attackStand.ts';
import { eventually } from '../support/eventually.ts';
import { openLine, request, upgrade, type Line } from '../support/rawLine.ts';

let stand: AttackStand;
beforeAll(async () => { stand = await makeAttackStand(); });
afterEach(() => stand.closeSockets());
afterAll(() => stand.close());

const sync = (): string => `/sync/${stand.planId}/identity`;
const meetings = '/socket.io/?EIO=4&transport=websocket';
/** An upgrade with somebody's good cookie and these headers. */
const knock = (path: string, ...headers: readonly string[]): Line => stand.line(upgrade(path, stand.port, [`Cookie: ${stand.cookies.gp}`, ...headers]));
const events = (name: string): string[] => stand.lines.filter((line) => line.includes(`"event":"${name}"`));

describe('pages of others', () => {
  test('[WH1] A01 a page of another site with a good cookie gets no socket, and it is written down without what it said', async () => {
    const before = events('foreign-origin').length;
    await stand.undisturbed(async () => {
      for (const path of [sync(), `/sync/${stand.planId}`, meetings]) {
        const line = knock(path, 'Origin: https://evil.example');
        await line.answers(/^HTTP\/1\.1 403 Forbidden\r\n/);
        await line.closed();
        expect(line.text()).not.toContain('101 ');
      }
    });
    expect(events('foreign-origin')).toHaveLength(before + 3);
    expect(stand.lines.join('\n')).not.toContain('evil.example');
  });

  test('[WH1] A02 an Origin that is nearly ours is another’s; none at all is a program, not a page', async () => {
    const { host } = new URL(stand.app.url);
    const near = ['null', `${stand.app.url}.evil.tld`, stand.app.url.toUpperCase(), `${stand.app.url}.`, `${stand.app.url}/`, `https://${host}`, `http://user@${host}`, `http://evil.tld#${host}`, `${stand.app.url}, https://evil.tld`, ''];
    for (const path of [sync(), meetings]) for (const origin of near) await knock(path, `Origin: ${origin}`).answers(/^HTTP\/1\.1 403 /);
    // Twice said is not ours either, whichever comes first.
    for (const path of [sync(), meetings]) await knock(path, `Origin: ${stand.app.url}`, 'Origin: https://evil.tld').answers(/^HTTP\/1\.1 403 /);
    for (const path of [sync(), meetings]) {
      await knock(path, `Origin: ${stand.app.url}`).answers(/^HTTP\/1\.1 101 /);
      await knock(path).answers(/^HTTP\/1\.1 101 /);
    }
  });

  test('[WH1] A03 long polling is off, whoever asks', async () => {
    for (const origin of ['https://evil.example', stand.app.url]) for (const method of ['GET', 'POST']) {
      const line = stand.line(request(method, '/socket.io/?EIO=4&transport=polling', [`Host: 127.0.0.1:${stand.port}`, `Cookie: ${stand.cookies.gp}`, `Origin: ${origin}`, 'Connection: close', 'Content-Length: 0']));
      await line.closed();
      expect(line.text()).toMatch(/^HTTP\/1\.1 40[03] /);
      expect(line.text()).not.toContain('"sid"');
      expect(line.text()).toMatch(/^Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r$/im);
    }
  });
});

describe('too much and too slow', () => {
  test('[WH2] A06 thousands of headers, headers of 64 KB, and protocols by the thousand are refused and the line is closed', async () => {
    const many = Array.from({ length: 2_001 }, (_, at) => `X${at}: y`);
    const few = Array.from({ length: limits.headersMax - 10 }, (_, at) => `X${at}: y`);
    await stand.undisturbed(async () => {
      for (const path of [sync(), meetings]) {
        for (const headers of [many, [`X: ${'y'.repeat(64 * 1024)}`], [`Sec-WebSocket-Protocol: x${' '.repeat(16 * 1024)}y`]]) {
          const line = knock(path, ...headers);
          await line.closed();
          expect(line.text()).toMatch(/^HTTP\/1\.1 431 /);
        }
        // Blanks before a word are no part of it, and as many commas name nothing: read or refused, but at once.
        for (const headers of [[`Sec-WebSocket-Protocol: ${' '.repeat(16 * 1024)}x`], [`Sec-WebSocket-Protocol: ${','.repeat(12 * 1024)}`], [`Sec-WebSocket-Protocol: ${'x,'.repeat(6 * 1024)}`]]) {
          await knock(path, ...headers).answers(/^HTTP\/1\.1 (101|400|431) /);
        }
        await knock(path, ...few).answers(/^HTTP\/1\.1 101 /);
      }
      const plain = stand.line(request('GET', '/livez', [`Host: 127.0.0.1:${stand.port}`, ...many]));
      await plain.closed();
      expect(plain.text()).toMatch(/^HTTP\/1\.1 431 /);
    });
  });

  test('A07 compression is never agreed on, so nothing small becomes large', async () => {
    for (const path of [sync(), meetings]) {
      const text = await knock(path, 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits').answers(/\r\n\r\n/);
      expect(text).toMatch(/^HTTP\/1\.1 101 /);
      expect(text).not.toMatch(/sec-websocket-extensions/i);
    }
  });

  test('[WH3] A11 sockets of nobody are closed at once, and a meeting’s socket that says nothing soon', async () => {
    const nobody = Array.from({ length: 100 }, () => stand.line(upgrade(sync(), stand.port)));
    const silent = Array.from({ length: 20 }, () => stand.line(upgrade(meetings, stand.port)));
    await stand.undisturbed(async () => { for (const line of [...nobody, ...silent]) await line.closed(); });
    for (const line of [...nobody, ...silent]) expect(line.text()).toMatch(/^HTTP\/1\.1 101 /);
  });

  test('[WH3] A12 pings, and asking again and again without a session, put the end off by nothing', async () => {
    const line = stand.line(upgrade(meetings, stand.port));
    await line.answers(/101 /);
    const asking = setInterval(() => {
      line.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0]));
      line.write(Buffer.concat([Buffer.from([0x81, 0x80 | '40/meetings,'.length, 0, 0, 0, 0]), Buffer.from('40/meetings,')]));
    }, 200);
    try {
      await line.closed(30_000);
    } finally {
      clearInterval(asking);
    }
    expect(line.text()).toContain('44/meetings,');
    expect(line.text()).not.toContain('40/meetings,');
  }, 60_000);

  test('[WH2] A13 a caller who says nothing, or their headers one by one, for a page or for a socket, is cut off', async () => {
    const server = createHttpServer({ headersMs: 300, everyMs: 50 });
    server.on('request', (_request, response) => response.end('too kind'));
    server.on('upgrade', (_request, socket) => socket.end('too kind'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const first of ['', 'GET / HTTP/1.1\r\n', 'GET /sync HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n']) {
      const line = openLine(port, first);
      const dripping = setInterval(() => { if (first !== '') line.write('X: y\r\n'); }, 40);
      await line.closed();
      clearInterval(dripping);
      expect(line.text()).not.toContain('too kind');
    }
    server.close();
    // And these are the bounds that the service itself has.
    const { headersTimeout, requestTimeout, maxHeadersCount } = createHttpServer();
    expect({ headersTimeout, requestTimeout, maxHeadersCount }).toEqual({ headersTimeout: limits.headersMs, requestTimeout: limits.requestMs, maxHeadersCount: limits.headersMax + 1 });
  });

  test('A16 a request with two lengths, or a length and pieces, is refused and the line is closed', async () => {
    const host = `Host: 127.0.0.1:${stand.port}`;
    const session = ['POST', '/api/session', host, `Origin: ${stand.app.url}`, 'Content-Type: application/json'] as const;
    const smuggled = request('GET', '/api/demo/people', [host]);
    await stand.undisturbed(async () => {
      for (const headers of [['Content-Length: 4', 'Transfer-Encoding: chunked'], ['Content-Length: 4', 'Content-Length: 5'], ['Content-Length: 4, 5'], ['Transfer-Encoding: xchunked'], ['Transfer-Encoding: chunked, identity'], ['Content-Length: +4'], ['Content-Length : 4']]) {
        const line = stand.line(request(session[0], session[1], [...session.slice(2), ...headers], `0\r\n\r\n${smuggled}`));
        await line.closed();
        expect(line.text()).toMatch(/^HTTP\/1\.1 400 /);
        expect(line.text()).not.toContain('"people"');
      }
    });
  });
});

describe('whom a request speaks for', () => {
  /** A service that takes few unknown callers is asked as many addresses; answers how often it said "too many". */
  async function refusalsOf(trustedProxies: readonly string[]): Promise<number> {
    const app = await startApp({ settings: { trustedProxies } });
    try {
      const asked = limits.strangersPerMinuteMax + 20;
      const bogus = (at: number): readonly string[] => [`Host: 127.0.0.1:${app.settings.port}`, `Cookie: accord_session=${String(at).padStart(43, 'x')}`, `X-Forwarded-For: 203.0.113.${at % 250}, 198.51.100.${at % 250}`, 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https'];
      const line = openLine(app.settings.port);
      const answers = (status: number): number => line.text().split(`HTTP/1.1 ${status} `).length - 1;
      for (let at = 0; at < asked; at += 1) line.write(request('GET', '/api/session', bogus(at)));
      await eventually(() => { if (answers(401) + answers(429) < asked) throw new Error('not all answered'); }, 60_000);
      const refused = answers(429);
      line.end();
      return refused;
    } finally {
      await app.close();
    }
  }

  test('[WH4] A17 X-Forwarded-For is not read from whom nobody appointed: another address at each call hides nobody', async () => {
    expect(await refusalsOf([])).toBe(20);
  });

  test('[WH4] A17 an appointed proxy is believed for whom it speaks, and only its own word is', async () => {
    expect(await refusalsOf(['127.0.0.0/8'])).toBe(0);
  });

  test('[WH4] A17 host and protocol are those of PUBLIC_URL, whatever a header says', async () => {
    const answer = await fetch(`${stand.app.url}/api/openapi.json`, { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' } });
    expect(JSON.stringify(await answer.json())).not.toContain('evil.example');
    expect(answer.headers.get('strict-transport-security')).toBeNull();
  });

  test('[WH5] made-up sessions by the thousand are not looked up any more, on HTTP and on sockets, and nobody else at that address notices', async () => {
    const app = await startApp({});
    try {
      const actor = await app.person('reader', 'coordinator');
      const cookie = await app.signIn(actor.id);
      expect((await app.api(cookie).get('/api/session')).status).toBe(200);
      const guess = (at: number): string => `accord_session=${String(at).padStart(43, 'z')}`;
      const guesses = openLine(app.settings.port);
      for (let at = 0; at <= limits.strangersPerMinuteMax; at += 1) guesses.write(request('GET', '/api/session', [`Host: 127.0.0.1:${app.settings.port}`, `Cookie: ${guess(at)}`]));
      await guesses.answers(/HTTP\/1\.1 429 /);
      guesses.end();
      expect((await app.api(cookie).get('/api/session')).status).toBe(200);
      expect((await app.api().get('/api/demo/people')).status).toBe(200);

      const port = app.settings.port;
      const path = '/sync/plan_none0000/identity';
      const good = openLine(port, upgrade(path, port, [`Cookie: ${cookie}`]));
      await good.answers(/101 /);
      let refused = '';
      for (let round = 0; round * 100 <= limits.strangersPerMinuteMax; round += 1) {
        const lines = Array.from({ length: 101 }, (_, at) => openLine(port, upgrade(path, port, [`Cookie: ${guess(at)}`])));
        for (const line of lines) await line.closed();
        refused += lines.map((line) => line.text().slice(0, 13)).join();
      }
      expect(refused.split('HTTP/1.1 429 ').length - 1).toBeGreaterThan(0);
      const again = openLine(port, upgrade(path, port, [`Cookie: ${cookie}`]));
      await again.answers(/^HTTP\/1\.1 101 /);
      again.end();
      good.end();
    } finally {
      await app.close();
    }
  });

  test('A71 measurements are for whoever runs the service: nothing answers from outside, health says no more than yes or no', async () => {
    const host = `Host: 127.0.0.1:${stand.port}`;
    const from = async (header: string, path = '/metrics'): Promise<string> => {
      const line = stand.line(request('GET', path, [header.startsWith('Host:') ? header : host, 'Connection: close', ...(header.startsWith('Host:') ? [] : [header])]));
      await line.closed();
      return line.text();
    };
    expect(await from('X: y')).toMatch(/^HTTP\/1\.1 200 [^]*accord_http_request_seconds/);
    for (const header of ['X-Forwarded-For: 203.0.113.7', 'X-Forwarded-For: 127.0.0.1', 'Forwarded: for=127.0.0.1', 'X-Real-IP: 127.0.0.1', 'Via: 1.1 proxy', 'Host: evil.example', `Host: 127.0.0.1.evil.example:${stand.port}`]) {
      expect(await from(header)).toMatch(/^HTTP\/1\.1 404 [^]*There is nothing at this address/);
    }
    for (const path of ['/debug', '/metrics/', '/METRICS', '/server-status', '/actuator', '/.env', '/.git/config', '/api/metrics', '/api/debug', '/package.json', '/server/app.ts', '//metrics', '/%6detrics']) {
      expect([path, await from('X-Forwarded-For: 203.0.113.7', path)]).toEqual([path, expect.not.stringContaining('accord_http')]);
    }
    expect((await stand.app.api().get('/readyz')).body).toEqual({ ready: true, problems: [] });
  });

  test('[WH6] A71 with METRICS_TOKEN only whoever says it is answered, near or far', async () => {
    const app = await startApp({ settings: { metricsToken: 'a-token-of-some-length' } });
    try {
      const ask = async (authorization?: string): Promise<number> => (await fetch(`${app.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7', ...(authorization ? { authorization } : {}) } })).status;
      expect(await ask('Bearer a-token-of-some-length')).toBe(200);
      for (const wrong of [undefined, 'Bearer', 'Bearer a-token-of-some-lengtH', 'Basic a-token-of-some-length', 'a-token-of-some-length']) expect(await ask(wrong)).toBe(404);
      expect((await fetch(`${app.url}/metrics`)).status).toBe(404);
    } finally {
      await app.close();
    }
  });
});
