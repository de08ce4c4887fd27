/** HTTP of plans: caseload, making one, the plan, its draft, its care team. */
import { z } from 'zod';
import { house, may } from '../../shared/domain/access.ts';
import { sealed } from '../../shared/content/sealed.ts';
import { draftSections, onlySections } from '../../shared/domain/plan.ts';
import { relationshipsOf } from '../../shared/domain/relationship.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { parseId } from '../../shared/ids.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import { correctionList, identityCorrection, newPlan, newTeamMember, organisationList, planContent, planList, planListQuery, planView, type PlanView } from '../../shared/wire/plans.ts';
import { runningAccess } from '../breakGlass/store.ts';
import { signedIn, type Route } from '../http/route.ts';
import type { Deps } from '../ports.ts';
import { listPlans, type PresentOn } from './caseload.ts';
import { addToTeam, createPlan, openPlan, removeFromTeam } from './commands.ts';
import { correctIdentity } from './correction.ts';
import { withPlan } from './planParameter.ts';
import { presentPlan } from './present.ts';
import { readerOf } from './reader.ts';
import { rememberOpenings, type Openings } from './seen.ts';
import { allOrganisations, correctionsOf, teamOf, type PlanRow } from './store.ts';

/** `presentOn` tells who has a plan open now; without it nobody does. */
export function planRoutes(deps: Deps, presentOn: PresentOn = () => [], openings: Openings = rememberOpenings(deps.clock)): Route[] {
  async function view(actor: Actor, found: Result<PlanRow>): Promise<Result<PlanView>> {
    if (!found.ok) return found;
    const plan = found.value;
    const emergency = relationshipsOf(actor, plan).every((each) => each === 'break-glass') ? await runningAccess(deps.db, plan.id, actor.id) : undefined;
    return ok({ ...presentPlan(plan, await teamOf(deps.db, plan.id), actor), ...(emergency ? { breakGlassUntil: emergency.until.toISOString() } : {}) });
  }

  return [
    signedIn({
      method: 'get', path: '/api/plans', summary: 'The caseload of the signed-in person’s organisation, a page at a time',
      query: planListQuery, answer: planList,
      handle: async ({ actor, query }) => listPlans(deps, actor, query, presentOn),
    }),
    signedIn({
      method: 'post', path: '/api/plans', summary: 'Begins a plan for a person who has no open one', body: newPlan, answer: planView, status: 201,
      handle: async ({ actor, body }) => view(actor, await createPlan(deps, actor, body)),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId', summary: 'One plan: its sections as this person may use them, its care team, its latest version', answer: planView,
      handle: async ({ actor, params }) => withPlan(params, async (planId) => view(actor, await openPlan(deps, openings, actor, planId, 'see-plan'))),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId/content', summary: 'The draft as it stands, without the sections that this person may not read', answer: planContent,
      handle: async ({ actor, params }) =>
        withPlan(params, async (planId) => {
          const opened = await openPlan(deps, openings, actor, planId, 'read-draft');
          if (!opened.ok) return opened;
          const content = sealed(onlySections(await deps.text.contentAt(readerOf(deps, actor, planId), planId), draftSections(actor, opened.value)));
          return ok(content as z.infer<typeof planContent>);
        }),
    }),
    signedIn({
      method: 'post', path: '/api/plans/:planId/identity', summary: 'Corrects who the person is registered as; the NHS number is never corrected', body: identityCorrection, answer: planView,
      handle: async ({ actor, cookieHeader, params, body }) => withPlan(params, async (planId) => view(actor, await correctIdentity(deps, { actor, cookieHeader }, planId, body))),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId/identity', summary: 'Corrections of the registered identity, newest first, each with its reason', answer: correctionList,
      handle: async ({ actor, params }) =>
        withPlan(params, async (planId) => {
          const opened = await openPlan(deps, openings, actor, planId, 'read-draft');
          return opened.ok ? ok({ items: (await correctionsOf(deps.db, planId)).map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })) }) : opened;
        }),
    }),
    signedIn({
      method: 'get', path: '/api/organisations', summary: 'Organisations that can be brought to a care team', answer: organisationList,
      handle: async ({ actor }) => {
        const allowed = may(actor, 'see-caseload', house);
        return allowed.ok ? ok({ items: await allOrganisations(deps.db) }) : allowed;
      },
    }),
    signedIn({
      method: 'post', path: '/api/plans/:planId/team', summary: 'Brings an organisation to the care team', body: newTeamMember, answer: planView, status: 201,
      handle: async ({ actor, cookieHeader, params, body }) => withPlan(params, async (planId) => view(actor, await addToTeam(deps, { actor, cookieHeader }, planId, body))),
    }),
    signedIn({
      method: 'delete', path: '/api/plans/:planId/team/:organisationId', summary: 'Ends an organisation’s access to the plan', answer: z.object({ removed: z.literal(true) }),
      handle: async ({ actor, cookieHeader, params }) =>
        withPlan(params, async (planId) => {
          const organisationId = parseId('org', params['organisationId']);
          if (!organisationId) return refuse('not-found', 'This organisation is not on the care team.');
          const removed = await removeFromTeam(deps, { actor, cookieHeader }, planId, organisationId);
          return removed.ok ? ok({ removed: true as const }) : removed;
        }),
    }),
  ];
}
