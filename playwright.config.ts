/** Browser tests: real service, real browser. Each test file starts the service it needs (test/support/product.ts). */
import { defineConfig } from '@playwright/test';
import { findBrowser } from './test/support/browser.ts';

const browser = await findBrowser();

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test/results/e2e',
  globalSetup: './test/support/e2eSetup.ts',
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: process.env['E2E_JSON'] ? [['json', { outputFile: process.env['E2E_JSON'] }], ['line']] : [['list']],
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    viewport: { width: 1280, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: browser.executablePath, args: [...browser.args, '--lang=en-GB'], env: { ...process.env, ...browser.env } as Record<string, string> },
  },
});
