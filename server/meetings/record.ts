/** A meeting as it stands in the database, gathered: what every check and every answer is made from. */
import { choiceCode } from '../../shared/content/values.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { MeetingFacts } from '../../shared/domain/meeting.ts';
import { may, noMeeting } from '../../shared/domain/access.ts';
import type { MeetingCircle } from '../../shared/domain/meetingCircle.ts';
import { quorumOf, type Quorum } from '../../shared/domain/meetingQuorum.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { parseId, type MeetingId } from '../../shared/ids.ts';
import { ok, type Result } from '../../shared/refusal.ts';
import type { Queryable } from '../ports.ts';
import { peopleOfMeeting, type AttendeeRow } from './attendanceStore.ts';
import { actionsOf, decisionsOf, type ActionRow, type DecisionRow } from './recordStore.ts';
import { findMeeting, itemsOfMeeting, type ItemRow, type MeetingRow } from './store.ts';

export interface MeetingRecord {
  readonly meeting: MeetingRow;
  readonly items: readonly ItemRow[];
  readonly people: readonly AttendeeRow[];
  readonly decisions: readonly DecisionRow[];
  readonly actions: readonly ActionRow[];
}

/** The whole meeting. The meeting's row is read first: what follows is at least as new as its revision says. */
export async function loadMeeting(db: Queryable, id: MeetingId): Promise<MeetingRecord | undefined> {
  const meeting = await findMeeting(db, id);
  if (!meeting) return undefined;
  return { meeting, items: await itemsOfMeeting(db, id), people: await peopleOfMeeting(db, id), decisions: await decisionsOf(db, id), actions: await actionsOf(db, id) };
}

/** The meeting if the actor may see it; `not-found` otherwise, the same whether it exists or not. */
export async function openMeeting(db: Queryable, actor: Actor, meetingId: string): Promise<Result<MeetingRecord>> {
  const id = parseId('meeting', meetingId);
  const record = id && (await loadMeeting(db, id));
  if (!record) return { ok: false, refusal: noMeeting };
  const seen = may(actor, 'see-meeting', { kind: 'meeting', meeting: circleOf(record) });
  return seen.ok ? ok(record) : seen;
}

export const planFactsOf = ({ plan }: { readonly plan: PlanFacts }): PlanFacts => plan;

export const circleOf = ({ meeting, items, people }: MeetingRecord): MeetingCircle => ({
  chairId: meeting.chairId, createdBy: meeting.createdBy, invited: people.filter(({ invited }) => invited).map(({ id }) => id), plans: items.map(planFactsOf),
});

export const factsOf = (meeting: MeetingRow, items: readonly ItemRow[]): MeetingFacts => ({
  id: meeting.id, status: meeting.status, chairId: meeting.chairId, currentItemId: meeting.currentItemId, items: items.map(({ id, status }) => ({ id, status })),
});

/** Slug of the stage that the draft holds; undefined when not recorded or disputed. */
export const stageOf = (summary: Readonly<Record<string, unknown>>): string | undefined => choiceCode(summary['gsfStage']);

/**
 * The quorum now: for the patient who is being discussed, or for all who are to be while none is. After the end: everybody who came,
 * for all who were discussed.
 */
export function quorumNow({ meeting, items, people }: MeetingRecord): Quorum {
  const ended = meeting.status === 'ended';
  const came = people.filter((person) => (ended ? person.arrivedAt !== null : person.present));
  const current = items.find(({ id }) => id === meeting.currentItemId);
  const concerned = current ? [current] : items.filter(({ status }) => (ended ? status === 'done' : status !== 'deferred'));
  return quorumOf(came, concerned.map(({ summary }) => stageOf(summary)));
}
