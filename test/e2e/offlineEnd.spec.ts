/** Every other way in which a held plan ends: sign-out, somebody else, a session that is over, and the twelve hours. */
import type { Page } from '@playwright/test';
import { people } from '../../server/demo/people.ts';
import { lyingHere } from './heldBytes.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';
import { SignInPage } from './pages/signInPage.ts';

const nurse = people.okoro.name;
const nothing = { databases: [], workers: 0, caches: [], text: '', keys: 0 };
const heldList = (page: Page) => page.getByRole('region', { name: 'On this device' });
const signIn = async (page: Page, personId: string): Promise<void> => {
  const answer = await page.context().request.post('/api/session', { headers: { Origin: new URL(page.url()).origin }, data: { personId } });
  expect(answer.ok()).toBe(true);
};

test('[OF11] [OF14] HAZ-11 signing out asks first while words are only here, then leaves nothing of the plan on the device', async ({ arrive }) => {
  const page = await arrive(nurse, '/plans/plan_kevin-marsh');
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.takeOffline();
  expect((await lyingHere(page)).keys).toBe(3);
  await page.context().setOffline(true);
  await plan.fill('preferredName', 'Heron');
  await page.goto('/');
  await expect(heldList(page)).toContainText('1 change only on this device', { timeout: 30_000 });
  await page.context().setOffline(false);

  const asked: string[] = [];
  let answer = false;
  page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    void (answer ? dialog.accept() : dialog.dismiss());
  });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect.poll(() => asked).toEqual(['1 change is only on this device. Sign out and lose it?']);
  await expect(heldList(page)).toContainText('MARSH');
  answer = true;
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  expect(await lyingHere(page)).toMatchObject({ ...nothing, marks: [] });
});

test('[OF12] HAZ-09 signing out without a network wipes at once; the sign-in is ended before anything else is asked of the service', async ({ arrive, product }) => {
  test.setTimeout(120_000);
  const page = await arrive(nurse, '/plans/plan_david-penrose');
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.takeOffline();
  const cookies = await page.context().cookies();
  await product.stop('SIGTERM');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('banner')).not.toContainText(nurse, { timeout: 30_000 });
  expect(await lyingHere(page)).toMatchObject({ ...nothing, marks: ['accord-sign-out'] });
  await product.restart();
  const calls: string[] = [];
  page.on('request', (request) => { if (request.url().includes('/api/')) calls.push(`${request.method()} ${new URL(request.url()).pathname}`); });
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  expect(calls[0]).toBe('DELETE /api/session');
  expect((await lyingHere(page)).marks).toEqual([]);
  // The very same cookie signs nobody in any more.
  await page.context().addCookies(cookies);
  expect((await page.context().request.get('/api/session')).status()).toBe(401);
});

test('[OF11] [OF14] HAZ-09 HAZ-11 somebody else’s sign-in wipes the plan; only its person gets back the words that were not sent', async ({ arrive }) => {
  test.setTimeout(120_000);
  const page = await arrive(nurse, '/plans/plan_kevin-marsh');
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.takeOffline();
  await page.context().setOffline(true);
  await plan.fill('preferredName', 'Bittern');
  await page.goto('/');
  await expect(heldList(page)).toContainText('1 change only on this device', { timeout: 30_000 });
  await page.context().setOffline(false);

  await signIn(page, people.moss.id);
  await page.goto('/');
  await expect(page.getByRole('banner')).toContainText(people.moss.name);
  await expect.poll(async () => (await lyingHere(page)).keys).toBe(1);
  const lying = await lyingHere(page);
  expect(lying).toMatchObject({ workers: 0, caches: [] });
  expect(lying.text).not.toContain('place-of-death');
  expect(lying.text).not.toContain('Bittern');
  await expect(page.getByText('Bittern')).toHaveCount(0);

  await signIn(page, people.okoro.id);
  await page.goto('/');
  await expect(heldList(page).getByRole('alert')).toContainText('Written offline and never sent: MARSH', { timeout: 20_000 });
  await expect(heldList(page).locator('.plan-kept__words')).toHaveText('Bittern');
});

test('[OF13] HAZ-04 HAZ-09 a session that is over takes the keys away; the same person’s next sign-in brings them back, and what was written is sent', async ({ arrive }) => {
  test.setTimeout(120_000);
  const address = '/plans/plan_david-penrose';
  const page = await arrive(nurse, address);
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.takeOffline();
  await page.context().setOffline(true);
  await plan.fill('preferredName', 'Plover');
  await page.goto('/');
  await expect(heldList(page)).toContainText('1 change only on this device', { timeout: 30_000 });

  await page.context().clearCookies();
  await page.context().setOffline(false);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expect.poll(async () => (await lyingHere(page)).keys).toBe(1);
  // Without the keys nothing is readable, with or without a network.
  await page.context().setOffline(true);
  await page.goto(address);
  await expect(page.getByRole('alert')).toContainText('The server cannot be reached', { timeout: 40_000 });
  await expect(page.getByText('PENROSE')).toHaveCount(0);
  await page.context().setOffline(false);

  await page.goto('/');
  await new SignInPage(page).signInAs(nurse);
  await expect(heldList(page)).toContainText(/PENROSE.*1 change only on this device/, { timeout: 20_000 });
  expect((await lyingHere(page)).keys).toBe(3);
  await heldList(page).getByRole('link', { name: /PENROSE/ }).click();
  await expect(page.getByRole('region', { name: 'Back in contact' })).toContainText('1 change sent: Likes to be called.', { timeout: 30_000 });
  await plan.says('preferredName', 'Plover');
  await plan.isSaved();
});

test('[OF11] [OF14] HAZ-15 after twelve hours a held plan is shown no more and is gone: at its hour, and at the next start', async ({ arrive }) => {
  test.setTimeout(180_000);
  const address = '/plans/plan_kevin-marsh';
  const page = await arrive(nurse, address, { before: (fresh) => fresh.clock.install() });
  const plan = new PlanPage(page);
  const takeAndLeave = async (): Promise<void> => {
    await plan.isReady();
    await plan.takeOffline();
    await page.context().setOffline(true);
  };
  const readable = async (): Promise<void> => {
    await page.goto(address);
    await expect(plan.banner).toContainText('Offline copy of', { timeout: 30_000 });
  };

  await test.step('at its hour, with the plan on the screen', async () => {
    await takeAndLeave();
    await plan.fill('preferredName', 'Dunlin');
    await page.clock.fastForward('11:50:00');
    await expect(plan.banner).toContainText('MARSH');
    await page.clock.fastForward('00:11:00');
    await expect(page.getByRole('heading', { level: 1, name: 'The time of this offline copy is over' })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText('MARSH')).toHaveCount(0);
    await expect(page.locator('.plan-kept__words')).toHaveText('Dunlin');
    const lying = await lyingHere(page);
    expect(lying).toMatchObject({ keys: 1, workers: 0 });
    expect(lying.text).not.toContain('place-of-death');
  });

  await test.step('back in contact the page that was left open still sends its words', async () => {
    await page.context().setOffline(false);
    await page.evaluate(() => void window.dispatchEvent(new Event('online')));
    await page.clock.runFor(15_000);
    await plan.says('preferredName', 'Dunlin');
    await plan.isSaved();
    await expect.poll(() => lyingHere(page)).toMatchObject({ ...nothing, marks: [] });
  });

  await test.step('at the next start of the screen', async () => {
    await takeAndLeave();
    await readable();
    await page.clock.setSystemTime(new Date(await page.evaluate(() => Date.now()) + 12 * 3_600_000 + 1_000));
    await page.goto('/');
    await expect(page.getByRole('alert')).toContainText('The server cannot be reached', { timeout: 40_000 });
    await expect(page.getByText('MARSH')).toHaveCount(0);
    await expect.poll(() => lyingHere(page)).toMatchObject(nothing);
  });
});
