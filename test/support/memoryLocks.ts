/** Locks on the heads of plans, as in a database: one holder each, the others wait in line for a bounded time. */
import type { Clock } from '../../server/ports.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';

/** A transaction, as far as locks know it. */
export interface Holder {
  readonly name: string;
}
interface Waiter {
  readonly holder: Holder;
  readonly grant: () => void;
  readonly giveUp: (error: Error) => void;
}

export class Locks {
  readonly #held = new Map<PlanId, Holder>();
  readonly #waiting = new Map<PlanId, Waiter[]>();

  holderOf(planId: PlanId): Holder | undefined {
    return this.#held.get(planId);
  }

  /** Resolves when `holder` has the lock; rejects as PostgreSQL does when it takes too long. */
  take(planId: PlanId, holder: Holder, clock: Clock): Promise<void> {
    if (!this.#held.has(planId)) {
      this.#held.set(planId, holder);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const overdue = clock.after(limits.lockTimeoutMs, () => {
        this.#leave(planId, holder);
        reject(Object.assign(new Error('waited too long for a lock'), { code: '55P03' }));
      });
      const waiter: Waiter = {
        holder,
        grant: () => { overdue.cancel(); resolve(); },
        giveUp: (error) => { overdue.cancel(); reject(error); },
      };
      this.#waiting.set(planId, [...(this.#waiting.get(planId) ?? []), waiter]);
    });
  }

  /** The transaction is over, however it ended: gives up all that it has and waits for. */
  release(holder: Holder): void {
    for (const [planId, waiters] of this.#waiting) {
      for (const waiter of waiters) if (waiter.holder === holder) waiter.giveUp(new Error('the connection was lost'));
      this.#leave(planId, holder);
    }
    for (const [planId, current] of this.#held) {
      if (current !== holder) continue;
      const [next, ...others] = this.#waiting.get(planId) ?? [];
      this.#waiting.set(planId, others);
      if (next) {
        this.#held.set(planId, next.holder);
        next.grant();
      } else this.#held.delete(planId);
    }
  }

  #leave(planId: PlanId, holder: Holder): void {
    this.#waiting.set(planId, (this.#waiting.get(planId) ?? []).filter((waiter) => waiter.holder !== holder));
  }
}
