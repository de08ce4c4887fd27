/** An open plan as its reader sees it: fields by their id in the content standard, everything inside them by role and label. */
import { expect, type Locator, type Page } from '@playwright/test';
import { fieldById, sectionById, sectionOfField } from '../../../shared/content/standard.ts';

export class PlanPage {
  readonly banner: Locator;

  constructor(readonly page: Page) {
    this.banner = page.getByRole('region', { name: 'Patient' });
  }

  /** Every section has been read and nothing is on its way. */
  async isReady(): Promise<void> {
    await expect(this.banner).toContainText(/Up to date|Saved \d/, { timeout: 20_000 });
  }

  section(id: string): Locator {
    // A heading may carry the same words as the section in it: the section is the inner one.
    return this.page.getByRole('region', { name: sectionById(id)?.title ?? id, exact: true }).last();
  }

  field(id: string): Locator {
    return this.page.locator(`[id="${sectionOfField(id)?.id ?? '?'}.${id}"]`);
  }

  /** Empty fields are folded away; shows the ones of this field's section. */
  async reveal(id: string): Promise<void> {
    const section = this.section(sectionOfField(id)?.id ?? '?');
    await expect(section.getByText('Getting ')).toHaveCount(0);
    if ((await this.field(id).count()) === 0) await section.getByRole('button', { name: /more fields?, empty/ }).click();
    await expect(this.field(id)).toBeVisible();
  }

  /** Opens the field's editor where it stands and answers the field. */
  async open(id: string): Promise<Locator> {
    await this.reveal(id);
    const field = this.field(id);
    const label = fieldById(id)?.label ?? '?';
    await field.getByRole('button', { name: new RegExp(`^(Answer|Change|Write): ${escaped(label)}$`) }).click();
    return field;
  }

  /** Chooses one of a few answers shown as round buttons or as a list. */
  async choose(id: string, answer: string): Promise<void> {
    const field = await this.open(id);
    const round = field.getByRole('radio', { name: answer, exact: true });
    const list = field.getByRole('combobox', { name: fieldById(id)?.label ?? '?', exact: true });
    await expect(round.or(list)).toBeVisible();
    if (await round.isVisible()) await round.check();
    else await list.selectOption({ label: answer });
    await this.finish(id);
  }

  /** Types into a field of short text and leaves it. */
  async fill(id: string, text: string): Promise<void> {
    const field = await this.open(id);
    await field.getByRole('textbox', { name: fieldById(id)?.label ?? '?' }).fill(text);
    await this.finish(id);
  }

  /** The editor of a prose field, opened. */
  async writer(id: string): Promise<Locator> {
    const field = await this.open(id);
    const writer = field.getByRole('textbox', { name: fieldById(id)?.label ?? '?' });
    await expect(writer).toBeVisible();
    await expect(writer).toBeFocused();
    return writer;
  }

  /** "Done", or "Record" where an answer has to be recorded on purpose. */
  async finish(id: string): Promise<void> {
    const button = this.field(id).getByRole('button', { name: /^(Done|Record)$/ });
    await button.click();
    await expect(button).toHaveCount(0);
  }

  async says(id: string, text: string | RegExp): Promise<void> {
    await expect(this.field(id)).toContainText(text);
  }

  /** Longer than the longest pause between two attempts to reach the service. */
  async isSaved(): Promise<void> {
    await expect(this.banner).toContainText(/Saved \d\d:\d\d:\d\d/, { timeout: 20_000 });
  }

  /** Taking offline and handing back. */
  get tools(): Locator {
    return this.page.locator('.offline-tools');
  }

  /** Takes the plan offline and waits until it is held. */
  async takeOffline(): Promise<void> {
    await this.tools.getByRole('button', { name: 'Take offline for a visit' }).click();
    const question = this.tools.getByRole('group', { name: 'Take offline for a visit' });
    await expect(question).toContainText('This device will hold the plan, encrypted, for 12 hours');
    await question.getByRole('button', { name: 'Take it offline' }).click();
    await expect(this.tools).toContainText('Held on this device', { timeout: 40_000 });
  }

  /** The panel at the right: what is happening, what is to be settled. */
  get happening(): Locator {
    return this.page.getByRole('complementary', { name: 'What is happening' });
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
