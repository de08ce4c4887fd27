/** HTTP of single people and plans: who is named, who acts for the person, who inspects; and what somebody without a caseload may see. */
import { z } from 'zod';
import { house, may } from '../../shared/domain/access.ts';
import { standings } from '../../shared/domain/accessTable.ts';
import { limits } from '../../shared/limits.ts';
import { ok } from '../../shared/refusal.ts';
import { foundPeople, newPlanPerson, ownPlans, peopleQuery, planPeople } from '../../shared/wire/plans.ts';
import { planFor } from '../audit/refusals.ts';
import { signedIn, type Route } from '../http/route.ts';
import type { Deps } from '../ports.ts';
import { findStaff, plansOfPerson, staffOf, tiesOf, type TieRow } from './people.ts';
import { addPerson, endPerson } from './planPeople.ts';
import { withPlan } from './planParameter.ts';

const present = ({ id, personId, name, role, jobTitle, organisation, kind, relationship, since, until, begun }: TieRow) =>
  ({ id, person: { id: personId, name, role, jobTitle, organisation }, kind, relationship, since: since.toISOString(), until: until?.toISOString() ?? null, begun });

export function peopleRoutes(deps: Deps): Route[] {
  const { db } = deps;
  return [
    signedIn({
      method: 'get', path: '/api/plans/:planId/people', summary: 'Single people who may see the plan, now or later', answer: planPeople,
      handle: async ({ actor, params }) =>
        withPlan(params, async (planId) => {
          const seen = await planFor(deps, actor, planId, 'see-plan', { action: 'open-plan' });
          return seen.ok ? ok({ items: (await tiesOf(db, planId, ['member', 'own', 'inspection', 'meeting', 'break-glass'])).map(present) }) : seen;
        }),
    }),
    signedIn({
      method: 'post', path: '/api/plans/:planId/people', summary: 'Lets one person see the plan', body: newPlanPerson, answer: planPeople, status: 201,
      handle: async ({ actor, cookieHeader, params, body }) =>
        withPlan(params, async (planId) => {
          const added = await addPerson(deps, { actor, cookieHeader }, planId, body);
          return added.ok ? ok({ items: (await tiesOf(db, planId, ['member', 'own', 'inspection', 'meeting', 'break-glass'])).map(present) }) : added;
        }),
    }),
    signedIn({
      method: 'delete', path: '/api/plans/:planId/people/:tieId', summary: 'Ends what one person may see of the plan', answer: z.object({ removed: z.literal(true) }),
      handle: async ({ actor, cookieHeader, params }) =>
        withPlan(params, async (planId) => {
          const ended = await endPerson(deps, { actor, cookieHeader }, planId, params['tieId'] ?? '');
          return ended.ok ? ok({ removed: true as const }) : ended;
        }),
    }),
    signedIn({
      method: 'get', path: '/api/people', summary: 'Staff to name on a care team, or inspectors to let in, by part of their name', query: peopleQuery, answer: foundPeople,
      handle: async ({ actor, query }) => {
        const [staff, inspectors] = [may(actor, 'look-up-staff', house), may(actor, 'look-up-inspectors', house)];
        if (!staff.ok && !inspectors.ok) return staff;
        const wanted = [...(staff.ok ? standings.member.held : []), ...(inspectors.ok ? standings.inspection.held : [])];
        return ok({ items: (await findStaff(db, query.query, wanted, limits.pageSize)) });
      },
    }),
    signedIn({
      method: 'get', path: '/api/colleagues', summary: 'People of the administrator’s own organisation', answer: foundPeople,
      handle: async ({ actor }) => {
        const allowed = may(actor, 'see-colleagues', house);
        return allowed.ok ? ok({ items: await staffOf(db, allowed.value) }) : allowed;
      },
    }),
    signedIn({
      method: 'get', path: '/api/own-plans', summary: 'Plans that are the person’s own, or that they inspect', answer: ownPlans,
      handle: async ({ actor }) => {
        const allowed = may(actor, 'see-own-plans', house);
        if (!allowed.ok) return allowed;
        return ok({ items: (await plansOfPerson(db, allowed.value)).map(({ until, ...rest }) => ({ ...rest, until: until?.toISOString() ?? null })) });
      },
    }),
  ];
}
