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
