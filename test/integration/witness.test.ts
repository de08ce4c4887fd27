/** Houses that co-sign each other's audit logs: over real HTTP, and against houses that show two histories. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { register } from 'prom-client';
import { askOverNetwork } from '../../server/audit/askWitness.ts';
import { Growing } from '../../server/audit/merkle.ts';
import { isSignedBy, readNote, readSignature, readVerifier, signNote, spellCheckpoint, verifierText, type SignerKey } from '../../server/audit/note.ts';
import { keepAudit } from '../../server/audit/standing.ts';
import { logKey } from '../../server/audit/logKeys.ts';
import { trustHere } from '../../server/audit/trust.ts';
import { walkWhole } from '../../server/audit/walk.ts';
import type { VersionView } from '../../shared/wire/plans.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { makeAuditWorld, unguarded, type AuditWorld } from '../support/auditWorld.ts';

/** Another house, that co-signs for the world under test. */
let partner: TestApp;
let world: AuditWorld;
let partnersKey: string;

beforeAll(async () => {
  const first = await makeAuditWorld();
  const log = await logKey(first.deps);
  partner = await startApp({ settings: { witnessFor: [verifierText(log.name, 'note', log.raw)] } });
  partnersKey = String((await partner.api().get('/api/witness')).body['witness']);
  world = first;
});
afterAll(async () => {
  await world.close();
  await partner.close();
});

const asked = () => keepAudit({ ...world.deps, clock: world.clock, settings: { ...world.deps.settings, witnesses: [{ key: partnersKey, address: partner.url }] } }, askOverNetwork);
const cosigned = () => world.base.db.query<{ size: number; witness: string; line: string }>('SELECT size, witness, line FROM audit_cosignatures ORDER BY size');
const post = (body: unknown, headers: Record<string, string> = {}) => partner.api().post('/api/witness/checkpoints', body, headers);
const failures = async (): Promise<number> => ((await register.getSingleMetric('accord_audit_witness_failures_total')?.get())?.values.reduce((sum, { value }) => sum + value, 0) ?? 0);

describe('a witness', () => {
  test('[ML9] [ML10] co-signs what is new and what goes on from there; a version under it is witnessed', async () => {
    const standing = asked();
    await standing.seal();
    const [first] = await cosigned();
    const [checkpoint] = await world.base.db.query<{ size: number; note: string }>('SELECT size, note FROM audit_checkpoints ORDER BY size DESC LIMIT 1');
    expect(first).toMatchObject({ size: checkpoint?.size, witness: partnersKey.split('+')[0] });
    const [note, signature, key] = [readNote(checkpoint?.note ?? ''), readSignature(first?.line ?? ''), readVerifier(partnersKey)];
    expect(note && signature && key && isSignedBy({ text: note.text, signatures: [signature] }, key)).toBe(true);

    for (const word of ['one', 'two', 'three']) {
      await world.call('gp', 'get', '/api/plans', { query: { query: word } });
      await standing.seal();
    }
    expect((await cosigned()).length).toBe(4);
    await standing.close();
    const version = await world.get<VersionView>('coordinator', `/api/plans/${world.plan}/versions/1`);
    expect(version.seal).toEqual({ sealedAt: expect.any(String), witnessedAt: expect.any(String), witness: partnersKey.split('+')[0] });
    expect((version.seal.sealedAt ?? '') <= (version.seal.witnessedAt ?? '')).toBe(true);
  });

  test('[ML10] that has seen more than we remember is asked again from where it left off', async () => {
    await world.base.asAdministrator(`${unguarded} DELETE FROM audit_cosignatures`);
    const standing = asked();
    await world.call('gp', 'get', '/api/plans', { query: { query: 'forgotten' } });
    await standing.seal();
    await standing.close();
    expect((await cosigned()).length).toBe(1);
  });

  test('[ML9] HAZ-27 does not sign a second history: another root for a size, a smaller log, a proof that does not hold', async () => {
    const key = await logKey(world.deps);
    const [{ size, root } = { size: 0, root: Buffer.alloc(0) }] = await world.base.db.query<{ size: number; root: Buffer }>('SELECT size, root FROM audit_checkpoints ORDER BY size DESC LIMIT 1');
    const signed = (claim: { size: number; root: Buffer }): string => signNote(spellCheckpoint({ origin: key.name, ...claim }), key);
    const other = Buffer.alloc(32, 3);
    expect((await post({ old: size, proof: [], checkpoint: signed({ size, root: other }) })).body).toMatchObject({ status: 409, code: 'conflict', size });
    expect((await post({ old: size - 1, proof: [], checkpoint: signed({ size: size - 1, root: other }) })).body).toMatchObject({ status: 409, size });
    expect((await post({ old: size - 1, proof: [], checkpoint: signed({ size: size + 1, root: other }) })).body).toMatchObject({ status: 409, size });
    expect((await post({ old: size, proof: [other.toString('base64')], checkpoint: signed({ size: size + 1, root: other }) })).body).toMatchObject({ status: 422, code: 'invalid' });
    expect((await post({ old: size, proof: [], checkpoint: signed({ size: size + 1, root: other }) })).status).toBe(422);
    expect((await post({ old: size, proof: ['x'], checkpoint: signed({ size: size + 1, root: other }) })).status).toBe(422);
    // The same again is signed again: the answer may have been lost.
    expect((await post({ old: size, proof: [], checkpoint: signed({ size, root }) })).status).toBe(200);
  });

  test('[ML9] signs for nobody who is not configured, and nothing that the configured key did not sign', async () => {
    const key = await logKey(world.deps);
    const text = spellCheckpoint({ origin: key.name, size: 1, root: Buffer.alloc(32, 1) });
    const stranger: SignerKey = { ...(await logKey({ ...world.deps, settings: { ...world.deps.settings, dataDir: `${world.deps.settings.dataDir}/stranger` } })), name: key.name };
    expect((await post({ old: 0, proof: [], checkpoint: signNote(text, stranger) })).body).toMatchObject({ status: 403, code: 'not-allowed' });
    expect((await post({ old: 0, proof: [], checkpoint: signNote(text.replace(key.name, 'somebody.example/log'), { ...key, name: 'somebody.example/log' }) })).status).toBe(403);
    for (const checkpoint of ['', 'x', text]) expect((await post({ old: 0, proof: [], checkpoint })).body).toMatchObject({ status: 422, problems: [{ field: 'checkpoint', message: expect.any(String) }] });
    for (const body of [{}, { old: -1, proof: [], checkpoint: text }, { old: 0, proof: Array.from({ length: 200 }, () => 'x'), checkpoint: text }, { old: 0, proof: [], checkpoint: 'x'.repeat(9_000) }, { old: 0, proof: [], checkpoint: text, more: 1 }]) {
      expect((await post(body)).status).toBe(422);
    }
    expect((await post({ old: 0, proof: [], checkpoint: text }, { origin: 'https://elsewhere.example' })).status).toBe(403);
  });

  test('[ML9] begins with a log of any size, and two orders at once make one history', async () => {
    const own = await startApp({ settings: { witnessFor: [await keyTextOf(world)] } });
    try {
      const key = await logKey(world.deps);
      const trees = [1, 2].map((mark) => { const tree = new Growing(); tree.add(Buffer.alloc(32, mark)); return tree.root(); });
      const answers = await Promise.all(trees.map((root) => own.api().post('/api/witness/checkpoints', { old: 0, proof: [], checkpoint: signNote(spellCheckpoint({ origin: key.name, size: 1, root }), key) })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    } finally {
      await own.close();
    }
  });
});

describe('a witness that does not do its part', () => {
  let server: Server;
  let answer: (request: { readonly url?: string | undefined }) => { readonly status: number; readonly body: string; readonly headers?: Record<string, string> };
  const seen: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request.url ?? '');
      const { status, body, headers } = answer(request);
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

  test.each([
    ['answers nonsense', { status: 200, body: 'x' }], ['answers a signature of something else', { status: 200, body: JSON.stringify({ cosignature: '— example AAAAAAAAAAAA\n' }) }],
    ['refuses', { status: 500, body: '' }], ['sends us elsewhere', { status: 307, body: '', headers: { location: 'http://169.254.169.254/' } }], ['answers far too much', { status: 200, body: 'x'.repeat(100_000) }],
    ['claims to know a larger log', { status: 409, body: JSON.stringify({ size: 1e9 }) }],
  ] as const)('[ML10] %s: is counted as failed, brings no cosignature and stops nothing', async (_what, given) => {
    answer = () => given;
    const before = [await failures(), (await cosigned()).length] as const;
    const standing = keepAudit({ ...world.deps, clock: world.clock, settings: { ...world.deps.settings, witnesses: [{ key: partnersKey, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }] } }, askOverNetwork);
    await world.call('gp', 'get', '/api/plans', { query: { query: _what } });
    await standing.seal();
    await standing.close();
    expect(await failures()).toBe(before[0] + 1);
    expect((await cosigned()).length).toBe(before[1]);
    expect(new Set(seen)).toEqual(new Set(['/api/witness/checkpoints']));
    expect(await world.found()).toEqual([]);
  });

  test('[ML12] HAZ-27 a cosignature that was put into the database by somebody else is named', async () => {
    const [{ size } = { size: 0 }] = await world.base.db.query<{ size: number }>('SELECT max(size) AS size FROM audit_checkpoints');
    const name = partnersKey.split('+')[0] ?? '';
    const [{ line } = { line: '' }] = await cosigned();
    await world.base.asAdministrator(`INSERT INTO audit_cosignatures (size, witness, line) VALUES (${size}, '${name}', '${line.trim()}')`);
    const lines: string[] = [];
    const settings = { ...world.deps.settings, witnesses: [{ key: partnersKey, address: partner.url }] };
    const walked = await walkWhole(world.deps.db, await trustHere({ ...world.deps, settings }), ({ where, why }) => lines.push(`${where} ${why}`));
    expect(lines).toEqual([`checkpoint ${size} does not hold: what ${name} co-signed is something else`]);
    expect(walked.cosignatures).toBeGreaterThan(0);
  });
});

async function keyTextOf(of: AuditWorld): Promise<string> {
  const key = await logKey(of.deps);
  return verifierText(key.name, 'note', key.raw);
}
