/** What stands in a plan never runs: not as it is shown, not where it is written, and not when the page itself is made to try. */
import type { Page } from '@playwright/test';
import { expect, test } from './journey.ts';
import { PlanPage } from './pages/planPage.ts';
import { SignInPage } from './pages/signInPage.ts';

const hostile = '<img src=x onerror="window.stolen=1"><script>window.stolen=1</script>';
/** Runs in the page: what was stolen, and what the policy stopped. */
const stolen = (page: Page): Promise<unknown> => page.evaluate(() => (window as { stolen?: unknown }).stolen);

test('[WH15] A56 markup in a plan is shown as text to everybody, and pasted markup comes in as plain words', async ({ arrive }) => {
  const gp = await arrive('Dr Amara Osei', '/plans/plan_mohinder-gill');
  const plan = new PlanPage(gp);
  await plan.isReady();
  const writer = await plan.writer('whatMatters');
  await gp.keyboard.type(hostile);
  // A paste as a browser hands it over.
  await writer.evaluate((node, html) => {
    const data = new DataTransfer();
    data.setData('text/html', html);
    node.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, '<p>Pasted <b onclick="window.stolen=1" style="position:fixed">words</b><img src="x" onerror="window.stolen=1"><script>window.stolen=1</script><svg onload="window.stolen=1"></svg></p>');
  await plan.finish('whatMatters');
  await plan.isSaved();

  const nurse = await arrive('Ann Reid', '/plans/plan_mohinder-gill');
  await new PlanPage(nurse).isReady();
  for (const page of [gp, nurse]) {
    const field = new PlanPage(page).field('whatMatters');
    await expect(field).toContainText(hostile);
    await expect(field).toContainText('Pasted words');
    await expect(field.locator('.plan-prose').locator('img:not(.ProseMirror-separator), script, svg, [onclick], [onerror]')).toHaveCount(0);
    expect(await stolen(page)).toBeUndefined();
  }
});

test('[WH15] A56 a script that got into the page by a fault of ours would not run, nor a style, a frame or a call elsewhere', async ({ browser, product }) => {
  // Not through `arrive`: every attempt is a complaint in the console.
  const context = await browser.newContext({ baseURL: product.url });
  const page = await context.newPage();
  await page.goto('/');
  await new SignInPage(page).signInAs('Helen Carter');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const answer = await page.evaluate(async () => {
    // The browser's own tools may do what a page may not: from the next turn on this is the page.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const stopped: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => stopped.push(event.effectiveDirective));
    const attempt = (work: () => void): void => { try { work(); } catch (error) { stopped.push(error instanceof Error ? error.name : 'thrown'); } };
    attempt(() => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.stolen=1">'); });
    attempt(() => { const script = document.createElement('script'); script.append('window.stolen=1'); document.body.append(script); });
    attempt(() => { const made: unknown = Reflect.construct(Function, ['window.stolen=1']); (made as () => void)(); });
    attempt(() => { const style = document.createElement('style'); style.append('body{display:none}'); document.body.append(style); });
    attempt(() => { const frame = document.createElement('iframe'); frame.src = 'https://evil.example/'; document.body.append(frame); });
    attempt(() => { const image = document.createElement('img'); image.src = 'https://evil.example/x.png'; document.body.append(image); });
    attempt(() => { const base = document.createElement('base'); base.href = 'https://evil.example/'; document.head.append(base); });
    await fetch('https://evil.example/').catch(() => stopped.push('fetch'));
    attempt(() => { void new WebSocket('wss://evil.example/'); });
    for (let turn = 0; turn < 200 && !stopped.includes('frame-src') && !stopped.includes('default-src'); turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    return { stopped, shown: getComputedStyle(document.body).display };
  });
  expect(await stolen(page)).toBeUndefined();
  expect(answer.shown).not.toBe('none');
  expect(answer.stopped).toEqual(expect.arrayContaining(['TypeError', 'EvalError', 'style-src-elem', 'img-src', 'base-uri', 'connect-src', 'fetch']));
  await context.close();
});
