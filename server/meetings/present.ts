/** What goes out about a meeting. Patients whom the reader may not see are left out, with everything recorded about them. */
import { may } from '../../shared/domain/access.ts';
import type { MeetingCircle } from '../../shared/domain/meetingCircle.ts';
import { seesPlan } from '../../shared/domain/meetingAccess.ts';
import { roleLabels, type Actor } from '../../shared/domain/roles.ts';
import type { PersonId } from '../../shared/ids.ts';
import type { Action, AgendaItem, Attendee, Decision, MeetingBrief, MeetingState, Who } from '../../shared/wire/meetings.ts';
import { presentPatient } from '../plans/present.ts';
import type { AttendeeRow } from './attendanceStore.ts';
import type { ActionRow, DecisionRow } from './recordStore.ts';
import { circleOf, planFactsOf, quorumNow, stageOf, type MeetingRecord } from './record.ts';
import type { ItemRow, ListedMeeting } from './store.ts';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const presentWho = ({ id, name, role, organisation, simulated }: Actor): Who => ({ id, name, role, roleLabel: roleLabels[role], organisation, simulated });

/** Who somebody is, by id. Everyone a meeting names is on its list of people, so a missing one is a fault of ours. */
export function directory(people: readonly Actor[]): (id: PersonId) => Who {
  const known = new Map(people.map((person) => [person.id, presentWho(person)]));
  return (id) => {
    const found = known.get(id);
    if (!found) throw new Error(`${id} is not on the meeting's list of people`);
    return found;
  };
}

/** The items that this reader may see, in order. */
export const visibleItems = (record: MeetingRecord, reader: Actor): readonly ItemRow[] => record.items.filter((item) => seesPlan(reader, planFactsOf(item)));

/** Whether the reader may read the section that the meeting would show something of. */
export const reads = (reader: Actor, { plan }: ItemRow, section: 'status' | 'mdt'): boolean => may(reader, 'view-section', { kind: 'section', plan, section }).ok;

/** `order` counts what the reader sees, so that gaps tell nothing; of somebody whose stage they may not read the group tells nothing either. */
export function presentItem(item: ItemRow, order: number, reader: Actor): AgendaItem {
  const staged = reads(reader, item, 'status');
  const stage = staged ? stageOf(item.summary) : undefined;
  return {
    id: item.id, planId: item.planId, patient: presentPatient(item.nhsNumber, item.summary), ...(stage === undefined ? {} : { stage }), group: staged ? item.group : 'rest', order, status: item.status,
    ...(item.deferredBecause === null ? {} : { deferredBecause: item.deferredBecause }), secondsSpent: Math.floor(item.spentMs / 1000), openedAt: iso(item.openedAt),
  };
}

export const presentAttendee = (person: AttendeeRow): Attendee => ({
  ...presentWho(person), present: person.present, arrivedAt: iso(person.arrivedAt), leftAt: iso(person.leftAt), apologies: person.apologies, handRaised: person.handRaised && person.present,
});

export const presentDecision = (row: DecisionRow, who: (id: PersonId) => Who): Decision => ({
  id: row.id, itemId: row.itemId, planId: row.planId, text: row.text, ...(row.dissent === null ? {} : { dissent: row.dissent }), ...(row.rationale === null ? {} : { rationale: row.rationale }),
  by: who(row.by), at: row.at.toISOString(), ...(row.quorumMissing.length === 0 ? {} : { quorumMissing: [...row.quorumMissing] }),
});

export const presentAction = (row: ActionRow, who: (id: PersonId) => Who): Action => ({
  id: row.id, itemId: row.itemId, planId: row.planId, text: row.text, owner: who(row.ownerId), due: row.due, priority: row.priority, status: row.status, doneAt: iso(row.doneAt),
  by: who(row.by), at: row.at.toISOString(),
});

/** Everybody with the same key is shown the same state. What somebody sees of a plan can be theirs alone: named, invited, there in an emergency. */
export const readerKey = (reader: Pick<Actor, 'id' | 'organisationId' | 'role'>): string => `${reader.id} ${reader.organisationId} ${reader.role}`;

/** The state for one reader. */
export function presentMeeting(record: MeetingRecord, reader: Actor): MeetingState {
  const { meeting, people } = record;
  const who = directory(people);
  const items = visibleItems(record, reader);
  const seen = new Set(items.map(({ id }) => id));
  const read = new Set(items.filter((item) => reads(reader, item, 'mdt')).map(({ id }) => id));
  const quorum = quorumNow(record);
  const currentSeen = meeting.currentItemId !== null && seen.has(meeting.currentItemId);
  return {
    id: meeting.id, title: meeting.title, startsAt: meeting.startsAt.toISOString(), status: meeting.status, chair: who(meeting.chairId), revision: meeting.revision,
    currentItemId: currentSeen ? meeting.currentItemId : null, elsewhere: meeting.currentItemId !== null && !currentSeen,
    startedAt: iso(meeting.startedAt), endedAt: iso(meeting.endedAt), now: meeting.now.toISOString(),
    agenda: items.map((item, index) => presentItem(item, index + 1, reader)),
    attendance: people.map(presentAttendee),
    decisions: record.decisions.filter(({ itemId }) => read.has(itemId)).map((row) => presentDecision(row, who)),
    actions: record.actions.filter(({ itemId }) => read.has(itemId)).map((row) => presentAction(row, who)),
    quorum: { met: quorum.met, missing: [...quorum.missing] },
  };
}

const mayRun = (reader: Actor, meeting: MeetingCircle): boolean => may(reader, 'run-meeting', { kind: 'meeting', meeting }).ok;

export function presentBrief(record: MeetingRecord, reader: Actor): MeetingBrief {
  const { meeting } = record;
  return {
    id: meeting.id, title: meeting.title, startsAt: meeting.startsAt.toISOString(), status: meeting.status, chair: directory(record.people)(meeting.chairId),
    patients: visibleItems(record, reader).length, mayRun: meeting.status !== 'ended' && mayRun(reader, circleOf(record)),
  };
}

/** The list: only what the reader may see, each with the number of patients whom they may see. */
export function presentList(meetings: readonly ListedMeeting[], plans: readonly { meetingId: string; plan: ItemRow['plan'] }[], chairs: readonly Actor[], reader: Actor): MeetingBrief[] {
  const who = directory(chairs);
  return meetings.flatMap((meeting) => {
    const facts = plans.filter(({ meetingId }) => meetingId === meeting.id).map(planFactsOf);
    const circle: MeetingCircle = { chairId: meeting.chairId, createdBy: meeting.createdBy, invited: meeting.invited, plans: facts };
    if (!may(reader, 'see-meeting', { kind: 'meeting', meeting: circle }).ok) return [];
    return [{
      id: meeting.id, title: meeting.title, startsAt: meeting.startsAt.toISOString(), status: meeting.status, chair: who(meeting.chairId),
      patients: facts.filter((plan) => seesPlan(reader, plan)).length, mayRun: meeting.status !== 'ended' && mayRun(reader, circle),
    }];
  });
}
