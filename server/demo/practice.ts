/** Practice mode: simulated colleagues who join a plan or a meeting for ten minutes. Demo mode only. */
import { may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { parseId, type MeetingId, type PlanId } from '../../shared/ids.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import { practiceOrder, practiceState, type PracticeState } from '../../shared/wire/practice.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { signedIn, type Route } from '../http/route.ts';
import { openMeeting, planFactsOf } from '../meetings/record.ts';
import { seesPlan } from '../../shared/domain/meetingAccess.ts';
import { findPlan, type PlanRow } from '../plans/store.ts';
import type { Deps } from '../ports.ts';
import type { Rehearsals } from './rehearsals.ts';

const noPractice = () => refuse('not-found', 'There is no practice mode here.');

/** The routes of practice mode; each answers `not-found` outside demo mode. */
export function practiceRoutes(deps: Deps, rehearsals: Rehearsals): Route[] {
  const { settings } = deps;
  const inPlan = async (actor: Actor, planId: string, act: (plan: PlanRow) => Promise<Result<PracticeState>>): Promise<Result<PracticeState>> => {
    if (!settings.demo) return noPractice();
    const plan = await demoPlan(deps, actor, planId);
    return plan.ok ? act(plan.value) : plan;
  };
  const inMeeting = async (actor: Actor, meetingId: string, act: (id: MeetingId) => Promise<Result<PracticeState>>): Promise<Result<PracticeState>> => {
    if (!settings.demo) return noPractice();
    const meeting = await openMeeting(deps.db, actor, meetingId);
    return meeting.ok ? act(meeting.value.meeting.id) : meeting;
  };
  const ofPlan = { path: '/api/plans/:planId/practice', answer: practiceState };
  const ofMeeting = { path: '/api/meetings/:meetingId/practice', answer: practiceState };
  return [
    signedIn({
      ...ofPlan, method: 'get', summary: 'Simulated colleagues in this plan',
      handle: ({ actor, params }) => inPlan(actor, params['planId'] ?? '', async ({ id }) => ok(await rehearsals.stateOf(id))),
    }),
    signedIn({
      ...ofPlan, method: 'post', summary: 'Bring simulated colleagues into this plan', body: practiceOrder,
      handle: ({ actor, params, body }) => inPlan(actor, params['planId'] ?? '', async (plan) => {
        if (!plan.open) return refuse('conflict', 'The plan is closed.');
        const started = await rehearsals.begin({ kind: 'plan', id: plan.id }, body.colleagues, [plan]);
        if (started.ok) await record(deps, actor, plan.id, 'start-practice', started.value.colleagues.length);
        return started;
      }),
    }),
    signedIn({
      ...ofPlan, method: 'delete', summary: 'Send the simulated colleagues away', status: 200,
      handle: ({ actor, params }) => inPlan(actor, params['planId'] ?? '', async ({ id }) => {
        const { running } = await rehearsals.stateOf(id);
        await rehearsals.end(id);
        if (running) await record(deps, actor, id, 'end-practice', 0);
        return ok(await rehearsals.stateOf(id));
      }),
    }),
    signedIn({
      ...ofMeeting, method: 'get', summary: 'Simulated colleagues in this meeting',
      handle: ({ actor, params }) => inMeeting(actor, params['meetingId'] ?? '', async (id) => ok(await rehearsals.stateOf(id))),
    }),
    signedIn({
      ...ofMeeting, method: 'post', summary: 'Bring simulated colleagues into this meeting', body: practiceOrder,
      handle: ({ actor, params, body }) => inMeeting(actor, params['meetingId'] ?? '', async (id) => {
        const meeting = await openMeeting(deps.db, actor, id);
        if (!meeting.ok) return meeting;
        if (meeting.value.meeting.status === 'ended') return refuse('meeting-ended', 'The meeting has ended.');
        const plans = meeting.value.items.map(planFactsOf).filter((plan) => seesPlan(actor, plan));
        const started = await rehearsals.begin({ kind: 'meeting', id }, body.colleagues, plans);
        if (started.ok) for (const plan of plans) await record(deps, actor, plan.id, 'start-practice', started.value.colleagues.length);
        return started;
      }),
    }),
    signedIn({
      ...ofMeeting, method: 'delete', summary: 'Send the simulated colleagues out of this meeting', status: 200,
      handle: ({ actor, params }) => inMeeting(actor, params['meetingId'] ?? '', async (id) => {
        const { running } = await rehearsals.stateOf(id);
        await rehearsals.end(id);
        const meeting = await openMeeting(deps.db, actor, id);
        if (running && meeting.ok) for (const plan of meeting.value.items.map(planFactsOf).filter((each) => seesPlan(actor, each))) await record(deps, actor, plan.id, 'end-practice', 0);
        return ok(await rehearsals.stateOf(id));
      }),
    }),
  ];
}

/** A plan of an invented patient that the actor may read. */
async function demoPlan({ db }: Deps, actor: Actor, planText: string): Promise<Result<PlanRow>> {
  const id = parseId('plan', planText);
  const plan = id && (await findPlan(db, id));
  if (!plan?.nhsNumber.startsWith('999')) return refuse('not-found', 'There is no such plan for you.');
  const allowed = may(actor, 'read-draft', { kind: 'plan', plan });
  return allowed.ok ? ok(plan) : allowed;
}

const record = (deps: Deps, actor: Actor, planId: PlanId, action: 'start-practice' | 'end-practice', colleagues: number): Promise<void> =>
  deps.db.transaction((tx) => appendPlanAudit(tx, planId, [{ ...by(actor), action, outcome: 'done', ref: { colleagues } }]));
