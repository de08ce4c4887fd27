/** Gives unsealed entries their places in the Merkle log and signs what the log is then: one transaction, on one node at a time. */
import { limits } from '../../shared/limits.ts';
import { RefusalError } from '../../shared/refusal.ts';
import { insertKey } from '../versions/store.ts';
import type { Database, Queryable, Random, Settings, Tx } from '../ports.ts';
import { logKey } from './logKeys.ts';
import { consistencyRanges, Growing, inclusionRanges, partsOf, proofOf, type PlacedHash, type Range } from './merkle.ts';
import { refuseRetired } from './retired.ts';
import { signNote, spellCheckpoint } from './note.ts';
import { addCheckpoint, addLeaves, entriesToSeal, hashesAt, latestCheckpoint, leafCount, takeSealingTurn, unsealedChains, type CheckpointRow, type NewLeaf, type Unsealed } from './treeStore.ts';

export interface SealNeeds {
  readonly db: Database;
  readonly random: Random;
  readonly settings: Pick<Settings, 'dataDir' | 'publicUrl'>;
}

/** The log is not what its last checkpoint says: nothing more is built on it until somebody has looked. */
export class LogDamaged extends Error {}

/**
 * Seals what waits, at most one batch. Answers the new checkpoint, or undefined when nothing waits or another node is at it.
 * Throws `LogDamaged` when the leaves do not end where the last checkpoint says.
 */
export async function sealOnce(needs: SealNeeds): Promise<CheckpointRow | undefined> {
  const key = await logKey(needs);
  return needs.db.transaction(async (tx) => {
    if (!(await takeSealingTurn(tx))) return undefined;
    const retired = await refuseRetired(tx, key.id);
    if (!retired.ok) throw new RefusalError(retired.refusal);
    const last = await latestCheckpoint(tx);
    const size = last?.size ?? 0;
    const tree = await standingTree(tx, size);
    if (last && !tree.root().equals(last.root)) throw new LogDamaged('the nodes of the audit log do not make the root that the last checkpoint signed');
    const leaves = inOrder(await nextEntries(tx));
    if (leaves.chosen.length === 0) {
      if (leaves.missing !== undefined) throw new LogDamaged(`${leaves.missing} is missing and cannot be sealed`);
      return undefined;
    }
    const nodes: PlacedHash[] = [];
    for (const { hash } of leaves.chosen) tree.add(hash, (node) => nodes.push(node));
    await addLeaves(tx, size, leaves.chosen, nodes);
    await insertKey(tx, { ...key, sign: () => '' });
    const root = tree.root();
    return addCheckpoint(tx, { size: tree.size, root, origin: key.name, keyId: key.id, note: signNote(spellCheckpoint({ origin: key.name, size: tree.size, root }), key) });
  });
}

async function standingTree(tx: Tx, size: number): Promise<Growing> {
  const leaves = await leafCount(tx);
  if (leaves !== size) throw new LogDamaged(`the audit log has ${leaves} leaves, and its last checkpoint signed ${size}`);
  const parts = partsOf({ start: 0, end: size });
  return new Growing(size, proofOf(parts.map(({ level, place }): Range => ({ start: place * 2 ** level, end: (place + 1) * 2 ** level })), await hashesAt(tx, parts)));
}

async function nextEntries(tx: Tx): Promise<{ readonly chains: readonly Unsealed[]; readonly entries: readonly NewLeaf[] }> {
  const chains = await unsealedChains(tx, limits.sealBatchMax);
  return { chains, entries: chains.length === 0 ? [] : await entriesToSeal(tx, chains, limits.sealBatchMax) };
}

/** Of each chain what follows its last leaf without a gap. A gap is left to the walk that names it; other chains go on. */
function inOrder({ chains, entries }: { readonly chains: readonly Unsealed[]; readonly entries: readonly NewLeaf[] }): { readonly chosen: readonly NewLeaf[]; readonly missing?: string } {
  const next = new Map(chains.map(({ stream, after }) => [stream, after + 1]));
  const chosen: NewLeaf[] = [];
  for (const entry of entries) {
    if (next.get(entry.stream) !== entry.seq) continue;
    next.set(entry.stream, entry.seq + 1);
    chosen.push(entry);
  }
  const [stuck] = chains.filter(({ stream, after }) => next.get(stream) === after + 1);
  return stuck ? { chosen, missing: `entry ${stuck.after + 1} of ${stuck.stream}` } : { chosen };
}

/** Proof that the leaf stands in the log of this size (RFC 9162, 2.1.3). */
export async function inclusionProof(db: Queryable, leaf: number, size: number): Promise<Buffer[]> {
  return proofFromStore(db, inclusionRanges(leaf, size));
}

/** Proof that the log of the first size is the beginning of the log of the second (RFC 9162, 2.1.4). */
export async function consistencyProof(db: Queryable, before: number, size: number): Promise<Buffer[]> {
  return before === 0 ? [] : proofFromStore(db, consistencyRanges(before, size));
}

async function proofFromStore(db: Queryable, ranges: readonly Range[]): Promise<Buffer[]> {
  return proofOf(ranges, await hashesAt(db, ranges.flatMap(partsOf)));
}
