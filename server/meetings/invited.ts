/** What an invitation opens: from the start of the meeting until a week after its end the invited may see the plans on its agenda. */
import { may, type Permit } from '../../shared/domain/access.ts';
import { standings } from '../../shared/domain/accessTable.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { newId, type MeetingId, type PersonId, type PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { appendPlansAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { insertTie, moveEndOf, plansWithSource } from '../plans/people.ts';
import type { PlanAuditEntry, Tx } from '../ports.ts';
import type { MeetingDeps } from './commands.ts';
import { planFactsOf, type MeetingRecord } from './record.ts';

/** Whom the invitation lets see a plan that they do not see anyway. */
function newcomers({ people }: MeetingRecord, item: MeetingRecord['items'][number]): readonly Actor[] {
  const plan = planFactsOf(item);
  // A meeting that was made while its maker still stood with the person opens nothing once nobody in the room does.
  if (!people.some((person) => person.present && may(person, 'answer-for-plan', { kind: 'plan', plan }).ok)) return [];
  return people.filter((person) => person.invited && !person.simulated && standings.meeting.held.includes(person.role) && !may(person, 'read-draft', { kind: 'plan', plan }).ok);
}

/** Lets the invited in, each plan with its entry. Answers the plans that are open to more people now. Locks the plans' heads. */
export async function letInvitedIn(deps: MeetingDeps, tx: Tx, permit: Permit<'see-meetings'>, record: MeetingRecord): Promise<readonly PlanId[]> {
  const found = record.items.map((item) => ({ planId: item.planId, people: newcomers(record, item) })).filter(({ people }) => people.length > 0);
  const entryFor = (people: readonly PersonId[]): PlanAuditEntry =>
    ({ ...by(permit.actor), action: 'open-to-meeting', outcome: 'done', ref: { meeting: record.meeting.id, people: people.join(' ') } });
  await appendPlansAudit(tx, new Map(found.map(({ planId, people }) => [planId, [entryFor(people.map(({ id }) => id))]])));
  // Somebody may forget to end the meeting: then it is over by the next day.
  const until = new Date(deps.clock.now().getTime() + limits.meetingLongestMs + limits.meetingFollowUpMs);
  for (const { planId, people } of found) {
    for (const { id } of people) {
      await insertTie(tx, permit, { id: newId('tie', deps.random), planId, personId: id, kind: 'meeting', relationship: 'Invited to a meeting', source: record.meeting.id, until });
    }
  }
  return found.map(({ planId }) => planId);
}

/** The meeting is over: from now the follow-up window counts. Answers the plans that it concerns. Locks their heads. */
export async function closeToInvited(deps: MeetingDeps, tx: Tx, { actor }: Permit<'see-meetings'>, id: MeetingId): Promise<readonly PlanId[]> {
  const plans = await plansWithSource(tx, id);
  const until = new Date(deps.clock.now().getTime() + limits.meetingFollowUpMs);
  await appendPlansAudit(tx, new Map(plans.map((planId) => [planId, [{ ...by(actor), action: 'close-to-meeting', outcome: 'done' as const, ref: { meeting: id, until: until.toISOString() } }]])));
  await moveEndOf(tx, id, until);
  return plans;
}
