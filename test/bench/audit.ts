/** How fast the audit log is walked: chains link by link, then every leaf and root, beside what hashing the same bytes alone takes. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import pino from 'pino';
import { entryHash } from '../../server/audit/hash.ts';
import { Growing } from '../../server/audit/merkle.ts';
import { sealOnce } from '../../server/audit/seal.ts';
import { SignedRoots } from '../../server/audit/signedRoots.ts';
import { verifyAccessChain } from '../../server/audit/verify.ts';
import { walkTree, type Break } from '../../server/audit/verifyTree.ts';
import { systemRandom } from '../../server/config/system.ts';
import { openDatabase } from '../../server/db/pool.ts';
import { accessStream, spellEntry } from '../../shared/domain/audit.ts';
import { limits } from '../../shared/limits.ts';
import type { Bench } from './bench.ts';
import { staff, type World } from './world.ts';
import type { Reading } from './workloads.ts';

const rowsAtATime = 5_000;
const organisation = 'org_bench-audit';
const streams = Array.from({ length: limits.accessShards }, (_, shard) => accessStream(organisation, shard));

/** Entries as edits make them: the longest that are common. */
function entryText(stream: string, seq: number, prev: string | null): string {
  const who = staff[seq % staff.length] as (typeof staff)[number];
  const rows = createHash('sha256').update(`${stream} ${seq}`).digest('hex');
  return spellEntry({
    v: 1, stream, seq, at: new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(), actor: { id: who.id, role: who.role, org: who.organisation }, action: 'edit', plan: 'plan_bench-000001',
    purpose: 'direct-care', section: 'wishes', outcome: 'done', ref: { from: seq * 3, to: seq * 3 + 2, rows }, prev,
  });
}

/** Fills sixteen chains with `count` entries altogether, unless they are there, and seals them. */
async function fill(world: World, db: ReturnType<typeof openDatabase>, count: number): Promise<void> {
  const [found] = await world.query<{ count: string }>('accord', 'SELECT coalesce(sum(seq), 0) AS count FROM access_heads WHERE stream = ANY ($1)', [streams]);
  if (Number(found?.count) > 0) return;
  for (const stream of streams) {
    let previous: Buffer | null = null;
    const each = Math.ceil(count / streams.length);
    for (let from = 1; from <= each; from += rowsAtATime) {
      const rows: { seq: number; text: string; hash: Buffer }[] = [];
      for (let seq = from; seq < Math.min(from + rowsAtATime, each + 1); seq += 1) {
        const text = entryText(stream, seq, previous?.toString('hex') ?? null);
        previous = entryHash(text);
        rows.push({ seq, text, hash: previous });
      }
      await world.query('accord', 'INSERT INTO audit_entries (stream, seq, entry, hash) SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[])',
        [stream, rows.map(({ seq }) => seq), rows.map(({ text }) => text), rows.map(({ hash }) => hash)]);
    }
    await world.query('accord', 'INSERT INTO access_heads (stream, seq, hash) VALUES ($1, $2, $3)', [stream, each, previous]);
  }
  const needs = { db, random: systemRandom, settings: { dataDir: path.join(world.folder, 'service'), publicUrl: 'http://127.0.0.1' } };
  for (let sealed = await sealOnce(needs); sealed; sealed = await sealOnce(needs));
  await world.query('accord', 'ANALYZE audit_entries, audit_leaves, audit_nodes');
}

/** Processor time of this process since then, in seconds. */
function secondsUsed(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** Walks all of it once. Throws when anything does not hold: a walk that gives up early is fast. */
export async function measureAudit({ world }: Pick<Bench, 'world'>, count: number): Promise<Reading[]> {
  const db = openDatabase({ url: world.urlOf('accord'), log: pino({ level: 'silent' }), connectionsMax: 2 });
  try {
    await fill(world, db, count);
    const breaks: Break[] = [];
    const [beforeChains, beganChains] = [process.cpuUsage(), performance.now()];
    let entries = 0;
    for (const stream of streams) {
      const verdict = await verifyAccessChain(db, stream);
      if (!verdict.ok) breaks.push({ where: stream, why: verdict.why ?? '' });
      entries += verdict.entries;
    }
    const [chains, chainSeconds] = [secondsUsed(beforeChains) / entries, (performance.now() - beganChains) / 1000 / entries];
    const [beforeTree, beganTree] = [process.cpuUsage(), performance.now()];
    const tree = await walkTree(db, new Growing(), await SignedRoots.above(db, { outside: undefined, keys: [], witnesses: [] }, 0), false, (found) => breaks.push(found));
    // What one entry costs as a link of its chain and as a leaf of the log; the log has leaves of other chains too.
    const walking = chains + secondsUsed(beforeTree) / tree.leaves;
    const seconds = chainSeconds + (performance.now() - beganTree) / 1000 / tree.leaves;
    if (breaks.length > 0) throw new Error(`the audit log does not hold: ${breaks[0]?.where} ${breaks[0]?.why}`);

    const texts = Array.from({ length: entries }, (_, index) => entryText(streams[0] ?? '', index + 1, null));
    const hashingBegan = process.cpuUsage();
    const hashes = texts.map((text) => entryHash(text));
    const hashing = secondsUsed(hashingBegan) / hashes.length;
    // By processor time, which a busy machine disturbs less than the clock.
    const figures = {
      'entries': hashes.length, 'leaves': tree.leaves, 'entries/s': 1 / seconds, 'entries/s of one core': 1 / walking, 'hashing alone/s': 1 / hashing, '× hashing alone': walking / hashing,
    };
    return Object.entries(figures).map(([figure, value]) => ({ row: 'audit walk', figure, value }));
  } finally {
    await db.close();
  }
}
