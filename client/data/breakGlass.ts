/** Access in an emergency, and the notices of it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { breakGlassView, privacyAlert, privacyAlerts, type NewBreakGlassByIdentity, type NewReview } from '../../shared/wire/breakGlass.ts';
import { apiGet, apiSend } from './api.ts';
import { keys } from './keys.ts';

/** Opens the plan of whoever has this NHS number and this date of birth, for an hour, to read. */
export function useBreakGlass() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ order, once }: { readonly order: NewBreakGlassByIdentity; readonly once: string }) => apiSend('POST', '/api/break-glass', order, breakGlassView, once),
    onSuccess: async () => client.invalidateQueries({ queryKey: keys.everyCaseload }),
  });
}

export function useEndBreakGlass(planId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiSend('DELETE', `/api/plans/${encodeURIComponent(planId)}/break-glass`, undefined, z.unknown()),
    onSuccess: async () => client.invalidateQueries({ queryKey: keys.everyCaseload }),
  });
}

/** Emergency accesses that concern this privacy officer, asked for again every minute. */
export const usePrivacyAlerts = () =>
  useQuery({ queryKey: keys.privacyAlerts, queryFn: ({ signal }) => apiGet('/api/privacy/alerts', privacyAlerts, signal), refetchInterval: 60_000 });

export function useReviewBreakGlass() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, order, once }: { readonly id: string; readonly order: NewReview; readonly once: string }) =>
      apiSend('POST', `/api/privacy/alerts/${encodeURIComponent(id)}/review`, order, privacyAlert, once),
    onSuccess: async () => client.invalidateQueries({ queryKey: keys.privacyAlerts }),
  });
}
