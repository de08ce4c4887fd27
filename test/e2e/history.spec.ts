/** What is new since somebody last looked, and who wrote what: two people, one plan, at different times. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { limits } from '../../shared/limits.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

const address = '/plans/plan_maureen-ashby';
const news = (page: Page) => page.getByRole('region', { name: 'Since you last looked' });
const grave = async (page: Page): Promise<readonly string[]> =>
  (await new AxeBuilder({ page }).analyze()).violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);

/** Looks at the plan long enough, and leaves it by the way back to the caseload. */
async function lookAndLeave(page: Page): Promise<void> {
  await page.clock.fastForward(limits.lookedAfterMs + 1_000);
  const told = page.waitForResponse((response) => response.url().endsWith('/looked') && response.ok());
  await page.getByRole('link', { name: 'Accord' }).first().click();
  await told;
}

test('[HI9] what a colleague wrote meanwhile is counted, led to and marked to the letter, read and in the editor, until it is seen; the history says who wrote what', async ({ arrive }) => {
  // Two examinations of a whole plan, beside others' work.
  test.setTimeout(240_000);
  const page = await arrive('Dr Amara Osei', address, { before: (fresh) => fresh.clock.install() });
  const osei = new PlanPage(page);
  await osei.isReady();
  // Nobody who has never looked is told that everything is new.
  await expect(news(page)).toHaveCount(0);
  await lookAndLeave(page);

  const reid = new PlanPage(await arrive('Ann Reid', address));
  await reid.isReady();
  await (await reid.writer('whatMatters')).pressSequentially(' Rooks at dusk.');
  await reid.finish('whatMatters');
  await reid.fill('preferredName', 'Maureen J');
  await reid.isSaved();

  await test.step('counted, and led through', async () => {
    await page.goto(address);
    await osei.isReady();
    await expect(news(page)).toContainText('2 changes since you last looked');
    await news(page).getByRole('button', { name: 'Show the first' }).click();
    await expect(osei.field('preferredName')).toContainText(/Changed since you last looked: Ann Reid, \d\d-\w{3}-\d{4} \d\d:\d\d/);
    await osei.field('preferredName').getByRole('button', { name: /^Next change: What matters/ }).click();
    await expect(osei.field('whatMatters')).toBeInViewport();
    expect(await grave(page)).toEqual([]);
  });
  await test.step('marked to the letter, also while it is edited', async () => {
    const marks = osei.field('whatMatters').locator('.plan-new');
    await expect(marks).toHaveText(/^\s*\[new: \s*Rooks at dusk\.\]\s*$/);
    const writer = await osei.writer('whatMatters');
    await expect(writer.locator('.plan-new')).toHaveText('Rooks at dusk.');
    await writer.pressSequentially(' And owls.');
    await expect(writer).toContainText('Rooks at dusk. And owls.');
    await expect(writer.locator('.plan-new')).toHaveText('Rooks at dusk.');
    await osei.finish('whatMatters');
    await reid.says('whatMatters', 'Rooks at dusk. And owls.');
    await osei.isSaved();
  });
  await test.step('seen', async () => {
    const told = page.waitForResponse((response) => response.url().endsWith('/looked') && response.ok());
    await news(page).getByRole('button', { name: 'I have seen them' }).click();
    await told;
    await expect(news(page)).toHaveCount(0);
    await expect(page.locator('.plan-new')).toHaveCount(0);
    await page.reload();
    await osei.isReady();
    await expect(osei.field('whatMatters')).toContainText('And owls.');
    await expect(news(page)).toHaveCount(0);
  });
  await test.step('the history of the field, by keyboard', async () => {
    const button = osei.field('whatMatters').getByRole('button', { name: 'History: What matters to me' });
    await button.focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'History: What matters to me' });
    await expect(panel.getByText('Who wrote what stands now')).toBeVisible();
    const entries = panel.getByRole('list').last().getByRole('listitem');
    await expect(entries.first()).toContainText('Dr Amara Osei');
    await expect(entries.first().locator('ins')).toContainText('And owls.');
    await expect(entries.nth(1)).toContainText('Ann Reid');
    await expect(entries.nth(1).locator('ins')).toContainText('Rooks at dusk.');
    expect(await grave(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(panel).toHaveCount(0);
    await expect(button).toBeFocused();
  });
});

test('[HI9] when what is new cannot be fetched the page says so, and asks again when it is told to', async ({ arrive }) => {
  test.setTimeout(120_000);
  let away = true;
  const page = await arrive('Dr Priya Nair', address, { before: async (fresh) => { await fresh.route(/\/(changes|history)(\?|$)/, (route) => (away ? route.abort() : route.fallback())); } });
  await expect(news(page).getByRole('alert')).toContainText('could not be fetched');
  const panel = page.getByRole('dialog');
  await page.getByRole('button', { name: 'History: What matters to me' }).click();
  await expect(panel.getByRole('alert')).toBeVisible();
  away = false;
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.getByText('Changes, newest first')).toBeVisible();
  await panel.getByRole('button', { name: 'Close' }).click();
  await news(page).getByRole('button', { name: 'Try again' }).click();
  await expect(news(page)).toHaveCount(0);
});
