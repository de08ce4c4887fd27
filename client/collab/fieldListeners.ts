/** Who listens to which field: a key pressed in one field reaches the listeners of that field only. */
export class FieldListeners {
  readonly #heard = new Map<string, Set<() => void>>();

  /** Counts `heard` in until the answer is called. */
  on(section: string, field: string, heard: () => void): () => void {
    const key = `${section}.${field}`;
    const all = this.#heard.get(key) ?? new Set();
    this.#heard.set(key, all.add(heard));
    return () => all.delete(heard);
  }
  tell(section: string, fields: Iterable<string>): void {
    for (const field of fields) for (const heard of [...(this.#heard.get(`${section}.${field}`) ?? [])]) heard();
  }
  clear(): void {
    this.#heard.clear();
  }
}
