/** Opening a plan in an emergency, ending it, and reviewing it: as the GP, the coordinator and the privacy officer see it, wide and on a phone. */
import { faultsOf, sizes } from './faults.ts';
import { nhsNumberOf } from './numbers.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

for (const [size, viewport] of Object.entries(sizes)) {
  test(`[BG1] [BG4] [BG7] a plan is opened in an emergency, read, ended and reviewed, and nobody is shut out, ${size}`, async ({ arrive }) => {
    test.setTimeout(120_000);
    const page = await arrive('Dr Thomas Hartley', '/break-glass', { viewport });
    const open = page.getByRole('button', { name: 'Open the plan for 60 minutes' });
    await open.click();
    await expect(page.getByRole('alert')).toContainText('Choose why you need to read the plan.');
    const faults = [...await faultsOf(page, 'emergency, refused')];
    await page.getByRole('textbox', { name: 'NHS number' }).fill(nhsNumberOf('999249523'));
    await page.getByRole('textbox', { name: 'Date of birth' }).fill('11 2 1953');
    await page.getByRole('radio', { name: 'I am treating the person in an emergency' }).check();
    await page.getByRole('textbox', { name: 'What is happening' }).fill(`Called to the house at night, very breathless (${size})`);
    await open.click();
    const banner = page.getByRole('region', { name: 'Emergency access' });
    await expect(banner).toContainText('60 minutes left');
    await new PlanPage(page).isReady();
    await expect(page.getByRole('button', { name: /^Change/ })).toHaveCount(0);
    faults.push(...await faultsOf(page, 'plan in an emergency'));
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await expect(banner).toBeInViewport({ ratio: 1 });
    await banner.getByRole('button', { name: 'End it now' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Caseload' })).toBeVisible();
    await expect(page.getByRole('row', { name: /ASHBY/ })).toHaveCount(0);

    const officer = await arrive('Edith Lowe', '/privacy', { viewport });
    const alert = officer.getByRole('listitem').filter({ hasText: `(${size})` });
    await expect(alert).toContainText('Dr Thomas Hartley');
    await expect(officer.getByText('ASHBY')).toHaveCount(0);
    faults.push(...await faultsOf(officer, 'privacy'));
    await alert.getByRole('radio', { name: 'Justified', exact: true }).check();
    await alert.getByRole('textbox', { name: 'What you looked at and decided' }).fill('He was on call for the other practice that night');
    await alert.getByRole('button', { name: 'Close the review' }).click();
    await expect(alert).toContainText('Closed');
    expect(faults).toEqual([]);
  });
}

test('[NK9] [NK10] patient, inspector and administrator find what is theirs, and nothing else', async ({ arrive }) => {
  const patient = await arrive('Maureen Ashby', '/');
  await expect(patient.getByRole('article', { name: 'Signed plan' })).toContainText('ASHBY, Maureen');
  await patient.getByRole('link', { name: 'Who has looked at my plan' }).click();
  await expect(patient.getByRole('article', { name: 'Who has looked at my plan' })).toContainText('ASHBY, Maureen');
  await expect(patient.getByRole('button', { name: 'Print' })).toBeVisible();
  await patient.getByRole('link', { name: 'Back to my plan' }).click();
  await expect(patient.getByRole('article', { name: 'Signed plan' })).toBeVisible();
  const inspector = await arrive('Orla Keane', '/');
  await expect(inspector.getByRole('article', { name: 'Signed plan' })).toContainText('HALE, Winifred');
  const admin = await arrive('Julian Brook', '/');
  await expect(admin.getByRole('row', { name: /Dr Amara Osei/ })).toBeVisible();
  expect([...await faultsOf(patient, 'own plan'), ...await faultsOf(inspector, 'inspected plan'), ...await faultsOf(admin, 'colleagues')]).toEqual([]);
});
