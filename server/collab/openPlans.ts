/** The plans that are open on this node: opened by the first who wants one, let go when nobody has wanted it for a while. */
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../ports.ts';
import { AskedTogether } from '../db/askedTogether.ts';
import { OpenPlan } from './openPlan.ts';
import type { PlanHead, PlanLog } from './planLog.ts';
import type { Room } from './room.ts';

export interface OpenPlansNeeds {
  readonly store: PlanLog;
  readonly clock: Clock;
  /** Called when sections have been read from the log. */
  readonly loaded: (plan: OpenPlan, rooms: readonly Room[]) => void;
  /** Called when a plan begins to be open here; what it answers is called when it no longer is. */
  readonly opened: (plan: OpenPlan) => () => void;
}

export class OpenPlans {
  readonly #open = new Map<PlanId, { readonly plan: OpenPlan; readonly closed: () => void }>();
  readonly #opening = new Map<PlanId, Promise<OpenPlan | undefined>>();

  readonly #heads: AskedTogether<PlanId, PlanHead>;

  constructor(private readonly needs: OpenPlansNeeds) {
    this.#heads = new AskedTogether(async (planIds) => new Map((await needs.store.heads(planIds)).map((head) => [head.id, head])));
  }

  /** The open plan, or `undefined` when there is no such plan. Throws when the database cannot be asked. */
  async open(planId: PlanId): Promise<OpenPlan | undefined> {
    const known = this.#open.get(planId)?.plan;
    if (known) {
      known.wantedAtMs = this.needs.clock.now().getTime();
      return known;
    }
    let opening = this.#opening.get(planId);
    if (!opening) {
      opening = this.#read(planId).finally(() => this.#opening.delete(planId));
      this.#opening.set(planId, opening);
    }
    return opening;
  }

  async #read(planId: PlanId): Promise<OpenPlan | undefined> {
    const head = await this.#heads.of(planId);
    if (!head) return undefined;
    const plan = new OpenPlan(head, this.needs);
    this.#open.set(planId, { plan, closed: this.needs.opened(plan) });
    return plan;
  }

  get(planId: PlanId): OpenPlan | undefined {
    return this.#open.get(planId)?.plan;
  }
  all(): OpenPlan[] {
    return [...this.#open.values()].map(({ plan }) => plan);
  }

  /** Lets the plan go; its connections must have been sent away. */
  letGo(plan: OpenPlan): void {
    const known = this.#open.get(plan.id);
    if (known?.plan === plan) {
      this.#open.delete(plan.id);
      known.closed();
    }
    plan.destroy();
  }

  /** Lets go of rooms and plans that nobody has wanted for a while, of documents that nobody writes in, and of the oldest when there are too many. */
  sweep(leaving: (plan: OpenPlan, room: Room) => void): void {
    const nowMs = this.needs.clock.now().getTime();
    const before = nowMs - limits.idleMs;
    const built: Room[] = [];
    for (const plan of this.all()) {
      if (plan.busy || plan.waiting.length > 0) continue;
      for (const [sectionId, room] of plan.rooms) {
        if (room.wantedAtMs <= nowMs - limits.answersKeptMs) room.cool();
        if (room.channels.size === 0 && room.wantedAtMs <= before) {
          leaving(plan, room);
          plan.rooms.delete(sectionId);
          room.destroy();
        } else if (room.built && room.writtenAtMs <= before) room.rest();
        else if (room.built) built.push(room);
      }
      if (plan.connections.size === 0 && plan.rooms.size === 0 && plan.wantedAtMs <= before) this.letGo(plan);
    }
    restOldest(built);
  }
}

/** Documents over the budget rest, those written longest ago first: they can be made again from bytes that are in memory anyway. */
function restOldest(rooms: readonly Room[]): void {
  let bytes = rooms.reduce((sum, room) => sum + room.committed.bytes, 0);
  for (const room of rooms.toSorted((a, b) => a.writtenAtMs - b.writtenAtMs)) {
    if (bytes <= limits.documentsBytesMax) return;
    bytes -= room.committed.bytes;
    room.rest();
  }
}
