/** The plans on this screen, those too that were left while words of theirs were only here: they stay connected, and can be come back to, until those are saved. */
import { openHere } from '../collab/openHere.ts';
import type { PlanConnection } from '../collab/planConnection.ts';
import { Subject } from '../collab/subject.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import type { HeldCopy } from '../offline/heldCopy.ts';

export interface OpenPlan {
  readonly view: PlanView;
  readonly personId: string;
  /** Opened without its restricted sections, for a screen that others see. */
  readonly hideRestricted: boolean;
  readonly connection: PlanConnection;
  readonly copy: HeldCopy | undefined;
}

const isSame = (a: OpenPlan, b: Sought): boolean => a.view.id === b.view.id && a.personId === b.personId && a.hideRestricted === b.hideRestricted;
type Sought = Pick<OpenPlan, 'hideRestricted'> & { readonly personId: string | undefined; readonly view: Pick<PlanView, 'id'> };

class OpenPlans {
  readonly left = new Subject<readonly OpenPlan[]>([]);
  readonly #forget = new Map<PlanConnection, () => void>();

  /** Counts the words of a plan among those that are only on this screen, until it is freed. */
  opened(connection: PlanConnection): void {
    this.#forget.set(connection, openHere.add(connection));
  }

  leave(plan: OpenPlan): void {
    this.left.set([...this.left.value, plan]);
    plan.connection.leave(() => {
      this.#remove(plan);
      this.#forget.get(plan.connection)?.();
      this.#forget.delete(plan.connection);
    });
  }

  find(sought: Sought): OpenPlan | undefined {
    return this.left.value.find((one) => isSame(one, sought));
  }

  /** The plan as it was left, live again as far as it can be; undefined if nothing of it had to stay. */
  comeBack(sought: Sought): OpenPlan | undefined {
    const plan = this.find(sought);
    if (plan === undefined) return undefined;
    this.#remove(plan);
    plan.connection.comeBack();
    return plan;
  }

  #remove(plan: OpenPlan): void {
    this.left.set(this.left.value.filter((one) => one !== plan));
  }
}

export const openPlans = new OpenPlans();
