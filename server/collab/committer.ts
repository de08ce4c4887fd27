/** Group commit: whatever arrived while the last commit was being flushed goes into the next. Nobody hears of a change before it stands. */
import type { Logger } from 'pino';
import { londonDate } from '../../shared/domain/dates.ts';
import { sameFacts } from '../../shared/domain/planFacts.ts';
import { refuse, RefusalError } from '../../shared/refusal.ts';
import type { Clock } from '../ports.ts';
import { GivenUp, isLockWait } from './commitFaults.ts';
import { decide, isEmpty, type Decision } from './decision.ts';
import type { OpenPlan, Waiting, WaitingWrite } from './openPlan.ts';
import { NotAsDecided, type Appended, type LogRow, type PlanHead, type PlanLog } from './planLog.ts';
import { answerBarrier, rowsOf, settle } from './settling.ts';

/** Commits under way at once; a third of the database's connections, so that readers are never shut out. */
const lanesMax = 4;
/** Of these, commits of many plans together: while two are under way, what comes waits and goes with the next, and one slow flush does not stop everybody. */
const sharedLanesMax = 2;
/** Plans in one commit: keeps a commit short even when everybody returns at once. */
const plansPerCommitMax = 32;
/** How often a decision is offered again when nothing but the audit chain has moved: somebody opened or read the plan meanwhile. */
const offersMax = 3;
/** How long a plan may be held by somebody else before its writers are asked to come back later. */
const patienceMs = 10_000;
/** A plan in which another node has just written is decided on under its lock for this long: a decision made without would mostly be made in vain. */
const contestedMs = 2_000;
/** How long to wait before trying again what was in vain a moment ago. */
const retryMs = 50;

export interface CommitterNeeds {
  readonly store: PlanLog;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called with the rows of a commit once it stands and this node has shown them. */
  readonly committed: (plan: OpenPlan, rows: readonly LogRow[]) => void;
  /** Called when who may do what on the plan has changed, or somebody is no longer who they were. */
  readonly accessChanged: (plan: OpenPlan) => void;
  /** Called when somebody is no longer who a decision took them for; resolves when everybody on the plan has been asked for anew. */
  readonly askWho: (plan: OpenPlan) => Promise<void>;
  /** Called when memory can no longer be trusted: everybody on the plan is sent away to come back to what the log says. */
  readonly discard: (plan: OpenPlan) => void;
}

interface PlanItems {
  readonly plan: OpenPlan;
  readonly items: readonly Waiting[];
}
interface Stands {
  readonly decision: Decision;
  readonly appended: Appended;
}

export class Committer {
  /** Plans with something to commit and no commit under way, oldest first: those that may share a commit, and those that must be alone. */
  readonly #ready = new Set<OpenPlan>();
  readonly #readyAlone = new Set<OpenPlan>();
  readonly #underWay = new Set<Promise<void>>();
  #sharedUnderWay = 0;
  #day = { minute: Number.NaN, date: '' };

  constructor(private readonly needs: CommitterNeeds) {}

  /** Adds to what waits for the plan's next commit; false when too much waits already or the plan was given up here. */
  submit(plan: OpenPlan, item: Waiting): boolean {
    if (plan.discarded || !plan.enqueue(item)) return false;
    this.#makeReady(plan);
    this.#pump();
    return true;
  }

  /** Resolves when nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** One look at the plan, however many others wait. What comes while it is being committed is looked at when that is done. */
  #makeReady(plan: OpenPlan): void {
    if (plan.busy || plan.resting || plan.discarded || plan.waiting.length === 0) return;
    const alone = this.#mustBeAlone(plan, plan.waiting[0]);
    (alone ? this.#ready : this.#readyAlone).delete(plan);
    (alone ? this.#readyAlone : this.#ready).add(plan);
  }

  #pump(): void {
    while (this.#underWay.size < lanesMax) {
      const { plans, alone } = this.#next();
      if (plans.length === 0) return;
      if (!alone) this.#sharedUnderWay += 1;
      const work = this.#commit(plans).finally(() => {
        if (!alone) this.#sharedUnderWay -= 1;
        this.#underWay.delete(work);
        this.#pump();
      });
      this.#underWay.add(work);
    }
  }

  /** Plans for one commit: those that must be alone are, the others go together. */
  #next(): { readonly plans: readonly OpenPlan[]; readonly alone: boolean } {
    const plans = this.#sharedUnderWay < sharedLanesMax ? takeFrom(this.#ready, plansPerCommitMax) : [];
    return plans.length > 0 ? { plans, alone: false } : { plans: takeFrom(this.#readyAlone, 1), alone: true };
  }

  #mustBeAlone(plan: OpenPlan, first: Waiting | undefined): boolean {
    return plan.alone || first?.kind === 'write' || (plan.contestedUntilMs > 0 && plan.contestedUntilMs > this.needs.clock.now().getTime());
  }

  async #commit(plans: readonly OpenPlan[]): Promise<void> {
    const shares = plans.map((plan) => ({ plan, items: plan.take() }));
    for (const plan of plans) plan.busy = true;
    let failed = true;
    try {
      const working = shares.filter((share) => !settleFromMemory(share));
      const [first] = working;
      if (working.length === 1 && first && this.#mustBeAlone(first.plan, first.items[0])) await this.#held(first);
      else await this.#together(working);
      failed = false;
    } catch (error) {
      this.#failed(shares, error);
    } finally {
      for (const plan of plans) {
        plan.busy = false;
        if (!failed || plan.failingSinceMs === undefined) this.#makeReady(plan);
      }
    }
  }

  /** What all these plans wait for, in one commit, decided on the heads as they were last seen. A plan that has moved since waits by itself. */
  async #together(shares: readonly PlanItems[]): Promise<void> {
    const { store } = this.needs;
    const decisions: Decision[] = [];
    for (const { plan, items } of shares) {
      // The head as it was when catching up began: a later one may be told meanwhile, and then the rooms do not hold what it says.
      const { head } = plan;
      await plan.catchUp(store, head.position);
      if (plan.discarded) throw new GivenUp();
      decisions.push(this.#decide(plan, items, head));
    }
    // What says nothing new is answered at once.
    for (const decision of decisions.filter(isEmpty)) this.#settle(decision, undefined);
    const offered = decisions.filter((decision) => !isEmpty(decision));
    const stand = await this.#offer(offered);
    for (const { decision, appended } of stand) this.#settle(decision, appended);
    for (const { plan } of offered.filter((decision) => !stand.some((each) => each.decision.plan === decision.plan))) {
      const share = shares.find((each) => each.plan === plan);
      forget(plan);
      plan.alone = true;
      if (share) plan.putBack(share.items);
    }
  }

  /** Offers the decisions to storage, again where only the plan's audit chain has moved. */
  async #offer(decisions: readonly Decision[]): Promise<readonly Stands[]> {
    const { store } = this.needs;
    const stand: Stands[] = [];
    let open = decisions;
    for (let offer = 0; open.length > 0 && offer < offersMax; offer += 1) {
      const appended = await store.append(open.map(({ share }) => share));
      stand.push(...open.flatMap((decision) => {
        const own = appended.get(decision.plan.id);
        return own ? [{ decision, appended: own }] : [];
      }));
      const missed = open.filter(({ plan }) => !appended.has(plan.id));
      if (missed.length === 0) break;
      const heads = new Map((await store.heads(missed.map(({ plan }) => plan.id))).map((head) => [head.id, head]));
      for (const { plan, share } of missed) {
        if (heads.get(plan.id)?.position !== share.head.position) plan.contestedUntilMs = this.needs.clock.now().getTime() + contestedMs;
      }
      open = missed.flatMap((decision) => {
        const head = heads.get(decision.plan.id);
        return head && head.auditSeq !== decision.share.head.auditSeq && sameButForAudit(head, decision.share.head) ? [{ ...decision, share: { ...decision.share, head } }] : [];
      });
    }
    return stand;
  }

  /** One plan by itself, decided while nobody else can move its head. */
  async #held({ plan, items }: PlanItems): Promise<void> {
    const { store, clock, askWho, accessChanged } = this.needs;
    let decided: { decision: Decision; appended: Appended | undefined } | undefined;
    const hold = () => store.hold(plan.id, async (held) => {
      // What others wrote meanwhile may have ended somebody's right to be shown it.
      if (plan.takeHead(held.head)) accessChanged(plan);
      await plan.catchUp({ rows: (_id, sections, after, upTo) => held.rows(sections, after, upTo) }, held.head.position);
      // Given up while it was waited for: its rooms hold nothing that can be decided on.
      if (plan.discarded) throw new GivenUp();
      const decision = this.#decide(plan, items, held.head);
      const appended = isEmpty(decision) ? undefined : await held.append(decision.share);
      const write = decision.outcomes.find((outcome) => outcome.kind === 'write');
      if (write && !write.refusal) await write.write.also?.(held.tx, decision.share.rows.at(-1)?.position ?? held.head.position);
      return { decision, appended };
    });
    try {
      decided = await hold();
    } catch (error) {
      if (!(error instanceof NotAsDecided)) throw error;
      forget(plan);
      const [first] = items;
      if (first?.kind === 'write') return first.answer(refuse('not-allowed', 'Your role or organisation has changed.'));
      await askWho(plan);
      // Whoever is known anew is tried again at once; when that was in vain too, a little later.
      if (plan.failingSinceMs !== undefined) this.#rest(plan);
      plan.failingSinceMs ??= clock.now().getTime();
      if (clock.now().getTime() - plan.failingSinceMs >= patienceMs) throw error;
      plan.alone = true;
      return plan.putBack(items);
    }
    if (!decided) throw new Error('there is no such plan any more');
    this.#settle(decided.decision, decided.appended);
  }

  #decide(plan: OpenPlan, items: readonly Waiting[], head: PlanHead): Decision {
    const now = this.needs.clock.now();
    return decide(plan, items, head, this.#dayOf(now), now.getTime());
  }

  /** The day in London, worked out once a minute: asking the calendar costs as much as judging a keystroke. */
  #dayOf(now: Date): string {
    const minute = Math.floor(now.getTime() / 60_000);
    if (this.#day.minute !== minute) this.#day = { minute, date: londonDate(now) };
    return this.#day.date;
  }

  #settle(decision: Decision, appended: Appended | undefined): void {
    const { plan } = decision;
    plan.alone = false;
    plan.failingSinceMs = undefined;
    const rows = appended ? rowsOf(decision, appended) : [];
    settle(decision, rows, appended, () => this.needs.accessChanged(plan));
    this.needs.committed(plan, rows);
  }

  /** The commit did not come back. Whether it stands is unknown, so nothing in memory that went into it is believed. */
  #failed(shares: readonly PlanItems[], error: unknown): void {
    const nowMs = this.needs.clock.now().getTime();
    for (const { plan, items } of shares) {
      forget(plan);
      const [first] = items;
      if (first?.kind === 'write') {
        this.#writeFailed(plan, first, error);
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
      this.#rest(plan);
    }
  }

  /** Leaves the plan alone for a moment, whatever is said meanwhile. */
  #rest(plan: OpenPlan): void {
    plan.resting = true;
    this.needs.clock.after(retryMs, () => {
      plan.resting = false;
      this.#makeReady(plan);
      this.#pump();
    });
  }

  /** By itself in its commit: the others on the plan lose nothing by it. */
  #writeFailed(plan: OpenPlan, write: WaitingWrite, error: unknown): void {
    plan.alone = false;
    if (error instanceof RefusalError) write.answer({ ok: false, refusal: error.refusal });
    else write.failed(error);
  }
}

/** Takes at most so many plans out, oldest first; those that were given up meanwhile go with them for nothing. */
function takeFrom(ready: Set<OpenPlan>, most: number): readonly OpenPlan[] {
  const plans: OpenPlan[] = [];
  for (const plan of ready) {
    ready.delete(plan);
    if (!plan.discarded) plans.push(plan);
    if (plans.length === most) break;
  }
  return plans;
}

/** Documents that may be ahead of the log are made anew when they are next needed. */
const forget = (plan: OpenPlan): void => {
  for (const room of plan.rooms.values()) room.goBack();
};

const sameButForAudit = (now: PlanHead, then: PlanHead): boolean =>
  now.position === then.position && now.holdUntilMs === then.holdUntilMs && sameFacts(now, then);

/** Barriers with nothing before them need no commit. Answers whether that was all. */
function settleFromMemory({ plan, items }: PlanItems): boolean {
  if (items.some((item) => item.kind !== 'barrier')) return false;
  for (const item of items) if (item.kind === 'barrier') answerBarrier(plan, item);
  return true;
}
