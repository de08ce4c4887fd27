/** Two people write one plan together: every kind of field, both ways, and "Saved" only when it is true. */
import type { Page } from '@playwright/test';
import { addDays, formatDate } from '../../shared/domain/dates.ts';
import { today } from '../../client/ui/today.ts';
import { holdSavedAnswers } from './sockets.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

const address = '/plans/plan_linda-proctor';
const doctor = 'Dr Amara Osei';
const nurse = 'Ann Reid';

async function bothReady(first: Page, second: Page): Promise<readonly [PlanPage, PlanPage]> {
  const plans = [new PlanPage(first), new PlanPage(second)] as const;
  for (const plan of plans) await plan.isReady();
  return plans;
}

test('[JO1] two people write every kind of field and each sees what the other wrote', async ({ arrive }) => {
  const [gp, reid] = await bothReady(await arrive(doctor, address), await arrive(nurse, address));
  await expect(gp.banner.getByRole('list', { name: '1 other person here' })).toContainText(nurse);
  await expect(reid.banner.getByRole('list', { name: '1 other person here' })).toContainText(doctor);

  await test.step('one choice of a few, and one of many', async () => {
    await gp.choose('interpreterNeeded', 'No');
    await reid.says('interpreterNeeded', 'No');
    await reid.choose('religion', 'Humanist');
    await gp.says('religion', 'Humanist');
  });
  await test.step('several choices', async () => {
    const field = await reid.open('infoFormat');
    await field.getByRole('checkbox', { name: 'Large print' }).check();
    await field.getByRole('checkbox', { name: 'Audio' }).check();
    await reid.finish('infoFormat');
    await gp.says('infoFormat', 'Large print');
    await gp.says('infoFormat', 'Audio');
  });
  await test.step('yes or no', async () => {
    await gp.choose('ppd1Usual', 'Yes');
    await reid.says('ppd1Usual', 'Yes');
  });
  await test.step('a date, typed day first and shown as understood', async () => {
    const day = addDays(today(), 20);
    const field = await reid.open('reviewDue');
    await field.getByRole('textbox', { name: /day, month, year$/ }).fill(day.split('-').reverse().join(' '));
    await expect(field).toContainText(`Understood as ${formatDate(day)}`);
    await reid.finish('reviewDue');
    await gp.says('reviewDue', formatDate(day));
  });
  await test.step('a date with a time', async () => {
    const field = await gp.open('cprDate');
    const day = addDays(today(), -2);
    await field.getByRole('textbox', { name: /day, month, year$/ }).fill(day.split('-').reverse().join('/'));
    await field.getByRole('textbox', { name: /24-hour clock$/ }).fill('14:30');
    await gp.finish('cprDate');
    await reid.says('cprDate', new RegExp(`${formatDate(day)}.*14:30`));
  });
  await test.step('short text, while the other sees who stands there', async () => {
    const field = await reid.open('preferredName');
    await gp.says('preferredName', `${nurse} here`);
    await field.getByRole('textbox', { name: 'Likes to be called' }).fill('Lin');
    await reid.finish('preferredName');
    await gp.says('preferredName', 'Lin');
    await expect(gp.field('preferredName')).not.toContainText(nurse);
  });
  await test.step('a person, from the care team', async () => {
    const field = await reid.open('gpName');
    await field.getByRole('combobox', { name: 'From the care team' }).selectOption({ label: 'Dr Amara Osei, GP, Elm Street Surgery' });
    await reid.finish('gpName');
    await gp.says('gpName', 'Dr Amara Osei');
  });
  await test.step('rows: both add one, both stay', async () => {
    for (const [plan, name, relation] of [[gp, 'Gareth Proctor', 'Son'], [reid, 'Nell Proctor', 'Sister']] as const) {
      await plan.reveal('contacts');
      await plan.field('contacts').getByRole('button', { name: 'Add a person' }).click();
      const row = plan.field('contacts').getByRole('group', { name: 'person', exact: true });
      await row.getByRole('textbox', { name: 'Name' }).fill(name);
      await row.getByRole('textbox', { name: 'Relationship' }).fill(relation);
      await plan.field('contacts').getByRole('button', { name: 'Save this person' }).click();
    }
    for (const plan of [gp, reid]) for (const name of ['Gareth Proctor', 'Nell Proctor']) await plan.says('contacts', name);
  });
  for (const plan of [gp, reid]) await plan.isSaved();
});

test('[JO1] two people type in the same paragraph at once and nothing of either is lost', async ({ arrive }) => {
  const [gp, reid] = await bothReady(await arrive(doctor, address), await arrive(nurse, address));
  const first = await gp.writer('whatMatters');
  await first.pressSequentially('The garden. ');
  const second = await reid.writer('whatMatters');
  await expect(second).toContainText('The garden.');
  await expect(first).toContainText(nurse); // her caret, with her name
  // As somebody does who sees that the cursor did not move: a key may fall into the same instant as another's letter.
  await expect(async () => {
    await second.press('Home');
    expect(await reid.page.evaluate(() => getSelection()?.anchorOffset)).toBe(0);
  }).toPass();
  await second.pressSequentially('She ');
  await expect(first).toContainText(/She .*The garden\./); // her caret stands between
  await Promise.all([first.pressSequentially('Her roses most of all.', { delay: 25 }), second.pressSequentially('says: ', { delay: 60 })]);
  await Promise.all([gp.finish('whatMatters'), reid.finish('whatMatters')]);
  for (const plan of [gp, reid]) {
    await plan.says('whatMatters', 'She says: The garden. Her roses most of all.');
    await plan.isSaved();
  }
});

test('[JO1] "Saved" is said only after the service has answered that it is', async ({ arrive }) => {
  const held = holdSavedAnswers();
  const [gp, reid] = await bothReady(await arrive(doctor, address, { before: held.onPage }), await arrive(nurse, address));
  held.hold();
  await gp.fill('address', '4 Mill Row, Northmere');
  // Long committed, since the other one has it: and yet the writer is not told so before the answer is there.
  await reid.says('address', '4 Mill Row, Northmere');
  await expect(gp.banner).toContainText('Saving…');
  await expect(gp.banner).not.toContainText(/Saved \d/);
  held.release();
  await gp.isSaved();
});

test('[JO1] while a plan opens, no answer that is recorded is called empty, not for a moment', async ({ arrive }) => {
  const page = await arrive(nurse, '/meetings');
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { calledEmpty: said });
    new MutationObserver(() => {
      for (const button of document.querySelectorAll('button')) if (/more fields, empty/.test(button.textContent ?? '') && button.title.includes("Family name")) said.push(button.textContent ?? '');
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto('/plans/plan_maureen-ashby');
  const plan = new PlanPage(page);
  await plan.isReady();
  await plan.says('familyName', 'Ashby');
  expect(await page.evaluate(() => (window as unknown as { calledEmpty: string[] }).calledEmpty)).toEqual([]);
});
