/** The plan's id as it stands in an address. */
import { parseId, type PlanId } from '../../shared/ids.ts';
import { refuse, type Result } from '../../shared/refusal.ts';

/** Hands on the plan's id, or answers as for a plan that does not exist when it has no id's shape. */
export async function withPlan<T>(params: Readonly<Record<string, string>>, work: (planId: PlanId) => Promise<Result<T>>): Promise<Result<T>> {
  const planId = parseId('plan', params['planId']);
  return planId ? work(planId) : refuse('not-found', 'There is no such plan for you.');
}
