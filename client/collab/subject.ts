/** A value that can be listened to; the smallest thing that React's `useSyncExternalStore` needs. */
export class Subject<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T, private readonly same: (a: T, b: T) => boolean = Object.is) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Sets it; listeners hear of it only if it is another. */
  set(value: T): void {
    if (this.same(this.#value, value)) return;
    this.#value = value;
    for (const heard of [...this.#listeners]) heard();
  }

  readonly listen = (heard: () => void): (() => void) => {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  };
  readonly get = (): T => this.#value;
}
