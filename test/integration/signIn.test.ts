/** Signing in through a real identity provider: code flow, roles, one role at a time, proof afresh, and signing out on either side. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sessionNameOf } from '../../server/identity/sessions.ts';
import { sessionView } from '../../shared/wire/session.ts';
import { eventually } from '../support/eventually.ts';
import { Browser, providerSettings, signInAtProvider, startProvider, toCallback, type TestProvider } from '../support/oidcProvider.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { freePort } from '../support/redis.ts';

let app: TestApp;
let provider: TestProvider;
const lines: string[] = [];
beforeAll(async () => {
  const port = await freePort();
  app = await startApp({ settings: { demo: false, provider: providerSettings(port) }, logTo: (line) => void lines.push(line) });
  provider = await startProvider(port, app.url);
}, 60_000);
afterAll(async () => {
  await provider.stop();
  await app.close();
});

const sessionOf = (browser: Browser): string => `accord_session=${browser.cookies.get('accord_session') ?? ''}`;
const apiOf = (browser: Browser) => app.api(browser.cookieHeader);
const viewOf = async (browser: Browser) => sessionView.parse((await apiOf(browser).get('/api/session')).body);
const signedInAs = async (who: string, role?: string): Promise<Browser> => {
  const browser = new Browser();
  const to = await signInAtProvider(browser, app.url, who);
  if (to.startsWith('/choose-role')) await choose(browser, role ?? '');
  return browser;
};
async function choose(browser: Browser, key: string): Promise<void> {
  const answer = await browser.go(`${app.url}/api/sign-in/role`, { method: 'POST', headers: { origin: app.url, 'content-type': 'application/json' }, body: JSON.stringify({ key }) as unknown as URLSearchParams });
  if (answer.status !== 200) throw new Error(`the role was refused: ${answer.status} ${answer.text}`);
}
const age = (browser: Browser, column: string, minutes: number) =>
  app.db.query(`UPDATE sessions SET ${column} = ${column} - $2 * interval '1 minute' WHERE encode(token_hash, 'hex') = $1`, [sessionNameOf(sessionOf(browser)), minutes]);

test('[SN1] the browser is sent on with code flow, PKCE, state and nonce, and comes back to where it was', async () => {
  const browser = new Browser();
  const { status, location } = await browser.go(`${app.url}/auth/login?back=/meetings`);
  expect(status).toBe(303);
  const asked = new URL(location ?? '').searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({ response_type: 'code', client_id: 'accord', code_challenge_method: 'S256', redirect_uri: `${app.url}/auth/callback`, scope: expect.stringContaining('openid') });
  for (const secret of ['state', 'nonce', 'code_challenge']) expect(asked.get(secret)).toMatch(/^[\w-]{43}$/);
  expect(await signInAtProvider(new Browser(), app.url, 'Cora Dunmore', '/auth/login?back=/meetings')).toBe('/meetings');
});

test('[SN5] the person is made at the first sign-in and updated at the next, known by issuer and subject; the organisation by its ODS code', async () => {
  const first = await signedInAs('Bela Quist');
  const { person } = await viewOf(first);
  expect(person).toMatchObject({ name: 'Bela Quist', role: 'community-nurse', jobTitle: 'District nurse', organisation: 'Weir Community Nursing' });
  expect(await app.db.query(`SELECT id, name, ods_code FROM organisations WHERE ods_code = 'Y99902'`)).toEqual([{ id: 'org_y99902', name: 'Weir Community Nursing', ods_code: 'Y99902' }]);
  await app.db.query(`UPDATE people SET name = 'Old Name', job_title = 'Old' WHERE id = $1`, [person.id]);
  const again = await viewOf(await signedInAs('Bela Quist'));
  expect(again.person).toEqual(person);
  expect(await app.db.query('SELECT subject FROM provider_identities WHERE person_id = $1', [person.id])).toEqual([{ subject: '555000000102' }]);
});

test('[SN4] whoever has no role here does not get in, and nobody is made', async () => {
  const browser = new Browser();
  expect(await signInAtProvider(browser, app.url, 'Nat Nobody')).toBe('/no-role');
  expect(browser.cookies.has('accord_session')).toBe(false);
  expect(await app.db.query(`SELECT FROM provider_identities WHERE subject = 'nat'`)).toEqual([]);
  expect((await app.api().get('/api/sign-in')).body).toEqual({ method: 'provider', provider: 'Test Care Identity', askWhom: 'the service desk, 0000 000 000' });
});

test('[SN6] with several roles there is no session before one is chosen, and only one’s own can be', async () => {
  const browser = new Browser();
  expect(await signInAtProvider(browser, app.url, 'Tess Marlow', '/auth/login?back=/meetings')).toBe('/choose-role?back=%2Fmeetings');
  expect((await apiOf(browser).get('/api/session')).status).toBe(401);
  const choice = await apiOf(browser).get('/api/sign-in/roles');
  expect(choice.body).toMatchObject({ name: 'Tess Marlow', current: null, roles: [{ key: 'gp@org_y99901', roleLabel: 'GP', organisation: 'Larch Surgery' }, { key: 'hospice-clinician@org_y99903' }] });
  expect(await apiOf(browser).post('/api/sign-in/role', { key: 'coordinator@org_y99903' })).toMatchObject({ status: 422 });
  expect(await app.api().post('/api/sign-in/role', { key: 'gp@org_y99901' })).toMatchObject({ status: 401 });
  await choose(browser, 'gp@org_y99901');
  expect((await viewOf(browser)).person).toMatchObject({ role: 'gp', organisation: 'Larch Surgery' });
  // Once chosen it is over: the same cookie chooses nothing more.
  expect(await apiOf(browser).post('/api/sign-in/role', { key: 'hospice-clinician@org_y99903' })).toMatchObject({ status: 401 });
});

test('[SN6] HAZ-09 a choice that was left open is gone once somebody else has signed in in that browser', async () => {
  const browser = new Browser();
  await signInAtProvider(browser, app.url, 'Tess Marlow');
  expect((await apiOf(browser).get('/api/sign-in/roles')).status).toBe(200);
  expect(await signInAtProvider(browser, app.url, 'Bela Quist', '/auth/login?prompt=login')).toBe('/');
  expect((await apiOf(browser).get('/api/sign-in/roles')).status).toBe(401);
  expect((await apiOf(browser).post('/api/sign-in/role', { key: 'gp@org_y99901' })).status).toBe(401);
});

test('[SN7] HAZ-09 a person acts in one role at a time: another role is written with the person and ends their sessions in the one before', async () => {
  const [desk, phone] = [await signedInAs('Tess Marlow', 'gp@org_y99901'), await signedInAs('Tess Marlow', 'gp@org_y99901')];
  const { id } = (await viewOf(desk)).person;
  const rowOf = () => app.db.query('SELECT role, organisation_id AS org, job_title AS job, senior_clinician AS senior FROM people WHERE id = $1', [id]);
  expect(await rowOf()).toEqual([{ role: 'gp', org: 'org_y99901', job: 'GP', senior: true }]);
  const old = sessionOf(desk);
  expect((await apiOf(desk).post('/api/session/role', { key: 'nobody@org_y99901' })).status).toBe(422);
  const changed = await apiOf(desk).post('/api/session/role', { key: 'hospice-clinician@org_y99903' });
  expect(changed).toMatchObject({ status: 200, body: { person: { role: 'hospice-clinician', organisation: 'St Brannock’s Hospice' } } });
  expect(await rowOf()).toEqual([{ role: 'hospice-clinician', org: 'org_y99903', job: 'Hospice doctor', senior: false }]);
  const renewed = changed.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(renewed).not.toBe(old);
  expect([(await app.api(old).get('/api/session')).status, (await apiOf(phone).get('/api/session')).status, (await app.api(renewed).get('/api/session')).status]).toEqual([401, 401, 200]);
  expect((await app.api(renewed).get('/api/session/roles')).body).toMatchObject({ current: 'hospice-clinician@org_y99903', roles: [{}, {}] });
});

test('[SE4] a locked session opens to the same person’s proof and to nobody else’s', async () => {
  const browser = await signedInAs('Cora Dunmore');
  await age(browser, 'active_at', 16);
  expect(await apiOf(browser).get('/api/plans')).toMatchObject({ status: 401, body: { code: 'session-locked', method: 'provider', person: { name: 'Cora Dunmore' } } });
  const unlock = '/auth/login?unlock=1&prompt=login&back=/signed-in-again';
  // The same screen, whose person is no longer signed in at the provider.
  const other = new Browser();
  for (const [name, value] of browser.cookies) if (name.startsWith('accord')) other.cookies.set(name, value);
  expect(await signInAtProvider(other, app.url, 'Bela Quist', unlock)).toMatch(/^\/sign-in\?problem=other-person/);
  expect((await apiOf(browser).get('/api/session')).body).toMatchObject({ code: 'session-locked' });
  const before = sessionOf(browser);
  expect(await signInAtProvider(browser, app.url, 'Cora Dunmore', unlock)).toBe('/signed-in-again');
  expect(sessionOf(browser)).toBe(before);
  expect((await viewOf(browser)).person.name).toBe('Cora Dunmore');
  // There is no other way: the demonstration's click is not one.
  await age(browser, 'active_at', 16);
  expect((await apiOf(browser).post('/api/session/unlock', { personId: 'person_x' })).status).toBe(404);
});

test('[SE9] HAZ-06 a signature wants a proof of the last five minutes, which is asked for and then stands', async () => {
  const browser = await signedInAs('Cora Dunmore');
  const sign = () => apiOf(browser).post('/api/plans/plan_none/versions', { position: 1, contentHash: 'a'.repeat(64), statement: 'x' });
  expect((await sign()).body).not.toMatchObject({ code: 'fresh-sign-in-needed' });
  await age(browser, 'authenticated_at', 6);
  expect(await sign()).toMatchObject({ status: 401, body: { code: 'fresh-sign-in-needed' } });
  expect(await apiOf(browser).post('/api/break-glass', {})).toMatchObject({ status: 401, body: { code: 'fresh-sign-in-needed' } });
  expect((await apiOf(browser).get('/api/plans')).status).toBe(200);
  // Signed in at the provider still, and asked all the same.
  expect(await signInAtProvider(browser, app.url, 'Cora Dunmore', '/auth/login?fresh=1&back=/plans/plan_x/sign-off')).toBe('/plans/plan_x/sign-off');
  expect((await sign()).body).not.toMatchObject({ code: 'fresh-sign-in-needed' });
});

test('[SN10] signing out leads to the provider’s own sign-out, which ends the other sessions of that sign-in here through the back channel', async () => {
  const browser = await signedInAs('Bela Quist');
  const other = new Browser();
  // A second browser session under the same session at the provider.
  for (const [name, value] of browser.cookies) if (!name.startsWith('accord')) other.cookies.set(name, value);
  const to = await other.go(await toCallback(other, app.url, 'Bela Quist'));
  expect(to.location).toBe(`${app.url}/`);
  const out = await apiOf(browser).post('/api/session/sign-out');
  expect(out.status).toBe(200);
  const next = new URL(String(out.body['next']));
  expect([next.origin, next.searchParams.get('post_logout_redirect_uri')]).toEqual([provider.issuer, `${app.url}/sign-in`]);
  expect((await apiOf(browser).get('/api/session')).status).toBe(401);
  expect((await apiOf(other).get('/api/session')).status).toBe(200);

  const page = await browser.go(next.href);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? '';
  await browser.go(action, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) });
  await eventually(async () => expect((await apiOf(other).get('/api/session')).status).toBe(401));
});

test('[SN8] without its provider the service starts and says so to whoever signs in; it takes it up once it is there', async () => {
  const port = await freePort();
  const lone = await startApp({ databaseUrl: app.databaseUrl, settings: { demo: false, provider: providerSettings(port) } });
  const first = await new Browser().go(`${lone.url}/auth/login?back=/meetings`);
  expect(first.location).toBe(`${lone.url}/sign-in?problem=away&back=%2Fmeetings`);
  const late = await startProvider(port, lone.url);
  expect(await signInAtProvider(new Browser(), lone.url, 'Cora Dunmore')).toBe('/');
  await late.stop();
  await lone.close();
});

test('[SN9] what happens at sign-in is recorded with ids only', () => {
  const recorded = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'sign-in');
  const seen = new Set(recorded.map(({ action, outcome }) => `${String(action)} ${String(outcome)}`));
  for (const kind of ['sign-in done', 'sign-in refused', 'change-role done', 'unlock done', 'unlock refused', 'sign-in-afresh done', 'sign-out done', 'provider-sign-out done']) expect(seen).toContain(kind);
  expect(recorded.find(({ action }) => action === 'change-role')).toMatchObject({ actor: expect.stringMatching(/^person_/), role: 'hospice-clinician', organisation: 'org_y99903' });
  for (const secret of ['Tess', 'Bela', 'Cora', '555000000', 'accord_session', 'eyJ']) expect(lines.join('\n')).not.toContain(secret);
});
