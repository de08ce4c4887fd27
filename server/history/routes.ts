/** HTTP of history: who wrote what in one field, what is new to somebody, and how far they have looked. */
import { changesQuery, changesSince, fieldHistory, historyQuery, lookedAnswer, lookedOrder } from '../../shared/wire/history.ts';
import { signedIn, type Route } from '../http/route.ts';
import { withPlan } from '../plans/planParameter.ts';
import { rememberOpenings, type Openings } from '../plans/seen.ts';
import type { Deps } from '../ports.ts';
import { readChanges, readHistory, rememberLook } from './reading.ts';
import { Replays } from './replay.ts';

/** `openings` is shared with the other ways to open a plan, so that one opening makes one entry. */
export function historyRoutes(deps: Deps, openings: Openings = rememberOpenings(deps.clock)): Route[] {
  const replays = new Replays();
  return [
    signedIn({
      method: 'get', path: '/api/plans/:planId/history', summary: 'Who changed one field, when, from what to what, and who wrote what stands', query: historyQuery, answer: fieldHistory,
      handle: async ({ actor, params, query }) =>
        withPlan(params, (planId) => readHistory(deps, replays, actor, planId, { section: query.section, field: query.field, before: query.cursor === undefined ? Infinity : Number(query.cursor) })),
    }),
    signedIn({
      method: 'get', path: '/api/plans/:planId/changes', summary: 'What others wrote since this person last looked, or after a position', query: changesQuery, answer: changesSince,
      handle: async ({ actor, params, query }) => withPlan(params, (planId) => readChanges(deps, openings, actor, planId, query.after === undefined ? undefined : Number(query.after))),
    }),
    signedIn({
      method: 'post', path: '/api/plans/:planId/looked', summary: 'Remembers up to which position this person has had the plan in sight', body: lookedOrder, answer: lookedAnswer,
      handle: async ({ actor, params, body }) => withPlan(params, (planId) => rememberLook(deps, actor, planId, body.position)),
    }),
  ];
}
