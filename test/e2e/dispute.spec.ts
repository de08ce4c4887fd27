/** Two senior clinicians, one of them without a line, record different CPR recommendations: both are kept, seen and settled. */
import { cuttableLine } from './sockets.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';
import { SignOffPage } from './pages/signOffPage.ts';

const plan = '/plans/plan_edna-brightwell';
const [gpName, consultantName] = ['Dr Amara Osei', 'Dr Priya Nair'] as const;

test('[JO2] HAZ-01 CPR recommendations written apart are shown as disputed, stop the signature and are settled with a reason', async ({ arrive }) => {
  const line = cuttableLine();
  const gp = new PlanPage(await arrive(gpName, plan));
  const consultant = new PlanPage(await arrive(consultantName, plan, { before: line.onPage }));
  await gp.isReady();
  await consultant.isReady();

  await test.step('the consultant writes without a line; the page says so', async () => {
    await line.cut();
    await consultant.page.context().setOffline(true);
    await expect(consultant.banner).toContainText('Offline: nothing unsaved');
    await expect(consultant.page.getByRole('complementary', { name: 'What is happening' })).toContainText('Not known while there is no connection.');
    await consultant.choose('cprDecision', 'For attempted CPR');
    await expect(consultant.banner).toContainText('Offline: 1 change only on this device');
    await gp.choose('cprDecision', 'Not yet decided');
    await gp.isSaved();
  });

  await test.step('the line is back: both see both, with who and when', async () => {
    line.mend();
    await consultant.page.context().setOffline(false);
    for (const { page, banner } of [gp, consultant]) {
      const dispute = page.getByRole('group', { name: 'Disputed: CPR recommendation' });
      await expect(dispute.getByRole('listitem').filter({ hasText: 'For attempted CPR' })).toContainText(new RegExp(`${consultantName}, \\d\\d-\\w{3}-\\d{4} \\d\\d:\\d\\d`), { timeout: 20_000 });
      await expect(dispute.getByRole('listitem').filter({ hasText: 'Not yet decided' })).toContainText(new RegExp(`${gpName}, \\d\\d-\\w{3}-\\d{4} \\d\\d:\\d\\d`));
      await expect(dispute).toContainText('In force until then, from version 1');
      await expect(banner).toContainText('Disputed');
    }
    await consultant.isSaved();
  });

  await test.step('the coordinator may neither settle nor sign it', async () => {
    const page = await arrive('Helen Carter', plan);
    const dispute = page.getByRole('group', { name: 'Disputed: CPR recommendation' });
    await expect(dispute).toContainText('Somebody whose role may write this section has to settle it.');
    await expect(dispute.getByRole('button', { name: 'Settle' })).toHaveCount(0);
    await page.goto(`${plan}/sign-off`);
    const desk = new SignOffPage(page);
    await expect(desk.desk).toContainText('Not ready');
    await expect(desk.desk.getByRole('listitem').filter({ hasText: /^Disputed:/ })).toContainText('CPR recommendation');
    await expect(desk.sign).toBeDisabled();
    await desk.desk.getByRole('listitem').filter({ hasText: /^Disputed:/ }).getByRole('link', { name: 'CPR recommendation' }).click();
    await expect(new PlanPage(page).field('cprDecision')).toBeInViewport({ timeout: 20_000 });
  });

  await test.step('an entitled doctor settles it, and has to say why', async () => {
    const dispute = gp.page.getByRole('group', { name: 'Disputed: CPR recommendation' });
    await dispute.getByRole('button', { name: 'Settle' }).click();
    await dispute.getByRole('radio', { name: 'For attempted CPR', exact: true }).check();
    await dispute.getByRole('button', { name: 'Settle it' }).click();
    await expect(dispute).toContainText('Say why: the reason is kept with the answer.');
    await dispute.getByRole('textbox', { name: 'Reason' }).fill('Asked her again together this morning');
    await dispute.getByRole('button', { name: 'Settle it' }).click();
    for (const { page, banner } of [gp, consultant]) {
      await expect(page.getByRole('group', { name: 'Disputed: CPR recommendation' })).toHaveCount(0);
      await expect(banner).not.toContainText('Disputed');
    }
    await consultant.says('cprDecision', 'For attempted CPR');
    await gp.isSaved();
  });
});
