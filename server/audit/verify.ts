/** Walks audit chains, and what they vouch for, and names the first link that does not hold. */
import { planStream, type AuditEntry } from '../../shared/domain/audit.ts';
import type { PlanId } from '../../shared/ids.ts';
import { copyFault } from '../collab/copies.ts';
import type { Database, Tx } from '../ports.ts';
import { readEntry, readPlace, type EntryPlace } from './entryText.ts';
import { entryHash, entryHashHex, sha256 } from './hash.ts';
import { accessHead, accessStreamsAfter, chainHead, entriesAfter, holdMoment, manyEntriesAfter, plansAfter, streamAfter, type ManyEntries, type StoredEntry } from './store.ts';
import { Vouched } from './verifyLog.ts';

/** Entries read at a time: about a megabyte. */
const batchSize = 2_000;

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
    return walkPlan(tx, planId);
  });
}

/** Checks an access chain as `verifyPlanChain` checks a plan's. */
export async function verifyAccessChain(db: Database, stream: string): Promise<ChainVerdict> {
  return db.transaction(async (tx) => {
    await holdMoment(tx);
    const head = await accessHead(tx, stream);
    if (!head) return { stream, ok: false, entries: 0, firstBad: 1, why: 'entries of an access chain that has no head' };
    return walk(tx, { stream, head, knownBy: 'the head' });
  });
}

/**
 * As `verifyPlanChain`, and with it what the chain vouches for: every row of the log as it was written, a version for every signature,
 * and copies of sections that say what those rows say. Reads the whole log.
 */
export async function verifyPlan(db: Database, planId: PlanId): Promise<ChainVerdict> {
  return db.transaction(async (tx) => {
    await holdMoment(tx);
    const vouched = new Vouched();
    const verdict = await walkPlan(tx, planId, (entry) => vouched.take(entry));
    const fault = verdict.ok ? ((await vouched.fault(tx, planId)) ?? (await faultOfCopies(tx, planId))) : undefined;
    return fault ? { ...verdict, ok: false, ...(fault.seq === undefined ? {} : { firstBad: fault.seq }), why: fault.why } : verdict;
  });
}

const faultOfCopies = async (tx: Tx, planId: PlanId): Promise<{ readonly seq?: number; readonly why: string } | undefined> => {
  const why = await copyFault(tx, planId);
  return why === undefined ? undefined : { why };
};

/** A chain and where it is said to end. */
interface Chain {
  readonly stream: string;
  /** Set for a plan's chain: every entry of it is about that plan. */
  readonly plan?: PlanId;
  readonly head: { readonly seq: number; readonly hash: Buffer | null };
  /** Who says where the end is. */
  readonly knownBy: string;
}

async function walkPlan(tx: Tx, planId: PlanId, held?: Held): Promise<ChainVerdict> {
  const stream = planStream(planId);
  const head = await chainHead(tx, planId);
  if (!head) return { stream, ok: false, entries: 0, firstBad: 1, why: 'entries of a plan that does not exist' };
  return walk(tx, { stream, plan: planId, head, knownBy: 'the plan' }, held);
}

/** `held`: is told each entry that holds; without it they are not read any further than their place. */
async function walk(tx: Tx, chain: Chain, held?: Held): Promise<ChainVerdict> {
  const { stream } = chain;
  let reached: Reached = { seq: 0, hash: null };
  const next = (seq: number) => manyEntriesAfter(tx, stream, seq, batchSize);
  let coming = next(0);
  for (;;) {
    const many = await coming;
    const full = many?.seqs.length === batchSize;
    // The server puts the next ones together while these are looked at.
    if (full) coming = next(reached.seq + batchSize);
    const together = many && holdTogether(many, chain, reached, held !== undefined);
    if (held) together?.entries.forEach(held);
    // Something does not hold, or could not be told apart: read one by one, and named.
    const step: Step = together ?? holdOneByOne(await entriesAfter(tx, stream, reached.seq, batchSize), chain, reached, held);
    if (step.why !== undefined) {
      await coming;
      return { stream, ok: false, entries: step.reached.seq, firstBad: step.reached.seq + 1, why: step.why };
    }
    const more = step.reached.seq - reached.seq === batchSize;
    reached = step.reached;
    if (!more) return compareHead(chain, reached.seq, reached.hash);
    if (!full) coming = next(reached.seq);
  }
}

type Held = (entry: AuditEntry) => void;

/** The last link that holds; `hash` in lower-case hex. */
interface Reached {
  readonly seq: number;
  readonly hash: string | null;
}
interface Step {
  readonly reached: Reached;
  readonly why?: string;
}

/** The links and their entries when every one of them holds; undefined when any does not. */
function holdTogether({ seqs, texts, hashOfHashes }: ManyEntries, chain: Chain, { seq, hash }: Reached, wanted: boolean): (Step & { readonly entries: readonly AuditEntry[] }) | undefined {
  const entries: AuditEntry[] = [];
  let hashes = '';
  let [at, last] = [seq, hash];
  for (const text of texts) {
    const entry = wanted ? readEntry(text) : undefined;
    const place = wanted ? entry : readPlace(text);
    at += 1;
    if (seqs[at - seq - 1] !== at || !place || misplaced(place, chain, at, last) !== undefined) return undefined;
    if (entry) entries.push(entry);
    last = entryHashHex(text);
    hashes += last;
  }
  if (!sha256(Buffer.from(hashes, 'hex')).equals(hashOfHashes)) return undefined;
  return { reached: { seq: at, hash: last }, entries };
}

function holdOneByOne(batch: readonly StoredEntry[], chain: Chain, reached: Reached, held?: Held): Step {
  let { seq, hash } = reached;
  for (const stored of batch) {
    const entry = readEntry(stored.entry);
    const why = fault(stored, entry, chain, seq + 1, hash);
    if (why !== undefined) return { reached: { seq, hash }, why };
    if (entry) held?.(entry);
    seq += 1;
    hash = stored.hash.toString('hex');
  }
  return { reached: { seq, hash } };
}

function compareHead({ stream, head, knownBy }: Chain, seq: number, last: string | null): ChainVerdict {
  if (seq < head.seq) return { stream, ok: false, entries: seq, firstBad: seq + 1, why: `the chain should go on to entry ${head.seq}: its end is missing` };
  if (seq > head.seq) return { stream, ok: false, entries: seq, firstBad: head.seq + 1, why: `${knownBy} knows of ${head.seq} entries only` };
  if ((head.hash?.toString('hex') ?? null) !== last) return { stream, ok: false, entries: seq, firstBad: Math.max(seq, 1), why: `the last entry is not the one that ${knownBy} knows of` };
  return { stream, ok: true, entries: seq };
}

/** What is wrong with this link, or undefined. */
function fault(stored: StoredEntry, entry: AuditEntry | undefined, chain: Chain, seq: number, previous: string | null): string | undefined {
  if (stored.seq !== seq) return `entry ${seq} is missing`;
  if (!entry) return 'the entry cannot be read as one of ours';
  if (!entryHash(stored.entry).equals(stored.hash)) return 'the entry is not what its hash was taken of';
  return misplaced(entry, chain, seq, previous);
}

function misplaced(entry: EntryPlace, { stream, plan }: Chain, seq: number, previous: string | null): string | undefined {
  if (entry.seq !== seq || entry.stream !== stream || (plan !== undefined && entry.plan !== plan)) return 'the entry belongs to another place';
  if (entry.prev !== previous) return 'the entry does not follow the one before it';
  return undefined;
}

/** Every chain of the database with what it vouches for, one verdict each, in id order; chains without a plan are named after them. */
export async function* verifyEveryChain(db: Database): AsyncGenerator<ChainVerdict> {
  let after = '';
  for (;;) {
    const plans = await plansAfter(db, after, batchSize);
    for (const { id } of plans) yield verifyPlan(db, id);
    after = plans.at(-1)?.id ?? '';
    if (plans.length < batchSize) break;
  }
  after = '';
  for (;;) {
    const streams = await accessStreamsAfter(db, after, batchSize);
    for (const { stream } of streams) yield verifyAccessChain(db, stream);
    after = streams.at(-1)?.stream ?? '';
    if (streams.length < batchSize) break;
  }
  for (let stream = await streamAfter(db, ''); stream !== undefined; stream = await streamAfter(db, stream)) {
    const ofPlan = stream.startsWith('plan:');
    const head = await (ofPlan ? chainHead(db, stream.slice('plan:'.length) as PlanId) : accessHead(db, stream));
    if (!head) yield { stream, ok: false, entries: 0, firstBad: 1, why: ofPlan ? 'entries of a plan that does not exist' : 'entries of an access chain that has no head' };
  }
}
