/** Orders that change plans. Each takes the key that makes it harmless when sent twice. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { organisationList, planPeople, planView, versionItem, type NewCorrection, type NewPlan, type NewPlanPerson, type NewTeamMember } from '../../shared/wire/plans.ts';
import { apiGet, apiSend } from './api.ts';
import { keys } from './keys.ts';

export function useCreatePlan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ order, once }: { readonly order: NewPlan; readonly once: string }) => apiSend('POST', '/api/plans', order, planView, once),
    onSuccess: async () => client.invalidateQueries({ queryKey: keys.everyCaseload }),
  });
}

export interface SignOrder {
  readonly position: number;
  readonly contentHash: string;
  readonly statement: string;
}

/** Signs the plan exactly as it was read. Resolves only when the version is stored: until then nothing is signed. */
export function useSignVersion(planId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ order, once }: { readonly order: SignOrder; readonly once: string }) =>
      apiSend('POST', `/api/plans/${encodeURIComponent(planId)}/versions`, order, versionItem, once),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.planView(planId) });
      await client.invalidateQueries({ queryKey: keys.versions(planId) });
    },
  });
}

/** Corrects who the person is registered as. Everything about the plan is read again afterwards. */
export function useCorrectIdentity(planId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ order, once }: { readonly order: NewCorrection; readonly once: string }) => apiSend('POST', `/api/plans/${encodeURIComponent(planId)}/identity`, order, planView, once),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.plan(planId) });
      await client.invalidateQueries({ queryKey: keys.everyCaseload });
    },
  });
}

/** Organisations that can be brought to a care team. */
export const useOrganisations = (enabled: boolean) =>
  useQuery({ queryKey: keys.organisations, queryFn: ({ signal }) => apiGet('/api/organisations', organisationList, signal), enabled, staleTime: 60_000 });

export type TeamChange =
  | { readonly kind: 'add'; readonly member: NewTeamMember; readonly once: string }
  | { readonly kind: 'remove'; readonly organisationId: string; readonly once: string };

export type PersonChange =
  | { readonly kind: 'add'; readonly person: NewPlanPerson; readonly once: string }
  | { readonly kind: 'remove'; readonly id: string; readonly once: string };

/** Lets one person see the plan, or ends it. */
export function useChangePeople(planId: string) {
  const client = useQueryClient();
  const at = `/api/plans/${encodeURIComponent(planId)}/people`;
  return useMutation({
    mutationFn: async (change: PersonChange): Promise<void> => {
      if (change.kind === 'add') await apiSend('POST', at, change.person, planPeople, change.once);
      else await apiSend('DELETE', `${at}/${encodeURIComponent(change.id)}`, undefined, z.unknown(), change.once);
    },
    onSuccess: async () => client.invalidateQueries({ queryKey: keys.people(planId) }),
  });
}

/** Brings an organisation to the care team, or ends its access. */
export function useChangeTeam(planId: string) {
  const client = useQueryClient();
  const at = `/api/plans/${encodeURIComponent(planId)}/team`;
  return useMutation({
    mutationFn: async (change: TeamChange): Promise<void> => {
      if (change.kind === 'add') await apiSend('POST', at, change.member, planView, change.once);
      else await apiSend('DELETE', `${at}/${encodeURIComponent(change.organisationId)}`, undefined, z.unknown(), change.once);
    },
    onSuccess: async () => client.invalidateQueries({ queryKey: keys.planView(planId) }),
  });
}
