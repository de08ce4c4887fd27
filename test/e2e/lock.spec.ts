/** A locked screen: what is behind it is out of sight, goes on for its own person, and is nobody else's. */
import type { Page } from '@playwright/test';
import { people } from '../../server/demo/people.ts';
import { faultsOf, sizes } from './faults.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

const address = '/plans/plan_george-tilling';
const locked = (page: Page) => page.getByRole('heading', { level: 1, name: 'The screen is locked' });

/** Asks the service as the page would, whether the page has a network or not. */
async function order(page: Page, method: string, path: string, data?: unknown): Promise<void> {
  const answer = await page.context().request.fetch(path, { method, headers: { Origin: new URL(page.url()).origin, 'Idempotency-Key': crypto.randomUUID() }, ...(data === undefined ? {} : { data }) });
  expect(answer.ok()).toBe(true);
}
const comeBack = (page: Page): Promise<void> => page.evaluate(() => void window.dispatchEvent(new Event('focus')));

/** A plan with a word that the service does not have yet, behind a lock. */
async function lockedWithAWord(page: Page, word: string): Promise<PlanPage> {
  const plan = new PlanPage(page);
  await plan.isReady();
  await page.context().setOffline(true);
  await plan.fill('preferredName', word);
  await expect(plan.banner).toContainText('Offline: 1 change only on this device');
  await order(page, 'POST', '/api/session/lock');
  await page.context().setOffline(false);
  await comeBack(page);
  await expect(locked(page)).toBeVisible();
  return plan;
}

test('[SE5] [SE10] HAZ-04 HAZ-09 locked from the menu: the page is out of sight and reach; unlocked by its person it goes on where it was', async ({ arrive }) => {
  const page = await arrive(people.hartley.name, address);
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.writer('fearsAvoid');
  await page.getByText('Account', { exact: true }).click();
  await page.getByRole('button', { name: 'Lock the screen' }).click();
  await expect(locked(page)).toBeFocused();
  await expect(page).toHaveTitle(/^Locked/);
  await expect(plan.banner).toBeHidden();
  await expect(page.getByText('TILLING').locator('visible=true')).toHaveCount(0);
  await expect(page.getByRole('navigation', { name: 'Main' })).toHaveCount(0);
  expect(await faultsOf(page, 'locked, wide')).toEqual([]);
  await page.setViewportSize(sizes.phone);
  expect(await faultsOf(page, 'locked, phone')).toEqual([]);
  await page.setViewportSize(sizes.wide);

  await page.getByRole('button', { name: `Unlock as ${people.hartley.name}` }).click();
  await plan.isReady();
  // The editor that was open is open still.
  await expect(plan.field('fearsAvoid').getByRole('textbox')).toBeVisible();
  expect(page.url()).toContain(address);
});

test('[SE10] HAZ-04 words that were not saved when the screen locked are sent once its person has unlocked it, after a reload the lock still stands', async ({ arrive }) => {
  const page = await arrive(people.hartley.name, address);
  const plan = await lockedWithAWord(page, 'Captain');
  await expect(page.getByRole('main')).toContainText('one change that could not be saved yet included');
  await expect(page.getByText('Captain').locator('visible=true')).toHaveCount(0);
  await page.getByRole('button', { name: `Unlock as ${people.hartley.name}` }).click();
  await plan.isSaved();
  await plan.says('preferredName', 'Captain');

  await order(page, 'POST', '/api/session/lock');
  await page.reload();
  await expect(locked(page)).toBeVisible();
  await expect(page.getByText('TILLING')).toHaveCount(0);
  await page.getByRole('button', { name: `Unlock as ${people.hartley.name}` }).click();
  await plan.isReady();
  await plan.says('preferredName', 'Captain');
});

test('[SE11] HAZ-09 whoever signs in at a locked screen, or comes when its session is over, reads and sends nothing of what is behind it', async ({ arrive }) => {
  const page = await arrive(people.hartley.name, address);
  const plan = await lockedWithAWord(page, 'Bosun');
  const nothingShows = async (): Promise<void> => {
    await expect(page.getByText('Bosun').locator('visible=true')).toHaveCount(0);
    await expect(plan.banner).toBeHidden();
    await expect(page.getByRole('main')).toContainText(`One change by ${people.hartley.name} could not be saved. It is kept here, unreadable`);
  };
  await order(page, 'POST', '/api/session', { personId: 'person_ann-reid' });
  await comeBack(page);
  await expect(page.getByRole('heading', { name: 'Somebody else signed in in this browser' })).toBeVisible();
  await nothingShows();
  await order(page, 'DELETE', '/api/session');
  await comeBack(page);
  await expect(page.getByRole('heading', { name: 'The session has ended' })).toBeVisible();
  await nothingShows();

  await order(page, 'POST', '/api/session', { personId: people.hartley.id });
  await comeBack(page);
  await plan.isSaved();
  await plan.says('preferredName', 'Bosun');
  const trail = await page.context().request.get(`/api${address}/audit`).then((answer) => answer.text());
  expect(trail).not.toContain('person_ann-reid');
});

test('[SE6] [SE7] the screen says when its session ends soon, and shows where one is signed in', async ({ arrive }) => {
  const page = await arrive(people.hartley.name, '/');
  await arrive(people.hartley.name, '/');
  await page.goto('/account/sessions');
  const sessions = page.getByRole('table', { name: 'Your sessions' });
  await expect(sessions.getByRole('row', { name: /this one/ })).toBeVisible();
  expect(await faultsOf(page, 'sessions, wide')).toEqual([]);
  const others = sessions.getByRole('button', { name: /^End / });
  const before = await others.count();
  expect(before).toBeGreaterThan(0);
  await others.first().click();
  await expect(others).toHaveCount(before - 1);
  await page.setViewportSize(sizes.phone);
  expect(await faultsOf(page, 'sessions, phone')).toEqual([]);

  await expect(page.getByText('Your session ends at')).toHaveCount(0);
  await page.route('**/api/session', async (route) => {
    const answer = await route.fetch();
    const view = await answer.json() as { session: { endsAt: string; now: string } };
    await route.fulfill({ response: answer, json: { ...view, session: { ...view.session, endsAt: new Date(Date.parse(view.session.now) + 240_000).toISOString() } } });
  });
  await page.goto('/');
  await expect(page.getByRole('alert').filter({ hasText: 'Your session ends at' })).toContainText(/ends at \d\d:\d\d/);
  expect(await faultsOf(page, 'ends soon, phone', ['.accord-ends-soon', '.accord-header'])).toEqual([]);
});
