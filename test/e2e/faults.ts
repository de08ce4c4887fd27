/** What shuts somebody out of a page: serious accessibility faults, and anything that has to be scrolled sideways. */
import AxeBuilder from '@axe-core/playwright';
import { test, type Page } from '@playwright/test';

/** A desk and a phone. */
export const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;

/** What is wrong with the page as it stands, or with these parts of it (a whole plan takes long to examine); also leaves a picture beside the results. */
export async function faultsOf(page: Page, name: string, parts: readonly string[] = []): Promise<readonly string[]> {
  await page.screenshot({ path: test.info().outputPath(`${name.replaceAll(/\W+/g, '-')}.png`) });
  const examined = new AxeBuilder({ page });
  for (const part of parts) examined.include(part);
  const { violations } = await examined.analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const beside = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return [
    ...grave.map(({ id, help, nodes }) => `${name}: ${id} (${help}): ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary?.replaceAll('\n', ' ') ?? ''}`).join(' | ')}`),
    ...(beside > 0 ? [`${name}: ${beside} pixels wider than the screen`] : []),
  ];
}
