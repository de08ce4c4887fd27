/** Access chains: what concerns no single plan is recorded too, before it is shown, without a word of what was typed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { openAccess, type AccessRecord } from '../../server/audit/access.ts';
import { appendPlanAudit } from '../../server/audit/chain.ts';
import { readEntry } from '../../server/audit/entryText.ts';
import { sentenceOf } from '../../server/audit/sentences.ts';
import { verifyAccessChain, verifyEveryChain } from '../../server/audit/verify.ts';
import { DatabaseUnavailable } from '../../server/db/failure.ts';
import type { AccessEntry, Database } from '../../server/ports.ts';
import { purposeOf, type AuditEntry } from '../../shared/domain/audit.ts';
import { roles } from '../../shared/domain/roles.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { handClock, type HandClock } from '../support/handClock.ts';
import { makePlanWorld, refusalOf, type Name, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
beforeAll(async () => { world = await makePlanWorld(); });
afterAll(() => world.close());

async function entriesOf(db: Database, like = 'access:%'): Promise<AuditEntry[]> {
  const rows = await db.query<{ entry: string }>('SELECT entry FROM audit_entries WHERE stream LIKE $1 ORDER BY stream, seq', [like]);
  return rows.map(({ entry }) => readEntry(entry) as AuditEntry);
}
const lists = async () => (await entriesOf(world.base.db)).filter(({ action }) => action === 'list-plans' || action === 'search-plans');
const callerOf = (who: Name, query: Record<string, string>) => world.call(who, 'get', '/api/plans', { query });

describe('lists and searches', () => {
  test('[AS1] HAZ-27 a search is recorded by its shape: how many words and digits, how many people were shown, never what was typed', async () => {
    await world.newPlan();
    await callerOf('nurse', { query: 'testwell ada' });
    await callerOf('nurse', { query: '999 000 00' });
    await callerOf('nurse', { stage: 'green' });
    const own = (await lists()).filter(({ actor }) => actor.id === world.people.nurse.id);
    expect(own.map(({ action, ref, outcome, plan }) => ({ action, ref, outcome, plan }))).toEqual([
      { action: 'search-plans', ref: { found: expect.any(Number), words: 2, digits: 0 }, outcome: 'done', plan: undefined },
      { action: 'search-plans', ref: { found: expect.any(Number), words: 0, digits: 8 }, outcome: 'done', plan: undefined },
      { action: 'list-plans', ref: { found: 0, stage: 'chosen' }, outcome: 'done', plan: undefined },
    ]);
    expect(own[0]?.ref?.['found']).toBeGreaterThan(0);
    expect(JSON.stringify(own.map(({ prev: _prev, at: _at, ...said }) => said))).not.toMatch(/testwell|ada|999|green/i);
    expect(own[0]).toMatchObject({ actor: { role: 'community-nurse', org: 'org_hub' }, purpose: 'direct-care' });
  });

  test('[AS1] a refused list is recorded as refused', async () => {
    expect(refusalOf(await callerOf('paramedic', {}))?.code).toBe('not-allowed');
    await eventually(async () => expect(await lists()).toContainEqual(expect.objectContaining({ actor: expect.objectContaining({ id: world.people.paramedic.id }), outcome: 'refused', reason: 'not-allowed' })));
  });

  test('[AS2] a list that a screen fetches again by itself is one looking; another search is another', async () => {
    const before = (await lists()).length;
    for (let times = 0; times < 3; times += 1) await callerOf('gp', {});
    expect((await lists()).length).toBe(before + 1);
    for (const query of ['x', 'y', 'x']) await callerOf('gp', { query });
    expect((await lists()).length).toBe(before + 3);
  });

  test('[AS3] HAZ-27 what cannot be recorded is not shown', async () => {
    await world.base.asAdministrator('REVOKE EXECUTE ON FUNCTION accord_record_access FROM accord_service');
    try {
      await expect(callerOf('coordinator', { query: 'nobody has typed this before' })).rejects.toThrow();
    } finally {
      await world.base.asAdministrator('GRANT EXECUTE ON FUNCTION accord_record_access TO accord_service');
    }
    await callerOf('coordinator', { query: 'nobody has typed this before' });
  });
});

describe('trails and plans that do not exist', () => {
  test('[AS4] reading a trail is recorded, with the plan, in the chains of the reader’s organisation', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    await world.get('privacyOfficer', `/api/plans/${plan}/audit`);
    const read = (await entriesOf(world.base.db, 'access:org_hub:%')).filter((entry) => entry.plan === plan);
    expect(read).toEqual([expect.objectContaining({ action: 'read-audit', purpose: 'oversight', actor: { id: world.people.privacyOfficer.id, role: 'privacy-officer', org: 'org_hub' } })]);
    expect(await entriesOf(world.base.db, `plan:${plan}`)).not.toContainEqual(expect.objectContaining({ action: 'read-audit' }));
  });

  test('[AS4] asking for a plan that does not exist leaves a refusal without the id that was tried', async () => {
    expect(refusalOf(await world.call('gp', 'get', '/api/plans/plan_nosuchplan/versions'))?.code).toBe('not-found');
    {
      // Before it is answered, as with a plan that is not theirs: how long an answer takes is no difference either.
      const refused = (await entriesOf(world.base.db, 'access:org_surgery:%')).filter(({ action }) => action === 'list-versions');
      expect(refused).toEqual([expect.objectContaining({ outcome: 'refused', reason: 'not-found', actor: { id: world.people.gp.id, role: 'gp', org: 'org_surgery' } })]);
      expect(JSON.stringify(refused)).not.toContain('nosuchplan');
    }
  });

  test('[AU10] beginning a plan for somebody who has one is in that plan’s trail: nobody learns unseen who has a plan', async () => {
    const plan = await world.newPlan();
    const { nhsNumber } = plan.patient;
    const tried = await world.call('outsider', 'post', '/api/plans', { body: { patient: { nhsNumber, familyName: 'Guess', givenName: 'Anna', birthDate: '1941-06-05' } } });
    expect(refusalOf(tried)).toMatchObject({ code: 'open-plan-exists' });
    const refused = (await entriesOf(world.base.db, `plan:${plan.id}`)).filter(({ outcome }) => outcome === 'refused');
    expect(refused).toEqual([expect.objectContaining({ action: 'create-plan', reason: 'open-plan-exists', actor: { id: world.people.outsider.id, role: 'coordinator', org: 'org_elsewhere' } })]);
    expect(sentenceOf(refused[0] as AuditEntry, () => 'Somebody', () => true)).toBe('Somebody was refused beginning another plan for the person: there is one already.');
  });

  test('[AS5] the purpose follows from the role, in plan chains too, unless a right taken in an emergency says otherwise', async () => {
    expect(roles.map((role) => purposeOf(role))).not.toContain(undefined);
    expect([purposeOf('gp'), purposeOf('urgent-care'), purposeOf('privacy-officer'), purposeOf('inspector'), purposeOf('patient'), purposeOf(undefined)]).toEqual(['direct-care', 'emergency-care', 'oversight', 'oversight', 'own-record', undefined]);
    const plan = (await world.newPlan()).id as PlanId;
    await world.deps.db.transaction((tx) => appendPlanAudit(tx, plan, [{ actor: 'person_a' as PersonId, role: 'gp', action: 'open-plan', outcome: 'done', purpose: 'break-glass' }, { actor: 'system', action: 'open-plan', outcome: 'done' }]));
    expect((await entriesOf(world.base.db, `plan:${plan}`)).map(({ purpose }) => purpose)).toEqual(['direct-care', 'break-glass', undefined]);
  });
});

describe('the chains', () => {
  let clock: HandClock;
  let access: AccessRecord;
  const list = (actor: string, organisation: string | undefined, found = 1): AccessEntry => ({ actor: actor as PersonId, role: 'gp', ...(organisation ? { organisation } : {}), action: 'list-plans', outcome: 'done', ref: { found } });
  const needs = (db: Database) => ({ db, clock, random: (bytes: number) => randomBytes(bytes), log: pino({ level: 'silent' }) });
  beforeEach(() => {
    clock = handClock();
    access = openAccess(needs(world.deps.db));
  });

  test('[AS6] HAZ-27 sixteen for each organisation, one for each person’s entries, hashed and linked as a plan’s is', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => access.record(list(`person_p${index % 40}`, 'org_many', index))));
    const heads = await world.base.db.query<{ stream: string; seq: number }>(`SELECT stream, seq FROM access_heads WHERE stream LIKE 'access:org_many:%'`);
    expect(heads.length).toBeGreaterThan(8);
    expect(heads.length).toBeLessThanOrEqual(limits.accessShards);
    expect(heads.reduce((sum, { seq }) => sum + seq, 0)).toBe(200);
    for (const { stream, seq } of heads) expect(await verifyAccessChain(world.deps.db, stream)).toEqual({ stream, ok: true, entries: seq });
    const entries = await entriesOf(world.base.db, 'access:org_many:%');
    for (let person = 0; person < 40; person += 1) {
      const own = entries.filter(({ actor }) => actor.id === `person_p${person}`);
      expect(new Set(own.map(({ stream }) => stream)).size).toBe(1);
      expect(own.map(({ ref }) => ref?.['found'])).toEqual([person, person + 40, person + 80, person + 120, person + 160]);
    }
  });

  test('[AS6] several nodes that write the same chains at once make unbroken ones', async () => {
    const nodes = Array.from({ length: 4 }, () => openAccess(needs(world.deps.db)));
    await Promise.all(nodes.flatMap((node) => Array.from({ length: 50 }, (_, index) => node.record(list(`person_q${index}`, 'org_busy', index)))));
    expect(await entriesOf(world.base.db, 'access:org_busy:%')).toHaveLength(200);
    for await (const verdict of verifyEveryChain(world.deps.db)) expect(verdict).toMatchObject({ ok: true });
  });

  test('[AS6] where the organisation is not known the chain is that of nobody', async () => {
    await access.record({ actor: 'unknown', action: 'sign-in', outcome: 'refused', reason: 'invalid' });
    const [entry] = await entriesOf(world.base.db, 'access:none:%');
    expect(entry).toMatchObject({ actor: { id: 'unknown' }, action: 'sign-in', outcome: 'refused' });
    expect(entry).not.toHaveProperty('purpose');
  });

  test('[AS7] what nobody waits for is kept a quarter of a second at most and goes with the others in one transaction', async () => {
    let statements = 0;
    const counted: Database = { ...world.deps.db, query: (...all) => { statements += 1; return world.deps.db.query(...all); } };
    access = openAccess(needs(counted));
    const done = [1, 2, 3].map((found) => access.record(list('person_soon', 'org_soon', found), { soon: true }));
    clock.pass(limits.accessBufferMs - 1);
    expect(statements).toBe(0);
    clock.pass(1);
    await Promise.all(done);
    expect(statements).toBe(1);
    expect(await entriesOf(world.base.db, 'access:org_soon:%')).toHaveLength(3);
  });

  test('[AS7] what waits while storage is away is written once it is back; who waits for it is told at once', async () => {
    let away = true;
    const flaky: Database = { ...world.deps.db, query: (...all) => (away ? Promise.reject(new DatabaseUnavailable(new Error('away'))) : world.deps.db.query(...all)) };
    access = openAccess(needs(flaky));
    const soon = access.record(list('person_back', 'org_back', 1), { soon: true });
    await expect(access.record(list('person_back', 'org_back', 2))).rejects.toBeInstanceOf(DatabaseUnavailable);
    away = false;
    clock.pass(limits.accessAgainMs);
    await soon;
    expect((await entriesOf(world.base.db, 'access:org_back:%')).map(({ ref }) => ref)).toEqual([{ found: 1 }]);
  });

  test('[AS7] what waits is bounded: beyond that an entry is given up with a line in the log, and nobody falls over it', async () => {
    const lines: string[] = [];
    const away: Database = { ...world.deps.db, query: () => Promise.reject(new DatabaseUnavailable(new Error('away'))) };
    access = openAccess({ ...needs(away), log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }) });
    for (let count = 0; count < limits.accessWaitingMax; count += 1) void access.record(list('person_many', 'org_full', count), { soon: true });
    // Nobody waits for it: were its rejection not taken care of, the process would end.
    void access.record(list('person_many', 'org_full', -1), { soon: true });
    await expect(access.record(list('person_many', 'org_full', -2))).rejects.toThrow('more waits for the access chains than may wait');
    await eventually(() => expect(lines.filter((line) => line.includes('an access could not be recorded'))).toHaveLength(2));
  });

  test('[AS7] a node that stops writes what still waits', async () => {
    void access.record(list('person_end', 'org_end'), { soon: true });
    await access.close();
    expect(await entriesOf(world.base.db, 'access:org_end:%')).toHaveLength(1);
  });

  test('[AS8] HAZ-27 the service may read where a chain ends, and moves it by the function that appends and no other way', async () => {
    await access.record(list('person_head', 'org_head'));
    for (const statement of [`UPDATE access_heads SET seq = 0`, 'DELETE FROM access_heads', `INSERT INTO access_heads (stream, seq) VALUES ('access:org_x:1', 5)`, 'TRUNCATE access_heads']) {
      await expect(world.base.db.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
    // Nor can the function be talked into another kind of chain.
    await expect(world.base.db.query('SELECT accord_record_access($1)', [JSON.stringify([['plan:plan_x', '{"at":"', '","prev":', ',"seq":', '}']])])).rejects.toMatchObject({ code: '23514' });
  });
});

describe('signing in and out', () => {
  let app: TestApp;
  beforeAll(async () => { app = await startApp(); });
  afterAll(() => app.close());

  test('[AS9] is recorded, and so is a sign-in that was refused, without what was tried', async () => {
    const person = await app.person('anna', 'gp');
    const cookie = await app.signIn(person.id);
    expect((await app.api().post('/api/session', { personId: 'person_made-up' })).status).toBe(422);
    expect((await app.api(cookie).send('DELETE', '/api/session')).status).toBe(204);
    await eventually(async () => {
      const entries = await entriesOf(app.db);
      expect(entries.map(({ action, outcome, actor: { id } }) => `${id} ${action} ${outcome}`).sort()).toEqual(['person_anna sign-in done', 'person_anna sign-out done', 'unknown sign-in refused']);
      expect(JSON.stringify(entries)).not.toContain('made-up');
      expect(entries.map((entry) => sentenceOf(entry, (id) => id, () => false))).toContain('unknown could not be signed in: nobody of that name is known here.');
    });
  });
});
