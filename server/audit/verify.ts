/** Walks audit chains, and what they vouch for, and names the first link that does not hold. */
import { auditEntry, planStream, spellEntry, type AuditEntry } from '../../shared/domain/audit.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Database, Tx } from '../ports.ts';
import { entryHash } from './hash.ts';
import { chainHead, entriesAfter, holdMoment, plansAfter, streamAfter, type StoredEntry } from './store.ts';
import { Vouched } from './verifyLog.ts';

/** Entries read at a time: about half a megabyte. */
const batchSize = 1_000;

export interface ChainVerdict {
  readonly stream: string;
  readonly ok: boolean;
  /** Links that were walked, or that the head counts when all hold. */
  readonly entries: number;
  /** Number of the first link that is missing or does not hold; undefined when what was found stands in no link. */
  readonly firstBad?: number;
  /** Why, in one plain sentence. */
  readonly why?: string;
}

/** Checks one plan's chain as it stands at one moment: every link there, in order, unchanged, and the last one the head's. */
export async function verifyPlanChain(db: Database, planId: PlanId): Promise<ChainVerdict> {
  return db.transaction(async (tx) => {
    await holdMoment(tx);
    return walk(tx, planId, () => undefined);
  });
}

/**
 * As `verifyPlanChain`, and with it what the chain vouches for: every row of the log as it was written, and a version for every
 * signature. Reads the whole log.
 */
export async function verifyPlan(db: Database, planId: PlanId): Promise<ChainVerdict> {
  return db.transaction(async (tx) => {
    await holdMoment(tx);
    const vouched = new Vouched();
    const verdict = await walk(tx, planId, (entry) => vouched.take(entry));
    const fault = verdict.ok ? await vouched.fault(tx, planId) : undefined;
    return fault ? { ...verdict, ok: false, ...(fault.seq === undefined ? {} : { firstBad: fault.seq }), why: fault.why } : verdict;
  });
}

async function walk(tx: Tx, planId: PlanId, held: (entry: AuditEntry) => void): Promise<ChainVerdict> {
  const stream = planStream(planId);
  const head = await chainHead(tx, planId);
  if (!head) return { stream, ok: false, entries: 0, firstBad: 1, why: 'entries of a plan that does not exist' };
  let seq = 0;
  let previous: Buffer | null = null;
  for (;;) {
    const batch: StoredEntry[] = await entriesAfter(tx, stream, seq, batchSize);
    for (const stored of batch) {
      const entry = readEntry(stored.entry);
      const why = fault(stored, entry, stream, planId, seq + 1, previous);
      if (why !== undefined) return { stream, ok: false, entries: seq, firstBad: seq + 1, why };
      if (entry) held(entry);
      seq += 1;
      previous = stored.hash;
    }
    if (batch.length < batchSize) return compareHead(stream, head, seq, previous);
  }
}

function compareHead(stream: string, head: { seq: number; hash: Buffer | null }, seq: number, last: Buffer | null): ChainVerdict {
  if (seq < head.seq) return { stream, ok: false, entries: seq, firstBad: seq + 1, why: `the chain should go on to entry ${head.seq}: its end is missing` };
  if (seq > head.seq) return { stream, ok: false, entries: seq, firstBad: head.seq + 1, why: `the plan knows of ${head.seq} entries only` };
  if (!sameHash(head.hash, last)) return { stream, ok: false, entries: seq, firstBad: Math.max(seq, 1), why: 'the last entry is not the one that the plan knows of' };
  return { stream, ok: true, entries: seq };
}

/** What is wrong with this link, or undefined. */
function fault(stored: StoredEntry, entry: AuditEntry | undefined, stream: string, planId: PlanId, seq: number, previous: Buffer | null): string | undefined {
  if (stored.seq !== seq) return `entry ${seq} is missing`;
  if (!entry) return 'the entry cannot be read as one of ours';
  if (!entryHash(stored.entry).equals(stored.hash)) return 'the entry is not what its hash was taken of';
  if (entry.seq !== seq || entry.stream !== stream || entry.plan !== planId) return 'the entry belongs to another place';
  if (entry.prev !== (previous?.toString('hex') ?? null)) return 'the entry does not follow the one before it';
  return undefined;
}

/** The entry, or undefined when the text is not exactly how we would have written one. */
export function readEntry(text: string) {
  try {
    const parsed = auditEntry.safeParse(JSON.parse(text));
    return parsed.success && spellEntry(parsed.data) === text ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const sameHash = (one: Buffer | null, other: Buffer | null): boolean => (one && other ? one.equals(other) : one === other);

/** Every chain of the database with what it vouches for, one verdict each, in id order; chains without a plan are named after them. */
export async function* verifyEveryChain(db: Database): AsyncGenerator<ChainVerdict> {
  let after = '';
  for (;;) {
    const plans = await plansAfter(db, after, batchSize);
    for (const { id } of plans) yield verifyPlan(db, id);
    after = plans.at(-1)?.id ?? '';
    if (plans.length < batchSize) break;
  }
  for (let stream = await streamAfter(db, ''); stream !== undefined; stream = await streamAfter(db, stream)) {
    const known = stream.startsWith('plan:') && (await chainHead(db, stream.slice('plan:'.length) as PlanId)) !== undefined;
    if (!known) yield { stream, ok: false, entries: 0, firstBad: 1, why: 'entries of a plan that does not exist' };
  }
}
