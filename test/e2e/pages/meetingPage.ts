/** A meeting: its lobby, its room as one person sees it, and its minutes. */
import { expect, type Locator, type Page } from '@playwright/test';

export class MeetingPage {
  readonly agenda: Locator;
  readonly record: Locator;
  readonly people: Locator;
  readonly top: Locator;

  constructor(readonly page: Page) {
    this.agenda = page.getByRole('navigation', { name: 'Agenda' });
    this.record = page.getByRole('region', { name: 'Decisions and actions' });
    this.people = page.getByRole('region', { name: /^Here: / });
    this.top = page.getByRole('group', { name: 'State of the meeting' });
  }

  async join(): Promise<void> {
    await this.page.getByRole('button', { name: 'Join the meeting' }).click();
    await expect(this.agenda).toBeVisible();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** The plan in the middle of the room is this patient's. */
  async shows(name: string): Promise<void> {
    await expect(this.page.getByRole('region', { name: 'Patient' })).toContainText(name);
    await expect(this.agenda.getByRole('button', { name })).toHaveAttribute('aria-current', 'true');
  }

  async decide(text: string): Promise<void> {
    await this.record.getByRole('textbox', { name: 'New decision' }).fill(text);
    await this.button('Record decision').click();
    await expect(this.record.getByRole('listitem').filter({ hasText: text })).toBeVisible();
  }

  async act(text: string, owner: string): Promise<void> {
    await this.record.getByRole('textbox', { name: 'New action' }).fill(text);
    await this.record.getByRole('combobox', { name: 'Owner' }).selectOption({ label: owner });
    await this.button('Record action').click();
    await expect(this.record.getByRole('listitem').filter({ hasText: text })).toBeVisible();
  }
}
