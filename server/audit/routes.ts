/** HTTP of the audit trail. */
import { auditList, auditQuery } from '../../shared/wire/plans.ts';
import { signedIn, type Route } from '../http/route.ts';
import { withPlan } from '../plans/planParameter.ts';
import type { Deps } from '../ports.ts';
import { readTrail } from './trail.ts';

export function auditRoutes(deps: Deps): Route[] {
  return [
    signedIn({
      method: 'get', path: '/api/plans/:planId/audit', summary: 'What was done to the plan and by whom, newest first, and whether its chain holds', query: auditQuery, answer: auditList,
      handle: async ({ actor, params, query }) => withPlan(params, (planId) => readTrail(deps, actor, planId, query.cursor)),
    }),
  ];
}
