/** The page on which somebody chooses whom to be in the demonstration. */
import { expect, type Page } from '@playwright/test';

export class SignInPage {
  constructor(private readonly page: Page) {}

  /** Waits until the page has let this person in. */
  async signInAs(name: string): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await this.page.getByRole('button', { name }).click();
    await expect(this.page.getByRole('banner')).toContainText(name);
  }
}
