/** Read-only means without an editor; hidden means that not one byte of it arrives. */
import type { Page } from '@playwright/test';
import { expect, test, type Arrive } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

const plan = '/plans/plan_maureen-ashby';
// The seeded answers of the key-safe section. The code alone could be part of a hash: there it is not a word by itself.
const secrets = [/behind the water butt/, /(?<![0-9a-f])4471(?![0-9a-f])/i];

/** Everything that a browser has been sent by the service, besides the program itself. */
function listener(): { readonly onPage: (page: Page) => void; settled(): Promise<string> } {
  const parts: Promise<string>[] = [];
  return {
    onPage: (page) => {
      page.on('response', (response) => {
        if (!response.url().includes('/assets/')) parts.push(response.text().catch(() => ''));
      });
      page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => void parts.push(Promise.resolve(payload.toString('utf8')))));
    },
    settled: async () => (await Promise.all(parts)).join('\n'),
  };
}

/** Opens everything of this plan that the person can open, and answers what was sent to the browser meanwhile. */
async function everythingSentTo(arrive: Arrive, name: string): Promise<{ readonly page: Page; readonly sent: string }> {
  const heard = listener();
  const page = await arrive(name, plan, { before: heard.onPage });
  await new PlanPage(page).isReady();
  for (const [address, heading] of [['/versions/2', 'Signed version 2'], ['/compare?from=1&to=draft', 'Compare'], ['/sign-off', 'Review and sign'], ['/audit', 'Audit trail'], ['', 'Care plan']] as const) {
    await page.goto(plan + address);
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeAttached();
    await expect(page.getByText('Getting ')).toHaveCount(0);
  }
  await new PlanPage(page).isReady();
  return { page, sent: await heard.settled() };
}

test('[JO3] HAZ-10 the social worker reads the resuscitation section and finds no editor in it', async ({ arrive }) => {
  const page = await arrive('Daniel Moss', plan);
  const social = new PlanPage(page);
  await social.isReady();
  const section = social.section('resuscitation');
  await expect(section).toContainText('You may read this, not write it');
  await social.says('cprDecision', 'Not for attempted CPR');
  for (const role of ['textbox', 'combobox', 'radio', 'checkbox'] as const) await expect(section.getByRole(role)).toHaveCount(0);
  await expect(section.getByRole('button', { name: /^(Answer|Change|Write|Settle|Add)/ })).toHaveCount(0);
  await social.field('cprDecision').getByText('Not for attempted CPR').click();
  await expect(section.getByRole('radio')).toHaveCount(0);
  // The very same hand opens an editor where it may write.
  await social.writer('whatMatters');
});

test('[JO3] HAZ-18 a care-home nurse is sent nothing of the key-safe section, a district nurse is', async ({ arrive }) => {
  const coordinator = await arrive('Helen Carter', `${plan}/team`);
  await coordinator.getByRole('combobox', { name: 'Organisation' }).selectOption({ label: 'Larkfield House Care Home' });
  await coordinator.getByRole('textbox', { name: 'What it does for the person' }).fill('Respite stay');
  await coordinator.getByRole('button', { name: 'Add to the care team' }).click();
  await expect(coordinator.getByRole('heading', { name: 'Larkfield House Care Home' })).toBeVisible();

  const costa = await everythingSentTo(arrive, 'Maria Costa');
  await expect(costa.page.getByRole('heading', { name: 'Home, access and safety' }).first()).toBeAttached();
  await expect(costa.page.getByText(/key-safe (code|position)/i)).toHaveCount(0);
  await expect(costa.page.locator('[id^="keysafe."]')).toHaveCount(0);
  const whole = await costa.page.content();
  for (const secret of secrets) {
    expect(whole).not.toMatch(secret);
    expect(costa.sent).not.toMatch(secret);
  }
  // Proof that this way of looking finds it where it is.
  const reid = await everythingSentTo(arrive, 'Ann Reid');
  for (const secret of secrets) expect(reid.sent).toMatch(secret);
  const code = new PlanPage(reid.page).field('keySafeCode');
  await expect(code).not.toContainText('4471');
  await code.getByRole('button', { name: 'Show' }).click();
  await expect(code).toContainText('4471');
});
