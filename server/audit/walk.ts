/** The standing check of everything that is audited: the whole, or what was sealed since the last walk. What it finds is written down and never stops clinical work. */
import type { Database, Queryable } from '../ports.ts';
import { limits } from '../../shared/limits.ts';
import { verifyEveryVersion } from '../versions/verify.ts';
import { Growing, partsOf, proofOf } from './merkle.ts';
import { lateUses } from './retired.ts';
import { SignedRoots, type Trust } from './signedRoots.ts';
import { hashesAt, overdueEntries } from './treeStore.ts';
import { verifyEveryChain } from './verify.ts';
import { walkTree, type Break } from './verifyTree.ts';
import { addWalk, lastWalk, type WalkRow } from './walkStore.ts';

export interface WholeWalk {
  readonly chains: number;
  readonly entries: number;
  readonly brokenChains: number;
  readonly versions: number;
  readonly brokenVersions: number;
  readonly size: number;
  readonly root: Buffer;
  readonly checkpoints: number;
  readonly cosignatures: number;
  readonly logBreaks: number;
}

/** Every chain with what it vouches for, every version, and the whole log. `tell` hears of each break as it is found. `sealing`: by a service that seals meanwhile. */
export async function walkWhole(db: Database, trust: Trust, tell: (found: Break) => void, sealing = false): Promise<WholeWalk> {
  const count = { chains: 0, entries: 0, brokenChains: 0, versions: 0, brokenVersions: 0, logBreaks: 0 };
  for await (const { stream, ok, entries, firstBad, why } of verifyEveryChain(db)) {
    count.chains += 1;
    count.entries += entries;
    if (ok) continue;
    count.brokenChains += 1;
    tell({ where: stream, why: `does not hold${firstBad === undefined ? '' : ` at entry ${firstBad}`}: ${why ?? 'unknown'}` });
  }
  for await (const { plan, number, why } of verifyEveryVersion(db)) {
    count.versions += 1;
    if (why === undefined) continue;
    count.brokenVersions += 1;
    tell({ where: `${plan} version ${number}`, why: `does not hold: ${why}` });
  }
  const inLog = (found: Break): void => {
    count.logBreaks += 1;
    tell({ where: found.where, why: `does not hold: ${found.why}` });
  };
  const roots = await SignedRoots.above(db, trust, 0);
  const { size, root } = await walkTree(db, new Growing(), roots, false, inLog);
  await tellUnsealed(db, sealing, inLog);
  for (const found of await lateUses(db)) inLog(found);
  return { ...count, size, root, checkpoints: roots.checkpoints, cosignatures: roots.cosignatures };
}

async function tellUnsealed(db: Queryable, sealing: boolean, tell: (found: Break) => void): Promise<void> {
  for (const { stream, seq } of await overdueEntries(db, limits.sealOverdueMs, sealing ? 'now' : 'checkpoint')) tell({ where: `${stream} entry ${seq}`, why: 'the entry should have been sealed long ago and was not' });
}

/** What was sealed since the last walk that found the log whole; the whole log when there was none, or when the log no longer stands as that walk left it. */
export async function walkIncrement(db: Queryable, trust: Trust, tell: (found: Break) => void): Promise<{ readonly entries: number; readonly size: number; readonly root: Buffer }> {
  const last = await lastWalk(db, true);
  const tree = await treeAt(db, last, tell);
  const roots = await SignedRoots.above(db, trust, tree.size);
  const walked = await walkTree(db, tree, roots, true, tell);
  await tellUnsealed(db, true, tell);
  return { entries: walked.leaves, size: walked.size, root: walked.root };
}

async function treeAt(db: Queryable, last: WalkRow | undefined, tell: (found: Break) => void): Promise<Growing> {
  if (!last || last.size === 0) return new Growing();
  const parts = partsOf({ start: 0, end: last.size });
  const hashAt = await hashesAt(db, parts);
  const missing = parts.find((at) => hashAt(at) === undefined);
  const tree = missing ? undefined : new Growing(last.size, proofOf(parts.map(({ level, place }) => ({ start: place * 2 ** level, end: (place + 1) * 2 ** level })), hashAt));
  if (tree?.root().equals(last.root)) return tree;
  tell({ where: `the audit log up to leaf ${last.size}`, why: 'it is no longer what the last walk found whole' });
  return new Growing();
}

/** Walks and writes down what was found, with what was `known` before; answers the row. */
export async function walkAndKeep(db: Database, trust: Trust, kind: 'whole' | 'increment', known: readonly Break[] = []): Promise<WalkRow> {
  const found: Break[] = [];
  let breaks = 0;
  const tell = (one: Break): void => {
    breaks += 1;
    if (found.length < limits.breaksToldMax) found.push(one);
  };
  known.forEach(tell);
  const { entries, size, root } = kind === 'whole' ? await walkWhole(db, trust, tell, true) : await walkIncrement(db, trust, tell);
  return addWalk(db, { kind, entries, size, root, breaks, found });
}
