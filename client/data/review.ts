/** What a signer is about to read, frozen by the service at one position of the plan. */
import { useQuery } from '@tanstack/react-query';
import { review } from '../../shared/wire/plans.ts';
import { apiSend } from './api.ts';
import { keys } from './keys.ts';

/** Asked for once and never refreshed behind the reader's back: what is on the screen is what is signed. `refetch` reads again. */
export const useReview = (planId: string) =>
  useQuery({
    queryKey: keys.review(planId),
    queryFn: () => apiSend('POST', `/api/plans/${encodeURIComponent(planId)}/reviews`, undefined, review),
    staleTime: Infinity,
    // Left the page, forgotten: coming back reads the plan as it is then.
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
