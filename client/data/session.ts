/** Who is signed in, and signing in and out. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { demoPeople, sessionView, type SessionView } from '../../shared/wire/session.ts';
import { apiGet, apiSend } from './api.ts';
import { keys } from './keys.ts';
import { ApiProblem } from './problem.ts';

export type Session = SessionView;
export type DemoPerson = z.infer<typeof demoPeople>['people'][number];

/** The session, or null when nobody is signed in. */
export const useSession = () =>
  useQuery({
    queryKey: keys.session,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await apiGet('/api/session', sessionView, signal);
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
    refetchOnWindowFocus: true,
  });

/** The invented people that may be chosen in demonstration mode; null outside it. */
export const useDemoPeople = () =>
  useQuery({
    queryKey: keys.demoPeople,
    queryFn: async ({ signal }): Promise<readonly DemoPerson[] | null> => {
      try {
        return (await apiGet('/api/demo/people', demoPeople, signal)).people;
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });

/** Signs in as a demo person. Everything known for the person before is forgotten first. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (personId: string) => apiSend('POST', '/api/session', { personId }, z.unknown()),
    onSuccess: async () => {
      client.clear();
      await client.fetchQuery({ queryKey: keys.session, queryFn: () => apiGet('/api/session', sessionView) });
    },
  });
}

/** Signs out and forgets everything that was read. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiSend('DELETE', '/api/session', undefined, z.unknown()),
    onSuccess: () => {
      client.clear();
      client.setQueryData(keys.session, null);
    },
  });
}
