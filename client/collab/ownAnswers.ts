/**
 * Answers given on this device to fields of which one answer counts, until they are known to be saved. Of two that were given at the same
 * moment one stands, and the words of the other are kept nowhere: whoever wrote them is told here.
 */
import type * as Y from 'yjs';

interface Answer {
  readonly id: { readonly client: number; readonly clock: number };
  readonly value: unknown;
}

export class OwnAnswers {
  readonly #answers = new Map<string, Answer>();

  /** `fields`: the map in which each field's answer stands under its id. */
  constructor(private readonly fields: Y.Map<unknown>) {}

  /** What stands in these fields now was written here. */
  wrote(ids: Iterable<string>): void {
    for (const id of ids) {
      const item = this.fields._map.get(id);
      if (item === undefined || item.deleted) this.#answers.delete(id);
      else this.#answers.set(id, { id: item.lastId, value: this.fields.get(id) });
    }
  }

  /** Only these fields are still unconfirmed. */
  keepOnly(unconfirmed: readonly string[]): void {
    for (const id of this.#answers.keys()) if (!unconfirmed.includes(id)) this.#answers.delete(id);
  }

  /** Somebody else changed these fields. Answers with those where theirs, written without having seen the own answer, stands instead of it. */
  overtaken(ids: Iterable<string>): readonly { readonly field: string; readonly value: unknown }[] {
    const lost: { field: string; value: unknown }[] = [];
    for (const field of ids) {
      const own = this.#answers.get(field);
      const standing = this.fields._map.get(field);
      if (own === undefined || standing === undefined || isThat(standing.lastId, own.id)) continue;
      this.#answers.delete(field);
      if (!saw(standing, own.id) && JSON.stringify(this.fields.get(field)) !== JSON.stringify(own.value)) lost.push({ field, value: own.value });
    }
    return lost;
  }
}

const isThat = (a: Y.ID, b: Answer['id']): boolean => a.client === b.client && a.clock === b.clock;

/** Whether the writer of `item`, or of an answer that it was written upon, had that answer before them: each names the one that it followed. */
function saw(item: Y.Item, own: Answer['id']): boolean {
  for (let one: Y.Item | null = item; one !== null; one = before(one)) {
    if (one.origin !== null && isThat(one.origin, own)) return true;
  }
  return false;
}
function before(item: Y.Item): Y.Item | null {
  let left = item.left;
  while (left !== null && item.origin !== null && !isThat(left.lastId, item.origin)) left = left.left;
  return item.origin === null ? null : left;
}
