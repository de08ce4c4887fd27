/** Reading what will be signed, and signing it. */
import { expect, type Locator, type Page } from '@playwright/test';

export class SignOffPage {
  readonly desk: Locator;
  readonly sign: Locator;

  constructor(readonly page: Page) {
    this.desk = page.getByRole('complementary', { name: 'Sign-off' });
    this.sign = this.desk.getByRole('button', { name: /^Sign version \d+$/ });
  }

  async open(plan: string): Promise<void> {
    await this.page.goto(`${plan}/sign-off`);
    await expect(this.desk).toContainText(/Ready to be signed|Not ready/);
  }

  /** Ticks both identifiers. */
  async confirmWho(familyName: string, born: string): Promise<void> {
    await this.desk.getByRole('checkbox', { name: `Family name ${familyName}` }).check();
    await this.desk.getByRole('checkbox', { name: `Born ${born}` }).check();
  }
}
