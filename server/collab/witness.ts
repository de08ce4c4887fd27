/**
 * The second opinion. What an update says it would change is told from its bytes (`claim.ts`); here the staging document's own
 * transactions say what did change. Both must name the same places, the same spans and the same deletions. Costs as much as the change is large.
 */
import * as Y from 'yjs';
import { fieldsRoot } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { newFrom, type Claim } from './claim.ts';
import { seenBy, wasSeen } from './gaps.ts';
import { placeName, rootOf, type AnyType } from './places.ts';
import type { Deletion, Id, Struct } from './updateReading.ts';

export class Witness {
  /** Types that changed, each with the keys that changed in it (`null`: its sequence). */
  readonly changed = new Map<AnyType, Set<string | null>>();
  readonly deleted: Y.Transaction['deleteSet'][] = [];
  readonly #places = new Set<string>();
  #removed = 0;
  #contradiction = false;
  #transactions = 0;
  #disorder = false;

  constructor(private readonly claim: Claim) {}

  /** Takes down one transaction. To be called before its deletions are forgotten. */
  see(transaction: Y.Transaction): void {
    for (const [type, keys] of transaction.changed) this.#seeType(type, keys);
    this.deleted.push(transaction.deleteSet);
    if (this.#transactions === 0) {
      this.#seeSpans(transaction);
      this.#seeOrder(transaction.doc);
    }
    for (const [client, ranges] of transaction.deleteSet.clients) {
      const structs = transaction.doc.store.clients.get(client) ?? [];
      for (const { clock, len } of ranges) this.#seeDeletion(structs, client, clock, clock + len);
    }
    this.#transactions += 1;
  }

  /**
   * A piece must have ended up between the neighbours that its writer saw, and nothing beside it that its writer must have seen too. Where
   * it names them the wrong way round, or too far apart, the library puts it somewhere, but not everywhere in the same place: two copies
   * would read differently for ever, with equal clocks.
   */
  #seeOrder({ store }: Y.Doc): void {
    let steps: number = limits.neighbourStepsMax;
    for (const [client, from] of this.claim.spans) {
      const structs = store.clients.get(client) ?? [];
      const ordered = new Set<Y.Item>();
      for (let index = structs.length - 1; index >= 0 && !this.#disorder; index -= 1) {
        const item = structs[index] as Y.Item | Y.GC;
        if (item.id.clock + item.length <= from) break;
        if (!(item instanceof Y.Item) || item.parent === null || item.parentSub !== null) continue;
        steps = this.#seeSides(store, item, from, ordered, steps);
        if (steps <= 0) this.#disorder = true;
        ordered.add(item);
      }
    }
  }

  /** Answers how many of `steps` are left. */
  #seeSides(store: Y.Doc['store'], item: Y.Item, from: number, ordered: ReadonlySet<Y.Item>, steps: number): number {
    const [leftId, rightId] = [item.origin, item.rightOrigin];
    const seen = seenBy(itemAt(store, leftId), leftId, itemAt(store, rightId), rightId);
    const mustNotBe = (other: Y.Item): boolean => !(other.id.client === item.id.client && other.id.clock >= from) && wasSeen(seen, other.id);
    let rest = steps;
    // Of a run that was typed before one neighbour, the last is looked at first and the others only up to it.
    for (let next = item.right; !isSame(next?.id ?? null, rightId) && !(next !== null && ordered.has(next) && isSame(next.rightOrigin, rightId)); next = next.right) {
      if (next === null || mustNotBe(next)) this.#disorder = true;
      rest -= 1;
      if (next === null || rest <= 0 || this.#disorder) return rest;
    }
    for (let before = item.left; !isSame(before?.lastId ?? null, leftId) && !(before !== null && ordered.has(before) && isSame(before.origin, leftId)); before = before.left) {
      if (before === null || mustNotBe(before)) this.#disorder = true;
      rest -= 1;
      if (before === null || rest <= 0 || this.#disorder) return rest;
    }
    return rest;
  }

  #seeType(type: AnyType, keys: ReadonlySet<string | null>): void {
    const seen = this.changed.get(type);
    if (seen) for (const key of keys) seen.add(key);
    else this.changed.set(type, new Set(keys));
    const root = Y.findRootTypeKey(rootOf(type));
    if (root !== fieldsRoot) this.#places.add(root);
    else for (const key of keys) this.#places.add(placeName(root, key));
  }

  #seeSpans({ beforeState, afterState }: Y.Transaction): void {
    for (const [client, from, after] of this.claim.spans) {
      if ((beforeState.get(client) ?? 0) !== from || (afterState.get(client) ?? 0) !== after) this.#contradiction = true;
    }
  }

  /** Every piece that went must have been named, written over, inside something that went, or a mark that no longer marks anything. */
  #seeDeletion(structs: readonly (Y.Item | Y.GC)[], client: number, clock: number, end: number): void {
    const named = this.claim.named.get(client) ?? [];
    const from = newFrom(this.claim.spans, client);
    for (let index = Y.findIndexSS(structs as (Y.Item | Y.GC)[], clock); index < structs.length; index += 1) {
      const struct = structs[index] as Y.Item | Y.GC;
      if (struct.id.clock >= end) break;
      const covered = this.#transactions === 0 ? coverage(named, struct.id.clock, struct.id.clock + struct.length) : 0;
      if (struct.id.clock < from) this.#removed += covered;
      // What is named in part went as a whole only together with what it stood in.
      if (covered === struct.length) continue;
      if (!(struct instanceof Y.Item) || !(this.#follows(struct) || (struct.id.clock >= from && isBroughtAsGone(struct)))) this.#contradiction = true;
    }
  }

  #follows(item: Y.Item): boolean {
    const parent = item.parent as AnyType | null;
    if (parent === null) return false;
    if (item.parentSub !== null && item.right !== null && this.claim.overwrites.get(parent)?.has(item.parentSub) === true) return true;
    if (parent._item?.deleted === true) return true;
    return this.#transactions > 0 && item.content instanceof Y.ContentFormat;
  }

  /** Whether a piece stands on the wrong side of a neighbour that it names. */
  get disorder(): boolean {
    return this.#disorder;
  }

  /** Whether the document did what the update said, no less and no more. `logged` is what goes into the log. */
  agrees(logged: readonly Struct[]): boolean {
    const { places, removes, spans } = this.claim;
    if (this.#contradiction || this.#removed !== removes) return false;
    if (this.#places.size !== places.size || [...this.#places].some((each) => !places.has(each))) return false;
    const brought = new Map<number, { readonly from: number; after: number }>();
    for (const { id, length } of logged) {
      const span = brought.get(id.client);
      if (span && span.after !== id.clock) return false;
      if (span) span.after += length;
      else brought.set(id.client, { from: id.clock, after: id.clock + length });
    }
    return brought.size === spans.length && spans.every(([client, from, after]) => brought.get(client)?.from === from && brought.get(client)?.after === after);
  }
}

const isSame = (id: Id | null, other: Id | null): boolean => (id === null || other === null ? id === other : id.clock === other.clock && id.client === other.client);

function itemAt(store: Y.Doc['store'], id: Id | null): Y.Item | undefined {
  const item = id && Y.getItem(store, id);
  return item instanceof Y.Item ? item : undefined;
}

/** New, and nothing from the start: text taken back before it was sent, or a value that lost against another. */
const isBroughtAsGone = (item: Y.Item): boolean => item.content instanceof Y.ContentDeleted || (item.parentSub !== null && item.right !== null);

/** How many of the clocks from `clock` up to `end` the sorted list names. */
function coverage(named: readonly Deletion[], clock: number, end: number): number {
  let [low, high] = [0, named.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const deletion = named[middle] as Deletion;
    if (deletion.clock + deletion.length <= clock) low = middle + 1;
    else high = middle;
  }
  let covered = 0;
  for (let index = low; index < named.length; index += 1) {
    const deletion = named[index] as Deletion;
    if (deletion.clock >= end) break;
    covered += Math.min(end, deletion.clock + deletion.length) - Math.max(clock, deletion.clock);
  }
  return covered;
}
