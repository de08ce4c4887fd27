/** Reading plans, versions and audit entries from the server. */
import { queryOptions, useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query';
import { comparison, correctionList, foundPeople, ownPlans, planContent, planList, planPeople, planView, urgentView, versionList, versionView, type PlanView } from '../../shared/wire/plans.ts';
import { apiGet } from './api.ts';
import { keys } from './keys.ts';

const at = (planId: string, rest = ''): string => `/api/plans/${encodeURIComponent(planId)}${rest}`;

/** The caseload, page by page. Empty `query` and `stage` mean all. */
export const useCaseload = (query: string, stage: string) =>
  useInfiniteQuery({
    queryKey: keys.caseload(query, stage),
    queryFn: ({ pageParam, signal }) => {
      const search = new URLSearchParams();
      if (query) search.set('query', query);
      if (stage) search.set('stage', stage);
      if (pageParam) search.set('cursor', pageParam);
      return apiGet(`/api/plans?${search}`, planList, signal);
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    refetchInterval: 30_000,
  });

const planQuery = (planId: string) =>
  queryOptions({ queryKey: keys.planView(planId), queryFn: ({ signal }) => apiGet(at(planId), planView, signal) });

/** `refetchEveryMs`: asks again by itself; left out, only when the window is looked at again. */
export const usePlan = (planId: string, refetchEveryMs?: number) => useQuery({ ...planQuery(planId), refetchInterval: refetchEveryMs ?? false });

/** Asks now what the plan is to this person, for every page that shows it too. */
export const askPlan = (client: QueryClient, planId: string): Promise<PlanView> => client.fetchQuery({ ...planQuery(planId), staleTime: 0 });

/** The draft as it is now, without the sections that this person may not read. */
export const usePlanContent = (planId: string, enabled = true) =>
  useQuery({ queryKey: keys.content(planId), queryFn: ({ signal }) => apiGet(at(planId, '/content'), planContent, signal), enabled });

export const useVersions = (planId: string) =>
  useQuery({ queryKey: keys.versions(planId), queryFn: ({ signal }) => apiGet(at(planId, '/versions'), versionList, signal) });

export const useVersion = (planId: string, number: string, enabled = true) =>
  useQuery({
    queryKey: keys.version(planId, number),
    queryFn: ({ signal }) => apiGet(at(planId, `/versions/${encodeURIComponent(number)}`), versionView, signal),
    enabled,
    // What was signed never changes; only whether it is still the latest does.
    staleTime: 60_000,
  });

/** `to` is a version number or "draft". */
export const useComparison = (planId: string, from: string, to: string, enabled = true) =>
  useQuery({
    queryKey: keys.comparison(planId, from, to),
    queryFn: ({ signal }) => apiGet(at(planId, `/compare?${new URLSearchParams({ from, to })}`), comparison, signal),
    enabled,
  });

/** Corrections of the registered identity, newest first. */
export const useCorrections = (planId: string) =>
  useQuery({ queryKey: keys.corrections(planId), queryFn: ({ signal }) => apiGet(at(planId, '/identity'), correctionList, signal) });

/** Single people who may see the plan, now or later. */
export const usePlanPeople = (planId: string) =>
  useQuery({ queryKey: keys.people(planId), queryFn: ({ signal }) => apiGet(at(planId, '/people'), planPeople, signal) });

/** Staff (or inspectors, for a privacy officer) by part of their name; asked from two letters on. */
export const useStaff = (letters: string) =>
  useQuery({ queryKey: keys.staff(letters), queryFn: ({ signal }) => apiGet(`/api/people?${new URLSearchParams({ query: letters })}`, foundPeople, signal), enabled: letters.length >= 2, staleTime: 60_000 });

/** Plans of whoever has no caseload: theirs, or those they inspect. */
export const useOwnPlans = () => useQuery({ queryKey: keys.ownPlans, queryFn: ({ signal }) => apiGet('/api/own-plans', ownPlans, signal) });

/** People of the administrator's own organisation. */
export const useColleagues = () => useQuery({ queryKey: keys.colleagues, queryFn: ({ signal }) => apiGet('/api/colleagues', foundPeople, signal) });

/** The latest signed version for urgent care. Never answered from memory: what is shown was just checked, or the screen says that it was not. */
export const useUrgent = (nhsNumber: string) =>
  useQuery({
    queryKey: keys.urgent(nhsNumber),
    queryFn: ({ signal }) => apiGet(`/api/urgent/${nhsNumber}`, urgentView, signal),
    enabled: nhsNumber !== '',
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchInterval: 30_000,
  });
