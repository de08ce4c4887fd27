/** Every state of a held plan, wide and on a phone: nothing that shuts somebody out, and the warning always in sight. */
import { people } from '../../server/demo/people.ts';
import { faultsOf, sizes } from './faults.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

const address = '/plans/plan_david-penrose';

for (const [size, viewport] of Object.entries(sizes)) {
  test(`[JO7] [OF8] [OF16] HAZ-15 nobody is shut out of a plan held offline, and that it is a copy stays in sight, ${size}`, async ({ arrive }) => {
    test.setTimeout(240_000);
    const page = await arrive(people.okoro.name, address, { viewport });
    const plan = new PlanPage(page);
    const list = page.getByRole('region', { name: 'On this device' });
    const faults: string[] = [];
    const look = async (name: string, ...parts: readonly string[]): Promise<void> => { faults.push(...await faultsOf(page, `offline, ${name}`, parts)); };
    const ofPlan = ['.accord-banner', '.offline-tools'] as const;
    await plan.isReady();
    await plan.tools.getByRole('button', { name: 'Take offline for a visit' }).click();
    await look('asked', ...ofPlan);
    await plan.tools.getByRole('button', { name: 'Cancel' }).click();
    await plan.takeOffline();
    await look('held', ...ofPlan);
    await page.context().setOffline(true);
    await plan.fill('preferredName', `Snipe ${size}`);
    await expect(plan.banner).toContainText('Offline copy of');
    await look('away', ...ofPlan);
    // Wherever somebody reads, the copy says what it is.
    await plan.field('cprDecision').scrollIntoViewIfNeeded();
    await expect(page.getByText(/Offline copy of \d\d:\d\d/)).toBeInViewport();
    await expect(page.getByText(/CPR and allergies as of then/)).toBeInViewport();
    await look('away, far down', ...ofPlan);
    await plan.tools.getByRole('button', { name: 'Hand back', exact: true }).click();
    await expect(plan.tools.getByText('1 change was not sent. Take the plan off this device and lose it?')).toBeVisible();
    await look('handing back', ...ofPlan);
    await page.goto('/');
    await expect(list).toContainText('1 change only on this device', { timeout: 30_000 });
    await list.getByRole('button', { name: 'Hand back', exact: true }).click();
    await look('caseload', '.offline-list');
    await list.getByRole('link').click();
    await expect(plan.banner).toContainText('Offline: 1 change only on this device', { timeout: 30_000 });
    await page.context().setOffline(false);
    await expect(page.getByRole('region', { name: 'Back in contact' })).toContainText('1 change sent', { timeout: 40_000 });
    await look('back', ...ofPlan);

    await page.context().setOffline(true);
    await plan.fill('preferredName', `Snipe ${size} again`);
    await page.goto('/');
    await expect(list).toContainText('1 change only on this device', { timeout: 30_000 });
    await page.context().setOffline(false);
    for (const { id, name } of [people.moss, people.okoro]) {
      await page.context().request.post('/api/session', { headers: { Origin: new URL(page.url()).origin }, data: { personId: id } });
      await page.goto('/');
      await expect(page.getByRole('banner')).toContainText(name);
      if (id === people.moss.id) await expect(list).toHaveCount(0);
    }
    await expect(list.getByRole('alert')).toContainText('Written offline and never sent: PENROSE', { timeout: 20_000 });
    await look('words left', '.offline-list');
    await list.getByRole('button', { name: 'I have what I need: remove it' }).click();
    await expect(list).toHaveCount(0);

    await page.goto(address);
    await plan.isReady();
    await plan.takeOffline();
    await page.context().setOffline(true);
    await plan.fill('preferredName', `Snipe ${size} once more`);
    // Handed back in another tab: this one shows the plan no more.
    const tab = await page.context().newPage();
    await tab.goto('/');
    const inTab = tab.getByRole('region', { name: 'On this device' });
    await inTab.getByRole('button', { name: 'Hand back', exact: true }).click({ timeout: 30_000 });
    await inTab.getByRole('button', { name: 'Hand it back' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'This plan is not held on this device any more' })).toBeVisible();
    await look('gone');
    expect(faults).toEqual([]);
  });
}
