/** The Merkle tree: published roots, and proofs against a tree built the slow way. */
import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { consistencyRanges, emptyRoot, Growing, inclusionRanges, isConsistent, isIncluded, partsOf, proofOf, type Place, type Range } from '../../server/audit/merkle.ts';

const sha256 = (...parts: Uint8Array[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafHash = (data: Buffer): Buffer => sha256(Buffer.of(0), data);

/** RFC 9162, 2.1.1, word for word: no store, no cleverness. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Buffer;
  const k = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}
const someLeaves = (count: number): Buffer[] => Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));

/** The nodes that a growing tree hands out are all that proofs are made of. */
function grown(leaves: readonly Buffer[]) {
  const tree = new Growing();
  const nodes = new Map<string, Buffer>();
  for (const [index, leaf] of leaves.entries()) {
    nodes.set(`0/${index}`, leaf);
    tree.add(leaf, ({ level, place, hash }) => nodes.set(`${level}/${place}`, hash));
  }
  return { tree, prove: (ranges: readonly Range[]) => proofOf(ranges, ({ level, place }: Place) => nodes.get(`${level}/${place}`)) };
}

describe('the tree', () => {
  // The leaves and roots that implementations of Certificate Transparency have long been checked with.
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'));
  test.each([
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'], [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'], [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'], [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'], [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('[ML1] of %i known leaves has the published root', (count, root) => {
    expect(grown(inputs.slice(0, count).map(leafHash)).tree.root().toString('hex')).toBe(root);
  });

  test('[ML1] without leaves has the hash of nothing as its root', () => {
    expect(new Growing().root().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(new Growing().root()).toEqual(emptyRoot);
  });

  test('[ML1] has the root of the tree built the slow way at every size, and goes on from its right edge alone', () => {
    const leaves = someLeaves(130);
    for (let size = 0; size <= leaves.length; size += 1) {
      const { tree, prove } = grown(leaves.slice(0, size));
      expect(tree.root()).toEqual(naiveRoot(leaves.slice(0, size)));
      const edge = partsOf({ start: 0, end: size }).map(({ level, place }) => ({ start: place * 2 ** level, end: (place + 1) * 2 ** level }));
      const again = new Growing(size, prove(edge));
      for (const leaf of leaves.slice(size, size + 9)) again.add(leaf);
      expect(again.root()).toEqual(naiveRoot(leaves.slice(0, size + 9)));
    }
  });
});

const sizes = fc.integer({ min: 1, max: 300 });
const leaves = someLeaves(300);

describe('an inclusion proof', () => {
  test('[ML2] holds for every leaf of every size, and is no longer than the tree is high', () => {
    fc.assert(fc.property(sizes, fc.nat(), (size, any) => {
      const leaf = any % size;
      const proof = grown(leaves.slice(0, size)).prove(inclusionRanges(leaf, size));
      expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      expect(isIncluded(leaves[leaf] as Buffer, leaf, size, proof, naiveRoot(leaves.slice(0, size)))).toBe(true);
    }), { numRuns: 300 });
  });

  test('[ML2] holds for nothing else: another leaf, place, size, root, a hash more, less, changed or moved', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), (size, any) => {
      const leaf = any % size;
      const root = naiveRoot(leaves.slice(0, size));
      const proof = grown(leaves.slice(0, size)).prove(inclusionRanges(leaf, size));
      const own = leaves[leaf] as Buffer;
      expect(isIncluded(leaves[(leaf + 1) % size] as Buffer, leaf, size, proof, root)).toBe(false);
      expect(isIncluded(own, (leaf + 1) % size, size, proof, root)).toBe(false);
      expect(isIncluded(own, leaf, size, proof, emptyRoot)).toBe(false);
      expect(isIncluded(own, size, size, proof, root)).toBe(false);
      expect(isIncluded(own, leaf, size, proof.slice(1), root)).toBe(false);
      expect(isIncluded(own, leaf, size, [...proof, root], root)).toBe(false);
      expect(isIncluded(own, leaf, size, proof.with(any % proof.length, emptyRoot), root)).toBe(false);
      if (proof.length > 1) expect(isIncluded(own, leaf, size, proof.toReversed(), root)).toBe(false);
    }), { numRuns: 300 });
  });
});

describe('a consistency proof', () => {
  test('[ML3] holds for every two sizes', () => {
    fc.assert(fc.property(sizes, sizes, (one, other) => {
      const [before, size] = [Math.min(one, other), Math.max(one, other)];
      const proof = grown(leaves.slice(0, size)).prove(consistencyRanges(before, size));
      expect(isConsistent(before, size, proof, naiveRoot(leaves.slice(0, before)), naiveRoot(leaves.slice(0, size)))).toBe(true);
    }), { numRuns: 500 });
  });

  test('[ML3] holds for no tree whose beginning was rewritten, and for no changed proof', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 299 }), fc.nat(), (before, any) => {
      const size = before + 1 + (any % (300 - before));
      const rewritten = leaves.slice(0, size).with(any % before, leafHash(Buffer.from('another')));
      const old = naiveRoot(leaves.slice(0, before));
      expect(isConsistent(before, size, grown(rewritten).prove(consistencyRanges(before, size)), old, naiveRoot(rewritten))).toBe(false);
      const now = naiveRoot(leaves.slice(0, size));
      const proof = grown(leaves.slice(0, size)).prove(consistencyRanges(before, size));
      expect(isConsistent(before, size, proof.slice(0, -1), old, now)).toBe(false);
      expect(isConsistent(before, size, [...proof, now], old, now)).toBe(false);
      expect(isConsistent(before, size, proof.with(any % proof.length, emptyRoot), old, now)).toBe(false);
      expect(isConsistent(size, before, proof, now, old)).toBe(false);
    }), { numRuns: 300 });
  });

  test('[ML3] of the same size needs the same root, and of an empty log nothing', () => {
    const root = naiveRoot(leaves.slice(0, 7));
    expect(isConsistent(7, 7, [], root, root)).toBe(true);
    expect(isConsistent(7, 7, [], root, emptyRoot)).toBe(false);
    expect(isConsistent(7, 7, [root], root, root)).toBe(false);
    expect(isConsistent(0, 7, [], emptyRoot, root)).toBe(true);
    expect(isConsistent(0, 7, [], root, root)).toBe(false);
    expect(isConsistent(0, 7, [root], emptyRoot, root)).toBe(false);
  });
});
