/** The right to write, or to the whole plan, is gone when somebody returns: nothing is applied, and no word is lost. */
import type { Page } from '@playwright/test';
import { organisations } from '../../server/demo/people.ts';
import { lyingHere } from './heldBytes.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

const nurse = 'Samuel Okoro';
const call = (page: Page, method: 'GET' | 'DELETE', address: string) =>
  page.context().request.fetch(address, { method, headers: method === 'GET' ? {} : { Origin: new URL(page.url()).origin } });

test('[OF10] HAZ-04 a section that may not be written any more on return: refused with its reason, kept over a reload, never applied', async ({ arrive }) => {
  test.setTimeout(120_000);
  const address = '/plans/plan_ronald-keeble';
  const page = await arrive(nurse, address);
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.takeOffline();
  await page.context().setOffline(true);
  await plan.fill('preferredName', 'Kingfisher');

  const gp = new PlanPage(await arrive('Dr Thomas Hartley', address));
  await gp.isReady();
  const death = await gp.open('dateOfDeath');
  await death.getByRole('textbox', { name: 'Date of death: day, month, year' }).fill('1 11 2026');
  await gp.finish('dateOfDeath');
  await gp.isSaved();
  await page.context().setOffline(false);
  const kept = page.getByRole('alert').filter({ hasText: 'Not saved' });
  for (const again of [false, true]) {
    if (again) await page.reload();
    await expect(kept).toContainText(/A date of death is recorded|Your right to write this section was taken away/, { timeout: 40_000 });
    await expect(kept.locator('.plan-kept__words')).toHaveText('Kingfisher');
    await expect(plan.field('preferredName').getByText('Kingfisher')).toHaveCount(0);
  }
  await expect(kept.getByRole('button', { name: 'Copy' })).toBeVisible();
  expect(await (await call(gp.page, 'GET', `/api${address}/content`)).text()).not.toContain('Kingfisher');
  await kept.getByRole('button', { name: 'I have what I need: close this' }).click();
  await expect(kept).toHaveCount(0);
  await page.reload();
  await plan.isReady();
  await expect(page.getByText('Kingfisher')).toHaveCount(0);
});

test('[OF10] [OF11] [OF14] HAZ-04 HAZ-11 a plan that is lost meanwhile is wiped; the words stay sealed, are shown for copying, and go when they are done with', async ({ arrive }) => {
  test.setTimeout(120_000);
  const address = '/plans/plan_esther-quayle';
  const page = await arrive(nurse, address);
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.takeOffline();
  await page.context().setOffline(true);
  await plan.fill('preferredName', 'Bunting');

  const coordinator = await arrive('Nadia Rahim', address);
  expect((await call(coordinator, 'DELETE', `/api${address}/team/${organisations.nursing.id}`)).status()).toBe(200);
  await page.context().setOffline(false);
  await expect(page.getByRole('heading', { level: 1, name: 'This plan is not open to you any more' })).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText('Bunting')).toBeVisible();
  await expect(page.getByText('QUAYLE')).toHaveCount(0);

  // Left open by nobody: at the next start it is shown without being looked for.
  await page.goto('/');
  const alert = page.getByRole('region', { name: 'On this device' }).getByRole('alert');
  await expect(alert).toContainText('Written offline and never sent: QUAYLE, Esther', { timeout: 20_000 });
  await expect(alert.locator('.plan-kept__words')).toHaveText('Bunting');
  await expect(alert.getByRole('button', { name: 'Copy Likes to be called' })).toBeVisible();
  const lying = await lyingHere(page);
  expect(lying).toMatchObject({ keys: 1, workers: 0, caches: [] });
  expect(lying.text).not.toContain('place-of-death');
  expect(await (await call(coordinator, 'GET', `/api${address}/content`)).text()).not.toContain('Bunting');
  expect(await (await call(coordinator, 'GET', `/api${address}/audit`)).text()).toContain('was given the key to what they wrote in an offline copy');

  await alert.getByRole('button', { name: 'I have what I need: remove it' }).click();
  await expect(alert).toHaveCount(0);
  await expect.poll(() => lyingHere(page)).toMatchObject({ databases: [], marks: [] });
});

test('[OF11] HAZ-11 a plan that is lost while it is open and in contact is taken off the screen and the device at once', async ({ arrive }) => {
  test.setTimeout(120_000);
  const address = '/plans/plan_jamie-holloway';
  const page = await arrive(nurse, address);
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.takeOffline();
  const coordinator = await arrive('Nadia Rahim', address);
  expect((await call(coordinator, 'DELETE', `/api${address}/team/${organisations.nursing.id}`)).status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1, name: 'This plan is not open to you any more' })).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText('HOLLOWAY')).toHaveCount(0);
  await expect.poll(() => lyingHere(page)).toMatchObject({ databases: [], workers: 0, caches: [], marks: [] });
});
