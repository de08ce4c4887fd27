/** Attacks on signing in and on sessions, by their numbers in the plan of attacks. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { sessionNameOf } from '../../server/identity/sessions.ts';
import { limits } from '../../shared/limits.ts';
import { safeBack } from '../../shared/domain/backAddress.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { startForger, type Forger } from '../support/forgingProvider.ts';
import { providerPeople } from '../support/oidcPeople.ts';
import { Browser, providerSettings } from '../support/oidcProvider.ts';
import { freePort } from '../support/redis.ts';

let app: TestApp;
let real: TestApp;
let forger: Forger;
const lines: string[] = [];
beforeAll(async () => {
  app = await startApp({ logTo: (line) => void lines.push(line) });
  await app.person('amina', 'community-nurse');
  await app.person('robot', 'gp', { simulated: true });
  forger = await startForger();
  real = await startApp({ settings: { demo: false, provider: { ...providerSettings(await freePort()), issuer: forger.issuer } }, logTo: (line) => void lines.push(line) });
});
afterAll(async () => {
  await real.close();
  await app.close();
  await forger.close();
});

/** Begins a sign-in and answers what an honest provider would be told. */
async function begun(browser: Browser, login = '/auth/login?back=/meetings'): Promise<{ readonly state: string; readonly nonce: string }> {
  const { location } = await browser.go(real.url + login);
  const asked = new URL(location ?? '').searchParams;
  return { state: asked.get('state') ?? '', nonce: asked.get('nonce') ?? '' };
}
const callback = (browser: Browser, query: Record<string, string>) => browser.go(`${real.url}/auth/callback?${new URLSearchParams(query)}`);
const failed = /\/sign-in\?problem=failed/;
/** Failed attempts of one test must not keep the next one waiting. */
const forgive = () => real.db.query('DELETE FROM sign_in_failures');

describe('cookies', () => {
  test('A04 no cookie, one that is over, one of another service: nobody, over HTTP and live', async () => {
    const elsewhere = await startApp();
    await elsewhere.person('amina', 'community-nurse');
    const foreign = await elsewhere.signIn('person_amina');
    const over = await app.signIn('person_amina');
    await app.db.query(`UPDATE sessions SET expires_at = clock_timestamp() WHERE encode(token_hash, 'hex') = $1`, [sessionNameOf(over)]);
    for (const cookie of [undefined, foreign, over, `${over}; ${foreign}`]) {
      expect((await app.api(cookie).get('/api/session')).status).toBe(401);
      const socket = new WebSocket(`${app.url.replace('http', 'ws')}/sync/plan_none`, cookie === undefined ? {} : { headers: { cookie } });
      expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(4401);
    }
    await elsewhere.close();
  });

  test('A05 a token in the address is no session, and is in no log line', async () => {
    const token = (await app.signIn('person_amina')).split('=')[1] ?? '';
    for (const query of [`accord_session=${token}`, `token=${token}`, `access_token=${token}`]) {
      expect((await app.api().get(`/api/session?${query}`)).status).toBe(401);
      const socket = new WebSocket(`${app.url.replace('http', 'ws')}/sync/plan_none?${query}`);
      expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(4401);
    }
    expect((await fetch(`${app.url}/api/session`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect(lines.join('\n')).not.toContain(token);
  });

  test('A64 a session name that was put into the browser is not taken over: signing in makes a new one', async () => {
    const planted = 'A'.repeat(43);
    const answer = await app.api(`accord_session=${planted}`).post('/api/session', { personId: 'person_amina' });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0];
    expect(cookie).not.toContain(planted);
    expect((await app.api(`accord_session=${planted}`).get('/api/session')).status).toBe(401);
    const again = await app.api(cookie).post('/api/session', { personId: 'person_amina' });
    expect(again.headers.get('set-cookie')).not.toContain(cookie);
  });

  test('A64 over https the cookie of a sign-in under way cannot be planted by a neighbouring site', async () => {
    const secure = await startApp({ databaseUrl: real.databaseUrl, settings: { demo: false, publicUrl: 'https://plans.example', provider: real.settings.provider } });
    const answer = await secure.api().get('/auth/login');
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-accord_sign_in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=900; Secure$/);
    await secure.close();
  });

  test('A64 a cookie that was signed out is worth nothing when it is shown again', async () => {
    const cookie = await app.signIn('person_amina');
    await app.api(cookie).send('DELETE', '/api/session');
    for (const attempt of [app.api(cookie).get('/api/session'), app.api(cookie).post('/api/session/unlock', { personId: 'person_amina' }), app.api(cookie).post('/api/session/lock')]) expect((await attempt).status).toBe(401);
  });

  test('[SE8] A64 over the number that one person may have, the session longest unused is refused from then on', async () => {
    const jars: Browser[] = [];
    for (let count = 0; count <= limits.sessionsPerPersonMax; count += 1) {
      const browser = new Browser();
      const { state, nonce } = await begun(browser);
      forger.idToken = forger.sign(forger.claims({ nonce }));
      await callback(browser, { code: 'code', state });
      jars.push(browser);
    }
    const statuses = await Promise.all(jars.map(async (browser) => (await real.api(browser.cookieHeader).get('/api/session')).status));
    expect(statuses).toEqual([401, ...Array.from({ length: limits.sessionsPerPersonMax }, () => 200)]);
  });
});

describe('from other sites', () => {
  test('A57 nothing of signing in or out is changed by a form, a plain fetch or a link of another site', async () => {
    const cookie = await app.signIn('person_amina');
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const form = { ...foreign, 'content-type': 'application/x-www-form-urlencoded' };
    for (const path of ['/api/session', '/api/session/lock', '/api/session/unlock', '/api/session/sign-out', '/api/session/role']) {
      for (const headers of [form, { ...foreign, 'content-type': 'text/plain' }, { 'content-type': 'application/json' }]) {
        const answer = await fetch(app.url + path, { method: 'POST', headers: { cookie, ...headers } as Record<string, string>, body: '{"personId":"person_amina"}' });
        expect([path, answer.status]).toEqual([path, 403]);
      }
    }
    expect((await app.api(cookie).get('/api/session')).status).toBe(200);
  });

  test('A57 no address that is read signs anybody in or out; a sign-in that another site begins goes no further than the sign-in page', async () => {
    const browser = new Browser();
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'image' }, { 'sec-fetch-dest': 'iframe' }]) {
      const { location } = await browser.go(`${real.url}/auth/login?back=/meetings`, { headers: headers as Record<string, string> });
      expect(location).toBe(`${real.url}/sign-in?problem=start-here&back=%2Fmeetings`);
    }
    expect(browser.cookies.size).toBe(0);
    for (const path of ['/api/session/lock', '/api/session/sign-out', '/api/sign-in/role', '/auth/backchannel-logout']) expect((await real.api().get(path)).status).toBe(404);
  });

  test('A57 a sign-in begun by an attacker cannot be finished in the victim’s browser (login CSRF)', async () => {
    const [attacker, victim] = [new Browser(), new Browser()];
    const { state, nonce } = await begun(attacker);
    await begun(victim);
    forger.idToken = forger.sign(forger.claims({ nonce, sub: 'attacker' }));
    expect((await callback(victim, { code: 'code', state })).location).toMatch(failed);
    expect(victim.cookies.has('accord_session')).toBe(false);
    await forgive();
  });
});

describe('the way back', () => {
  test.each([
    '//evil.example', '/\\evil.example', '/\t/evil.example', '/\n/evil.example', 'https://evil.example', 'https:evil.example', 'javascript:alert(1)', '\\/evil.example', '/%0d%0aSet-Cookie:x=1\r\n', '/.//evil.example',
    '/..//evil.example', '/x/../..//evil.example', 'evil.example', '/auth/login', '/sign-in?back=//evil.example', '/api/session', `/${'a'.repeat(2_000)}`, '',
  ])('[SN12] open redirect: %j leads to the start page', async (back) => {
    expect(safeBack(back)).toBe('/');
    const browser = new Browser();
    const { state, nonce } = await begun(browser, `/auth/login?${new URLSearchParams({ back: back.slice(0, 900) })}`);
    forger.idToken = forger.sign(forger.claims({ nonce }));
    const { location } = await callback(browser, { code: 'code', state });
    expect(new URL(location ?? '').origin).toBe(real.url);
  });

  test('[SN12] a page of this product, with what stands after it, is gone back to', () => {
    for (const back of ['/meetings', '/plans/plan_x/sign-off?a=1#wishes.ppd1', '/signed-in-again']) expect(safeBack(back)).toBe(back);
  });
});

describe('the callback', () => {
  test('a code is good once: shown again, or under another state, it signs nobody in', async () => {
    const browser = new Browser();
    const { state, nonce } = await begun(browser);
    forger.idToken = forger.sign(forger.claims({ nonce }));
    expect((await callback(browser, { code: 'code', state })).location).toBe(`${real.url}/meetings`);
    const cookie = browser.cookies.get('accord_session');
    expect((await callback(browser, { code: 'code', state })).location).toMatch(failed);
    for (const wrong of ['', 'A'.repeat(43), state.slice(1)]) expect((await callback(browser, { code: 'code', state: wrong })).location).toMatch(failed);
    expect(browser.cookies.get('accord_session')).toBe(cookie);
    await forgive();
  });

  test('states and nonces of two sign-ins in one browser cannot be mixed', async () => {
    const browser = new Browser();
    const [first, second] = [await begun(browser), await begun(browser)];
    forger.idToken = forger.sign(forger.claims({ nonce: first.nonce }));
    expect((await callback(browser, { code: 'code', state: second.state })).location).toMatch(failed);
    expect((await callback(browser, { code: 'code', state: first.state })).location).toBe(`${real.url}/meetings`);
    await forgive();
  });

  const tricks: readonly (readonly [string, (nonce: string) => string])[] = [
    ['no signature (alg none)', (nonce) => forger.unsigned(forger.claims({ nonce }))],
    ['the public key as a shared secret', (nonce) => forger.confused(forger.claims({ nonce }))],
    ['another key under a known name', (nonce) => forger.signByAnother(forger.claims({ nonce }))],
    ['a key that is not published', (nonce) => forger.sign(forger.claims({ nonce }), { kid: 'old' })],
    ['for another service', (nonce) => forger.sign(forger.claims({ nonce, aud: 'another' }))],
    ['of another provider', (nonce) => forger.sign(forger.claims({ nonce, iss: 'https://evil.example' }))],
    ['over since an hour', (nonce) => forger.sign(forger.claims({ nonce, iat: Date.now() / 1000 - 7_200, exp: Date.now() / 1000 - 3_600 }))],
    ['without a nonce', () => forger.sign(forger.claims())],
    ['without a person', (nonce) => forger.sign(forger.claims({ nonce, sub: undefined }))],
    ['of somebody else than the user information', (nonce) => forger.sign(forger.claims({ nonce, sub: 'another' }))],
    ['not a token', () => 'x.y.z'],
  ];
  test.each(tricks)('A65 an ID token %s is refused, in the same words as every other', async (_what, make) => {
    const browser = new Browser();
    const { state, nonce } = await begun(browser);
    forger.idToken = make(nonce);
    const { status, location } = await callback(browser, { code: 'code', state });
    expect([status, location]).toEqual([303, `${real.url}/sign-in?problem=failed&back=%2Fmeetings`]);
    expect(browser.cookies.has('accord_session')).toBe(false);
    await forgive();
  });

  test('T13 A65 a proof afresh has to be afresh: an old one neither unlocks nor lets anybody sign', async () => {
    const browser = new Browser();
    const first = await begun(browser);
    forger.idToken = forger.sign(forger.claims({ nonce: first.nonce }));
    await callback(browser, { code: 'code', state: first.state });
    await real.api(browser.cookieHeader).post('/api/session/lock');
    for (const auth_time of [Math.floor(Date.now() / 1000) - 240, Math.floor(Date.now() / 1000) - 3_600, undefined]) {
      const { state, nonce } = await begun(browser, '/auth/login?unlock=1&prompt=login');
      forger.idToken = forger.sign(forger.claims({ nonce, auth_time }));
      expect((await callback(browser, { code: 'code', state })).location).toMatch(failed);
      expect((await real.api(browser.cookieHeader).get('/api/session')).body).toMatchObject({ code: 'session-locked' });
    }
    await forgive();
  });

  test('A66 only the provider of the settings is ever asked, whatever a request or a token names', async () => {
    forger.asked.length = 0;
    const browser = new Browser();
    const { state, nonce } = await begun(browser);
    forger.idToken = forger.sign(forger.claims({ nonce }), { jku: `${forger.issuer}/elsewhere`, x5u: `${forger.issuer}/elsewhere`, jwk: {} });
    await callback(browser, { code: 'code', state, iss: forger.issuer, session_state: 'x' });
    expect((await real.api().get('/auth/login?issuer=http://127.0.0.1:1')).status).toBe(422);
    expect(forger.asked.filter((address) => !['/token', '/userinfo', '/jwks', '/.well-known/openid-configuration'].includes(address))).toEqual([]);
    await forgive();
  });
});

describe('the back channel', () => {
  const post = (token: string, type = 'application/x-www-form-urlencoded') =>
    fetch(`${real.url}/auth/backchannel-logout`, { method: 'POST', headers: { 'content-type': type }, body: new URLSearchParams({ logout_token: token }).toString() });
  const signedIn = async (more: Record<string, unknown> = {}): Promise<Browser> => {
    const browser = new Browser();
    const { state, nonce } = await begun(browser);
    forger.idToken = forger.sign(forger.claims({ nonce, ...more }));
    await callback(browser, { code: 'code', state });
    return browser;
  };
  const statusOf = async (browser: Browser) => (await real.api(browser.cookieHeader).get('/api/session')).status;

  test('[SN10] a sound token ends the sessions that it names, by the provider’s session or by the person', async () => {
    const [one, two] = [await signedIn({ sid: 'sid-one' }), await signedIn({ sid: 'sid-two' })];
    const answer = await post(forger.sign(forger.logoutClaims({ sub: undefined, sid: 'sid-one' }), { typ: 'logout+jwt' }));
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect([await statusOf(one), await statusOf(two)]).toEqual([401, 200]);
    expect((await post(forger.sign(forger.logoutClaims()))).status).toBe(200);
    expect(await statusOf(two)).toBe(401);
  });

  test('[SN10] T3 a sign-in that waits for the choice of a role ends too, by the provider’s session or by the person, and nobody else’s does', async () => {
    const roles = providerPeople[0]?.claims['nhsid_nrbac_roles'];
    const asked = async (browser: Browser) => (await real.api(browser.cookieHeader).get('/api/sign-in/roles')).status;
    const [one, two] = [await signedIn({ sid: 'waits-one', nhsid_nrbac_roles: roles }), await signedIn({ sid: 'waits-two', nhsid_nrbac_roles: roles })];
    expect([await asked(one), await asked(two)]).toEqual([200, 200]);
    expect((await post(forger.sign(forger.logoutClaims({ sub: undefined, sid: 'waits-one' }), { typ: 'logout+jwt' }))).status).toBe(200);
    expect((await post(forger.sign(forger.logoutClaims({ sub: 'somebody-else' })))).status).toBe(200);
    expect([await asked(one), await asked(two)]).toEqual([401, 200]);
    expect((await post(forger.sign(forger.logoutClaims()))).status).toBe(200);
    expect(await asked(two)).toBe(401);
  });

  test('[SN10] A65 a token is obeyed once, and one that is not a logout token never', async () => {
    const token = forger.sign(forger.logoutClaims());
    expect([(await post(token)).status, (await post(token)).status]).toEqual([200, 400]);
    const browser = await signedIn();
    const seconds = Date.now() / 1000;
    const wrong = [
      forger.unsigned(forger.logoutClaims()), forger.confused(forger.logoutClaims()), forger.signByAnother(forger.logoutClaims()), forger.sign(forger.claims()), forger.sign(forger.logoutClaims({ nonce: 'n' })),
      forger.sign(forger.logoutClaims({ events: {} })), forger.sign(forger.logoutClaims({ aud: 'another' })), forger.sign(forger.logoutClaims({ iss: 'https://evil.example' })), forger.sign(forger.logoutClaims({ sub: undefined })),
      forger.sign(forger.logoutClaims({ jti: undefined })), forger.sign(forger.logoutClaims({ exp: seconds - 3_600 })), forger.sign(forger.logoutClaims({ iat: seconds - 3_600, exp: seconds + 60 })),
      forger.sign(forger.logoutClaims(), { typ: 'at+jwt' }), 'x.y.z',
    ];
    for (const [index, one] of wrong.entries()) {
      expect([index, (await post(one)).status]).toEqual([index, 400]);
      await forgive();
    }
    expect(await statusOf(browser)).toBe(200);
  });
});
