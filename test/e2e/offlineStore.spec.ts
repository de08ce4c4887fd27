/** What lies on the device while a plan is held there: searched byte by byte, in the browser's store and on its disk. */
import { chromium, type Page } from '@playwright/test';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBrowser } from '../support/browser.ts';
import { lyingHere } from './heldBytes.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';
import { SignInPage } from './pages/signInPage.ts';

const [address, nurse] = ['/plans/plan_kevin-marsh', 'Samuel Okoro'] as const;
/** Words of the plan, of its person and of its writer. */
const canaries = ['marsh', 'kevin', 'okoro', 'kingfisher', 'northmere', 'attempted-cpr'];

/** Takes the plan offline and writes in it without a network. */
async function writeAway(page: Page): Promise<PlanPage> {
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.takeOffline();
  await page.context().setOffline(true);
  await plan.fill('preferredName', 'Kingfisher');
  await expect(plan.banner).toContainText('1 change only on this device');
  // It is on the device once a start of the screen brings it back.
  await page.reload();
  await plan.says('preferredName', 'Kingfisher');
  await expect(plan.banner).toContainText('Offline: 1 change only on this device', { timeout: 30_000 });
  return plan;
}

test('[OF5] HAZ-11 nothing of a held plan lies in the store in clear, what was written away included, and no key can be exported', async ({ arrive }) => {
  const page = await arrive(nurse, address);
  await writeAway(page);
  const lying = await lyingHere(page);
  // The search finds what does lie there in clear: ids of copies and of sections.
  expect(lying.text).toMatch(/copy_[0-9a-z]{16}/);
  expect(lying.text).toContain('place-of-death');
  expect(lying.text.length).toBeGreaterThan(10_000);
  const text = lying.text.toLowerCase();
  for (const canary of canaries) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain([...canary].join('\0'));
  }
  expect(lying).toMatchObject({ keys: 3, exportable: 0 });
});

test('[OF17] HAZ-04 a device that cannot write something down says so, and says it no more once it has', async ({ arrive }) => {
  const page = await arrive(nurse, address);
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.takeOffline();
  // What a browser does whose disk is full.
  const restore = await page.evaluateHandle(() => {
    const { add, put } = IDBObjectStore.prototype;
    const full = (): never => { throw new DOMException('The disk is full.', 'QuotaExceededError'); };
    Object.assign(IDBObjectStore.prototype, { add: full, put: full });
    return () => void Object.assign(IDBObjectStore.prototype, { add, put });
  });
  await plan.fill('preferredName', 'Kevvy');
  const trouble = page.getByRole('alert').filter({ hasText: 'This device could not write the last changes down' });
  await expect(trouble).toBeVisible();
  await restore.evaluate((again) => again());
  await plan.fill('preferredName', 'Kingfisher');
  await expect(trouble).toHaveCount(0);
  await plan.isSaved();
  await page.context().setOffline(true);
  await page.reload();
  await plan.says('preferredName', 'Kingfisher');
});

test('[OF5] [OF15] HAZ-11 nor does it lie on the browser’s disk, in its stores, its service worker or the files kept for that', async ({ product }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'accord-profile-'));
  const { executablePath, args, env } = await findBrowser();
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: [...args], env: { ...process.env, ...env } as Record<string, string>, baseURL: product.url, locale: 'en-GB', timezoneId: 'Europe/London' });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto('/plans/plan_david-penrose');
    await new SignInPage(page).signInAs(nurse);
    await writeAway(page);
    await context.close();
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    const stores = files.filter((file) => /[\\/](IndexedDB|Local Storage|Service Worker|CacheStorage|Session Storage)[\\/]/.test(file));
    const disk = Buffer.concat(await Promise.all(stores.map((file) => readFile(file)))).toString('latin1').toLowerCase();
    expect(disk).toMatch(/copy_[0-9a-z]{16}/);
    expect(disk).toContain('accord-screen-');
    // Words of the program itself lie there too; these are the person's.
    for (const canary of ['penrose', 'kingfisher', 'okoro']) {
      expect(disk).not.toContain(canary);
      expect(disk).not.toContain([...canary].join('\0'));
    }
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
});
