/**
 * What of one section is saved, by the server's word only. A change is unsaved until a barrier that was asked for *after* it
 * has been answered on the same connection.
 */
export class SaveLedger {
  #changes = 0;
  #saved = 0;
  #question: { readonly number: number; readonly covers: number } | undefined;
  #lastNumber = 0;
  /** Field id → number of the last local change to it. */
  readonly #fields = new Map<string, number>();

  /** A local change to these fields. */
  changed(fields: Iterable<string>): void {
    this.#changes += 1;
    for (const field of fields) this.#fields.set(field, this.#changes);
  }

  /** Something is unsaved and no question is on its way. */
  get mayAsk(): boolean {
    return this.unsaved && this.#question === undefined;
  }
  get unsaved(): boolean {
    return this.#saved < this.#changes;
  }
  /** Fields whose last local change has not been confirmed. */
  get unsavedFields(): readonly string[] {
    return [...this.#fields.keys()];
  }

  /** The number to send with the barrier; covers every change so far. */
  ask(): number {
    this.#lastNumber += 1;
    this.#question = { number: this.#lastNumber, covers: this.#changes };
    return this.#lastNumber;
  }

  /** The server answered a barrier. False if it is not the one that is waited for. */
  answered(number: number): boolean {
    const question = this.#question;
    if (question === undefined || question.number !== number) return false;
    this.#question = undefined;
    this.#saved = Math.max(this.#saved, question.covers);
    for (const [field, change] of this.#fields) if (change <= this.#saved) this.#fields.delete(field);
    return true;
  }

  /** The connection is gone: a question that was on its way will not be answered. */
  lostConnection(): void {
    this.#question = undefined;
  }
}
