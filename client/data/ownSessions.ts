/** One's own sessions and roles: which there are, another role, lock, unlock, end. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { chosenRole, roleChoice, sessionList, sessionView } from '../../shared/wire/session.ts';
import { apiGet, apiSend } from './api.ts';
import { keys } from './keys.ts';

/** The roles to choose from while signing in. */
export const useRolesWaiting = () => useQuery({ queryKey: keys.rolesWaiting, queryFn: ({ signal }) => apiGet('/api/sign-in/roles', roleChoice, signal), staleTime: Infinity, gcTime: 0 });
/** Signs in in one of them; answers where to go. */
export const useEnterAs = () => useMutation({ mutationFn: async (key: string) => (await apiSend('POST', '/api/sign-in/role', { key }, chosenRole)).back });

export const useRoles = () => useQuery({ queryKey: keys.roles, queryFn: ({ signal }) => apiGet('/api/session/roles', roleChoice, signal) });
/** Acts in another role from now on. Everything that was read in the one before has to be read anew: the caller loads the start page. */
export const useChangeRole = () => useMutation({ mutationFn: (key: string) => apiSend('POST', '/api/session/role', { key }, sessionView) });

export const useSessions = () => useQuery({ queryKey: keys.sessions, queryFn: ({ signal }) => apiGet('/api/sessions', sessionList, signal), staleTime: 0 });
export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => apiSend('DELETE', `/api/sessions/${encodeURIComponent(id)}`, undefined, z.unknown()),
    onSettled: async () => client.invalidateQueries({ queryKey: keys.sessions }),
  });
}

function useThenAsk<Order>(work: (order: Order) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: work, onSuccess: async () => client.invalidateQueries({ queryKey: keys.session, exact: true }) });
}
export const useLock = () => useThenAsk(() => apiSend('POST', '/api/session/lock', undefined, z.unknown()));
/** Unlocks in the demonstration. */
export const useUnlock = () => useThenAsk((personId: string) => apiSend('POST', '/api/session/unlock', { personId }, sessionView));
