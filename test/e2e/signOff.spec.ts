/** Signing exactly what was read, and what urgent care then sees. */
import { expect, test } from './journey.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { nhsNumberOf } from './numbers.ts';
import { PlanPage } from './pages/planPage.ts';
import { SignOffPage } from './pages/signOffPage.ts';

const plan = '/plans/plan_susan-fairley';
const nhsNumber = nhsNumberOf('999609067');
const late = 'Suki';
const afterwards = 'Susie-Q';

test('[JO6] HAZ-06 HAZ-05 what changed between reading and signing is refused and shown; signed, compared, audited; urgent care sees only what was signed', async ({ arrive }) => {
  test.setTimeout(120_000);
  const nurse = new PlanPage(await arrive('Ann Reid', plan));
  const desk = new SignOffPage(await arrive('Helen Carter', `${plan}/sign-off`));
  const { page } = desk;
  await nurse.isReady();

  await test.step('both identifiers have to be confirmed', async () => {
    await expect(desk.desk).toContainText('Ready to be signed');
    await desk.sign.click();
    await expect(desk.desk.getByRole('alert')).toContainText('tick both');
    await desk.confirmWho('FAIRLEY', '01-Jul-1960');
  });
  await test.step('a change arrives after the reading: refused, and the change is shown', async () => {
    await nurse.fill('preferredName', late);
    await nurse.isSaved();
    await desk.sign.click();
    const refused = desk.desk.getByRole('alert').filter({ hasText: 'Not signed' });
    await expect(refused).toContainText('the plan changed since you read it');
    await expect(refused.getByRole('region', { name: 'Person' })).toContainText(late);
  });
  await test.step('read again, confirmed again, signed', async () => {
    await desk.desk.getByRole('button', { name: 'Read again' }).click();
    await expect(page.locator('.accord-sign-off__paper')).toContainText(late);
    await expect(desk.desk.getByRole('checkbox', { name: 'Family name FAIRLEY' })).not.toBeChecked();
    await desk.confirmWho('FAIRLEY', '01-Jul-1960');
    await expect(desk.sign).toHaveText('Sign version 2');
    await desk.sign.click();
    await expect(page.getByRole('heading', { name: 'Version 2 is signed' })).toBeVisible();
  });

  const paramedic = await arrive('Owen Price', '/urgent');
  const signed = paramedic.getByRole('article', { name: 'Signed plan' }).first();
  const look = async (): Promise<void> => {
    await paramedic.goto('/urgent');
    await paramedic.getByRole('textbox', { name: 'NHS number' }).fill(formatNhsNumber(nhsNumber));
    await paramedic.getByRole('button', { name: 'Find signed plan' }).click();
    await expect(signed).toContainText('Signed version 2');
  };
  await test.step('HAZ-05 urgent care sees the signed version and no warning', async () => {
    await look();
    await expect(signed).not.toContainText('A newer draft exists');
  });
  await test.step('HAZ-05 after a further change urgent care sees the same, and that there is something newer', async () => {
    await nurse.fill('preferredName', afterwards);
    await nurse.isSaved();
    await look();
    await expect(signed).toContainText('A newer draft exists');
    expect(await paramedic.content()).not.toContain(afterwards);
    await signed.getByText('The whole signed plan').click();
    await expect(signed).toContainText(late);
    await paramedic.goto(plan);
    await expect(paramedic.getByText(/no such plan/i)).toBeVisible();
  });
  await test.step('the list, the version, and both comparisons', async () => {
    await page.goto(`${plan}/versions`);
    await expect(page.getByRole('row', { name: /Version 2/ })).toContainText('In force');
    await expect(page.getByRole('row', { name: /Version 2/ })).toContainText('Helen Carter');
    await page.getByRole('link', { name: 'Version 2', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Signed version 2');
    await expect(page.getByRole('main')).toContainText(late);
    await page.getByRole('link', { name: 'What changed since version 1' }).click();
    const person = page.getByRole('region', { name: 'Person' });
    await expect(person).toContainText(late);
    await expect(person).not.toContainText(afterwards);
    await page.getByRole('combobox', { name: 'From' }).selectOption('2');
    await page.getByRole('combobox', { name: 'To' }).selectOption({ label: 'Draft as it stands now' });
    await expect(page.getByRole('main')).toContainText('1 difference between version 2 and the draft');
    await expect(person).toContainText(afterwards);
  });
  await test.step('the audit trail names it, in a chain that is whole', async () => {
    await page.getByRole('link', { name: 'Audit trail' }).click();
    await expect(page.getByRole('heading', { name: 'The chain is whole' })).toBeVisible();
    const entries = page.getByRole('main').getByRole('listitem');
    await expect(entries.filter({ hasText: 'Helen Carter signed version 2' })).toHaveCount(1);
    await expect(entries.filter({ hasText: 'Helen Carter was refused a sign-off' })).toHaveCount(1);
    await expect(entries.filter({ hasText: 'Owen Price' }).first()).toBeVisible();
  });
});
