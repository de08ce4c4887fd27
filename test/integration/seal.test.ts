/** The Merkle log over every chain: sealing, proofs from the store, copies outside, standing walks, and how far a version is secured. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { register } from 'prom-client';
import { isConsistent, isIncluded } from '../../server/audit/merkle.ts';
import { isSignedBy, readCheckpoint, readNote, readVerifier } from '../../server/audit/note.ts';
import { readOutside } from '../../server/audit/outside.ts';
import { consistencyProof, inclusionProof, sealOnce } from '../../server/audit/seal.ts';
import { keepAudit, wholeIsDue } from '../../server/audit/standing.ts';
import { retirementsOf } from '../../server/audit/retired.ts';
import { walkIncrement } from '../../server/audit/walk.ts';
import { trustHere } from '../../server/audit/trust.ts';
import type { VersionView } from '../../shared/wire/plans.ts';
import { limits } from '../../shared/limits.ts';
import { makeDatabase } from '../support/database.ts';
import { makeAuditWorld, rewriteChain, unguarded, type AuditWorld } from '../support/auditWorld.ts';
import { eventually } from '../support/eventually.ts';

let world: AuditWorld;
beforeEach(async () => { world = await makeAuditWorld(); });
afterEach(() => world.close());

interface Leaf { readonly leaf: number; readonly stream: string; readonly seq: number; readonly hash: Buffer }
const leaves = () => world.base.db.query<Leaf>('SELECT leaf, stream, seq, hash FROM audit_leaves ORDER BY leaf');
const checkpoints = () => world.base.db.query<{ size: number; root: Buffer; note: string }>('SELECT size, root, note FROM audit_checkpoints ORDER BY size');

describe('sealing', () => {
  test('[ML6] HAZ-27 gives every entry of every chain one leaf with the entry’s hash, each chain in its order, without gaps', async () => {
    const sealed = await leaves();
    const entries = await world.base.db.query<{ stream: string; seq: number; hash: Buffer }>('SELECT stream, seq, hash FROM audit_entries');
    expect(sealed.map(({ leaf }) => leaf)).toEqual(entries.map((_, index) => index));
    expect(new Map(sealed.map(({ stream, seq, hash }) => [`${stream} ${seq}`, hash.toString('hex')]))).toEqual(new Map(entries.map(({ stream, seq, hash }) => [`${stream} ${seq}`, hash.toString('hex')])));
    for (const stream of new Set(sealed.map((one) => one.stream))) expect(sealed.filter((one) => one.stream === stream).map(({ seq }, index) => seq - index)).toEqual(sealed.filter((one) => one.stream === stream).map(() => 1));
    expect(new Set(sealed.map(({ stream }) => stream.split(':')[0]))).toEqual(new Set(['plan', 'access']));
  });

  test('[ML6] nodes that seal at once do not seal twice, and nothing to seal makes no checkpoint', async () => {
    const before = (await checkpoints()).length;
    await Promise.all(Array.from({ length: 5 }, (_, index) => world.call('nurse', 'get', '/api/plans', { query: { query: `w${index}` } })));
    await Promise.all(Array.from({ length: 5 }, () => sealOnce(world.deps)));
    await sealOnce(world.deps);
    expect((await checkpoints()).length).toBeGreaterThan(before);
    expect((await checkpoints()).length).toBeLessThanOrEqual(before + 2);
    expect(await sealOnce(world.deps)).toBeUndefined();
    await world.standing.walk('increment');
    expect(await world.found()).toEqual([]);
  });

  test('[ML6] what is written while a long log is sealed is sealed next', async () => {
    await Promise.all([world.standing.seal(), ...Array.from({ length: 20 }, (_, index) => world.call('gp', 'get', '/api/plans', { query: { query: `x${index}` } }))]);
    await world.standing.seal();
    expect(await world.found()).toEqual([]);
    expect((await leaves()).length).toBe((await checkpoints()).at(-1)?.size);
  });

  test('[ML6] the clock seals after ten seconds, and sooner when a thousand entries came', async () => {
    await world.call('gp', 'get', '/api/plans', { query: { query: 'later' } });
    const size = (await leaves()).length;
    world.clock.pass(limits.sealEveryMs - 1);
    await eventually(async () => {
      // Looks take their turn after one another; the clock is moved until the time is over.
      world.clock.pass(limits.sealLookMs);
      expect((await leaves()).length).toBeGreaterThan(size);
    });
  });
});

describe('what a seal says', () => {
  test('[ML7] a checkpoint is a note signed by the log’s own key, and its copy outside the database is the same, readable by the service only', async () => {
    const kept = await checkpoints();
    expect(kept.length).toBeGreaterThanOrEqual(2);
    const outside = await readOutside(world.deps.settings.checkpointsDir);
    expect(outside).toEqual({ kept: kept.map(({ note, size }) => ({ note, size, key: outside.kept[0]?.key })), faults: [] });
    const key = readVerifier(outside.kept[0]?.key ?? '');
    for (const { size, root, note } of kept) {
      const read = readNote(note);
      expect(read && readCheckpoint(read.text)).toEqual({ origin: '127.0.0.1/accord-audit', size, root });
      expect(read && key && isSignedBy(read, key)).toBe(true);
    }
    const [name = ''] = await readdir(world.deps.settings.checkpointsDir);
    expect((await stat(path.join(world.deps.settings.checkpointsDir, name))).mode & 0o777).toBe(0o600);
    expect(await readFile(path.join(world.deps.settings.dataDir, 'keys', 'log.pem'), 'utf8')).not.toBe(await readFile(path.join(world.deps.settings.dataDir, 'keys', 'signing.pem'), 'utf8'));
  });

  test('[ML2] [ML3] proofs from the store hold: every leaf in every checkpoint over it, every checkpoint in every later one', async () => {
    const [sealed, kept] = [await leaves(), await checkpoints()];
    for (const { size, root } of kept) {
      for (const { leaf, hash } of sealed.filter((one) => one.leaf < size)) expect(isIncluded(hash, leaf, size, await inclusionProof(world.base.db, leaf, size), root)).toBe(true);
      for (const later of kept.filter((one) => one.size >= size)) expect(isConsistent(size, later.size, await consistencyProof(world.base.db, size, later.size), root, later.root)).toBe(true);
    }
  });

  test('[ML8] copies that a node missed are brought up: another node’s, and its own from before it stopped', async () => {
    await rm(world.deps.settings.checkpointsDir, { recursive: true });
    const other = keepAudit({ ...world.deps, clock: world.clock }, () => Promise.reject(new Error('nobody')));
    await other.walk('increment');
    await other.close();
    expect((await readOutside(world.deps.settings.checkpointsDir)).kept.map(({ size }) => size)).toEqual((await checkpoints()).map(({ size }) => size));
    expect(await world.found()).toEqual([]);
  });

  test('[ML8] HAZ-27 a file that was cut under a running service is a break, although it is brought up again', async () => {
    await world.changeOutside((lines) => lines.slice(0, -1));
    await world.standing.walk('increment');
    const [walk] = await world.base.db.query<{ breaks: number; found: unknown }>('SELECT breaks, found FROM audit_walks ORDER BY id DESC LIMIT 1');
    expect(walk?.breaks).toBe(1);
    expect(JSON.stringify(walk?.found)).toMatch(/the file was cut/);
    await world.standing.walk('increment');
    expect((await world.base.db.query<{ breaks: number }>('SELECT breaks FROM audit_walks ORDER BY id DESC LIMIT 1'))[0]?.breaks).toBe(0);
  });

  test('[ML8] HAZ-27 a checkpoint whose key nobody published is not copied, and each walk says so', async () => {
    const before = await readOutside(world.deps.settings.checkpointsDir);
    await world.base.asAdministrator(`${unguarded} INSERT INTO audit_checkpoints (size, root, origin, key_id, note) SELECT size + 1, root, origin, repeat('0', 32), note FROM audit_checkpoints ORDER BY size DESC LIMIT 1`);
    for (const _again of [1, 2]) {
      await world.standing.walk('increment');
      const [walk] = await world.base.db.query<{ found: unknown }>('SELECT found FROM audit_walks ORDER BY id DESC LIMIT 1');
      expect(JSON.stringify(walk?.found)).toMatch(/signed with a key that no node has published/);
    }
    expect(await readOutside(world.deps.settings.checkpointsDir)).toEqual(before);
  });
});

describe('the standing walk', () => {
  const lastWalk = async () => (await world.base.db.query<{ kind: string; entries: number; size: number; breaks: number }>('SELECT kind, entries, size, breaks FROM audit_walks ORDER BY id DESC LIMIT 1'))[0];
  const measured = async () => ((await register.getSingleMetric('accord_audit_breaks')?.get())?.values[0]?.value);

  test('[ML13] goes on where the last whole one ended, and reads only what was sealed since', async () => {
    await world.standing.walk('increment');
    const size = (await leaves()).length;
    expect(await lastWalk()).toEqual({ kind: 'increment', entries: size, size, breaks: 0 });
    await world.call('gp', 'get', '/api/plans', { query: { query: 'since' } });
    await world.standing.seal();
    await world.standing.walk('increment');
    expect(await lastWalk()).toEqual({ kind: 'increment', entries: 1, size: size + 1, breaks: 0 });
    expect(await measured()).toBe(0);
  });

  test('[ML13] HAZ-27 that nothing is sealed any more is a break in each walk of a running service; a copy that stands still is judged by its last checkpoint', async () => {
    const found = async (kind: 'whole' | 'increment'): Promise<string> => {
      await world.standing.walk(kind);
      return JSON.stringify((await world.base.db.query<{ found: unknown }>('SELECT found FROM audit_walks ORDER BY id DESC LIMIT 1'))[0]?.found);
    };
    const plan = await world.newPlan();
    // An hour passes without a sealing: the entry is an hour old, and so is the last checkpoint.
    await world.base.asAdministrator(`${unguarded} UPDATE audit_checkpoints SET at = at - interval '1 hour'`);
    await world.base.asAdministrator(`${unguarded} ${rewriteChain(`plan:${plan.id}`, 1, `regexp_replace(entry, '"at":"[^"]*"', '"at":"' || to_char((clock_timestamp() - interval '1 hour') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"')`)}`);
    const late = `plan:${plan.id} entry 1`;
    expect([await found('increment'), await found('whole')].map((text) => text.includes(late))).toEqual([true, true]);
    expect((await world.found()).filter((line) => line.includes(late))).toEqual([]);
    await world.standing.seal();
    expect(await found('increment')).not.toContain(late);
  });

  test('[ML13] HAZ-27 an increment finds what was changed among the new, and a changed beginning too', async () => {
    await world.standing.walk('whole');
    const size = (await leaves()).length;
    await world.call('gp', 'get', '/api/plans', { query: { query: 'changed' } });
    await world.standing.seal();
    await world.base.asAdministrator(`${unguarded} UPDATE audit_entries SET entry = replace(entry, '"done"', '"refused"') FROM audit_leaves WHERE leaf = ${size} AND audit_leaves.stream = audit_entries.stream AND audit_leaves.seq = audit_entries.seq`);
    await world.standing.walk('increment');
    expect(await lastWalk()).toMatchObject({ breaks: 1, size: size + 1 });
    expect(await measured()).toBe(1);
    await world.base.asAdministrator(`${unguarded} UPDATE audit_nodes SET hash = sha256('x') WHERE level = 1 AND place = 0; UPDATE audit_nodes SET hash = sha256('x') WHERE level > 1`);
    const found: string[] = [];
    await walkIncrement(world.base.db, await trustHere(world.deps), ({ where, why }) => found.push(`${where}: ${why}`));
    expect(found).toContain(`the audit log up to leaf ${size}: it is no longer what the last walk found whole`);
  });

  test('[ML14] whether a key was retired is looked up by the key, however long the chains are: it is asked at each sealing', async () => {
    const made = await makeDatabase();
    try {
      await made.asAdministrator(`INSERT INTO audit_entries (stream, seq, entry, hash) SELECT 'access:none:1', n, '{"action":"sign-in","key":"' || n || '"}', '' FROM generate_series(1, 50000) AS n; ANALYZE audit_entries`);
      const plan = JSON.stringify(await made.db.query(`EXPLAIN ${retirementsOf.replaceAll('$1', `'${'a'.repeat(32)}'`)}`));
      expect(plan).toContain('audit_entries_retirements');
      expect(plan).not.toMatch(/Seq Scan on audit_entries/);
    } finally {
      await made.drop();
    }
  });

  test('[ML13] the whole is walked once a night, by the clock', () => {
    const at = (text: string): Date => new Date(text);
    expect(wholeIsDue(undefined, at('2026-06-01T12:00:00Z'))).toBe(true);
    expect(wholeIsDue(at('2026-06-01T02:30:00Z'), at('2026-06-01T23:59:00Z'))).toBe(false);
    expect(wholeIsDue(at('2026-06-01T02:30:00Z'), at('2026-06-02T01:59:00Z'))).toBe(false);
    expect(wholeIsDue(at('2026-06-01T02:30:00Z'), at('2026-06-02T02:00:00Z'))).toBe(true);
    expect(wholeIsDue(at('2026-05-30T12:00:00Z'), at('2026-06-01T01:00:00Z'))).toBe(true);
  });

  test('[ML13] the clock walks every minute', async () => {
    await eventually(async () => {
      world.clock.pass(limits.walkEveryMs);
      expect((await lastWalk())?.kind).toBe('whole');
    });
    await eventually(async () => {
      world.clock.pass(limits.walkEveryMs / 10);
      expect((await lastWalk())?.kind).toBe('increment');
    });
  });
});

describe('a version', () => {
  const seal = async (number: number) => (await world.get<VersionView>('coordinator', `/api/plans/${world.plan}/versions/${number}`)).seal;

  test('[ML11] is signed at once, sealed when a checkpoint covers the entry of its signing, and never called witnessed by itself', async () => {
    expect(await seal(1)).toEqual({ sealedAt: expect.stringMatching(/^\d{4}-/), witnessedAt: null, witness: null });
    await world.write(world.plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'own-home' });
    await world.sign(world.plan);
    expect(await seal(3)).toEqual({ sealedAt: null, witnessedAt: null, witness: null });
    await world.standing.seal();
    const sealed = await seal(3);
    expect(sealed.sealedAt).not.toBeNull();
    expect((await seal(1)).sealedAt ?? '' < (sealed.sealedAt ?? '')).toBeTruthy();
  });
});
