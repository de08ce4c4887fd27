/** A plan is taken on a home visit: read and written without a network, and back again. */
import { expect, test } from './journey.ts';
import { lyingHere } from './heldBytes.ts';
import { PlanPage } from './pages/planPage.ts';

const address = '/plans/plan_esther-quayle';
const [consultantName, gpName] = ['Dr Priya Nair', 'Dr Thomas Hartley'] as const;
test('[OF6] [OF7] [OF8] [OF9] [OF15] [OF16] HAZ-04 HAZ-15 a visit without a network: taken, read and written after a reload, merged, and what contradicts is disputed', async ({ arrive, product }) => {
  test.setTimeout(180_000);
  const page = await arrive(consultantName, address);
  const plan = new PlanPage(page);
  await plan.isReady();

  await test.step('nothing is kept in the browser before it is asked for', async () => {
    expect(await lyingHere(page)).toMatchObject({ databases: [], workers: 0, caches: [], marks: [] });
  });

  await test.step('taking it says for how long, where and how', async () => {
    await plan.takeOffline();
    await expect(plan.tools).toContainText(/Held on this device, encrypted, until \d\d:\d\d/);
    await expect(plan.banner).toContainText(/Up to date|Saved/);
    await expect(plan.banner).not.toContainText('Offline copy');
  });

  await test.step('the screen’s own files are kept, and no answer of the service', async () => {
    const { workers, cached } = await lyingHere(page);
    expect(workers).toBe(1);
    expect(cached).toContain('/index.html');
    expect(cached.filter((path) => path !== '/index.html' && !/^\/assets\/[\w.-]+\.(js|css|svg)$/.test(path))).toEqual([]);
  });
  await page.context().setOffline(true);
  await product.stop('SIGKILL');

  await test.step('the copy says of when it is, and that it is not live; after a reload as well', async () => {
    for (const again of [false, true]) {
      if (again) await page.reload();
      await expect(plan.banner).toContainText(/Draft Offline copy of \d\d:\d\d, position \d+, not live: others may have changed it\. CPR and allergies as of then\. Readable until \d\d:\d\d/, { timeout: 30_000 });
      await expect(plan.banner).not.toContainText('Signed');
      await expect(plan.banner).toContainText('QUAYLE, Esther');
      await expect(plan.banner).toContainText('Offline: nothing unsaved');
    }
  });

  await test.step('it is written in as always, and counted', async () => {
    await plan.choose('cprDecision', 'For attempted CPR');
    await plan.fill('preferredName', 'Kingfisher');
    const writer = await plan.writer('whatMatters');
    await writer.press('Control+End');
    await writer.pressSequentially(' The kingfisher at the weir.');
    await plan.finish('whatMatters');
    await expect(plan.banner).toContainText('Offline: 3 changes only on this device');
  });

  await test.step('the caseload lists it, and it survives another reload', async () => {
    await page.goto('/');
    const held = page.getByRole('region', { name: 'On this device' });
    await expect(held.getByRole('listitem')).toContainText(/QUAYLE, Esther.*Draft, offline copy of \d\d:\d\d, readable until \d\d:\d\d.*3 changes only on this device/, { timeout: 30_000 });
    await held.getByRole('link', { name: /QUAYLE/ }).click();
    await expect(plan.banner).toContainText('Offline: 3 changes only on this device', { timeout: 30_000 });
    await plan.says('preferredName', 'Kingfisher');
    await plan.says('whatMatters', 'The kingfisher at the weir.');
    await plan.says('cprDecision', 'For attempted CPR');
  });

  await product.restart();
  const gp = new PlanPage(await arrive(gpName, address));
  await gp.isReady();
  await gp.choose('cprDecision', 'Not yet decided');
  await gp.isSaved();

  await test.step('back in contact: sent, merged, and the contradiction shown to both', async () => {
    await page.context().setOffline(false);
    const report = page.getByRole('region', { name: 'Back in contact' });
    await expect(report).toContainText('3 changes sent', { timeout: 40_000 });
    await expect(report).toContainText('1 change of these disputed now.');
    await report.getByRole('button', { name: 'CPR recommendation' }).click();
    for (const one of [plan, gp]) {
      const dispute = one.page.getByRole('group', { name: 'Disputed: CPR recommendation' });
      await expect(dispute.getByRole('listitem').filter({ hasText: 'For attempted CPR' })).toContainText(consultantName, { timeout: 20_000 });
      await expect(dispute.getByRole('listitem').filter({ hasText: 'Not yet decided' })).toContainText(gpName);
      await one.says('preferredName', 'Kingfisher');
      await one.says('whatMatters', 'The kingfisher at the weir.');
    }
    await plan.isSaved();
    await expect(plan.banner).not.toContainText('Offline copy');
  });

  await test.step('handed back, nothing of it is left', async () => {
    await plan.tools.getByRole('button', { name: 'Hand back', exact: true }).click();
    await plan.tools.getByRole('button', { name: 'Hand it back' }).click();
    await expect(plan.tools.getByRole('button', { name: 'Take offline for a visit' })).toBeVisible();
    await expect.poll(() => lyingHere(page)).toMatchObject({ databases: [], workers: 0, caches: [], marks: [], text: '' });
    await plan.isReady();
    await page.goto(`${address}/audit`);
    // Other visits of this plan may be in the trail as well.
    await expect(page.getByText(`${consultantName} took the plan offline for a visit`).first()).toBeVisible();
    await expect(page.getByText(`${consultantName} handed an offline copy of the plan back`).first()).toBeVisible();
  });
});
