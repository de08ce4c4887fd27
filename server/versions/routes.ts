/** HTTP of sign-off and of what was signed. */
import { ok, refuse } from '../../shared/refusal.ts';
import { compareQuery, comparison, keySafeCode, review, signOrder, urgentView, versionItem, versionList, versionView } from '../../shared/wire/plans.ts';
import { signedIn, type Route } from '../http/route.ts';
import { withPlan } from '../plans/planParameter.ts';
import type { Deps } from '../ports.ts';
import { signVersion } from './commands.ts';
import { revealKeySafe } from './keySafe.ts';
import { presentVersionItem } from './present.ts';
import { compare, listVersions, readVersion } from './reading.ts';
import { reviewPlan } from './review.ts';
import { readUrgently } from './urgent.ts';

/** Review, sign-off, versions, comparison. */
export function versionRoutes(deps: Deps): Route[] {
  return [
    signedIn({
      method: 'post', path: '/api/plans/:planId/reviews', summary: 'Freezes what a signer is about to read', answer: review, unkept: true,
      handle: async ({ actor, params }) => withPlan(params, (planId) => reviewPlan(deps, actor, planId)),
    }),
    signedIn({
      method: 'post', path: '/api/plans/:planId/versions', summary: 'Signs the plan exactly as it was read', body: signOrder, answer: versionItem, status: 201, needsFresh: true,
      handle: async ({ actor, cookieHeader, params, body }) =>
        withPlan(params, async (planId) => {
          const signed = await signVersion(deps, { actor, cookieHeader }, planId, body);
          return signed.ok ? ok(presentVersionItem(signed.value)) : signed;
        }),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId/versions', summary: 'Every signed version, newest first', answer: versionList,
      handle: async ({ actor, params }) => withPlan(params, (planId) => listVersions(deps, actor, planId)),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId/versions/:number', summary: 'One signed version', answer: versionView,
      handle: async ({ actor, params }) =>
        withPlan(params, (planId) => {
          const number = params['number'] ?? '';
          // Up to six digits: any more could not be a number that the database knows.
          return /^[1-9]\d{0,5}$/.test(number) ? readVersion(deps, actor, planId, Number(number)) : Promise.resolve(refuse('not-found', 'There is no such version.'));
        }),
    }),
    signedIn({
      method: 'post', path: '/api/plans/:planId/key-safe/reveal', summary: 'Shows the code of the key-safe; each time is in the trail', unkept: true, answer: keySafeCode,
      handle: async ({ actor, params }) => withPlan(params, (planId) => revealKeySafe(deps, actor, planId)),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId/compare', summary: 'What changed between two versions, or since one', query: compareQuery, answer: comparison,
      handle: async ({ actor, params, query }) =>
        withPlan(params, async (planId) => {
          const found = await compare(deps, actor, planId, Number(query.from), query.to === 'draft' ? 'draft' : Number(query.to));
          return found.ok ? ok({ from: query.from, to: query.to, differences: found.value }) : found;
        }),
    }),
  ];
}

/** The one thing that urgent care may read. */
export function urgentRoutes(deps: Deps): Route[] {
  return [
    signedIn({
      method: 'get', path: '/api/urgent/:nhsNumber', summary: 'Urgent care: the latest signed plan of a person, its age, and whether somebody has written since', answer: urgentView,
      handle: async ({ actor, params }) => readUrgently(deps, actor, params['nhsNumber'] ?? ''),
    }),
  ];
}
