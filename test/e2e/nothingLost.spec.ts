/** The service dies and the page is reloaded in the middle of writing: what said "Saved" is there afterwards. */
import { people } from '../../server/demo/people.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

const address = '/plans/plan_george-tilling';

test('[JO4] HAZ-04 kill and restart in the middle of typing loses nothing that said Saved, and the page is honest meanwhile', async ({ arrive, product }) => {
  const page = await arrive(people.hartley.name, address);
  const plan = new PlanPage(page);
  await plan.isReady();
  const writer = await plan.writer('whatMatters');
  await writer.press('Control+End');
  await writer.pressSequentially(' He wants to hear the sea once more.');
  await plan.isSaved();
  await writer.pressSequentially(' With his brother.', { delay: 15 });

  await product.stop('SIGKILL');
  await expect(plan.banner).toContainText(/Offline: (nothing unsaved|1 change only on this device)/);
  await expect(plan.banner).not.toContainText(/Saved \d/);
  await writer.pressSequentially(' And no fuss.');
  await expect(plan.banner).toContainText('Offline: 1 change only on this device');
  await plan.finish('whatMatters');
  await plan.fill('preferredName', 'Skipper');
  await expect(plan.banner).toContainText('Offline: 2 changes only on this device');

  await product.restart();
  await plan.isSaved();
  const other = new PlanPage(await arrive('Samuel Okoro', address));
  await page.reload();
  for (const reader of [plan, other]) {
    await reader.isReady();
    await reader.says('whatMatters', /He wants to hear the sea once more\. With his brother\. And no fuss\./);
    await reader.says('preferredName', 'Skipper');
  }
});

test('[JO4] HAZ-04 a reload at the moment of Saved brings everything back', async ({ arrive }) => {
  const page = await arrive('Samuel Okoro', address);
  const plan = new PlanPage(page);
  await plan.isReady();
  const writer = await plan.writer('fearsAvoid');
  await writer.press('Control+End');
  await writer.pressSequentially(' Being moved at night.');
  await plan.isSaved();
  await page.reload();
  await plan.isReady();
  await plan.says('fearsAvoid', 'Being moved at night.');
});

test('[JO4] an orderly restart is called a move, and the page comes back by itself', async ({ arrive, product }) => {
  const page = await arrive('Samuel Okoro', address);
  const plan = new PlanPage(page);
  await plan.isReady();
  await product.stop('SIGTERM');
  await expect(plan.banner).toContainText(/Server moving, back in a moment|Offline/);
  await plan.fill('preferredName', 'Skip');
  await expect(plan.banner).toContainText('1 change only on this device');
  await product.restart();
  await plan.isSaved();
  await page.reload();
  await plan.says('preferredName', 'Skip');
  await expect(page.getByRole('heading', { level: 1, name: 'Care plan' })).toBeAttached();
});

test('[JO4] [CC8] [CC28] HAZ-04 HAZ-09 whoever goes to another page while the service is away is told there what is not saved and whose plan it is, finds it on coming back, and it is saved in the end', async ({ arrive, product }) => {
  const page = await arrive('Samuel Okoro', address);
  const plan = new PlanPage(page);
  await plan.isReady();
  await product.stop('SIGKILL');
  const heard = page.locator('#announcements');
  await expect(heard).toContainText('nothing unsaved');
  await plan.fill('preferredName', 'Captain');
  await expect(plan.banner).toContainText('1 change only on this device');
  await expect(heard).toContainText('1 change only on this device');
  await page.getByRole('link', { name: 'Meetings' }).click();
  const left = page.getByRole('status', { name: /^Not saved yet: .*TILLING/i });
  await expect(left).toContainText('1 change in a plan that you left is not saved yet');
  await left.getByText('What is not saved').click();
  await expect(left).toContainText('Captain');
  await left.getByRole('link', { name: 'Go back to the plan' }).click();
  await plan.says('preferredName', 'Captain');
  await expect(plan.banner).toContainText('1 change only on this device');
  await expect(left).toHaveCount(0);
  await page.goBack();
  await expect(left).toBeVisible();

  await product.restart();
  await expect(left).toHaveCount(0, { timeout: 30_000 });
  await expect(heard).toContainText(/What you wrote for .*TILLING.* is saved/i);
  const other = new PlanPage(await arrive(people.hartley.name, address));
  await other.says('preferredName', 'Captain');
});

test('[CC27] [CC16] HAZ-04 a page of a thousand lines that is pasted is saved; what is more than a field holds is refused with the reason, kept, and the plan goes on', async ({ arrive }) => {
  const page = await arrive('Samuel Okoro', address);
  const plan = new PlanPage(page);
  await plan.isReady();
  const paste = async (id: string, text: string): Promise<void> => (await plan.writer(id)).evaluate((editor, words) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', words);
    editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await paste('whatMatters', Array.from({ length: 1_200 }, (_, line) => `l${line}`).join('\n\n'));
  await plan.isSaved();
  await plan.finish('whatMatters');
  await paste('fearsAvoid', 'words '.repeat(20_000));
  await expect(page.getByRole('alert').filter({ hasText: 'Not saved' })).toContainText('words words');
  await page.getByRole('button', { name: 'I have what I need: close this' }).click();
  await plan.isReady();
  await page.reload();
  await plan.isReady();
  await plan.says('whatMatters', 'l1199');
});
