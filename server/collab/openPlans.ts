/** The plans that are open on this node: opened by the first who wants one, let go when nobody has wanted it for a while. */
import type { PlanId } from '../../shared/ids.ts';
import type { Clock, Database } from '../ports.ts';
import { readHeads } from './log.ts';
import { OpenPlan } from './openPlan.ts';

/** People come back to the plan they just left; loading it again costs a read of its log. */
const idleMs = 60_000;

export interface OpenPlansNeeds {
  readonly db: Database;
  readonly clock: Clock;
  /** Called when a plan begins to be open here; what it answers is called when it no longer is. */
  readonly opened: (plan: OpenPlan) => () => void;
}

export class OpenPlans {
  readonly #open = new Map<PlanId, { readonly plan: OpenPlan; readonly closed: () => void }>();
  readonly #opening = new Map<PlanId, Promise<OpenPlan | undefined>>();

  constructor(private readonly needs: OpenPlansNeeds) {}

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
    const [head] = await readHeads(this.needs.db, [planId]);
    if (!head) return undefined;
    const plan = new OpenPlan(head, this.needs.db, this.needs.clock);
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

  /** Lets go of rooms and plans that nobody has wanted for a while. */
  sweep(): void {
    const before = this.needs.clock.now().getTime() - idleMs;
    for (const plan of this.all()) {
      if (plan.busy || plan.waiting.length > 0) continue;
      for (const [sectionId, room] of plan.rooms) {
        if (room.channels.size > 0 || room.wantedAtMs > before) continue;
        plan.rooms.delete(sectionId);
        room.destroy();
      }
      if (plan.connections.size === 0 && plan.rooms.size === 0 && plan.wantedAtMs <= before) this.letGo(plan);
    }
  }
}
