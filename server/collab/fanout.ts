/** Keeps the nodes together: tells the others what was committed, takes what they tell, and asks the log for whatever was missed. */
import type { Logger } from 'pino';
import { limitsField, shareField } from '../../shared/domain/sharing.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Bus, Clock, PlanNotice } from '../ports.ts';
import type { OpenPlan } from './openPlan.ts';
import type { OpenPlans } from './openPlans.ts';
import type { LogRow, PlanHead, PlanLog } from './planLog.ts';
import { decodeMessage, encodeMessage, planChannel, type PlanMessage, type PresenceHint } from './planMessage.ts';
import type { Room } from './room.ts';

/** A lost last hint, an emptied Redis or none at all costs this much freshness. */
const pollIntervalMs = 1_500;
/** Fields whose values decide who is shown what. */
const decidesAccess: ReadonlySet<string> = new Set([limitsField, shareField]);

export interface FanoutNeeds {
  readonly store: PlanLog;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly nodeId: string;
  readonly plans: OpenPlans;
  /** Called when who may do what has changed, or is said to have. */
  readonly accessChanged: (plan: OpenPlan) => void;
  readonly presence: (plan: OpenPlan, states: readonly PresenceHint[]) => void;
  /** Called when a section is about to leave memory. */
  readonly leaving: (plan: OpenPlan, room: Room) => void;
  /** Called when storage has not answered for so long that nobody knows any more who may see what. */
  readonly storageSilent: () => void;
}

export class Fanout {
  #timer: { cancel(): void } | undefined;
  #polling: Promise<void> | undefined;
  #stopped = false;
  /** Asked for while a question was under way, whose answer may be older. */
  #again = false;
  /** Goes off when storage has not answered for so long that nobody knows any more who may see what: a question that nobody answers never fails by itself. */
  #silence: { cancel(): void } | undefined;
  readonly #repairing = new Map<PlanId, Promise<void>>();

  constructor(private readonly needs: FanoutNeeds) {
    this.#answered();
    needs.bus.onReconnect(() => this.#pollNow());
    this.#schedule();
  }

  /** Begins to listen to what other nodes say of the plan; answers how to stop. */
  follow(plan: OpenPlan): () => void {
    const { bus, log } = this.needs;
    const stop = bus.subscribe(planChannel(plan.id), (message) => this.#heard(plan, message))
      .catch((error: unknown) => {
        log.warn({ err: error }, 'hints of other nodes cannot be heard; the log is asked instead');
        return async () => undefined;
      });
    return () => void stop.then((unsubscribe) => unsubscribe()).catch((error: unknown) => log.warn({ err: error }, 'could not stop listening'));
  }

  committed(plan: OpenPlan, rows: readonly LogRow[]): void {
    if (rows.length > 0) this.#say(plan.id, { kind: 'rows', rows });
  }
  sayPresence(planId: PlanId, states: readonly PresenceHint[]): void {
    this.#say(planId, { kind: 'presence', states });
  }
  /** Tells everybody on the plan, on every node. */
  announce(planId: PlanId, notice: PlanNotice): void {
    this.#say(planId, { kind: 'notice', notice });
    const plan = this.needs.plans.get(planId);
    if (plan) this.#take(plan, notice);
  }

  #say(planId: PlanId, message: PlanMessage): void {
    if (this.needs.bus.alone) return;
    this.needs.bus.publish(planChannel(planId), encodeMessage(this.needs.nodeId, message));
  }

  #heard(plan: OpenPlan, bytes: Uint8Array): void {
    const message = decodeMessage(bytes, this.needs.nodeId);
    if (!message || plan.discarded) return;
    if (message.kind === 'presence') return this.needs.presence(plan, message.states);
    if (message.kind === 'notice') return this.#take(plan, message.notice);
    for (const row of message.rows) {
      // Who may see it is asked before anything is shown that says so.
      if (row.position > plan.seenTo + 1 || row.fields.some((field) => decidesAccess.has(field))) return this.#repairSoon(plan);
      if (row.position <= plan.seenTo) continue;
      plan.takeOther(row);
      plan.seenTo = row.position;
    }
  }

  #take(plan: OpenPlan, notice: PlanNotice): void {
    if (notice.kind === 'access-changed') {
      plan.notifyAll(notice);
      return this.#pollNow();
    }
    if (notice.number <= plan.versionTold) return;
    plan.versionTold = notice.number;
    plan.notifyAll(notice);
  }

  /** Reads what this node missed; one reader a plan at a time. */
  async repair(plan: OpenPlan, head?: PlanHead): Promise<void> {
    const { store } = this.needs;
    const to = head ?? (await store.heads([plan.id]))[0];
    if (!to || plan.discarded) return;
    if (to.auditSeq >= plan.head.auditSeq && plan.takeHead(to)) this.needs.accessChanged(plan);
    await plan.catchUp(store, to.position);
    if (to.latestVersion > plan.versionTold) {
      const latest = await store.latestSignOff(plan.id);
      if (latest) this.#take(plan, { kind: 'signed', number: latest.number, position: latest.position, by: latest.by, at: latest.at.toISOString() });
    }
  }

  #repairSoon(plan: OpenPlan, head?: PlanHead): void {
    if (this.#repairing.has(plan.id)) return;
    const work = this.repair(plan, head)
      .catch((error: unknown) => this.needs.log.warn({ err: error, plan: plan.id }, 'the log could not be read; asked again soon'))
      .finally(() => this.#repairing.delete(plan.id));
    this.#repairing.set(plan.id, work);
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = this.needs.clock.after(pollIntervalMs, () => this.#pollNow());
  }

  #pollNow(): void {
    if (this.#stopped) return;
    if (this.#polling) return void (this.#again = true);
    this.#timer?.cancel();
    this.#polling = this.#poll()
      .then(() => this.#answered())
      .catch((error: unknown) => this.needs.log.warn({ err: error }, 'the heads of open plans could not be read; asked again soon'))
      .finally(() => {
        this.#polling = undefined;
        const again = this.#again;
        this.#again = false;
        if (again) this.#pollNow();
        else this.#schedule();
      });
  }

  #answered(): void {
    this.#silence?.cancel();
    if (this.#stopped) return;
    this.#silence = this.needs.clock.after(limits.storageSilenceMs, () => {
      this.needs.storageSilent();
      // Whoever is let in meanwhile is let in by storage that spoke; it may fall silent again before it is asked.
      this.#answered();
    });
  }

  /** One question for all open plans: did anything pass by, and may everybody still do what they do? */
  async #poll(): Promise<void> {
    const { store, plans, accessChanged, leaving } = this.needs;
    plans.sweep(leaving);
    const open = plans.all();
    if (open.length === 0) return;
    for (const head of await store.heads(open.map((plan) => plan.id))) {
      const plan = plans.get(head.id);
      if (!plan) continue;
      // A head that was read before the last commit here says less than is known.
      if (head.auditSeq >= plan.head.auditSeq && plan.takeHead(head)) accessChanged(plan);
      if (head.position > plan.seenTo || head.latestVersion > plan.versionTold) this.#repairSoon(plan, head);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#silence?.cancel();
    await this.#polling;
    await Promise.all(this.#repairing.values());
  }
}
