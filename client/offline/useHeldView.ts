/** The page of a plan as it was when it was taken offline, for when the service cannot be asked. */
import { useQuery } from '@tanstack/react-query';
import type { PlanView } from '../../shared/wire/plans.ts';
import { copiesHere } from './mark.ts';

/** Undefined until it is known, and where the plan is not held. Asked only while `away`; stays once it was answered. */
export function useHeldView(planId: string, personId: string | undefined, away: boolean): PlanView | undefined {
  const held = useQuery({
    queryKey: ['held', planId, personId],
    queryFn: async (): Promise<PlanView | null> => {
      const plans = await (await import('./copies.ts')).heldPlans();
      return plans.find(({ about }) => about.planId === planId && about.session.person.id === personId)?.about.view ?? null;
    },
    enabled: away && personId !== undefined && copiesHere.value,
    // Nothing of a plan lies about in memory once its page is closed.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return held.data ?? undefined;
}
