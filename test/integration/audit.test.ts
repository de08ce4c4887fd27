/** The audit chain: written with what it records, read in sentences, and honest about tampering. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import type { PlanId } from '../../shared/ids.ts';
import { appendPlanAudit } from '../../server/audit/chain.ts';
import { canonical } from '../../shared/domain/canonical.ts';
import { verifyEveryChain, verifyPlan, verifyPlanChain } from '../../server/audit/verify.ts';
import type { AuditItem, AuditList } from '../../shared/wire/plans.ts';
import { makePlanWorld, must, refusalOf, type Name, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
beforeAll(async () => { world = await makePlanWorld(); });
afterAll(() => world.close());

const page = (plan: PlanId, who: Name = 'coordinator', cursor?: string) => world.get<AuditList>(who, `/api/plans/${plan}/audit`, cursor ? { cursor } : {});
const entry = { actor: 'system', action: 'test', outcome: 'done' } as const;
const addEntries = (plan: PlanId, count: number) => world.deps.db.transaction((tx) => appendPlanAudit(tx, plan, Array.from({ length: count }, (_, index) => ({ ...entry, ref: { index } }))));

describe('writing the chain', () => {
  test('[AU1] HAZ-27 each link holds the hash of the one before and its own is SHA-256 of 0x00 and its text', async () => {
    const plan = await world.completePlan();
    const rows = await world.base.db.query<{ seq: number; entry: string; hash: Buffer }>('SELECT seq, entry, hash FROM audit_entries WHERE stream = $1 ORDER BY seq', [`plan:${plan}`]);
    expect(rows.length).toBeGreaterThan(10);
    let previous: string | null = null;
    for (const [index, row] of rows.entries()) {
      expect(row.seq).toBe(index + 1);
      expect(JSON.parse(row.entry)).toMatchObject({ v: 1, seq: index + 1, prev: previous, plan });
      previous = createHash('sha256').update(Buffer.concat([Buffer.of(0), Buffer.from(row.entry)])).digest('hex');
      expect(row.hash.toString('hex')).toBe(previous);
    }
    expect(await verifyPlanChain(world.deps.db, plan)).toEqual({ stream: `plan:${plan}`, ok: true, entries: rows.length });
  });

  test('[AU2] HAZ-27 what is rolled back leaves no entry, and what cannot be recorded does not happen', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    const before = await verifyPlanChain(world.deps.db, plan);
    await expect(world.deps.db.transaction(async (tx) => {
      await appendPlanAudit(tx, plan, [entry]);
      throw new Error('changed my mind');
    })).rejects.toThrow('changed my mind');
    expect(await verifyPlanChain(world.deps.db, plan)).toEqual(before);

    await world.base.asAdministrator('REVOKE INSERT ON audit_entries FROM accord_service');
    try {
      const attempts: Promise<unknown>[] = [
        world.call('nurse', 'get', `/api/plans/${plan}`), world.newPlan(), world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'hospice' }),
        world.call('coordinator', 'post', `/api/plans/${plan}/team`, { body: { organisationId: 'org_surgery', relationship: 'Practice' } }),
      ];
      for (const attempt of attempts) await expect(attempt).rejects.toThrow();
    } finally {
      await world.base.asAdministrator('GRANT INSERT ON audit_entries TO accord_service');
    }
    const [row] = await world.base.db.query<{ position: number; team: number }>(
      'SELECT position, (SELECT count(*) FROM care_team WHERE plan_id = plans.id AND until IS NULL) AS team FROM plans WHERE id = $1', [plan]);
    expect(row).toEqual({ position: 1, team: 1 });
    expect(await verifyPlanChain(world.deps.db, plan)).toEqual(before);
  });

  test('[AU1] a hundred writers at one instant make one unbroken chain', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    const { entries } = await verifyPlanChain(world.deps.db, plan);
    await Promise.all(Array.from({ length: 100 }, (_, index) => addEntries(plan, 1 + (index % 3))));
    expect(await verifyPlanChain(world.deps.db, plan)).toEqual({ stream: `plan:${plan}`, ok: true, entries: entries + 199 });
  });

  test('[AU3] entries hold ids only: no name, no word of what was written', async () => {
    const plan = await world.completePlan();
    await world.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: { code: 'hospice', note: 'Something private' } });
    await world.sign(plan);
    const rows = await world.base.db.query<{ entry: string }>('SELECT entry FROM audit_entries WHERE stream = $1', [`plan:${plan}`]);
    expect(rows.map((row) => row.entry).join()).not.toMatch(/private|hospice|Someone|Testwell|99900/);
  });
});

describe('reading the trail', () => {
  test('[AU4] plain sentences with names, newest first, over as many pages as it takes', async () => {
    const plan = await world.completePlan();
    await world.sign(plan);
    await addEntries(plan, 120);
    await world.call('nurse', 'get', `/api/plans/${plan}/versions/1`);
    const items: AuditItem[] = [];
    let next: string | null | undefined;
    for (let pages = 0; next !== null; pages += 1) {
      const found = await page(plan, 'coordinator', next ?? undefined);
      expect(pages).toBeLessThan(10);
      expect(found.chain).toEqual({ ok: true, entries: found.chain.entries });
      items.push(...found.items);
      next = found.next;
    }
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: items.length }, (_, index) => items.length - index));
    expect(items[0]?.sentence).toBe('Someone nurse read version 1.');
    expect(items[1]?.sentence).toBe('The service test (the plan).');
    expect(items.at(-1)?.sentence).toBe('Someone coordinator began this plan.');
    expect(items.find(({ action }) => action === 'sign-version')).toMatchObject({ sentence: 'Someone coordinator signed version 1.', actor: { organisation: 'The hub', role: 'coordinator' } });
    expect(items.find(({ action }) => action === 'edit')?.sentence).toMatch(/^Someone coordinator wrote in “.+” \(log \d+ to \d+\)\.$|^Someone coordinator wrote in “.+”\.$/);
  });

  test('[AU6] a restricted section is not named to somebody who may not read it', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    await world.write(plan, 'gp', 'prognosis', { prognosis: 'weeks' });
    const told = async (who: Name) => (await page(plan, who)).items.find(({ action, actor }) => action === 'edit' && actor.id === 'person_gp');
    expect(await told('nurse')).toMatchObject({ section: 'prognosis', sentence: expect.stringContaining('“Prognosis”') });
    for (const who of ['socialWorker', 'careHomeNurse', 'privacyOfficer'] as const) {
      const item = await told(who);
      expect(item?.section).toBeUndefined();
      expect(item?.sentence).toContain('a restricted section');
      expect(JSON.stringify(item)).not.toMatch(/rognosis/);
    }
  });

  test('[AU6] [NK11] HAZ-27 whoever may not know of the key-safe is not told that somebody was shown its code, or opened it with the plan', async () => {
    const plan = await world.completePlan();
    await world.write(plan, 'nurse', 'keysafe', { keySafeCode: 'Key 3579' });
    must(await world.call('nurse', 'post', `/api/plans/${plan}/key-safe/reveal`));
    await world.call('careHomeNurse', 'post', `/api/plans/${plan}/key-safe/reveal`);
    await world.deps.db.transaction((tx) => appendPlanAudit(tx, plan, [{ ...entry, action: 'open-plan', ref: { with: 'key-safe' } }]));
    const doors = async (who: Name) => JSON.stringify([(await page(plan, who)).items, await world.get(who, `/api/plans/${plan}/audit/fhir`), await world.get(who, `/api/plans/${plan}/looked`)]);
    expect(await doors('nurse')).toMatch(/was shown the code of the key-safe.*reveal-key-safe.*with.*key-safe/s);
    for (const who of ['careHomeNurse', 'privacyOfficer'] as const) {
      expect(await doors(who)).not.toMatch(/key-?safe/i);
      expect((await page(plan, who)).items.map(({ sentence }) => sentence)).toEqual(expect.arrayContaining(['Someone nurse was shown a restricted section.', 'The service opened the plan.']));
    }
  });

  test('[AU19] HAZ-27 each entry of a plan holds something random that is shown to nobody: with all that the trail and the export show, and the rows guessed right, its hash is not met', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    await world.write(plan, 'gp', 'prognosis', { prognosis: 'weeks' });
    await world.write(plan, 'gp', 'prognosis', { prognosis: 'days' });
    const rows = await world.base.db.query<{ entry: string; hash: Buffer }>('SELECT entry, hash FROM audit_entries WHERE stream = $1 ORDER BY seq', [`plan:${plan}`]);
    const blinds = rows.map((row) => String((JSON.parse(row.entry) as { blind?: string }).blind));
    expect(new Set(blinds).size).toBe(rows.length);
    for (const blind of blinds) expect(blind).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const shown = JSON.stringify([await page(plan), await world.get('coordinator', `/api/plans/${plan}/audit/fhir`)]);
    for (const { entry: text, hash } of rows) {
      const { blind, ...rest } = JSON.parse(text) as Record<string, unknown>;
      expect(shown).toContain(hash.toString('hex'));
      expect(shown).not.toContain(String(blind));
      const guessed = createHash('sha256').update(Buffer.concat([Buffer.of(0), Buffer.from(canonical(rest))])).digest('hex');
      expect(guessed).not.toBe(hash.toString('hex'));
      expect(createHash('sha256').update(Buffer.concat([Buffer.of(0), Buffer.from(canonical({ ...rest, blind }))])).digest('hex')).toBe(hash.toString('hex'));
    }
  });

  test('[AU4] the trail is for the care team and the privacy officer; a cursor that is none of ours is refused', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    expect((await world.call('privacyOfficer', 'get', `/api/plans/${plan}/audit`)).ok).toBe(true);
    expect(refusalOf(await world.call('paramedic', 'get', `/api/plans/${plan}/audit`))?.code).toBe('not-found');
    for (const cursor of ['x', '-1', '0', '1 OR 1=1', '99999999999999999999']) {
      expect(refusalOf(await world.call('nurse', 'get', `/api/plans/${plan}/audit`, { query: { cursor } }))?.code).toBe('bad-request');
    }
  });
});

describe('tampering', () => {
  const free = 'ALTER TABLE audit_entries DISABLE TRIGGER never_changes;';
  const rehash = `UPDATE audit_entries SET hash = sha256('\\x00'::bytea || convert_to(entry, 'UTF8')) WHERE stream = 'plan:' || $plan`;
  test.each([
    ['one entry was changed', `UPDATE audit_entries SET entry = replace(entry, '"done"', '"refused"') WHERE seq = 5`, 5, 'the entry is not what its hash was taken of'],
    ['one entry was changed and hashed again', `UPDATE audit_entries SET entry = replace(entry, '"done"', '"refused"') WHERE seq = 5; ${rehash} AND seq = 5`, 6, 'the entry does not follow the one before it'],
    ['one hash was changed', `UPDATE audit_entries SET hash = '\\x00' WHERE seq = 5`, 5, 'the entry is not what its hash was taken of'],
    ['one entry was taken out', 'DELETE FROM audit_entries WHERE seq = 5', 5, 'entry 5 is missing'],
    ['the first entry was taken out', 'DELETE FROM audit_entries WHERE seq = 1', 1, 'entry 1 is missing'],
    ['the tail was cut off', 'DELETE FROM audit_entries WHERE seq > 20', 21, 'its end is missing'],
    ['the whole chain was taken away', 'DELETE FROM audit_entries', 1, 'its end is missing'],
    ['one more was put behind', `INSERT INTO audit_entries SELECT stream, seq + 1, replace(entry, '"seq":' || seq, '"seq":' || seq + 1), hash FROM audit_entries ORDER BY seq DESC LIMIT 1`, 'last', 'the entry is not what its hash was taken of'],
    ['the text was spelled another way', `UPDATE audit_entries SET entry = replace(entry, '"v":1', '"v": 1') WHERE seq = 3`, 3, 'cannot be read as one of ours'],
    ['the text is no JSON', `UPDATE audit_entries SET entry = 'nothing' WHERE seq = 3`, 3, 'cannot be read as one of ours'],
    ['the head was moved back', `DELETE FROM audit_entries WHERE seq > 20; UPDATE plans SET audit_seq = 20`, 20, 'the last entry is not the one that the plan knows of'],
  ] as const)('[AU7] HAZ-27 is seen and its place named: %s', async (_name, change, firstBad, why) => {
    const own = await makePlanWorld();
    try {
      const plan = await own.completePlan();
      const { entries } = await verifyPlanChain(own.deps.db, plan);
      expect(entries).toBeGreaterThan(20);
      await own.base.asAdministrator(`${free} ${change.replaceAll('$plan', `'${plan}'`)}`);
      const verdict = await verifyPlanChain(own.deps.db, plan);
      expect(verdict).toMatchObject({ ok: false, firstBad: firstBad === 'last' ? entries + 1 : firstBad, why: expect.stringContaining(why) });
      expect(must(await own.call<AuditList>('coordinator', 'get', `/api/plans/${plan}/audit`)).chain).toMatchObject({ ok: false, firstBad: verdict.firstBad });
    } finally {
      await own.close();
    }
  });

  test('[AU7] HAZ-27 the walk over everything names the one chain that does not hold, and a chain that belongs to no plan', async () => {
    const own = await makePlanWorld();
    try {
      const [good, bad] = [(await own.newPlan()).id, (await own.newPlan()).id];
      await own.base.asAdministrator(
        `${free} UPDATE audit_entries SET entry = replace(entry, 'create-plan', 'open-plan') WHERE stream = 'plan:${bad}'; INSERT INTO audit_entries VALUES ('plan:plan_stray', 1, '{}', '\\x00')`);
      const verdicts = [];
      for await (const verdict of verifyEveryChain(own.deps.db)) verdicts.push([verdict.stream, verdict.ok]);
      expect(verdicts.toSorted()).toEqual([[`plan:${good}`, true], [`plan:${bad}`, false], ['plan:plan_stray', false]].toSorted());
    } finally {
      await own.close();
    }
  });

  const loosened = ['plan_log', 'versions', 'audit_entries'].map((table) => `ALTER TABLE ${table} DISABLE TRIGGER never_changes;`).join(' ');
  test.each([
    ['the latest version was taken away', 'DELETE FROM versions WHERE number = 2', 'sign', /^version 2 was signed and is not there$/],
    ['a version was put in place of the one signed', `UPDATE versions SET content_hash = '${'a'.repeat(64)}' WHERE number = 2`, 'sign', /^version 2 is not the one that was signed$/],
    ['a version is there that nobody signed', 'INSERT INTO versions SELECT plan_id, 3, 2, content, content_hash, previous_hash, statement, signature, key_id, signed_by, signed_at FROM versions WHERE number = 2', 'none', /^no entry tells of the signing of version 3$/],
    ['a row was put under another name', `UPDATE plan_log SET author_id = 'person_gp' WHERE position = 3`, 'edit', /^row 3 of the log is not one/],
    ['a row was put under the name of somebody who did write', `UPDATE plan_log SET author_id = 'person_nurse' WHERE position = 3`, 'edit', /^row 3 of the log is not one/],
    ['a row was moved to another section', `UPDATE plan_log SET section_id = 'wishes' WHERE position = 3`, 'edit', /^row 3 of the log is not one/],
    ['the bytes of a row were replaced', 'UPDATE plan_log SET bytes = (SELECT bytes FROM plan_log WHERE position = 2) WHERE position = 3', 'edit', /^the rows of the log up to 3 are not those/],
    ['the first row was replaced', 'UPDATE plan_log SET bytes = (SELECT bytes FROM plan_log WHERE position = 2) WHERE position = 1', 'create', /^the rows of the log up to 1 are not those/],
    ['a row was taken out', 'DELETE FROM plan_log WHERE position = 3', 'edit', /^row 3 of the log is missing$/],
    ['the mark of a signature was put under another name', `UPDATE plan_log SET author_id = 'person_gp' WHERE kind = 'signed'`, 'sign', /^row \d+ of the log is not one/],
    ['a row was added', `INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, author_id) SELECT plan_id, (SELECT max(position) + 1 FROM plan_log), kind, section_id, bytes, spans, author_id FROM plan_log WHERE position = 3; UPDATE plans SET position = position + 1`, 'none', /^row \d+ of the log is not one/],
    ['a row was added behind the head', `INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, author_id) SELECT plan_id, (SELECT max(position) + 1 FROM plan_log), kind, section_id, bytes, spans, author_id FROM plan_log WHERE position = 3`, 'none', /^the log has a row \d+, but/],
    ['the end of the log was cut off with its head', `DELETE FROM plan_log WHERE position = (SELECT position FROM plans); UPDATE plans SET position = position - 1`, 'sign', /^the log should have rows up to \d+$/],
  ] as const)('[AU9] HAZ-27 what the chain vouches for is checked with it: %s', async (_name, change, where, why) => {
    const own = await makePlanWorld();
    try {
      const plan = await own.completePlan();
      await own.sign(plan);
      await own.write(plan, 'nurse', 'wishes', { preferredPlaceOfCare: 'hospice' });
      await own.sign(plan);
      expect(await verifyPlan(own.deps.db, plan)).toMatchObject({ ok: true });
      await own.base.asAdministrator(`${loosened} ${change}`);
      const verdict = await verifyPlan(own.deps.db, plan);
      expect(verdict).toMatchObject({ ok: false, why: expect.stringMatching(why) });
      const told = await own.base.db.query<{ entry: string }>('SELECT entry FROM audit_entries WHERE seq = $1', [verdict.firstBad ?? 0]);
      expect(told.map(({ entry: text }) => (JSON.parse(text) as { action: string }).action.split('-')[0])).toEqual(where === 'none' ? [] : [where]);
    } finally {
      await own.close();
    }
  });

  test('[AU9] the hash of what was written is not handed out with the trail', async () => {
    const plan = await world.completePlan();
    const edit = (await page(plan)).items.find(({ action }) => action === 'edit');
    expect(edit?.ref).toEqual({ from: expect.any(Number), to: expect.any(Number) });
  });

  test('[AU8] HAZ-27 the command prints what does not hold and ends with 1, and with 0 when everything holds', async () => {
    const own = await makePlanWorld();
    try {
      const plan = await own.completePlan();
      await own.sign(plan);
      const { dataDir } = own.deps.settings;
      const good = await run(own.base.url, dataDir);
      expect(good).toMatchObject({ code: 0, errors: '' });
      expect(good.output).toMatch(/^1 chains with \d+ entries, 1 versions; 0 chains and 0 versions do not hold\n0 entries sealed under 0 checkpoints, 0 cosignatures; 0 breaks of the log\n$/);
      await own.base.asAdministrator(`${free} UPDATE audit_entries SET entry = replace(entry, '"done"', '"refused"') WHERE seq = 5`);
      const bad = await run(own.base.url, dataDir);
      expect(bad.code).toBe(1);
      expect(bad.output.split('\n')[0]).toBe(`plan:${plan} does not hold at entry 5: the entry is not what its hash was taken of`);
    } finally {
      await own.close();
    }
  });
});

test('[AU13] [ML14] an operator’s commands say what they did in one line, and refuse what they do not understand', async () => {
  const own = await makePlanWorld();
  try {
    const plan = await own.completePlan();
    await own.sign(plan);
    const { dataDir } = own.deps.settings;
    const operate = (...args: string[]) => run(own.base.url, dataDir, ['server/audit/operate.main.ts', ...args]);
    expect(await operate('erase', own.people.nurse.id)).toMatchObject({ code: 1, errors: expect.stringMatching(/^Name the person by their id and say why: .*asked\|left\|ordered\|mistake\n$/) });
    expect(await operate('erase', own.people.nurse.id, '--reason', 'left')).toEqual({ code: 0, errors: '', output: `The name of ${own.people.nurse.id} is erased. What they signed keeps it: it is part of the signed statement.\n` });
    expect(await operate('erase', own.people.nurse.id, '--reason', 'left')).toMatchObject({ code: 1, errors: `The name of ${own.people.nurse.id} was erased before.\n` });
    const [key] = await own.base.db.query<{ id: string }>('SELECT key_id AS id FROM signing_keys');
    expect((await operate('retire', key?.id ?? '')).output).toMatch(new RegExp(`^${key?.id} is retired\\. Move its file`));
    await expect(own.sign(plan)).rejects.toThrow('key-retired');
  } finally {
    await own.close();
  }
});

function run(databaseUrl: string, dataDir: string, args: readonly string[] = ['server/audit/verify.main.ts']): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, DATA_DIR: dataDir } });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (text: Buffer) => { output += text.toString(); });
  child.stderr.on('data', (text: Buffer) => { errors += text.toString(); });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output, errors })));
}
