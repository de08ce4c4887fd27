/** The session ends, or becomes somebody else's, while words are only on the screen: they stay, and never go out under another name. */
import { people } from '../../server/demo/people.ts';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';

const address = '/plans/plan_george-tilling';

test('[SC21] [SC22] HAZ-04 HAZ-09 words written offline outlive the end of the session and another person’s, and are sent when their own person is back', async ({ arrive }) => {
  const page = await arrive(people.hartley.name, address);
  const plan = new PlanPage(page);
  await plan.isReady();
  const signIn = async (personId: string | undefined): Promise<void> => {
    const headers = { Origin: new URL(page.url()).origin, 'Idempotency-Key': crypto.randomUUID() };
    const answer = await page.context().request.fetch('/api/session', personId === undefined ? { method: 'DELETE', headers } : { method: 'POST', headers, data: { personId } });
    expect(answer.ok()).toBe(true);
  };
  const comeBack = (): Promise<void> => page.evaluate(() => void window.dispatchEvent(new Event('focus')));
  await page.context().setOffline(true);
  await plan.fill('preferredName', 'Skipper');
  await expect(plan.banner).toContainText('Offline: 1 change only on this device');

  await signIn(undefined);
  await page.context().setOffline(false);
  await comeBack();
  await expect(page.getByRole('alert').filter({ hasText: 'Signed out: 1 change only on this device' })).toBeVisible();
  await expect(page.locator('.plan-kept__words')).toHaveText('Skipper');
  await expect(page.getByText('Writing has stopped: see the top of the plan').first()).toBeVisible();
  expect(page.url()).toContain(address);

  await signIn('person_ann-reid');
  await comeBack();
  await expect(page.getByRole('heading', { name: 'Somebody else signed in in this browser' })).toBeVisible();
  await expect(page.locator('.plan-kept__words:visible')).toHaveText('Skipper');
  await expect(plan.banner).toBeHidden();

  await signIn(people.hartley.id);
  await comeBack();
  await plan.isSaved();
  await plan.says('preferredName', 'Skipper');
  const trail = await page.context().request.get(`/api${address}/audit`).then((answer) => answer.text());
  expect(trail).not.toContain('person_ann-reid');
  await expect(page.locator('.plan-kept__words')).toHaveCount(0);
});
