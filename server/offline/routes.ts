/** HTTP of offline copies. */
import { z } from 'zod';
import { parseId, type CopyId } from '../../shared/ids.ts';
import { refuse, type Result } from '../../shared/refusal.ts';
import { copyKey, offlineCopies, takenOffline } from '../../shared/wire/offline.ts';
import { signedIn, type Route } from '../http/route.ts';
import { withPlan } from '../plans/planParameter.ts';
import type { Deps } from '../ports.ts';
import { handBack, keyOf, listCopies, takeOffline } from './commands.ts';

export function offlineRoutes(deps: Deps): Route[] {
  return [
    signedIn({
      method: 'post', path: '/api/plans/:planId/offline-copies', summary: 'Takes the plan offline for a visit: this device may keep it, encrypted, for some hours', answer: takenOffline, status: 201,
      handle: async ({ actor, params, cookieHeader }) => withPlan(params, (planId) => takeOffline(deps, { actor, cookieHeader }, planId)),
    }),
    signedIn({
      method: 'get', path: '/api/offline-copies', summary: 'What became of the plans that this person took offline', answer: offlineCopies,
      handle: async ({ actor }) => listCopies(deps, actor),
    }),
    signedIn({
      method: 'get', path: '/api/offline-copies/:copyId/key', summary: 'The service’s half of the keys of an offline copy', answer: copyKey,
      handle: async ({ actor, params }) => withCopy(params, (id) => keyOf(deps, actor, id)),
    }),
    signedIn({
      method: 'delete', path: '/api/offline-copies/:copyId', summary: 'Hands an offline copy back', answer: z.undefined(), status: 204,
      handle: async ({ actor, params }) => withCopy(params, (id) => handBack(deps, actor, id)),
    }),
  ];
}

async function withCopy<T>(params: Readonly<Record<string, string>>, work: (id: CopyId) => Promise<Result<T>>): Promise<Result<T>> {
  const id = parseId('copy', params['copyId']);
  return id ? work(id) : refuse('not-found', 'There is no such offline copy for you.');
}
