/** Attacks on what is recorded: by the service's own database role, and by somebody who owns the database. Each has to fail or to be named. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { retireKey } from '../../server/audit/operator.ts';
import { signNote, spellCheckpoint, type SignerKey } from '../../server/audit/note.ts';
import { nodeKey, signingKey } from '../../server/versions/keys.ts';
import { makeAuditWorld, rewriteChain, unguarded, type AuditWorld } from '../support/auditWorld.ts';
import { refusalOf } from '../support/planWorld.ts';

const tables = ['audit_entries', 'versions', 'plan_log', 'signing_keys', 'audit_leaves', 'audit_nodes', 'audit_checkpoints', 'audit_cosignatures', 'witness_cosigned', 'audit_walks', 'retired_keys'] as const;
const random = (bytes: number): Uint8Array => randomBytes(bytes);

describe('A73 the service’s own database role', () => {
  let world: AuditWorld;
  beforeAll(async () => {
    world = await makeAuditWorld();
    await world.standing.walk('whole');
  });
  afterAll(() => world.close());

  test.each(tables.flatMap((table) => [
    `UPDATE ${table} SET ${{ audit_entries: `entry = ''`, versions: `content = ''`, plan_log: `author_id = ''`, signing_keys: `public_key = ''`, audit_leaves: 'seq = 0', audit_nodes: 'place = 0',
      audit_checkpoints: `note = ''`, audit_cosignatures: `line = ''`, witness_cosigned: `note = ''`, audit_walks: 'breaks = 0', retired_keys: `key_id = ''` }[table]}`,
    `DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`, `ALTER TABLE ${table} ADD COLUMN x int`, `ALTER TABLE ${table} DISABLE TRIGGER ALL`, `ALTER TABLE ${table} DISABLE TRIGGER never_changes`,
    `DROP TABLE ${table} CASCADE`,
  ]))('[AU5] A73 HAZ-27 cannot run “%s”', async (statement) => {
    await expect(world.base.db.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  test.each(['SET session_replication_role = replica', 'UPDATE access_heads SET seq = 0', `ALTER FUNCTION accord_record_access(jsonb) OWNER TO accord_service`])('[AU5] A73 HAZ-27 cannot run “%s”', async (statement) => {
    await expect(world.base.db.query(statement)).rejects.toThrow();
  });

  test.each(tables.filter((table) => !['audit_cosignatures', 'witness_cosigned', 'retired_keys'].includes(table)))('[AU5] A73 HAZ-27 nor can the owner of the tables while the guards stand: %s', async (table) => {
    for (const statement of [`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`, `SET session_replication_role = replica; DELETE FROM ${table}`]) {
      await expect(world.base.asAdministrator(statement)).rejects.toMatchObject({ code: '42501' });
    }
    expect(await world.found()).toEqual([]);
  });
});

describe('somebody who owns the database', () => {
  let world: AuditWorld;
  let stream: string;
  beforeEach(async () => {
    world = await makeAuditWorld();
    stream = `plan:${world.plan}`;
    expect(await world.found()).toEqual([]);
  });
  afterEach(() => world.close());
  const tamper = (sql: string) => world.base.asAdministrator(`${unguarded} ${sql}`);
  const lengthOf = async (): Promise<number> => (await world.base.db.query<{ length: number }>('SELECT audit_seq AS length FROM plans WHERE id = $1', [world.plan]))[0]?.length ?? 0;

  test('[ML12] A74 HAZ-27 who changes one entry is found at that entry, in the chain and in the log', async () => {
    await tamper(`UPDATE audit_entries SET entry = replace(entry, '"done"', '"refused"') WHERE stream = '${stream}' AND seq = 5`);
    expect(await world.found()).toContain(`${stream} does not hold at entry 5: the entry is not what its hash was taken of`);
    await world.standing.walk('whole');
    // And a new hash for it shows in the log.
    await tamper(`UPDATE audit_entries SET hash = sha256('\\x00'::bytea || convert_to(entry, 'UTF8')) WHERE stream = '${stream}' AND seq = 5`);
    expect(await world.found()).toContainEqual(expect.stringMatching(new RegExp(`^${stream} entry 5 does not hold: it is not the entry that was sealed as leaf \\d+$`)));
  });

  test('[ML12] A74 HAZ-27 who cuts the end of a chain, head and all, is found by the log', async () => {
    const length = await lengthOf();
    await tamper(`DELETE FROM audit_entries WHERE stream = '${stream}' AND seq > ${length - 2};
      UPDATE plans SET audit_seq = ${length - 2}, audit_hash = (SELECT hash FROM audit_entries WHERE stream = '${stream}' AND seq = ${length - 2}) WHERE id = '${world.plan}'`);
    const found = await world.found();
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${stream} entry ${length - 1} does not hold: it was sealed as leaf \\d+ and is missing$`)));
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${stream} entry ${length} does not hold: it was sealed`)));
  });

  test('[ML12] A74 HAZ-27 who cuts the end of the log with it is found by the checkpoints, and with those too by the copies outside', async () => {
    const [row] = await world.base.db.query<{ size: number }>('SELECT min(size) AS size FROM audit_checkpoints');
    const size = row?.size ?? 0;
    const [last] = await world.base.db.query<{ size: number }>('SELECT max(size) AS size FROM audit_checkpoints');
    await tamper(`DELETE FROM audit_leaves WHERE leaf >= ${size}`);
    expect(await world.found()).toContain(`checkpoint ${last?.size} does not hold: the log has only ${size} leaves now: its end was removed`);
    await tamper(`DELETE FROM audit_checkpoints WHERE size > ${size}; DELETE FROM audit_nodes WHERE (place + 1) * (2 ^ level) > ${size}; UPDATE audit_sealed SET seq = coalesce((SELECT max(seq) FROM audit_leaves WHERE audit_leaves.stream = audit_sealed.stream), 0)`);
    expect(await world.found()).toContain(`checkpoint ${last?.size} outside the database does not hold: the log has only ${size} leaves now: its end was removed`);
    // Sealed anew with what came meanwhile it is another log, and the copies say so.
    await world.call('gp', 'get', '/api/plans');
    await world.get('nurse', `/api/plans/${world.plan}/versions/1`);
    await world.standing.seal();
    expect((await world.found()).join('\n')).toContain(`checkpoint ${last?.size} does not hold: it is kept outside the database, and the database has it no more`);
  });

  test('[ML12] A75 HAZ-27 who writes a whole chain anew with fresh hashes is found at the first entry that is another', async () => {
    await tamper(rewriteChain(stream, 3, `replace(entry, '"outcome":"done"', '"outcome":"refused"')`));
    const found = await world.found();
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${stream} entry 3 does not hold: it is not the entry that was sealed as leaf`)));
    expect(found).not.toContainEqual(expect.stringContaining(`${stream} entry 2 `));
  });

  test('[ML12] A75 HAZ-27 who writes the log anew too, with every root, cannot sign it: the key lies outside the database', async () => {
    await tamper(rewriteChain(stream, 3, `replace(entry, '"outcome":"done"', '"outcome":"refused"')`));
    await tamper(`UPDATE audit_leaves SET hash = audit_entries.hash FROM audit_entries WHERE audit_entries.stream = audit_leaves.stream AND audit_entries.seq = audit_leaves.seq`);
    const found = await world.found();
    expect(found).toContainEqual(expect.stringMatching(/^checkpoint \d+ does not hold: the entries sealed up to there do not make the root that was signed/));
    expect(found).toContainEqual(expect.stringMatching(/^checkpoint \d+ outside the database does not hold: the entries sealed up to there do not make the root that was signed/));
  });

  test('[ML12] A75 HAZ-27 a checkpoint signed with a key of the attacker’s own, put into the table of keys, is named', async () => {
    const [row] = await world.base.db.query<{ size: number; root: Buffer; origin: string }>('SELECT size, root, origin FROM audit_checkpoints ORDER BY size DESC LIMIT 1');
    if (!row) throw new Error('nothing is sealed');
    const theirs = await nodeKey(path.join(world.deps.settings.dataDir, 'attacker'), 'log', random);
    const key: SignerKey = { name: row.origin, ...theirs };
    const note = signNote(spellCheckpoint(row), key);
    await tamper(`INSERT INTO signing_keys (key_id, public_key) VALUES ('${theirs.id}', '${theirs.publicKey}'); UPDATE audit_checkpoints SET note = '${note}', key_id = '${theirs.id}' WHERE size = ${row.size}`);
    expect(await world.found()).toContain(`checkpoint ${row.size} does not hold: it is signed with a key that is not known outside the database`);
  });

  test('[ML12] A74 HAZ-27 who puts an entry in, or swaps two, is found', async () => {
    await tamper(`UPDATE audit_entries SET seq = seq + 100000 WHERE stream = '${stream}' AND seq >= 4; UPDATE audit_entries SET seq = seq - 99999 WHERE stream = '${stream}' AND seq > 100000;
      INSERT INTO audit_entries (stream, seq, entry, hash) SELECT stream, 4, entry, hash FROM audit_entries WHERE stream = '${stream}' AND seq = 3`);
    const inserted = await world.found();
    expect(inserted).toContain(`${stream} does not hold at entry 4: the entry belongs to another place`);
    expect(inserted).toContainEqual(expect.stringMatching(new RegExp(`^${stream} entry 4 does not hold: it is not the entry that was sealed`)));
  });

  test('[ML12] A74 HAZ-27 two leaves that changed places are found', async () => {
    await tamper(`UPDATE audit_leaves SET leaf = -1 WHERE leaf = 2; UPDATE audit_leaves SET leaf = 2 WHERE leaf = 3; UPDATE audit_leaves SET leaf = 3 WHERE leaf = -1`);
    expect((await world.found()).join('\n')).toMatch(/was sealed as leaf 2 out of its order/);
  });

  test('[ML12] A74 HAZ-27 an access chain is guarded in the same way', async () => {
    const [head] = await world.base.db.query<{ stream: string }>(`SELECT stream FROM access_heads ORDER BY seq DESC LIMIT 1`);
    const own = head?.stream ?? '';
    await tamper(rewriteChain(own, 1, `replace(entry, '"found":', '"found":1')`));
    expect(await world.found()).toContainEqual(expect.stringMatching(new RegExp(`^${own} entry 1 does not hold: it is not the entry that was sealed as leaf`)));
  });

  test('[ML12] A74 HAZ-27 an entry that was kept from being sealed is named', async () => {
    await world.get('gp', `/api/plans/${(await world.newPlan('gp')).id}`);
    await world.base.asAdministrator(`INSERT INTO audit_sealed SELECT 'plan:' || id, audit_seq FROM plans WHERE id <> '${world.plan}' ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq`);
    await world.call('nurse', 'get', '/api/plans', { query: { query: 'somebody' } });
    await world.standing.seal();
    await tamper(`UPDATE audit_checkpoints SET at = at + interval '1 hour' WHERE size = (SELECT max(size) FROM audit_checkpoints)`);
    expect(await world.found()).toContainEqual(expect.stringMatching(/^plan:plan_\w+ entry 1 does not hold: the entry should have been sealed long ago and was not$/));
  });

  test.each([
    ['its last line', (lines: readonly string[]) => lines.slice(0, -1), /they end at checkpoint \d+, and the database goes on to checkpoint \d+: the file was cut/],
    ['its first line', (lines: readonly string[]) => lines.slice(1), /checkpoint \d+ does not hold: its copy outside the database is missing/],
    ['half a line', (lines: readonly string[]) => [...lines.slice(0, -1), lines.at(-1)?.slice(0, 40) ?? ''], /line \d+ of checkpoints-\d{4}-\d\d\.jsonl cannot be read/],
    ['its shape', (lines: readonly string[]) => lines.map((line) => line.replace(/\\n(\d+)\\n/, '\\n$1\\nA')), /line 1 of checkpoints-\d{4}-\d\d\.jsonl cannot be read/],
    ['its roots', (lines: readonly string[]) => lines.map((line) => line.replace(/(\\n\d+\\n)(..)/, (_all, before: string, two: string) => `${before}${two === 'AA' ? 'BB' : 'AA'}`)), /outside the database does not hold: the entries sealed up to there do not make the root that was signed/],
  ])('[ML12] A74 HAZ-27 a file of checkpoints that lost %s is named', async (_what, change, why) => {
    await world.changeOutside(change);
    expect((await world.found()).join('\n')).toMatch(why);
  });

  test('[ML12] A74 HAZ-27 the whole folder of checkpoints gone is named', async () => {
    await rm(world.deps.settings.checkpointsDir, { recursive: true });
    expect((await world.found()).join('\n')).toMatch(/they end at checkpoint 0, and the database goes on/);
  });

  test('[ML7] A74 HAZ-27 a damaged log is not built on: sealing stops, is counted as a break, and clinical work goes on', async () => {
    await tamper('DELETE FROM audit_leaves WHERE leaf >= 20');
    await world.write(world.plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'own-home' });
    await world.standing.seal();
    await world.standing.walk('increment');
    const [walk] = await world.base.db.query<{ breaks: number; found: { where: string; why: string }[] }>('SELECT breaks, found FROM audit_walks ORDER BY id DESC LIMIT 1');
    expect(walk?.breaks).toBeGreaterThan(0);
    expect(JSON.stringify(walk?.found)).toMatch(/the audit log has 20 leaves, and its last checkpoint signed \d+/);
    expect((await world.sign(world.plan)).number).toBe(3);
  });
});

describe('A76 a signed version', () => {
  let world: AuditWorld;
  beforeAll(async () => { world = await makeAuditWorld(); });
  afterAll(() => world.close());

  test.each([
    ['one letter of the content', `content = replace(content, 'Testwell', 'Testwall')`, 2], ['the time', `signed_at = signed_at - interval '1 second'`, 2], ['the signer', `signed_by = 'person_gp'`, 2],
    ['the key', `key_id = repeat('0', 32)`, 2], ['the signature', `signature = replace(signature, substr(signature, 5, 1), CASE substr(signature, 5, 1) WHEN 'A' THEN 'B' ELSE 'A' END)`, 2],
    ['the statement', `statement = replace(statement, '"number":2', '"number":3')`, 2], ['the order of the statement’s members', `statement = '{"v":1,' || substr(replace(statement, ',"v":1', ''), 2)`, 2],
    ['the hash of the version before', `previous_hash = content_hash`, 2], ['the position', 'position = position - 1', 1],
  ])('[VE4] A76 HAZ-27 is named when somebody changed %s', async (_what, change, number) => {
    await world.base.asAdministrator(`${unguarded} CREATE TABLE aside AS SELECT * FROM versions; UPDATE versions SET ${change} WHERE number = ${number}`);
    const found = await world.found();
    await world.base.asAdministrator(`UPDATE versions SET (content, signed_at, signed_by, key_id, signature, statement, previous_hash, position) =
      (SELECT content, signed_at, signed_by, key_id, signature, statement, previous_hash, position FROM aside WHERE aside.number = versions.number); DROP TABLE aside`);
    expect(found.join('\n')).toMatch(new RegExp(`^${world.plan} version ${number} does not hold: `, 'm'));
    expect(await world.found()).toEqual([]);
  });
});

describe('A76 a version that somebody with a key of their own signs anew', () => {
  let world: AuditWorld;
  beforeEach(async () => { world = await makeAuditWorld(); });
  afterEach(() => world.close());

  /** The statement of version 2 with another time in it, signed with a key of the attacker's own. */
  async function signAnew(named: (own: string, theirs: string) => string) {
    const [row] = await world.base.db.query<{ statement: string; keyId: string }>('SELECT statement, key_id AS "keyId" FROM versions WHERE plan_id = $1 AND number = 2', [world.plan]);
    if (!row) throw new Error('there is no version 2');
    const theirs = await signingKey(path.join(world.deps.settings.dataDir, 'attacker'), random);
    const name = named(row.keyId, theirs.id);
    const statement = row.statement.replace(`"keyId":"${row.keyId}"`, `"keyId":"${name}"`).replace(/"signedAt":"\d{4}/, '"signedAt":"2019');
    expect(statement).not.toBe(row.statement);
    return { theirs, name, sql: `UPDATE versions SET statement = '${statement.replaceAll("'", "''")}', signature = '${theirs.sign(statement)}', key_id = '${name}',
      signed_at = (('${statement.replaceAll("'", "''")}')::jsonb->>'signedAt')::timestamptz WHERE plan_id = '${world.plan}' AND number = 2;` };
  }

  test('[VE4] A76 HAZ-27 is named when the key is published beside ours: the sealed entry names another', async () => {
    const { theirs, sql } = await signAnew((_own, other) => other);
    await world.base.asAdministrator(`${unguarded} INSERT INTO signing_keys (key_id, public_key) VALUES ('${theirs.id}', '${theirs.publicKey}'); ${sql}`);
    expect(await world.found()).toContain(`${world.plan} version 2 does not hold: the audit chain tells of another signing`);
  });

  test('[VE4] A76 HAZ-27 is named when the key is put in the place of ours', async () => {
    const { theirs, name, sql } = await signAnew((own) => own);
    await world.base.asAdministrator(`${unguarded} UPDATE signing_keys SET public_key = '${theirs.publicKey}' WHERE key_id = '${name}'; ${sql}`);
    expect(await world.found()).toContain(`${world.plan} version 2 does not hold: the key that is kept as ${name} is another one`);
  });
});

describe('what the log says beside its bytes', () => {
  let world: AuditWorld;
  beforeAll(async () => { world = await makeAuditWorld(); });
  afterAll(() => world.close());
  const rowOf = async (): Promise<number> => (await world.base.db.query<{ position: number }>(`SELECT max(position) AS position FROM plan_log WHERE plan_id = '${world.plan}' AND kind = 'update'`))[0]?.position ?? 0;

  test.each([
    ['clocks are taken from a row: who wrote it is told from them', `spans = '[]'`, 'says of other clocks than its bytes that it brought them'],
    ['clocks are given to a row', `spans = spans || '[[7, 0, 5]]'`, 'says of other clocks than its bytes that it brought them'],
    ['clocks are of another person’s device', `spans = jsonb_set(spans, '{0,0}', '7')`, 'says of other clocks than its bytes that it brought them'],
    ['the time of a row is set back', `at = at - interval '400 days'`, 'says another time than its entry'],
  ])('[AU9] A73 HAZ-27 is found when %s', async (_what, change, why) => {
    const position = await rowOf();
    const where = `WHERE plan_id = '${world.plan}' AND position = ${position}`;
    await world.base.asAdministrator(`${unguarded} CREATE TABLE kept AS SELECT spans, at FROM plan_log ${where}; UPDATE plan_log SET ${change} ${where}`);
    try {
      expect(await world.found()).toEqual([expect.stringMatching(new RegExp(`^plan:${world.plan} does not hold at entry \\d+: row ${position} of the log ${why}$`))]);
    } finally {
      await world.base.asAdministrator(`UPDATE plan_log SET spans = kept.spans, at = kept.at FROM kept ${where}; DROP TABLE kept`);
    }
    expect(await world.found()).toEqual([]);
  });
});

describe('A77 a key that was retired', () => {
  let world: AuditWorld;
  beforeEach(async () => { world = await makeAuditWorld(); });
  afterEach(() => world.close());

  test('[ML14] A77 HAZ-27 signs no version any more, whatever the clock says', async () => {
    const key = await signingKey(world.deps.settings.dataDir, random);
    expect(await retireKey(world.deps.db, random, key.id)).toEqual({ ok: true, value: undefined });
    expect(refusalOf(await retireKey(world.deps.db, random, key.id))?.code).toBe('conflict');
    await world.write(world.plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'own-home' });
    await expect(world.sign(world.plan)).rejects.toThrow('key-retired');
    expect(await world.found()).toEqual([]);
  });

  test('[ML14] A77 HAZ-27 a version that claims to be from before is judged by its place in the log', async () => {
    const key = await signingKey(world.deps.settings.dataDir, random);
    await retireKey(world.deps.db, random, key.id);
    await world.standing.seal();
    // Somebody who holds the old key and the database signs on and sets the times back.
    const late = await world.base.db.query<{ row: unknown }>('SELECT 1 AS row FROM retired_keys');
    expect(late).toHaveLength(1);
    const spelled = (from: string, to: string): string => `UPDATE audit_entries SET entry = replace(entry, '"action":"${from}"', '"action":"${to}"') WHERE strpos(entry, '"action":"${from}"') > 0`;
    await world.base.asAdministrator(`${unguarded} CREATE TABLE aside AS SELECT * FROM retired_keys; DELETE FROM retired_keys; ${spelled('retire-key', 'hidden-key')}`);
    await world.write(world.plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'own-home' });
    await world.sign(world.plan);
    await world.base.asAdministrator(`UPDATE versions SET signed_at = signed_at - interval '1 year' WHERE number = 3; INSERT INTO retired_keys SELECT * FROM aside; ${spelled('hidden-key', 'retire-key')}`);
    await world.standing.seal();
    expect(await world.found()).toContain(`${world.plan} version 3 does not hold: it was signed with a key that had been retired`);
  });

  test('[ML14] A77 HAZ-27 stays retired when somebody takes it out of the table of retired keys, and that is found', async () => {
    const key = await signingKey(world.deps.settings.dataDir, random);
    await retireKey(world.deps.db, random, key.id);
    await world.base.asAdministrator(`${unguarded} DELETE FROM retired_keys`);
    await world.write(world.plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'own-home' });
    await expect(world.sign(world.plan)).rejects.toThrow('key-retired');
    expect(await world.found()).toEqual([expect.stringMatching(/^access:none:\d+ entry \d+ does not hold: the key that it retired is not among the retired ones any more$/)]);
  });

  test('[ML14] A77 HAZ-27 seals nothing any more, and an unknown key cannot be retired', async () => {
    const { size } = (await world.base.db.query<{ size: number }>('SELECT max(size) AS size FROM audit_checkpoints'))[0] ?? { size: 0 };
    const key = await nodeKey(world.deps.settings.dataDir, 'log', random);
    await retireKey(world.deps.db, random, key.id);
    await world.standing.seal();
    expect((await world.base.db.query<{ size: number }>('SELECT max(size) AS size FROM audit_checkpoints'))[0]?.size).toBe(size);
    expect(refusalOf(await retireKey(world.deps.db, random, '0'.repeat(32)))?.code).toBe('not-found');
  });
});
