/** Storage to be questioned, in PostgreSQL or in memory, with what else can happen to a plan and what the storage holds in the end. */
import type { Logger } from 'pino';
import { appendPlanAudit } from '../../server/audit/chain.ts';
import { verifyPlanChain } from '../../server/audit/verify.ts';
import { postgresLog } from '../../server/collab/postgresLog.ts';
import type { PlanHead, PlanLog } from '../../server/collab/planLog.ts';
import type { Clock, PlanAuditEntry } from '../../server/ports.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { auditFault, type WalkedEntry, type WalkedRow } from './auditWalk.ts';
import { expect } from '@jest/globals';
import { makeDatabase } from './database.ts';
import { eventually } from './eventually.ts';
import { direct, memoryLog } from './memoryLog.ts';
import { MemoryTables, type KeptPlan } from './memoryTables.ts';
import { makePlan, people, settlePeople } from './provider.ts';

export interface PlanLogStand {
  readonly log: PlanLog;
  newPlan(): Promise<PlanId>;
  /** Something that moves nothing but the audit chain. */
  record(planId: PlanId): Promise<void>;
  close(planId: PlanId): Promise<void>;
  changeTeam(planId: PlanId): Promise<void>;
  /** Somebody has a relationship of their own until the moment that is past when this resolves; nothing of it moves the audit chain. */
  tieForAMoment(planId: PlanId): Promise<PlanHead>;
  /** A date of death comes to stand. */
  die(planId: PlanId): Promise<void>;
  sign(planId: PlanId, number: number, position: number): Promise<void>;
  damageCopy(planId: PlanId, sectionId: string): Promise<void>;
  /** Lets pass the time that anybody waits for a lock. */
  waitedLong(): Promise<void>;
  /** What is wrong with the plan's chain, or with what it says of the log. */
  auditFault(planId: PlanId): Promise<string | undefined>;
  end(): Promise<void>;
}

const reading: PlanAuditEntry = { actor: people.gp.id, action: 'read-version', outcome: 'done' };

export async function postgresStand(log: Logger): Promise<PlanLogStand> {
  const base = await makeDatabase();
  const { db } = base;
  await settlePeople(db);
  return {
    log: postgresLog(db, log),
    newPlan: () => makePlan(db),
    record: (planId) => db.transaction((tx) => appendPlanAudit(tx, planId, [reading])),
    close: async (planId) => void (await db.query('UPDATE plans SET closed_at = clock_timestamp() WHERE id = $1', [planId])),
    changeTeam: async (planId) => void (await db.query('UPDATE care_team SET until = clock_timestamp() WHERE plan_id = $1 AND organisation_id = $2', [planId, 'org_elm'])),
    tieForAMoment: async (planId) => {
      await db.query(
        `INSERT INTO plan_people (id, plan_id, person_id, kind, relationship, until, given_by) VALUES ($1, $2, $3, 'member', 'Night sitter', clock_timestamp() + interval '1500 milliseconds', $3)`,
        [`tie_${planId.slice(5)}`, planId, people.nurse.id]);
      const [head] = await postgresLog(db, log).heads([planId]);
      await eventually(async () => expect(await db.query('SELECT FROM plan_people WHERE plan_id = $1 AND until > clock_timestamp()', [planId])).toEqual([]));
      return head as PlanHead;
    },
    die: async (planId) => void (await db.query(`UPDATE plans SET summary = summary || '{"dateOfDeath":"2026-05-30"}' WHERE id = $1`, [planId])),
    sign: async (planId, number, position) => void (await db.query(
      'INSERT INTO versions (plan_id, number, position, content, content_hash, statement, signature, key_id, signed_by, signed_at) VALUES ($1, $2, $3, $4, $4, $4, $4, $4, $5, clock_timestamp())',
      [planId, number, position, `version ${number}`, people.coordinator.id])),
    damageCopy: (planId, sectionId) => base.asAdministrator(`UPDATE section_checkpoints SET bytes = bytes || '\\x00'::bytea WHERE plan_id = '${planId}' AND section_id = '${sectionId}'`),
    waitedLong: async () => undefined,
    auditFault: async (planId) => {
      const verdict = await verifyPlanChain(db, planId);
      if (!verdict.ok) return verdict.why;
      const entries = await db.query<WalkedEntry>('SELECT seq, entry, hash FROM audit_entries WHERE stream = $1 ORDER BY seq', [`plan:${planId}`]);
      return auditFault(entries, await db.query<WalkedRow>('SELECT position, section_id AS section, author_id AS author, bytes FROM plan_log WHERE plan_id = $1 ORDER BY position', [planId]));
    },
    end: () => base.drop(),
  };
}

/** A clock that stands still until it is moved. */
class StillClock implements Clock {
  #nowMs = Date.parse('2026-06-01T09:00:00.000Z');
  readonly #due = new Set<{ readonly atMs: number; readonly work: () => void }>();
  now(): Date {
    return new Date(this.#nowMs);
  }
  after(ms: number, work: () => void): { cancel(): void } {
    const each = { atMs: this.#nowMs + ms, work };
    this.#due.add(each);
    return { cancel: () => void this.#due.delete(each) };
  }
  move(ms: number): void {
    this.#nowMs += ms;
    for (const each of [...this.#due]) {
      if (each.atMs > this.#nowMs || !this.#due.delete(each)) continue;
      each.work();
    }
  }
}

export function memoryStand(): PlanLogStand & { sample(): { entries: readonly WalkedEntry[]; rows: readonly WalkedRow[] } } {
  const clock = new StillClock();
  const tables = new MemoryTables(() => clock.now());
  for (const person of Object.values(people)) tables.people.set(person.id, person);
  let plans = 0;
  const plan = (planId: PlanId): KeptPlan => {
    const kept = tables.plans.get(planId);
    if (!kept) throw new Error(`no plan ${planId}`);
    return kept;
  };
  const make = (): PlanId => tables.addPlan(`plan_${(plans += 1)}` as PlanId, ['org_hub', 'org_elm'] as OrganisationId[]).id;
  const rowsOf = (planId: PlanId): WalkedRow[] => plan(planId).rows.map(({ position, sectionId, authorId, bytes }) => ({ position, section: sectionId ?? null, author: authorId, bytes: sectionId === undefined ? null : bytes }));
  return {
    log: memoryLog(tables, direct, clock),
    newPlan: async () => make(),
    record: async (planId) => tables.record(plan(planId), [reading]),
    close: async (planId) => { plan(planId).closed = true; },
    changeTeam: async (planId) => { plan(planId).team = ['org_hub' as OrganisationId]; },
    tieForAMoment: async (planId) => {
      const untilMs = clock.now().getTime() + 300;
      plan(planId).people = [{ tie: [people.nurse.id, 'member'], sinceMs: 0, untilMs }];
      const head = tables.headOf(plan(planId));
      clock.move(300);
      return head;
    },
    die: async (planId) => { plan(planId).summary = { ...plan(planId).summary, dateOfDeath: '2026-05-30' }; },
    sign: async (planId, number, position) => void plan(planId).versions.push({ number, position, by: people.coordinator.name, at: clock.now(), contentHash: '' }),
    damageCopy: async (planId, sectionId) => {
      const copy = plan(planId).copies.get(sectionId);
      if (copy) plan(planId).copies.set(sectionId, { ...copy, bytes: Uint8Array.from([...copy.bytes, 0]) });
    },
    waitedLong: async () => clock.move(limits.lockTimeoutMs),
    auditFault: async (planId) => auditFault(plan(planId).entries, rowsOf(planId)),
    end: async () => undefined,
    sample: () => {
      const id = make();
      tables.record(plan(id), [reading]);
      tables.mark(plan(id), people.nurse, 1, clock.now());
      return { entries: plan(id).entries, rows: rowsOf(id) };
    },
  };
}
