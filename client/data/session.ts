/** Who is signed in, and signing in and out. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { demoPeople, lockedBy, sessionView, signedOut, signInMethod, type LockedBy, type SessionView } from '../../shared/wire/session.ts';
import { apiGet, apiSend } from './api.ts';
import { keys } from './keys.ts';
import { ApiProblem, isAway, unreachable } from './problem.ts';
import { copiesHere, oweSignOut, rememberedLock, rememberLock, signOutOwed } from '../offline/mark.ts';

export type Session = SessionView;
export type DemoPerson = z.infer<typeof demoPeople>['people'][number];

/** With plans held here, the service is waited for no longer than this when the screen starts, in milliseconds. */
const patienceMs = 6_000;

/**
 * The session, or null when nobody is signed in. Without the service it is that of whoever holds plans here. While it is locked the
 * answer before stays, beside an error that `lockOf` reads.
 */
export const useSession = () =>
  useQuery({
    queryKey: keys.session,
    queryFn: async ({ signal }): Promise<Session | null> => {
      if (signOutOwed()) return payOwedSignOut();
      const patience = copiesHere.value ? AbortSignal.timeout(patienceMs) : undefined;
      try {
        const session = await apiGet('/api/session', sessionView, patience ? AbortSignal.any([signal, patience]) : signal);
        rememberLock(undefined);
        return session;
      } catch (error) {
        if (lockOf(error)) rememberLock(lockOf(error));
        else if (error instanceof ApiProblem && error.status === 401) {
          rememberLock(undefined);
          return null;
        }
        const lock = isAway(error) || patience?.aborted ? lockedBy.safeParse(rememberedLock()).data : undefined;
        if (lock) throw new ApiProblem('session-locked', 401, 'The screen is locked', 'Unlock it when the service can be reached again.', [], lock);
        const held = isAway(error) || patience?.aborted ? await sessionHeld() : undefined;
        if (held !== undefined) return held;
        throw patience?.aborted ? unreachable() : error;
      }
    },
    staleTime: 60_000,
    refetchOnWindowFocus: true,
  });

/** Whose screen is locked, if this error says that one is. */
export const lockOf = (error: unknown): LockedBy | undefined => (error instanceof ApiProblem && error.code === 'session-locked' ? lockedBy.safeParse(error.more).data : undefined);

const sessionHeld = async (): Promise<Session | undefined> => (copiesHere.value ? (await import('../offline/copies.ts')).heldPlans().then(([first]) => first?.about.session) : undefined);

/** Somebody signed out here without a network: before anything else their sign-in is ended. Nobody is signed in until that is done. */
async function payOwedSignOut(): Promise<null> {
  try {
    await apiSend('DELETE', '/api/session', undefined, z.unknown());
    oweSignOut(false);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) oweSignOut(false);
    else if (!isAway(error)) throw error;
  }
  return null;
}

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

/** How one signs in to this service. */
export const useSignInMethod = () => useQuery({ queryKey: keys.signInMethod, queryFn: ({ signal }) => apiGet('/api/sign-in', signInMethod, signal), staleTime: 60_000 });

/** Signs in as a demo person. Everything known for the person before is forgotten first. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (personId: string) => apiSend('POST', '/api/session', { personId }, z.unknown()),
    onSuccess: async () => {
      // The sign-in before this one has ended with it.
      oweSignOut(false);
      client.clear();
      await client.fetchQuery({ queryKey: keys.session, queryFn: () => apiGet('/api/session', sessionView) });
    },
  });
}

/** Signs out and forgets everything that was read or is held here; without a network too, and then the service is told later. */
export function useSignOut() {
  const client = useQueryClient();
  const session = useSession();
  const method = session.data?.session?.method ?? lockOf(session.error)?.method;
  return useMutation({
    /** Answers where the provider lets the person sign out there as well; null when there is no such place. */
    mutationFn: async (): Promise<string | null> => {
      if (copiesHere.value) await (await import('../offline/copies.ts')).wipeAll();
      try {
        if (method === 'provider') return (await apiSend('POST', '/api/session/sign-out', undefined, signedOut)).next;
        await apiSend('DELETE', '/api/session', undefined, z.unknown());
        return null;
      } catch (error) {
        if (!isAway(error)) throw error;
        oweSignOut(true);
        return null;
      }
    },
    onSuccess: () => {
      client.clear();
      client.setQueryData(keys.session, null);
    },
  });
}
