/** Signing in through an identity provider in a real browser: roles, the proof before a signature, the lock, and out again. */
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { faultsOf, sizes } from './faults.ts';
import { PlanPage } from './pages/planPage.ts';
import { SignOffPage } from './pages/signOffPage.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { providerRoles } from '../support/oidcPeople.ts';
import { clientOfTests, providerSettings, startProvider, type TestProvider } from '../support/oidcProvider.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { startProduct, type Product } from '../support/product.ts';
import { freePort } from '../support/redis.ts';

const plan = '/plans/plan_susan-fairley';
/** The test's people belong to an organisation that the plan of the demonstration knows. */
const roles = {
  ...providerRoles,
  organisations: { ...providerRoles.organisations, LARKFIELD: { name: 'Larkfield House Care Home', kind: 'care-home' } },
  roles: providerRoles.roles.map((rule) => (rule.role === 'coordinator' ? { ...rule, organisation: 'LARKFIELD' } : rule)),
};

let postgres: TestPostgres | undefined;
let database: TestDatabase;
let product: Product;
let provider: TestProvider;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  if (process.env['TEST_POSTGRES_URL'] === undefined) {
    postgres = await startTestPostgres();
    process.env['TEST_POSTGRES_URL'] = postgres.url;
    process.env['TEST_POSTGRES_TEMPLATE'] = postgres.template;
  }
  database = await makeDatabase();
  const env = { DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
  // A plan that can be signed, as the demonstration has one; then the same data with real sign-in.
  const demo = await startProduct({ env: { ...env, DEMO: 'true' } });
  await demo.stop();
  await database.db.query(`INSERT INTO care_team (plan_id, organisation_id, relationship) VALUES ('plan_susan-fairley', 'org_larkfield', 'Care home') ON CONFLICT DO NOTHING`);
  const [port, providerPort] = [await freePort(), await freePort()];
  const { issuer, rolesFile } = providerSettings(providerPort, roles);
  product = await startProduct({ port, env: { ...env, OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientOfTests.clientId, OIDC_CLIENT_SECRET: clientOfTests.clientSecret, OIDC_ROLES: rolesFile } });
  provider = await startProvider(providerPort, product.url);
  await demo.dispose();
});
test.afterAll(async () => {
  await provider.stop();
  await product.dispose();
  await database.drop();
  await postgres?.stop();
});

/** Moves a time of every session into the past. */
const age = (column: 'active_at' | 'authenticated_at', minutes: number): Promise<unknown> => database.db.query(`UPDATE sessions SET ${column} = ${column} - $1 * interval '1 minute'`, [minutes]);
const atProvider = async (page: Page, name: string): Promise<void> => {
  await expect(page.getByRole('heading', { name: 'Test provider' })).toBeVisible();
  await page.getByRole('button', { name, exact: true }).click();
};
const signInButton = (page: Page) => page.getByRole('link', { name: 'Sign in with Test Care Identity' });
const bothSizes = async (page: Page, name: string): Promise<void> => {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    expect(await faultsOf(page, `${name}, ${size}`)).toEqual([]);
  }
  await page.setViewportSize(sizes.wide);
};

test('[SE9] HAZ-06 signed in with a role, asked for a proof before the signature, back with what was ticked, signed', async ({ browser }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ baseURL: product.url });
  const page = await context.newPage();
  await page.goto(`${plan}/sign-off`);
  await expect(signInButton(page)).toBeVisible();
  await bothSizes(page, 'sign in at the provider');
  await signInButton(page).click();
  await atProvider(page, 'Cora Dunmore');
  const desk = new SignOffPage(page);
  await expect(page.getByRole('banner')).toContainText('Cora Dunmore');
  await expect(desk.desk).toContainText('Ready to be signed');
  await desk.confirmWho('FAIRLEY', '01-Jul-1960');
  await age('authenticated_at', 6);
  await desk.sign.click();
  await expect(desk.desk.getByRole('alert')).toContainText('Not signed yet: show that it is still you');
  await bothSizes(page, 'proof before a signature');
  await desk.desk.getByRole('button', { name: 'Sign in again, then sign' }).click();
  await atProvider(page, 'Cora Dunmore');
  await expect(desk.desk.getByRole('checkbox', { name: 'Family name FAIRLEY' })).toBeChecked();
  await desk.sign.click();
  await expect(page.getByRole('heading', { name: /^(✓ )?Version \d+ is signed$/ })).toBeVisible();

  await test.step('[SE10] [SE4] idle: locked, unlocked at the provider in another tab, on where it was', () => idle(page, context));
  await test.step('[SN10] out, here and at the provider', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out at the provider' }).click();
    await expect(signInButton(page)).toBeVisible();
  });
  await context.close();
});

async function idle(page: Page, context: BrowserContext): Promise<void> {
  await page.goto(plan);
  const open = new PlanPage(page);
  await open.isReady();
  await open.writer('whatMatters');
  await age('active_at', 16);
  await expect(page.getByRole('heading', { name: 'The screen is locked' })).toBeVisible({ timeout: 40_000 });
  await expect(open.banner).toBeHidden();
  await bothSizes(page, 'locked');
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: /^Unlock with Test Care Identity/ }).click();
  const tab = await opened;
  await atProvider(tab, 'Cora Dunmore');
  await expect(tab.getByRole('heading', { name: 'You are signed in again' })).toBeVisible();
  await tab.close();
  await page.bringToFront();
  await page.evaluate(() => void window.dispatchEvent(new Event('focus')));
  await open.isReady();
  await expect(open.field('whatMatters').getByRole('textbox')).toBeVisible();
}

test('[SN6] [SN7] with several roles one is chosen before anything else, and changed later from the menu', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: product.url });
  const page = await context.newPage();
  await page.goto('/meetings');
  await signInButton(page).click();
  await atProvider(page, 'Tess Marlow');
  await expect(page.getByRole('heading', { name: 'In which role are you here?' })).toBeVisible();
  await bothSizes(page, 'choice of a role');
  await page.getByRole('button', { name: /^GP/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Meetings' })).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('Larch Surgery');
  await page.getByText('Account', { exact: true }).click();
  await bothSizes(page, 'account menu');
  await page.getByRole('link', { name: 'Change role' }).click();
  await expect(page.getByRole('heading', { name: 'Change role' })).toBeVisible();
  await bothSizes(page, 'change of role');
  await page.getByRole('button', { name: /Hospice clinician/ }).click();
  await expect(page.getByRole('banner')).toContainText('St Brannock’s Hospice');
  await context.close();
});

test('[SN4] whoever has no role here reads whom to ask; a sign-in that was stopped says so', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: product.url });
  const page = await context.newPage();
  await page.goto('/');
  await signInButton(page).click();
  await atProvider(page, 'Nat Nobody');
  await expect(page.getByRole('heading', { name: 'You have no role in Accord' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Ask the service desk, 0000 000 000 for a role');
  await bothSizes(page, 'no role');
  await page.getByRole('link', { name: 'Sign in as somebody else' }).click();
  await atProvider(page, 'Cancel');
  await expect(page.getByRole('alert')).toContainText('You were not signed in');
  await bothSizes(page, 'sign-in refused');
  await context.close();
});
