/** Group commit: whatever arrived while the last commit was being flushed goes into the next. Nobody hears of a change before it stands. */
import type { Logger } from 'pino';
import { londonDate } from '../../shared/domain/dates.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, RefusalError } from '../../shared/refusal.ts';
import type { Clock, Database, PlanAuditEntry, Tx } from '../ports.ts';
import type { Channel } from './channel.ts';
import { decide, type Accepted, type Decision, type Refused } from './decision.ts';
import { appendRows, insertLeases, lockHeads, readHeads, takeFreeHeads, type LogRow, type PlanHead } from './log.ts';
import { changedNotice, type OpenPlan, type Waiting } from './openPlan.ts';
import { Outgoing } from './outgoing.ts';
import { readUpdate, saysNothingNew } from './updateReading.ts';
import * as Y from 'yjs';

/** Commits under way at once; a third of the database's connections, so that readers are never shut out. */
const lanesMax = 4;
/** Plans in one commit: keeps a commit short even when everybody returns at once. */
const plansPerCommitMax = 32;
/** How long a plan may be held by somebody else before its writers are asked to come back later. */
const patienceMs = 10_000;
/** How long to wait before asking for a held plan again. */
const retryMs = 50;

export interface CommitterNeeds {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Adds to the audit chains of several plans in the transaction that changes them. */
  readonly audit: (tx: Tx, entries: ReadonlyMap<PlanId, readonly PlanAuditEntry[]>) => Promise<void>;
  /** Called with the rows of a commit once it stands and this node has shown them. */
  readonly committed: (plan: OpenPlan, rows: readonly LogRow[]) => void;
  /** Called when the commit found that who may do what has changed. */
  readonly accessChanged: (plan: OpenPlan) => void;
  /** Called when memory can no longer be trusted: everybody on the plan is sent away to come back to what the log says. */
  readonly discard: (plan: OpenPlan) => void;
}

interface Share {
  readonly plan: OpenPlan;
  readonly items: readonly Waiting[];
}

export class Committer {
  readonly #ready = new Set<OpenPlan>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(private readonly needs: CommitterNeeds) {}

  /** Adds to what waits for the plan's next commit; false when too much waits already or the plan was given up here. */
  submit(plan: OpenPlan, item: Waiting): boolean {
    if (plan.discarded || !plan.enqueue(item)) return false;
    this.#ready.add(plan);
    this.#pump();
    return true;
  }

  /** Resolves when nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #pump(): void {
    while (this.#underWay.size < lanesMax) {
      const plans = this.#next();
      if (plans.length === 0) return;
      const work = this.#commit(plans).finally(() => {
        this.#underWay.delete(work);
        this.#pump();
      });
      this.#underWay.add(work);
    }
  }

  /** Plans for one commit: those that must be alone are, the others go together. */
  #next(): OpenPlan[] {
    const plans: OpenPlan[] = [];
    for (const plan of this.#ready) {
      if (plan.discarded) this.#ready.delete(plan);
      if (plan.busy || plan.discarded) continue;
      const alone = plan.alone || plan.waiting[0]?.kind === 'write';
      if (alone && plans.length > 0) continue;
      plans.push(plan);
      if (alone || plans.length === plansPerCommitMax) break;
    }
    for (const plan of plans) this.#ready.delete(plan);
    return plans;
  }

  async #commit(plans: readonly OpenPlan[]): Promise<void> {
    const shares = plans.map((plan) => ({ plan, items: withoutRepetitions(plan.take()) }));
    for (const plan of plans) plan.busy = true;
    const settled: OpenPlan[] = [];
    try {
      const working = shares.filter((share) => !settleFromMemory(share));
      const decisions = working.length === 0 ? [] : await this.#store(working);
      for (const decision of decisions) this.#settle(decision);
      settled.push(...plans);
    } catch (error) {
      this.#failed(shares, error);
    } finally {
      for (const plan of plans) {
        plan.busy = false;
        if (plan.waiting.length > 0 && !plan.discarded && (settled.includes(plan) || plan.failingSinceMs === undefined)) this.#ready.add(plan);
      }
    }
  }

  /** One transaction for all shares. What comes back has been committed. */
  async #store(shares: readonly Share[]): Promise<readonly (Decision & { readonly rows: readonly LogRow[]; readonly head: PlanHead })[]> {
    const { db, clock, audit } = this.needs;
    const wait = shares.length === 1 && (shares[0] as Share).plan.alone;
    const done = await db.transaction(async (tx) => {
      const ids = shares.map((share) => share.plan.id);
      const heads = new Map((wait ? await readHeads(tx, await lockHeads(tx, ids)) : await takeFreeHeads(tx, ids)).map((head) => [head.id, head]));
      const decisions: (Decision & { readonly head: PlanHead })[] = [];
      for (const { plan, items } of shares) {
        const head = heads.get(plan.id);
        if (!head) continue;
        // Should another node have written: nobody can move the head any more.
        await plan.catchUp(tx, head.position);
        decisions.push({ ...decide(plan, items, head, londonDate(clock.now())), head });
      }
      const times = await write(tx, decisions);
      await audit(tx, new Map(decisions.map((decision) => [decision.plan.id, decision.audit])));
      for (const decision of decisions) {
        for (const outcome of decision.outcomes) {
          if (outcome.kind === 'write' && !outcome.refusal) await outcome.write.also?.(tx, decision.head.position + decision.accepted.length);
        }
      }
      return decisions.map((decision) => ({ ...decision, rows: decision.accepted.map((each) => asRow(each, times)) }));
    });
    for (const share of shares) {
      if (done.some((decision) => decision.plan === share.plan)) continue;
      // Somebody else holds this plan: it waits by itself from now on, the others go ahead.
      share.plan.alone = true;
      share.plan.putBack(share.items);
    }
    return done;
  }

  /** The commit stands: only now is it shown, and only now are barriers answered. */
  #settle(decision: Decision & { readonly rows: readonly LogRow[]; readonly head: PlanHead }): void {
    const { plan, accepted, rows, head } = decision;
    plan.alone = false;
    plan.failingSinceMs = undefined;
    const accessChanged = plan.takeHead({ ...head, position: head.position + rows.length, died: decision.died });
    for (const room of new Set(accepted.map((each) => each.room))) {
      const fresh = rows.filter((row) => row.sectionId === room.section.id && room.takeOwn(row));
      room.disputed = new Set(decision.summary.disputed[room.section.id] ?? []);
      if (fresh.length === 0) continue;
      room.broadcast(fresh.length === 1 ? (fresh[0] as LogRow).bytes : Y.mergeUpdates(fresh.map((row) => row.bytes)));
      for (const [row, fields] of byAuthor(accepted, fresh)) room.notify(changedNotice(row, fields));
    }
    plan.seenTo = Math.max(plan.seenTo, plan.head.position);
    for (const outcome of decision.outcomes) {
      switch (outcome.kind) {
        case 'barrier':
          answerBarrier(plan, outcome);
          break;
        case 'opening':
          outcome.recorded(true);
          break;
        case 'refused':
          tellRefused(outcome.channel, outcome.refusal);
          break;
        case 'write':
          outcome.write.answer(outcome.refusal ? asWriteRefusal(outcome.refusal) : ok({ position: plan.head.position }));
      }
    }
    this.needs.committed(plan, rows);
    if (accessChanged) this.needs.accessChanged(plan);
  }

  /** The transaction did not come back. Whether it stands is unknown, so nothing in memory that went into it is believed. */
  #failed(shares: readonly Share[], error: unknown): void {
    const nowMs = this.needs.clock.now().getTime();
    for (const { plan, items } of shares) {
      for (const room of plan.rooms.values()) room.restage();
      const [first] = items;
      if (first?.kind === 'write') {
        // By itself in its commit: the others on the plan lose nothing by it.
        plan.alone = false;
        if (error instanceof RefusalError) first.answer({ ok: false, refusal: error.refusal });
        else first.failed(error);
        continue;
      }
      plan.failingSinceMs ??= nowMs;
      const again = shares.length > 1 || (isLockWait(error) && nowMs - plan.failingSinceMs < patienceMs);
      if (!again) {
        this.needs.log.warn({ err: error, plan: plan.id }, 'a commit failed; everybody on the plan comes back to what the log says');
        plan.putBack(items);
        this.needs.discard(plan);
        continue;
      }
      // Said again after the log was read once more: what did stand after all is then known and changes nothing.
      plan.alone = true;
      plan.putBack(items);
      this.needs.clock.after(retryMs, () => {
        if (plan.discarded) return;
        this.#ready.add(plan);
        this.#pump();
      });
    }
  }
}

const isLockWait = (error: unknown): boolean => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return typeof cause === 'object' && cause !== null && (cause as { code?: unknown }).code === '55P03';
};

/** Leaves out what every reconnecting client repeats. Staging equals what is committed here, since no commit of the plan is under way. */
function withoutRepetitions(items: readonly Waiting[]): Waiting[] {
  return items.filter((item) => {
    if (item.kind !== 'update') return true;
    const read = readUpdate(item.update, limits.structsPerSyncReplyMax);
    return typeof read === 'string' || !saysNothingNew(item.room.staging, read);
  });
}

/** Barriers with nothing before them need no commit. Answers whether that was all. */
function settleFromMemory({ plan, items }: Share): boolean {
  if (items.some((item) => item.kind !== 'barrier')) return false;
  for (const item of items) if (item.kind === 'barrier') answerBarrier(plan, item);
  return true;
}

function answerBarrier(plan: OpenPlan, { channel, number }: { readonly channel: Channel; readonly number: number }): void {
  channel.send(Outgoing.frame(channel.sectionId, { kind: 'barrier-answer', number, position: plan.seenTo }));
}

function tellRefused(channel: Channel, refusal: Refused): void {
  if (channel.asked) channel.send(Outgoing.notice(channel.sectionId, { kind: 'refused', section: channel.sectionId, code: refusal.code, reason: refusal.reason }));
  channel.close(refusal.code === 'over-limit' ? 'overLimit' : 'refused', refusal.code);
}

function asWriteRefusal({ code, reason }: Refused) {
  if (code === 'not-allowed' || code === 'over-limit') return refuse(code, reason);
  return refuse('invalid', reason);
}

/** Rows, leases and heads of every plan in the commit. Answers the database's time of each accepted update. */
async function write(tx: Tx, decisions: readonly (Decision & { readonly head: PlanHead })[]): Promise<ReadonlyMap<Accepted, Date>> {
  const pairs = decisions.flatMap(({ plan, accepted }) => accepted.map((each) => ({ planId: plan.id, each })));
  if (pairs.length === 0) return new Map();
  const moves = decisions.filter((each) => each.accepted.length > 0)
    .map(({ plan, accepted, summary }) => ({
      planId: plan.id, position: (accepted.at(-1) as Accepted).position, contentPosition: accepted.findLast(({ fields }) => fields.length > 0)?.position, ...summary,
    }));
  const times = await appendRows(tx, pairs.map(({ planId, each }) => ({
    planId, position: each.position, sectionId: each.room.section.id, bytes: each.bytes, spans: each.spans, authorId: each.actor.id,
  })), moves);
  const leases = pairs.flatMap(({ planId, each }) => each.spans
    .filter(([client]) => !each.room.owners.has(client))
    .map(([client]) => ({ planId, sectionId: each.room.section.id, client, personId: each.actor.id })));
  if (leases.length > 0) await insertLeases(tx, leases);
  return new Map(pairs.map(({ each }, index) => [each, times[index] as Date]));
}

const asRow = (each: Accepted, times: ReadonlyMap<Accepted, Date>): LogRow => ({
  position: each.position, sectionId: each.room.section.id, bytes: each.bytes, spans: each.spans,
  author: { id: each.actor.id, name: each.actor.name, role: each.actor.role }, at: times.get(each) as Date,
});

/** The last row of each author with all the fields they touched: one notice a person, however fast they type. */
function byAuthor(accepted: readonly Accepted[], rows: readonly LogRow[]): [LogRow, string[]][] {
  const fields = new Map(accepted.map((each) => [each.position, each.fields]));
  const last = new Map<string, [LogRow, string[]]>();
  for (const row of rows) {
    const before = last.get(row.author.id)?.[1] ?? [];
    last.set(row.author.id, [row, [...new Set([...before, ...(fields.get(row.position) ?? [])])]]);
  }
  return [...last.values()];
}
