/** After a patient was discussed, the plan itself says in which meeting and who was there. Owed notes are kept in the database until written. */
import type { Row } from '../../shared/content/kinds.ts';
import { writeValue } from '../../shared/crdt/sectionDocument.ts';
import { formatDate, formatTime, londonDate } from '../../shared/domain/dates.ts';
import { seesPlan } from '../../shared/domain/meetingAccess.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { MeetingId } from '../../shared/ids.ts';
import type { MeetingDeps } from './commands.ts';
import { mdtField, personValue } from './recording.ts';
import { loadMeeting, planFactsOf, type MeetingRecord } from './record.ts';
import { itemsToNote, markNoted, meetingsToNote } from './store.ts';

/** "Elm Street MDT, 23-Nov-2026 (meeting_…)". */
export const meetingReference = ({ meeting }: MeetingRecord): string => `${meeting.title}, ${formatDate(londonDate(meeting.startedAt ?? meeting.startsAt))} (${meeting.id})`;

/** Everybody who came, with times, and everybody who sent apologies. */
export function attendanceRows({ people }: MeetingRecord): Row[] {
  return people.flatMap((person): Row[] => {
    const who = { id: person.id, person: personValue(person) };
    if (person.arrivedAt) return [{ ...who, attendance: 'present', joined: formatTime(person.arrivedAt), ...(person.leftAt ? { left: formatTime(person.leftAt) } : {}) }];
    return person.apologies ? [{ ...who, attendance: 'apologies' }] : [];
  });
}

/** Writes what the meeting owes its plans. What cannot be written now is logged and stays owed. */
export async function payNotes(deps: MeetingDeps, meetingId: MeetingId): Promise<void> {
  const owed = await itemsToNote(deps.db, meetingId);
  if (owed.length === 0) return;
  const record = await loadMeeting(deps.db, meetingId);
  if (!record) throw new Error(`no meeting ${meetingId}`);
  for (const { id, planId } of owed) {
    const actor = writerOf(record, planId);
    if (!actor) {
      deps.log.warn({ meeting: meetingId, plan: planId }, 'nobody of the meeting is on the care team of a plan it discussed');
      continue;
    }
    const written = await deps.text.write({
      planId, sectionId: 'mdt', actor, as: 'service',
      change: (doc) => {
        writeValue(doc, mdtField('meetingRef'), meetingReference(record));
        writeValue(doc, mdtField('attendance'), attendanceRows(record));
      },
      also: (tx) => markNoted(tx, id),
    });
    if (!written.ok) deps.log.warn({ meeting: meetingId, plan: planId, code: written.refusal.code }, 'the plan did not take the meeting’s note');
  }
}

/** Pays what a node that stopped still owed. */
export async function payAllNotes(deps: MeetingDeps): Promise<void> {
  for (const { id } of await meetingsToNote(deps.db)) await payNotes(deps, id);
}

/** In whose name: the chair, else whoever of the meeting may see the plan. */
function writerOf(record: MeetingRecord, planId: string): Actor | undefined {
  const item = record.items.find((found) => found.planId === planId);
  const may = (person: Actor) => item !== undefined && !person.simulated && seesPlan(person, planFactsOf(item));
  return record.people.find((person) => person.id === record.meeting.chairId && may(person)) ?? record.people.find(may);
}
