/** What live editing may rely on of its storage, asked of PostgreSQL and of the model that simulations run on: the same questions, the same answers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { hashOfRows } from '../../server/audit/rows.ts';
import { by } from '../../server/audit/entries.ts';
import type { HeldPlan, NewRow, PlanHead, PlanLog, Share } from '../../server/collab/planLog.ts';
import { NotAsDecided } from '../../server/collab/planLog.ts';
import type { PlanAuditEntry } from '../../server/ports.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { auditFault } from '../support/auditWalk.ts';
import { eventually } from '../support/eventually.ts';
import { memoryStand, postgresStand, type PlanLogStand } from '../support/planLogStand.ts';
import { people } from '../support/provider.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (of: Uint8Array): string => new TextDecoder().decode(of);
let clients = 100;

/** A share that adds these texts to `identity`, one row each, in the name of the nurse, who is new in the section each time. */
function shareOf(head: PlanHead, ...texts: readonly string[]): Share {
  const client = (clients += 1);
  const rows = texts.map((each, index): NewRow => ({ position: head.position + index + 1, sectionId: 'identity', bytes: bytes(each), spans: [[client, index, index + 1]], fields: ['address'], authorId: people.nurse.id }));
  const sealed = rows.map((row) => ({ position: row.position, section: row.sectionId, author: row.authorId, bytes: row.bytes }));
  const audit: PlanAuditEntry[] = rows.length === 0 ? [] : [{ ...by(people.nurse), action: 'edit', section: 'identity', outcome: 'done', ref: { from: head.position + 1, to: head.position + rows.length, rows: hashOfRows(sealed) } }];
  return {
    head, rows, audit, leases: rows.length === 0 ? [] : [{ sectionId: 'identity', client, personId: people.nurse.id }], summary: { set: {}, removed: [], disputed: {} },
    writers: [people.nurse],
  };
}
const opening: PlanAuditEntry = { ...by(people.nurse), action: 'open-plan', outcome: 'done' };

describe.each<[string, () => Promise<PlanLogStand>]>([['PostgreSQL', () => postgresStand(pino({ level: 'silent' }))], ['the model', async () => memoryStand()]])('storage in %s', (_name, make) => {
  let stand: PlanLogStand;
  let log: PlanLog;
  beforeAll(async () => {
    stand = await make();
    ({ log } = stand);
  });
  afterAll(() => stand.end());

  const headOf = async (planId: PlanId): Promise<PlanHead> => (await log.heads([planId]))[0] as PlanHead;
  const texts = async (planId: PlanId): Promise<string[]> => (await log.rows(planId, ['identity', 'wishes'], 0, 1_000)).map((row) => text(row.bytes));
  /** Holds the plan until told to go on. */
  async function holding(planId: PlanId, work: (held: HeldPlan) => Promise<void> = async () => undefined) {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    let began: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => { began = resolve; });
    const done = log.hold(planId, async (held) => {
      await work(held);
      began();
      await gate;
    });
    await Promise.race([begun, done]);
    return async () => {
      release();
      await done;
    };
  }

  test('[CO40] a share is there whole: rows with author and time, head, leases, summary and audit', async () => {
    const planId = await stand.newPlan();
    const head = await headOf(planId);
    expect(head).toMatchObject({ position: 0, auditSeq: 0, latestVersion: 0, open: true, died: false, team: ['org_elm', 'org_hub'] });
    const share: Share = { ...shareOf(head, 'one', 'two'), summary: { set: { dateOfDeath: '2026-05-30' }, removed: [], disputed: { identity: ['address'] } } };
    const appended = (await log.append([share])).get(planId);
    expect(appended?.auditSeq).toBe(1);
    expect(await headOf(planId)).toMatchObject({ position: 2, auditSeq: 1, died: true });
    const rows = await log.rows(planId, ['identity'], 0, 10);
    expect(rows.map((row) => ({ ...row, bytes: text(row.bytes) }))).toEqual(['one', 'two'].map((each, index) => ({
      position: index + 1, sectionId: 'identity', bytes: each, spans: share.rows[index]?.spans, fields: ['address'], author: { id: people.nurse.id, name: people.nurse.name, role: people.nurse.role }, at: appended?.at,
    })));
    const stored = await log.sections(planId, ['identity', 'wishes']);
    expect([...(stored?.sections.get('identity')?.owners ?? [])]).toEqual([[share.leases[0]?.client, people.nurse.id]]);
    expect(stored?.sections.get('wishes')).toEqual({ checkpoint: undefined, rows: [], owners: new Map() });
    const [next] = [await headOf(planId)];
    await log.append([{ ...shareOf(next), audit: [opening], summary: { set: {}, removed: ['dateOfDeath'], disputed: {} } }]);
    expect(await headOf(planId)).toMatchObject({ position: 2, auditSeq: 2, died: false });
    expect(await stand.auditFault(planId)).toBeUndefined();
  });

  test('[CO40] rows are asked for by section and by where they begin and end', async () => {
    const planId = await stand.newPlan();
    await log.append([shareOf(await headOf(planId), 'one', 'two', 'three')]);
    expect((await log.rows(planId, ['identity'], 1, 2)).map(({ position }) => position)).toEqual([2]);
    expect(await log.rows(planId, ['wishes'], 0, 10)).toEqual([]);
    expect(await log.heads(['plan_unknown' as PlanId])).toEqual([]);
    expect(await log.sections('plan_unknown' as PlanId, ['identity'])).toBeUndefined();
    expect(await log.hold('plan_unknown' as PlanId, async () => 'done')).toBeUndefined();
  });

  test('[CO40] sections of many plans asked for in one breath: each plan is told its own, and one that is not there is said not to be', async () => {
    const plans = await Promise.all(Array.from({ length: 40 }, () => stand.newPlan()));
    const heads = new Map((await log.heads(plans)).map((head) => [head.id, head]));
    await log.append(plans.filter((_, index) => index % 3 > 0).map((planId) => shareOf(heads.get(planId) as PlanHead, `${planId} one`, `${planId} two`)));
    await Promise.all(plans.map(async (planId, index) => {
      if (index % 3 === 2) await log.keepCheckpoint(planId, 'identity', { position: 1, bytes: bytes(`${planId} copy`), stateVector: bytes('1') });
    }));
    const [unknown, ...stored] = await Promise.all(['plan_unknown' as PlanId, ...plans].map((planId) => log.sections(planId, ['wishes', 'identity'])));
    expect(unknown).toBeUndefined();
    const told = stored.map((each) => {
      const own = each?.sections.get('identity');
      return { id: each?.head.id, parts: [...(own?.checkpoint ? [own.checkpoint] : []), ...(own?.rows ?? [])].map((part) => text(part.bytes)), owners: [...(own?.owners.values() ?? [])], wishes: each?.sections.get('wishes')?.rows };
    });
    expect(told).toEqual(plans.map((id, index) => ({
      id, parts: [[], [`${id} one`, `${id} two`], [`${id} copy`, `${id} two`]][index % 3], owners: index % 3 === 0 ? [] : [people.nurse.id], wishes: [],
    })));
  });

  test('[CO40] several plans in one commit: each that has moved is left out, the others stand', async () => {
    const [moved, still, held] = [await stand.newPlan(), await stand.newPlan(), await stand.newPlan()];
    const shares = await Promise.all([moved, still, held].map(async (planId) => shareOf(await headOf(planId), 'late')));
    await log.append([shareOf(await headOf(moved), 'first')]);
    const letGo = await holding(held);
    expect([...(await log.append(shares)).keys()]).toEqual([still]);
    await letGo();
    expect([await texts(moved), await texts(still), await texts(held)]).toEqual([['first'], ['late'], []]);
    for (const planId of [moved, still, held]) expect(await stand.auditFault(planId)).toBeUndefined();
  });

  test('[CO41] what was decided on another state of the plan is not written: read or opened meanwhile, closed, another team, somebody who died', async () => {
    for (const change of ['record', 'close', 'changeTeam', 'die'] as const) {
      const planId = await stand.newPlan();
      const share = shareOf(await headOf(planId), change);
      await stand[change](planId);
      expect((await log.append([share])).size).toBe(0);
      expect(await texts(planId)).toEqual([]);
      expect((await log.append([{ ...share, head: await headOf(planId) }])).size).toBe(1);
      expect(await texts(planId)).toEqual([change]);
    }
  });

  test('[CO41] one thing that is otherwise than the decision took it for is enough', async () => {
    const planId = await stand.newPlan();
    await log.append([shareOf(await headOf(planId), 'first')]);
    const head = await headOf(planId);
    const wrong: readonly PlanHead[] = [
      { ...head, position: 0 }, { ...head, position: 2 }, { ...head, auditSeq: 0 }, { ...head, auditSeq: 2 }, { ...head, open: false }, { ...head, died: true }, { ...head, team: [] },
      { ...head, team: head.team.slice(1) }, { ...head, holdUntilMs: 1 },
    ];
    for (const each of wrong) expect((await log.append([shareOf(each, 'wrong')])).size).toBe(0);
    expect(await texts(planId)).toEqual(['first']);
    expect((await log.append([shareOf(head, 'second')])).size).toBe(1);
  });

  test('[CO41] [NK1] what was decided while somebody had a relationship that has ended by the clock since is not written, though nothing happened to the plan', async () => {
    const planId = await stand.newPlan();
    const head = await stand.tieForAMoment(planId);
    expect(head.people).toEqual([[people.nurse.id, 'member']]);
    expect((await log.append([shareOf(head, 'too late')])).size).toBe(0);
    const now = await headOf(planId);
    expect(now).toMatchObject({ auditSeq: head.auditSeq, people: [], holdUntilMs: null });
    expect((await log.append([shareOf(now, 'decided again')])).size).toBe(1);
    expect(await texts(planId)).toEqual(['decided again']);
  });

  test('[CO41] what was decided for somebody with another role, organisation or seniority is not written, alone or beside others', async () => {
    const planId = await stand.newPlan();
    const share = shareOf(await headOf(planId), 'as a nurse');
    const wrong: Share[] = [
      { ...share, writers: [{ ...people.nurse, role: 'gp' }] }, { ...share, writers: [{ ...people.nurse, organisationId: 'org_elm' as OrganisationId }] },
      { ...share, writers: [{ ...people.nurse, seniorClinician: true }] }, { ...share, writers: [...share.writers, { ...people.gp, role: 'coordinator' }] },
    ];
    for (const each of wrong) {
      expect((await log.append([each])).size).toBe(0);
      await expect(log.hold(planId, (held) => held.append(each))).rejects.toThrow(NotAsDecided);
    }
    expect(await texts(planId)).toEqual([]);
    expect((await log.append([share])).size).toBe(1);
  });

  test('[CO51] HAZ-09 what was written in a session that has ended since is not written, alone or beside others', async () => {
    const planId = await stand.newPlan();
    const [standing, ended] = [await stand.newSession(), await stand.newSession()];
    const share = shareOf(await headOf(planId), 'in a session');
    await stand.endSession(ended);
    for (const writers of [[{ ...people.nurse, session: ended }], [{ ...people.nurse, session: standing }, { ...people.nurse, session: ended }]]) {
      expect((await log.append([{ ...share, writers }])).size).toBe(0);
      await expect(log.hold(planId, (held) => held.append({ ...share, writers }))).rejects.toThrow(NotAsDecided);
    }
    expect(await texts(planId)).toEqual([]);
    expect((await log.append([{ ...share, writers: [{ ...people.nurse, session: standing }] }])).size).toBe(1);
  });

  test('[CO42] a client id that is somebody’s already is refused aloud, and nothing of that commit stands', async () => {
    const [planId, other] = [await stand.newPlan(), await stand.newPlan()];
    const first = shareOf(await headOf(planId), 'first');
    await log.append([first]);
    const again: Share = { ...shareOf(await headOf(planId), 'again'), leases: first.leases.map((lease) => ({ ...lease, personId: people.gp.id })) };
    await expect(log.append([again, shareOf(await headOf(other), 'beside it')])).rejects.toThrow();
    expect([await texts(planId), await texts(other)]).toEqual([['first'], []]);
    expect(await headOf(planId)).toMatchObject({ position: 1, auditSeq: 1 });
  });

  test('[CO43] who holds a plan sees it as it is, writes, and is waited for', async () => {
    const planId = await stand.newPlan();
    const order: string[] = [];
    const letGo = await holding(planId, async (held) => {
      await held.append(shareOf(held.head, 'held'));
      order.push('written');
    });
    expect(await texts(planId)).toEqual([]);
    const second = log.hold(planId, async (held) => {
      order.push(`sees ${held.head.position}`);
      expect((await held.rows(['identity'], 0, held.head.position)).map((row) => text(row.bytes))).toEqual(['held']);
      return (await held.append(shareOf(held.head, 'after'))).auditSeq;
    });
    await letGo();
    expect(await second).toBe(2);
    expect(order).toEqual(['written', 'sees 1']);
    expect(await texts(planId)).toEqual(['held', 'after']);
    expect(await stand.auditFault(planId)).toBeUndefined();
  });

  test('[CO43] when the work throws, nothing of it stands and the plan is free again', async () => {
    const planId = await stand.newPlan();
    await expect(log.hold(planId, async (held) => {
      await held.append(shareOf(held.head, 'taken back'));
      throw new Error('changed its mind');
    })).rejects.toThrow('changed its mind');
    expect(await texts(planId)).toEqual([]);
    expect((await log.append([shareOf(await headOf(planId), 'free')])).size).toBe(1);
    expect(await stand.auditFault(planId)).toBeUndefined();
  });

  test('[CO43] nobody waits for ever for somebody who holds a plan', async () => {
    const planId = await stand.newPlan();
    const letGo = await holding(planId);
    const second = log.hold(planId, async () => 'had it').catch((error: unknown) => error);
    await stand.waitedLong();
    expect(codeOf(await second)).toBe('55P03');
    await letGo();
    expect(await log.hold(planId, async () => 'had it')).toBe('had it');
  });

  test('[CO44] the latest copy is kept, with the rows behind it; a damaged one is passed over and replaced', async () => {
    const planId = await stand.newPlan();
    await log.append([shareOf(await headOf(planId), 'one', 'two', 'three')]);
    const read = async () => {
      const section = (await log.sections(planId, ['identity']))?.sections.get('identity');
      return { copy: section?.checkpoint && { position: section.checkpoint.position, bytes: text(section.checkpoint.bytes), reach: text(section.checkpoint.stateVector) }, rows: section?.rows.map((row) => text(row.bytes)) };
    };
    await log.keepCheckpoint(planId, 'identity', { position: 2, bytes: bytes('one two'), stateVector: bytes('2') });
    expect(await read()).toEqual({ copy: { position: 2, bytes: 'one two', reach: '2' }, rows: ['three'] });
    await log.keepCheckpoint(planId, 'identity', { position: 1, bytes: bytes('one'), stateVector: bytes('1') });
    expect(await read()).toEqual({ copy: { position: 2, bytes: 'one two', reach: '2' }, rows: ['three'] });
    await stand.damageCopy(planId, 'identity');
    expect(await read()).toEqual({ copy: undefined, rows: ['one', 'two', 'three'] });
    await log.keepCheckpoint(planId, 'identity', { position: 1, bytes: bytes('one'), stateVector: bytes('1') });
    expect(await read()).toEqual({ copy: { position: 1, bytes: 'one', reach: '1' }, rows: ['two', 'three'] });
  });

  test('[CO40] the latest version is told with who signed it', async () => {
    const planId = await stand.newPlan();
    expect(await log.latestSignOff(planId)).toBeUndefined();
    await stand.sign(planId, 1, 0);
    await stand.sign(planId, 2, 1);
    expect(await log.latestSignOff(planId)).toMatchObject({ number: 2, position: 1, by: people.coordinator.name });
    expect(await headOf(planId)).toMatchObject({ latestVersion: 2 });
  });

  test('[CO45] many writers at once: the log is dense, times never go back, and the chain vouches for every row once', async () => {
    const planId = await stand.newPlan();
    const write = (name: string) => eventually(async () => {
      const stands = await log.append([shareOf(await headOf(planId), name)]);
      expect(stands.size).toBe(1);
    }, 30_000);
    const names = Array.from({ length: 12 }, (_, index) => `writer ${index}`);
    await Promise.all(names.map((name, index) => (index % 3 === 0 ? log.hold(planId, (held) => held.append(shareOf(held.head, name))) : write(name))));
    const rows = await log.rows(planId, ['identity'], 0, 100);
    expect(rows.map(({ position }) => position)).toEqual(names.map((_, index) => index + 1));
    expect(rows.map((row) => text(row.bytes)).toSorted()).toEqual(names.toSorted());
    expect(rows.map(({ at }) => at.getTime())).toEqual(rows.map(({ at }) => at.getTime()).toSorted((a, b) => a - b));
    expect(await stand.auditFault(planId)).toBeUndefined();
  });
});

const codeOf = (error: unknown): unknown => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return (cause as { code?: unknown }).code;
};

test('[CO45] the walk that both are judged by finds a changed entry, a changed row and a row that no entry knows', () => {
  const stand = memoryStand();
  const { entries, rows } = stand.sample();
  expect(auditFault(entries, rows)).toBeUndefined();
  expect(auditFault(entries.map((each) => ({ ...each, entry: each.entry.replace('Z', 'X') })), rows)).toMatch(/entry 1/);
  expect(auditFault(entries, rows.map((row) => ({ ...row, bytes: bytes('other') })))).toMatch(/not written with/);
  expect(auditFault(entries, [...rows, { ...rows[0] as (typeof rows)[number], position: rows.length + 1 }])).toMatch(/no entry says anything/);
  expect(auditFault(entries.slice(1), rows)).toMatch(/entry 1 is missing/);
});
