/** What every journey has: a real service of its worker's own, and people who arrive at it in browsers of their own. */
import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { startProduct, type Product } from '../support/product.ts';
import { SignInPage } from './pages/signInPage.ts';

export interface ArriveOptions {
  /** Called with the page before anything is loaded. */
  readonly before?: (page: Page) => Promise<void> | void;
  readonly viewport?: { readonly width: number; readonly height: number };
}
/** Opens a browser for this person, signs in through the screen and ends up at the address. */
export type Arrive = (name: string, address: string, options?: ArriveOptions) => Promise<Page>;

// What a browser reports when a journey itself takes the network or the service away.
const networkComplaint = /Failed to load resource|WebSocket connection to|net::ERR_|Unable to preload CSS|Failed to fetch dynamically imported module/;

export const test = base.extend<{ arrive: Arrive }, { product: Product }>({
  product: [
    // Playwright reads from this pattern which other fixtures are wanted: none.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const product = await startProduct({ env: { LOG_LEVEL: 'warn' } });
      await use(product);
      await product.dispose();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  arrive: async ({ browser, product }, use, testInfo) => {
    const contexts: BrowserContext[] = [];
    const complaints: string[] = [];
    await use(async (name, address, options = {}) => {
      const context = await browser.newContext({ baseURL: product.url, ...(options.viewport ? { viewport: options.viewport } : {}) });
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !networkComplaint.test(message.text())) complaints.push(`${name}: ${message.text()}`);
      });
      await options.before?.(page);
      await page.goto(address);
      await new SignInPage(page).signInAs(name);
      return page;
    });
    for (const context of contexts) await context.close();
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('what the service said', { body: product.output(), contentType: 'text/plain' });
    expect(complaints, 'errors in the browsers’ consoles').toEqual([]);
  },
});
export { expect };
