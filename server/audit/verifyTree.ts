/**
 * Walks the Merkle log leaf by leaf: every leaf's entry still there and the same, each chain in its order, and the root that the leaves make at every size
 * for which somebody signed one, in the database or outside it. What a chain's own head would hide, a cut end or a chain written anew, shows here.
 */
import type { Queryable } from '../ports.ts';
import { readEntry } from './entryText.ts';
import { entryHash } from './hash.ts';
import type { Growing } from './merkle.ts';
import type { SignedRoots } from './signedRoots.ts';
import { lastSealedBefore, leavesFrom, manyLeavesFrom, type LeafRow } from './treeStore.ts';

/** One thing that does not hold. */
export interface Break {
  /** The chain and entry, the leaf, the checkpoint or the file that it is about. */
  readonly where: string;
  /** In one plain sentence without its end. */
  readonly why: string;
}
export interface TreeWalk {
  readonly leaves: number;
  readonly size: number;
  readonly root: Buffer;
}

const leavesAtATime = 5_000;

/** The last entry of a chain that was met. */
interface Sealed {
  seq: number;
  hash: Buffer;
}

/**
 * Walks from the leaf where `tree` ends. `texts`: reads the entries too, for a walk that looks at nothing else. Each break is told once: an entry that is
 * not the one that was sealed is not told again with every root after it.
 */
export async function walkTree(db: Queryable, tree: Growing, roots: SignedRoots, texts: boolean, tell: (found: Break) => void): Promise<TreeWalk> {
  const from = tree.size;
  const chains = new Map<string, Sealed>();
  const next = async (leaf: number): Promise<readonly LeafRow[]> => {
    const count = Math.min(leavesAtATime, roots.upTo - leaf);
    return (texts ? undefined : await manyLeavesFrom(db, leaf, count)) ?? leavesFrom(db, leaf, count, texts);
  };
  let coming = next(from);
  for (;;) {
    const batch = await coming;
    const end = tree.size + batch.length;
    const more = batch.length > 0 && end < roots.upTo;
    // The server looks the next ones up while these are looked at.
    if (more) coming = next(end);
    if (from > 0) await recall(db, chains, batch, from);
    for (const row of batch) {
      if (row.leaf !== tree.size) {
        tell({ where: `leaf ${tree.size}`, why: 'the leaf is missing from the audit log' });
        await coming;
        return { leaves: tree.size - from, size: tree.size, root: tree.root() };
      }
      const before = chains.get(row.stream);
      const why = faultOf(row, before, texts);
      if (why !== undefined) tell({ where: `${row.stream} entry ${row.seq}`, why });
      if (before) [before.seq, before.hash] = [row.seq, row.hash];
      else chains.set(row.stream, { seq: row.seq, hash: row.hash });
      tree.add(row.hash);
      if (roots.isAt(tree.size)) await roots.compare(db, tree.size, tree.root(), tell);
    }
    if (!more) break;
  }
  await roots.end(db, tree.size, tell);
  return { leaves: tree.size - from, size: tree.size, root: tree.root() };
}

/** Where chains stood before this walk began, for those that it has not met. */
async function recall(db: Queryable, chains: Map<string, Sealed>, batch: readonly LeafRow[], from: number): Promise<void> {
  const unknown = [...new Set(batch.map(({ stream }) => stream))].filter((stream) => !chains.has(stream));
  for (const { stream, ...sealed } of await lastSealedBefore(db, unknown, from)) chains.set(stream, sealed);
}

function faultOf(row: LeafRow, before: Sealed | undefined, texts: boolean): string | undefined {
  if (row.seq !== (before?.seq ?? 0) + 1) return `it was sealed as leaf ${row.leaf} out of its order: entry ${(before?.seq ?? 0) + 1} should stand there`;
  if (row.entryHash === null) return `it was sealed as leaf ${row.leaf} and is missing`;
  if (row.entryHash !== row.hash && !row.entryHash.equals(row.hash)) return `it is not the entry that was sealed as leaf ${row.leaf}`;
  if (!texts) return undefined;
  const entry = readEntry(row.entry ?? '');
  if (!entry || !entryHash(row.entry ?? '').equals(row.hash)) return 'the entry is not what its hash was taken of';
  if (entry.stream !== row.stream || entry.seq !== row.seq) return 'the entry belongs to another place';
  if (entry.prev !== (before?.hash.toString('hex') ?? null)) return 'the entry does not follow the one before it';
  return undefined;
}
