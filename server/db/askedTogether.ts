/** Questions to storage that many ask at the same moment, when everybody comes back at once: each is asked once, and many in one journey. */

interface Waiting<Answer> {
  readonly answer: Promise<Answer | undefined>;
  readonly resolve: (answer: Answer | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export class AskedTogether<Key, Answer> {
  #waiting = new Map<Key, Waiting<Answer>>();
  #asking = false;

  /** `ask` answers what it knows of these keys, at most so many in one journey; a key that is left out has no answer. */
  constructor(private readonly ask: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Answer>>, private readonly most = Number.POSITIVE_INFINITY) {}

  /**
   * What storage says of the key. Whoever asks while a journey is under way waits for the next: an answer is never older than its question.
   * Throws what `ask` throws.
   */
  of(key: Key): Promise<Answer | undefined> {
    let waiting = this.#waiting.get(key);
    if (!waiting) {
      waiting = promised<Answer>();
      this.#waiting.set(key, waiting);
    }
    if (!this.#asking) void this.#askAll();
    return waiting.answer;
  }

  async #askAll(): Promise<void> {
    this.#asking = true;
    // Everybody who asks in the same breath goes along.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const asked = this.#next();
      try {
        const answers = await this.ask([...asked.keys()]);
        for (const [key, { resolve }] of asked) resolve(answers.get(key));
      } catch (error) {
        for (const { reject } of asked.values()) reject(error);
      }
    }
    this.#asking = false;
  }

  /** Whoever has waited longest goes first. */
  #next(): Map<Key, Waiting<Answer>> {
    const all = this.#waiting;
    this.#waiting = new Map();
    if (all.size <= this.most) return all;
    const asked = [...all];
    this.#waiting = new Map(asked.slice(this.most));
    return new Map(asked.slice(0, this.most));
  }
}

function promised<Answer>(): Waiting<Answer> {
  let [resolve, reject]: [Waiting<Answer>['resolve'], Waiting<Answer>['reject']] = [() => undefined, () => undefined];
  const answer = new Promise<Answer | undefined>((yes, no) => { [resolve, reject] = [yes, no]; });
  return { answer, resolve, reject };
}
