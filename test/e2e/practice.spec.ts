/** Practice mode: simulated colleagues come, write, are marked as such, and leave nothing behind. */
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

test('[JO9] simulated colleagues come when asked, are marked, write, and take everything with them', async ({ arrive }) => {
  test.setTimeout(120_000);
  const plan = new PlanPage(await arrive('Ann Reid', '/plans/plan_hasina-choudhury'));
  await plan.isReady();
  const practice = plan.happening.getByRole('region', { name: 'Practice' });
  await practice.getByRole('combobox', { name: 'How many' }).selectOption('3');
  await practice.getByRole('button', { name: 'Bring them in' }).click();

  await expect(plan.banner.getByRole('list', { name: '3 other people here' })).toContainText('(simulated)');
  const here = plan.happening.getByRole('listitem').filter({ hasText: '(simulated),' });
  await expect(here).toHaveCount(3);
  await expect(practice).toContainText('3 simulated colleagues are here');
  // What they write begins with a mark of its own.
  const written = plan.page.locator('main').getByText(/\[practice\] \w+/);
  await expect(written.first()).toBeAttached({ timeout: 45_000 });
  await expect(plan.happening.getByText(/\(simulated\) changed/).first()).toBeVisible({ timeout: 20_000 });

  await practice.getByRole('button', { name: 'Send them away' }).click();
  await expect(here).toHaveCount(0, { timeout: 20_000 });
  await expect(plan.page.locator('main').getByText('[practice]')).toHaveCount(0, { timeout: 20_000 });
  await expect(plan.banner).toContainText('Nobody else is here');
});
