/** Reading trails, who has looked, and the privacy officer's overview; and saying that something is printed. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { lookedList, oversightView, printed } from '../../shared/wire/audit.ts';
import { auditList, type AuditQuery } from '../../shared/wire/plans.ts';
import { apiGet, apiSend } from './api.ts';
import { keys } from './keys.ts';

const at = (planId: string, rest: string): string => `/api/plans/${encodeURIComponent(planId)}${rest}`;

/** What of a trail is shown; '' means everything. */
export type TrailFilter = { readonly [Part in Exclude<keyof AuditQuery, 'cursor'>]-?: string };
export const everything: TrailFilter = { person: '', kind: '', section: '', from: '', to: '' };

/** The filter as the service takes it. */
export function filterSearch(filter: TrailFilter): string {
  return new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString();
}

/** Audit entries of the plan, newest first, page by page. */
export function useAudit(planId: string, filter: TrailFilter) {
  const search = filterSearch(filter);
  return useInfiniteQuery({
    queryKey: keys.audit(planId, search),
    queryFn: ({ pageParam, signal }) => {
      const whole = new URLSearchParams(search);
      if (pageParam) whole.set('cursor', pageParam);
      return apiGet(at(planId, `/audit?${whole}`), auditList, signal);
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export const useLooked = (planId: string) =>
  useQuery({ queryKey: keys.looked(planId), queryFn: ({ signal }) => apiGet(at(planId, '/looked'), lookedList, signal) });

export const useOversight = () =>
  useQuery({ queryKey: keys.oversight, queryFn: ({ signal }) => apiGet('/api/oversight', oversightView, signal), refetchInterval: 30_000 });

/** Records the print, then opens the browser's dialog. Rejects without printing when it cannot be recorded. */
export async function printRecorded(planId: string, order: { readonly what: 'signed-version' | 'who-has-looked'; readonly version?: number }): Promise<void> {
  await apiSend('POST', at(planId, '/prints'), order, printed);
  window.print();
}
