/** What cannot be right is refused where it was typed, says why, and stays there to be put right. */
import { today } from '../../client/ui/today.ts';
import { addDays } from '../../shared/domain/dates.ts';
import { nhsNumberOf } from './numbers.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

const asTyped = (date: string): string => date.split('-').reverse().join(' ');
const unborn = asTyped(addDays(today(), 3));
const linda = nhsNumberOf('999245713');
const wrongDigit = linda.slice(0, 9) + String((Number(linda.at(-1)) + 1) % 10);

test('[JO8] a new plan names every field at fault, keeps what was typed, and points to the plan that exists', async ({ arrive }) => {
  const page = await arrive('Helen Carter', '/plans/new');
  const box = (name: string) => page.getByRole('textbox', { name, exact: true });
  const [number, family, given, born] = [box('NHS number'), box('Family name'), box('First names'), box('Date of birth')] as const;
  await number.fill(wrongDigit);
  await family.fill('Proctor');
  await given.fill('Linda');
  await born.fill(unborn);
  await page.getByRole('button', { name: 'Begin the plan' }).click();

  const summary = page.getByRole('alert').filter({ has: page.getByRole('heading') });
  await expect(summary.getByRole('link')).toHaveCount(2);
  await expect(summary).toContainText('NHS number');
  await expect(summary).toContainText('Date of birth');
  for (const field of [number, born]) await expect(field).toHaveAttribute('aria-invalid', 'true');
  for (const field of [family, given]) await expect(field).not.toHaveAttribute('aria-invalid', 'true');
  await summary.getByRole('link').filter({ hasText: 'Date of birth' }).click();
  await expect(born).toBeFocused();
  for (const [field, text] of [[number, wrongDigit], [family, 'Proctor'], [given, 'Linda'], [born, unborn]] as const) await expect(field).toHaveValue(text);

  await number.fill(linda);
  await born.fill('5 6 1941');
  await expect(page.getByText('Understood as 05-Jun-1941')).toBeVisible();
  await page.getByRole('button', { name: 'Begin the plan' }).click();
  await expect(page.getByRole('alert')).toContainText(/open plan/i);
  await page.getByRole('link', { name: 'Open the plan that this person has' }).click();
  await expect(page).toHaveURL(/\/plans\/plan_linda-proctor$/);
  await expect(page.getByRole('region', { name: 'Patient' })).toContainText('PROCTOR, Linda');
});

test('[JO8] an answer that a field refuses stays where it was typed, is not in the plan, and can be gone on with', async ({ arrive }) => {
  const address = '/plans/plan_patricia-doyle';
  const plan = new PlanPage(await arrive('Dr Amara Osei', address));
  const other = new PlanPage(await arrive('Ann Reid', address));
  await plan.isReady();
  await other.isReady();
  const before = /\d\d-\w{3}-\d{4} \d\d:\d\d/.exec(await other.field('cprDate').innerText())?.[0] ?? 'no such answer';

  const field = await plan.open('cprDate');
  const day = field.getByRole('textbox', { name: /day, month, year$/ });
  await day.fill('31 2 2026');
  await expect(field).toContainText('There is no such day');
  await field.getByRole('button', { name: 'Record' }).click();
  await expect(day).toHaveValue('31 2 2026');
  const ahead = asTyped(addDays(today(), 3));
  await day.fill(ahead);
  await field.getByRole('button', { name: 'Record' }).click();
  await expect(field.getByText(/still to come/)).toBeVisible();
  await expect(day).toHaveValue(ahead);

  // Another field is opened meanwhile: what was typed is kept, and marked as not being in the plan.
  await plan.open('preferredName');
  await expect(field).toContainText('Not recorded');
  await field.getByRole('button', { name: 'Go on with it' }).click();
  await expect(day).toHaveValue(/\d/);
  await other.says('cprDate', before);
  await field.getByRole('button', { name: 'Cancel' }).click();
  await plan.says('cprDate', before);
});
