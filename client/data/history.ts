/** Reading who wrote what, and telling the server how far this person has looked. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { changesSince, fieldHistory, lookedAnswer, type ChangesSince } from '../../shared/wire/history.ts';
import { apiGet, apiSend } from './api.ts';
import { keys } from './keys.ts';

const at = (planId: string, rest: string): string => `/api/plans/${encodeURIComponent(planId)}/${rest}`;

/** The history of one field, newest first, page by page. Read anew each time it is opened: somebody may have written since. */
export const useFieldHistory = (planId: string, section: string, field: string) =>
  useInfiniteQuery({
    queryKey: keys.history(planId, section, field),
    queryFn: ({ pageParam, signal }) => apiGet(at(planId, `history?${new URLSearchParams({ section, field, ...(pageParam ? { cursor: pageParam } : {}) })}`), fieldHistory, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    staleTime: 0,
    gcTime: 0,
  });

/** What others wrote after a position; since this person last looked when it is left out. */
export const readChanges = (planId: string, after?: number): Promise<ChangesSince> =>
  apiGet(at(planId, `changes${after === undefined ? '' : `?${new URLSearchParams({ after: String(after) })}`}`), changesSince);

/** Says up to where this person has looked. `leaving`: the page may be gone before the answer comes. */
export async function sendLooked(planId: string, position: number, leaving: boolean): Promise<void> {
  await apiSend('POST', at(planId, 'looked'), { position }, lookedAnswer, undefined, leaving);
}
