/**
 * The Merkle tree of RFC 9162, section 2.1, without a store: which nodes a proof needs, how a tree grows, how proofs are checked. A leaf's hash is
 * handed in (it is the audit entry's: SHA-256 of 0x00 and the text); an inner node is SHA-256 of 0x01 and its two children. Sizes are whole numbers below 2^53.
 */
import { sha256 } from './hash.ts';

/** A complete subtree: `level` 0 is a leaf, `place` counts from the left within the level. */
export interface Place {
  readonly level: number;
  readonly place: number;
}
export interface PlacedHash extends Place {
  readonly hash: Buffer;
}
/** The leaves from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const hashBytes = 32;
/** Filled anew for every node: a log has as many of them as leaves. */
const marked = Buffer.alloc(1 + 2 * hashBytes, 1);

/** Throws unless both are SHA-256 hashes: what is shorter or longer would be hashed as something else. */
export function innerHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== hashBytes || right.length !== hashBytes) throw new RangeError('a node of the tree is not a hash');
  marked.set(left, 1);
  marked.set(right, 1 + hashBytes);
  return sha256(marked);
}
/** Root of the tree without leaves. */
export const emptyRoot = sha256('');

/** The largest power of two below `size`; for sizes from 2. */
function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** The complete subtrees that a range consists of, from left to right. The range begins where such a subtree may begin. */
export function partsOf({ start, end }: Range): Place[] {
  const parts: Place[] = [];
  let [from, level, width] = [start, 0, 1];
  while (width * 2 <= end - start) [level, width] = [level + 1, width * 2];
  for (; from < end; [level, width] = [level - 1, width / 2]) {
    if (end - from < width) continue;
    parts.push({ level, place: from / width });
    from += width;
  }
  return parts;
}

/** The root over neighbouring complete subtrees, from left to right. */
export function rootOver(parts: readonly Uint8Array[]): Buffer {
  const last = parts.at(-1);
  if (last === undefined) return emptyRoot;
  return parts.slice(0, -1).reduceRight<Buffer>((right, left) => innerHash(left, right), Buffer.from(last));
}

/** A tree that leaves are added to, known by the complete subtrees along its right edge. */
export class Growing {
  #size: number;
  readonly #edge: Buffer[];

  /** Begins with `size` leaves whose complete subtrees are `edge`: see `partsOf`. */
  constructor(size = 0, edge: readonly Buffer[] = []) {
    this.#size = size;
    this.#edge = [...edge];
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf; tells the inner nodes that are complete now. */
  add(leaf: Buffer, made?: (node: PlacedHash) => void): void {
    let hash = leaf;
    this.#size += 1;
    for (let [level, rest] = [1, this.#size]; rest % 2 === 0; [level, rest] = [level + 1, rest / 2]) {
      const left = this.#edge.pop();
      if (left === undefined) throw new Error('the right edge of the tree is not what its size says');
      hash = innerHash(left, hash);
      made?.({ level, place: rest / 2 - 1, hash });
    }
    this.#edge.push(hash);
  }

  root(): Buffer {
    return rootOver(this.#edge);
  }
}

/** What an inclusion proof of `leaf` in a tree of `size` consists of, in its order (2.1.3.1): each range's root is one hash of the proof. */
export function inclusionRanges(leaf: number, size: number): Range[] {
  const below = ({ start, end }: Range): Range[] => {
    if (end - start === 1) return [];
    const middle = start + split(end - start);
    return leaf < middle ? [...below({ start, end: middle }), { start: middle, end }] : [...below({ start: middle, end }), { start, end: middle }];
  };
  return below({ start: 0, end: size });
}

/** What a proof consists of that the tree of `before` leaves is the beginning of the one of `size` (2.1.4.1); 0 < `before` <= `size`. */
export function consistencyRanges(before: number, size: number): Range[] {
  const below = ({ start, end }: Range, whole: boolean): Range[] => {
    if (before === end) return whole ? [] : [{ start, end }];
    const middle = start + split(end - start);
    return before <= middle ? [...below({ start, end: middle }, whole), { start: middle, end }] : [...below({ start: middle, end }, false), { start, end: middle }];
  };
  return below({ start: 0, end: size }, true);
}

/** The proof that these ranges describe, from a store of complete subtrees. `undefined` from the store means that the log is damaged: throws. */
export function proofOf(ranges: readonly Range[], hashAt: (at: Place) => Buffer | undefined): Buffer[] {
  return ranges.map((range) => rootOver(partsOf(range).map((at) => {
    const hash = hashAt(at);
    if (!hash) throw new Error(`node ${at.level}/${at.place} of the audit log is missing`);
    return hash;
  })));
}

/** 2.1.3.2: does the proof show the leaf with this hash in the tree with this root? */
export function isIncluded(leafHash: Uint8Array, leaf: number, size: number, proof: readonly Uint8Array[], root: Uint8Array): boolean {
  if (leaf >= size || leaf < 0) return false;
  let [at, last] = [leaf, size - 1];
  let hash: Buffer = Buffer.from(leafHash);
  for (const part of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = innerHash(part, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = innerHash(hash, part);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** 2.1.4.2: does the proof show that the first tree is the beginning of the second? Nothing needs proving of an empty tree or of the same one. */
export function isConsistent(before: number, size: number, proof: readonly Uint8Array[], rootBefore: Uint8Array, root: Uint8Array): boolean {
  if (before > size || before < 0) return false;
  if (before === size) return proof.length === 0 && Buffer.from(rootBefore).equals(root);
  if (before === 0) return proof.length === 0 && emptyRoot.equals(rootBefore);
  const path = isPowerOfTwo(before) ? [rootBefore, ...proof] : [...proof];
  const [first, ...others] = path;
  if (first === undefined) return false;
  let [at, last] = [before - 1, size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [old, now]: [Buffer, Buffer] = [Buffer.from(first), Buffer.from(first)];
  for (const part of others) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [old, now] = [innerHash(part, old), innerHash(part, now)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      now = innerHash(now, part);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && old.equals(rootBefore) && now.equals(root);
}

const half = (value: number): number => Math.floor(value / 2);
const isPowerOfTwo = (size: number): boolean => size === 1 || split(size) * 2 === size;
