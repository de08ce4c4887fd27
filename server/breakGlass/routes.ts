/** HTTP of access in an emergency. */
import { z } from 'zod';
import { house, may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { parseId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import { breakGlassView, newBreakGlass, newBreakGlassByIdentity, newReview, privacyAlert, privacyAlerts, type BreakGlassView } from '../../shared/wire/breakGlass.ts';
import { signedIn, type Route } from '../http/route.ts';
import { withPlan } from '../plans/planParameter.ts';
import { findPlan } from '../plans/store.ts';
import type { Deps } from '../ports.ts';
import { breakGlass, breakGlassByIdentity, endBreakGlass, reviewBreakGlass } from './commands.ts';
import { presentAccess, presentAlert } from './present.ts';
import { alertsFor, runningAccess, type AccessRow, type AlertRow } from './store.ts';

export function breakGlassRoutes(deps: Deps): Route[] {
  const shown = (begun: Result<AccessRow>): Result<BreakGlassView> => (begun.ok ? ok(presentAccess(begun.value)) : begun);
  const alert = async (row: AlertRow, actor: Actor) => presentAlert(row, actor, await findPlan(deps.db, row.planId));
  return [
    signedIn({
      method: 'post', path: '/api/plans/:planId/break-glass', summary: 'Opens a plan in an emergency: for an hour, to read, and told to the privacy officers', needsFresh: true,
      body: newBreakGlass, answer: breakGlassView, status: 201,
      handle: async ({ actor, cookieHeader, params, body }) => withPlan(params, async (planId) => shown(await breakGlass(deps, { actor, cookieHeader }, planId, body))),
    }),
    signedIn({
      method: 'post', path: '/api/break-glass', summary: 'The same by NHS number and date of birth, which must belong together', needsFresh: true,
      body: newBreakGlassByIdentity, answer: breakGlassView, status: 201,
      handle: async ({ actor, cookieHeader, body }) => shown(await breakGlassByIdentity(deps, { actor, cookieHeader }, body)),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId/break-glass', summary: 'The signed-in person’s own emergency access to the plan, while it runs', answer: breakGlassView.nullable(),
      handle: async ({ actor, params }) =>
        withPlan(params, async (planId) => {
          const running = await runningAccess(deps.db, planId, actor.id);
          return ok(running ? presentAccess(running) : null);
        }),
    }),
    signedIn({
      method: 'delete', path: '/api/plans/:planId/break-glass', summary: 'Ends the signed-in person’s own emergency access', answer: z.undefined(), status: 204,
      handle: async ({ actor, params }) => withPlan(params, (planId) => endBreakGlass(deps, actor, planId)),
    }),
    signedIn({
      method: 'get', path: '/api/privacy/alerts', summary: 'Emergency accesses that concern the privacy officer’s organisation, what has to be reviewed first', answer: privacyAlerts,
      handle: async ({ actor }) => {
        const allowed = may(actor, 'see-privacy-alerts', house);
        if (!allowed.ok) return allowed;
        return ok({ items: await Promise.all((await alertsFor(deps.db, allowed.value, limits.pageSize)).map((row) => alert(row, actor))) });
      },
    }),
    signedIn({
      method: 'post', path: '/api/privacy/alerts/:accessId/review', summary: 'Closes the review of an emergency access with its outcome', body: newReview, answer: privacyAlert,
      handle: async ({ actor, cookieHeader, params, body }) => {
        const id = parseId('access', params['accessId']);
        if (!id) return refuse('not-found', 'There is no such notice for you.');
        const closed = await reviewBreakGlass(deps, { actor, cookieHeader }, id, body);
        return closed.ok ? ok(await alert(closed.value, actor)) : closed;
      },
    }),
  ];
}
