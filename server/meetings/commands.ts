/** Making a meeting and moving it: start, next patient, defer, hand over, end. Each is committed before it is answered. */
import { agendaOrder } from '../../shared/domain/meetingAgenda.ts';
import { changesNothing, take, type Step } from '../../shared/domain/meeting.ts';
import { answersForPlan, seesPlan } from '../../shared/domain/meetingAccess.ts';
import { house, may, noMeeting } from '../../shared/domain/access.ts';
import { isAnswered } from '../../shared/content/values.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { newId, type MeetingId, type PersonId, type PlanId } from '../../shared/ids.ts';
import { ok, orRefusal, refuse, RefusalError, type Problem, type Result } from '../../shared/refusal.ts';
import type { NewMeeting } from '../../shared/wire/meetings.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import { refuseUnlessStands, type Acting } from '../identity/stillStands.ts';
import type { Deps, Tx } from '../ports.ts';
import { actorsById, endConnectionsOf, invitePeople } from './attendanceStore.ts';
import { closeToInvited, letInvitedIn } from './invited.ts';
import { circleOf, factsOf, openMeeting, planFactsOf, stageOf, type MeetingRecord } from './record.ts';
import { applyTransition, insertItems, insertMeeting, itemsOfMeeting, lockMeeting, plansForAgenda, recordEvent, reorderItems, type MeetingRow, type PlanForAgenda } from './store.ts';

export type MeetingDeps = Pick<Deps, 'db' | 'clock' | 'random' | 'log' | 'text' | 'settings'>;

/** The value, or the refusal thrown so that the transaction around it is rolled back. */
export function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

/** Holds the meeting's row until the end of the transaction. */
export async function hold(tx: Tx, id: MeetingId): Promise<MeetingRow> {
  const meeting = await lockMeeting(tx, id);
  if (!meeting) throw new RefusalError(noMeeting);
  return meeting;
}

const dayMs = 24 * 60 * 60 * 1000;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const agendaFacts = (plan: { summary: PlanForAgenda['summary']; isNew: boolean }) => ({
  familyName: textOf(plan.summary['familyName']), givenName: textOf(plan.summary['givenName']), stage: stageOf(plan.summary),
  died: isAnswered(plan.summary['dateOfDeath']), isNew: plan.isNew,
});

/**
 * Makes a planned meeting with its agenda in order. Refusals: `not-allowed`; `invalid` naming `startsAt`, `planIds.N`, `invited.N` or
 * `chairId`. A plan that the maker or the chair may not see is refused like one that does not exist.
 */
export async function createMeeting(deps: MeetingDeps, acting: Acting, order: NewMeeting): Promise<Result<MeetingId>> {
  const { actor } = acting;
  const permit = may(actor, 'create-meeting', house);
  if (!permit.ok) return permit;
  const chairId = order.chairId ?? actor.id;
  const invited = [...new Set([...(order.invited ?? []), chairId, actor.id])];
  const plans = await plansForAgenda(deps.db, order.planIds);
  const people = await actorsById(deps.db, invited);
  const chair = people.find(({ id }) => id === chairId);
  const problems = [
    ...startProblems(deps, order.startsAt),
    ...planProblems(order.planIds, plans, chair ? [actor, chair] : [actor]),
    ...(order.invited ?? []).flatMap((id, index) => mayComeProblem(`invited.${index}`, people.find((person) => person.id === id))),
    ...mayComeProblem('chairId', chair),
  ];
  if (problems.length > 0) return refuse('invalid', 'The meeting cannot be made like this.', { problems });
  const id = newId('meeting', deps.random);
  const made = await orRefusal(() => deps.db.transaction(async (tx) => {
    await refuseUnlessStands(tx, acting);
    await insertMeeting(tx, { id, title: order.title, startsAt: order.startsAt, chairId: chairId as PersonId, createdBy: actor.id });
    const ordered = agendaOrder(plans.map((plan) => ({ ...plan, ...agendaFacts(plan) })));
    await insertItems(tx, id, ordered.map(({ plan, group }) => ({ id: newId('item', deps.random), planId: plan.id, group })));
    await invitePeople(tx, id, people.map((person) => person.id));
    await recordEvent(tx, id, { by: actor.id, event: 'created' });
  }));
  return made.ok ? ok(id) : made;
}

function startProblems(deps: MeetingDeps, startsAt: string): Problem[] {
  const now = deps.clock.now().getTime();
  const at = Date.parse(startsAt);
  if (at < now - dayMs) return [{ field: 'startsAt', message: 'The meeting would start in the past.' }];
  return at > now + 2 * 366 * dayMs ? [{ field: 'startsAt', message: 'The meeting would start more than two years from now.' }] : [];
}

function planProblems(ids: readonly string[], plans: readonly PlanForAgenda[], mustSee: readonly Actor[]): Problem[] {
  return ids.flatMap((id, index) => {
    const problem = (message: string): Problem[] => [{ field: `planIds.${index}`, message }];
    const plan = plans.find((found) => found.id === id)?.plan;
    if (ids.indexOf(id) !== index) return problem('This patient is on the agenda twice.');
    if (!plan || !mustSee.every((person) => answersForPlan(person, plan))) return problem('There is no such plan for you and the chair.');
    return plan.open ? [] : problem('This plan is closed.');
  });
}

function mayComeProblem(field: string, person: Actor | undefined): Problem[] {
  if (person && !person.simulated && may(person, 'see-meetings', house).ok) return [];
  return [{ field, message: 'This is nobody who takes part in meetings.' }];
}

/**
 * Moves the meeting one step. Refusals: those of `take`, `not-found` for a meeting or patient hidden from the actor, `not-allowed`
 * for anyone but chair and coordinator and for someone who has not joined, those of `refuseUnlessStands`, `conflict` where the new chair is not here or may not see every patient still to come.
 */
export async function moveMeeting(deps: MeetingDeps, acting: Acting, meetingId: string, step: Step): Promise<Result<boolean>> {
  const { actor } = acting;
  const opened = await openMeeting(deps.db, actor, meetingId);
  if (!opened.ok) return opened;
  const record = opened.value;
  const mayRun = mayRunNow(actor, record, record.meeting);
  if (!mayRun.ok) return mayRun;
  const first = take(factsOf(record.meeting, record.items), mayRun.value, step);
  if (!first.ok) return first;
  if (changesNothing(first.value)) return ok(false);
  const fits = stepFits(record, actor, step);
  if (!fits.ok) return fits;
  const permit = may(actor, 'see-meetings', house);
  if (!permit.ok) return permit;
  const { id } = record.meeting;
  let reopened: readonly PlanId[] = [];
  const moved = await orRefusal(() => deps.db.transaction(async (tx) => {
    await refuseUnlessStands(tx, acting);
    // A plan's head is always locked before a meeting's row: decisions come in that order too.
    if (step.kind === 'go-to') await auditDiscussion(tx, record, actor, step.itemId);
    if (step.kind === 'start') reopened = await letInvitedIn(deps, tx, permit.value, record);
    if (step.kind === 'end') reopened = await closeToInvited(deps, tx, permit.value, id);
    const meeting = await hold(tx, id);
    const transition = orThrow(take(factsOf(meeting, await itemsOfMeeting(tx, id)), orThrow(mayRunNow(actor, record, meeting)), step));
    if (changesNothing(transition)) return false;
    await applyTransition(tx, id, transition);
    if (step.kind === 'start') await arrangeAgenda(tx, id);
    if (step.kind === 'end') await endConnectionsOf(tx, id);
    await recordEvent(tx, id, { by: actor.id, event: step.kind, about: aboutOf(step) });
    return true;
  }));
  for (const planId of moved.ok ? reopened : []) deps.text.announce(planId, { kind: 'access-changed' });
  return moved;
}

/** Asked before, and again of the row that is held: the chair may have been handed on meanwhile. */
export const mayRunNow = (actor: Actor, record: MeetingRecord, { chairId }: Pick<MeetingRow, 'chairId'>) =>
  may(actor, 'run-meeting', { kind: 'meeting', meeting: { ...circleOf(record), chairId } });

const aboutOf = (step: Step): string | undefined => ('itemId' in step ? step.itemId : 'to' in step ? step.to : undefined);

function stepFits(record: MeetingRecord, actor: Actor, step: Step): Result<true> {
  if (!record.people.some((person) => person.id === actor.id && person.present)) return refuse('not-allowed', 'Join the meeting first.');
  if ('itemId' in step) {
    const item = record.items.find(({ id }) => id === step.itemId);
    if (!item || !seesPlan(actor, planFactsOf(item))) return refuse('not-found', 'There is no such patient on this agenda.');
  }
  return step.kind === 'hand-over' ? mayTakeOver(record, step.to) : ok(true);
}

function mayTakeOver({ items, people }: MeetingRecord, to: PersonId): Result<true> {
  const next = people.find(({ id }) => id === to);
  if (!next?.present || next.simulated) return refuse('conflict', 'The meeting can only be handed to somebody who is here.');
  const hidden = items.some((item) => (item.status === 'waiting' || item.status === 'now') && !answersForPlan(next, planFactsOf(item)));
  return hidden ? refuse('conflict', `${next.name} is not on the care team of every patient still to be discussed.`) : ok(true);
}

async function auditDiscussion(tx: Tx, record: MeetingRecord, actor: Actor, itemId: string): Promise<void> {
  const item = record.items.find(({ id }) => id === itemId);
  if (!item) return;
  const { id, role, organisationId } = actor;
  await appendPlanAudit(tx, item.planId, [{ action: 'discuss-in-meeting', actor: id, role, organisation: organisationId, outcome: 'done', ref: { meeting: record.meeting.id } }]);
}

/** At the start, by the stages of that moment: somebody may have got worse since the agenda was made. */
async function arrangeAgenda(tx: Tx, id: MeetingId): Promise<void> {
  const items = await itemsOfMeeting(tx, id);
  const plans = await plansForAgenda(tx, items.map(({ planId }) => planId));
  const facts = plans.flatMap((plan) => items.filter(({ planId }) => planId === plan.id).map((item) => ({ itemId: item.id, ...agendaFacts(plan) })));
  await reorderItems(tx, id, agendaOrder(facts).map(({ plan, group }) => ({ id: plan.itemId, group })));
}
