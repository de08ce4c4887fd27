/** Guessing who exists and what might let one in: bounded for each person and each address, in the database. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitAfter } from '../../server/identity/attempts.ts';
import { limits } from '../../shared/limits.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { startForger, type Forger } from '../support/forgingProvider.ts';
import { Browser, providerSettings } from '../support/oidcProvider.ts';
import { freePort } from '../support/redis.ts';

let real: TestApp;
let forger: Forger;
beforeAll(async () => {
  forger = await startForger();
  real = await startApp({ settings: { demo: false, provider: { ...providerSettings(await freePort()), issuer: forger.issuer } } });
});
afterAll(async () => {
  await real.close();
  await forger.close();
});
const callback = (browser: Browser, query: Record<string, string>) => browser.go(`${real.url}/auth/callback?${new URLSearchParams(query)}`);

describe('guessing', () => {
  test('[SN13] A63 after some failures each attempt has to wait, and then there are none for a quarter of an hour', () => {
    const bound = { beforeDelay: 3, most: 10 };
    expect([0, 2, 3, 4, 9].map((failures) => waitAfter(failures, bound))).toEqual([0, 0, 1_000, 2_000, 60_000]);
    expect([10, 1_000].map((failures) => waitAfter(failures, bound))).toEqual([15 * 60_000, 15 * 60_000]);
  });

  test('[SN13] A63 a thousand attempts for one person, and one attempt for each of a thousand: few are looked at, and nobody learns who exists', async () => {
    const lone = await startApp();
    await lone.person('amina', 'community-nurse');
    await lone.person('robot', 'gp', { simulated: true });
    const attempt = (personId: string) => lone.api().post('/api/session', { personId });
    const answers = (one: Awaited<ReturnType<typeof attempt>>) => ({ status: one.status, body: one.body });
    // A person who exists but cannot sign in so, and one who does not exist, cannot be told apart.
    expect(answers(await attempt('person_robot'))).toEqual(answers(await attempt('person_nobody')));
    for (const guess of ['person_robot', 'person_nobody']) {
      const statuses: number[] = [];
      for (let tries = 0; tries < 12; tries += 1) statuses.push((await attempt(guess)).status);
      expect(statuses.filter((status) => status === 422).length).toBeLessThanOrEqual(limits.failuresOfPersonBeforeDelay + 1);
      expect(statuses).toContain(429);
    }
    const spray: number[] = [];
    for (let each = 0; each < 200; each += 1) spray.push((await attempt(`person_guess${each}`)).status);
    expect(spray.filter((status) => status === 422).length).toBeLessThanOrEqual(limits.failuresOfAddressMax);
    expect(spray).toContain(429);
    // Counted in the database: another node, without Redis, says the same, for as long as it is to last: a wait of seconds may be over already.
    const most = [limits.failuresOfAddressMax, limits.failuresOfAddressBeforeDelay];
    expect(await lone.db.query('UPDATE sign_in_failures SET failures = $1, last_at = clock_timestamp() WHERE failures >= $2 RETURNING failures', most)).toHaveLength(1);
    const second = await startApp({ databaseUrl: lone.databaseUrl });
    expect(await second.api().post('/api/session', { personId: 'person_amina' })).toMatchObject({ status: 429, body: { code: 'too-many', retryAfterSeconds: expect.any(Number) } });
    await lone.db.query(`UPDATE sign_in_failures SET last_at = last_at - interval '16 minutes'`);
    expect((await second.api().post('/api/session', { personId: 'person_amina' })).status).toBe(200);
    await second.close();
    await lone.close();
  });

  test('[SN13] A63 guessing at callbacks finds nothing, and locks nobody out: any page could make a browser do it', async () => {
    const browser = new Browser();
    let last = '';
    for (let tries = 0; tries < limits.failuresOfAddressBeforeDelay + 5; tries += 1) last = (await callback(browser, { code: 'code', state: `guess${tries}` })).location ?? '';
    expect(last).toMatch(/problem=failed/);
    expect((await browser.go(`${real.url}/auth/login`)).location).toContain('client_id=accord');
  });
});
