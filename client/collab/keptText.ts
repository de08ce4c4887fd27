/** What was typed here and not taken by the server, or not sent to it: kept for the person to copy. */
import { fieldById } from '../../shared/content/standard.ts';
import type { SectionLink } from './sectionLink.ts';
import { Subject } from './subject.ts';

export interface KeptText {
  readonly section: string;
  readonly field: string;
  readonly value: unknown;
  readonly why: string;
}

export const endedWhy = 'The connection ended before this was sent: it is only on this device.';
export const overtakenWhy = 'Somebody else answered this at the same moment, and theirs stands.';

/** The values of this section's fields whose last change here was not confirmed. */
export const unsavedTexts = (link: SectionLink, why: string): readonly KeptText[] =>
  link.ledger.unsavedFields.filter((field) => fieldById(field) !== undefined).map((field) => ({ section: link.section.id, field, value: link.value(field), why }));

/** What was never sent of sections that are closed to the person by now: theirs to copy, and nowhere else. */
export const closedMeanwhile = (unsent: readonly KeptText[] = [], open: readonly { readonly id: string }[]): readonly KeptText[] =>
  unsent.filter((text) => !open.some(({ id }) => id === text.section)).map((text) => ({ ...text, why: 'This section is not open to you any more.' }));

/** The kept texts of one plan: those that were refused stay until the person is done with them, those of an ended connection until it goes on. */
export class Keeping {
  readonly texts = new Subject<readonly KeptText[]>([]);
  #atEnd: readonly KeptText[] = [];

  /** Those that the server did not take, without what an ended connection leaves. */
  get refused(): readonly KeptText[] {
    return this.texts.value.filter((text) => !this.#atEnd.includes(text));
  }
  /** Answers what was given. */
  add(texts: readonly KeptText[]): readonly KeptText[] {
    if (texts.length > 0) this.texts.set([...this.texts.value, ...texts]);
    return texts;
  }
  /** What the ended connection leaves here now; empty once it goes on. */
  atEnd(texts: readonly KeptText[]): void {
    const before = this.#atEnd;
    this.#atEnd = texts;
    if (before.length + texts.length > 0) this.texts.set([...this.texts.value.filter((text) => !before.includes(text)), ...texts]);
  }
  clear(): void {
    this.#atEnd = [];
    this.texts.set([]);
  }
}
