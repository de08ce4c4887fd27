/** Coming, going, apologies and raised hands. Who was there is what signed-in connections did; nobody types it. */
import { house, may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { parseId, type MeetingId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, orRefusal, refuse, type Result } from '../../shared/refusal.ts';
import { actorsById, endConnection, endSilentConnections, insertConnection, isPresent, meetingsGoneSilent, setApologies, setHand } from './attendanceStore.ts';
import { refuseUnlessStands, type Acting } from '../identity/stillStands.ts';
import { hold, mayRunNow, orThrow, type MeetingDeps } from './commands.ts';
import { openMeeting } from './record.ts';
import { findMeeting, recordEvent } from './store.ts';

/** Takes the actor into the meeting over the connection `connectionId`. Refusals: `not-found`, `meeting-ended`, those of `refuseUnlessStands`. A second order for the same connection changes nothing. */
export async function joinMeeting(deps: MeetingDeps, acting: Acting, meetingId: string, connectionId: string): Promise<Result<MeetingId>> {
  const { actor } = acting;
  const opened = await openMeeting(deps.db, actor, meetingId);
  if (!opened.ok) return opened;
  const { id, status } = opened.value.meeting;
  if (status === 'ended') return refuse('meeting-ended', 'The meeting has ended; its minutes can be read.');
  return orRefusal(() => deps.db.transaction(async (tx) => {
    await refuseUnlessStands(tx, acting);
    await hold(tx, id);
    await insertConnection(tx, { id: connectionId, meetingId: id, personId: actor.id, nodeId: deps.settings.nodeId });
    await recordEvent(tx, id, { by: actor.id, event: 'joined' });
    return id;
  }));
}

/** Ends one connection: left on purpose, tab closed, network gone. Answers false when it had ended already. */
export async function leaveMeeting(deps: MeetingDeps, actor: Pick<Actor, 'id'>, meetingId: MeetingId, connectionId: string): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    await hold(tx, meetingId);
    if (!(await endConnection(tx, connectionId))) return false;
    if (!(await isPresent(tx, meetingId, actor.id))) await setHand(tx, meetingId, actor.id as Actor['id'], false);
    await recordEvent(tx, meetingId, { by: actor.id, event: 'left' });
    return true;
  });
}

/** Ends the connections that a dead node left open, at the time they were last heard of. Answers the meetings that changed. */
export async function endSilent(deps: MeetingDeps): Promise<readonly MeetingId[]> {
  const changed: MeetingId[] = [];
  for (const { id } of await meetingsGoneSilent(deps.db, limits.presenceExpiryMs)) {
    const count = await deps.db.transaction(async (tx) => {
      await hold(tx, id);
      const gone = await endSilentConnections(tx, id, limits.presenceExpiryMs);
      for (const { personId } of gone) await recordEvent(tx, id, { by: personId, event: 'left' });
      return gone.length;
    });
    if (count > 0) changed.push(id);
  }
  return changed;
}

/** Enters or takes back somebody's apologies. Chair or coordinator only; refused for somebody who is here. */
export async function enterApologies(deps: MeetingDeps, acting: Acting, meetingId: string, personId: string, sent: boolean): Promise<Result<boolean>> {
  const { actor } = acting;
  const opened = await openMeeting(deps.db, actor, meetingId);
  if (!opened.ok) return opened;
  const { meeting, people } = opened.value;
  const mayRun = mayRunNow(actor, opened.value, meeting);
  if (!mayRun.ok) return mayRun;
  if (meeting.status === 'ended') return refuse('meeting-ended', 'The meeting has ended; its minutes are kept as they are.');
  const [person] = parseId('person', personId) ? await actorsById(deps.db, [personId]) : [];
  if (!person || person.simulated || !may(person, 'see-meetings', house).ok) return refuse('not-found', 'There is nobody like that who takes part in meetings.');
  const listed = people.find(({ id }) => id === person.id);
  if (sent && listed?.arrivedAt) return refuse('conflict', `${person.name} has been here.`);
  if ((listed?.apologies ?? false) === sent) return ok(false);
  return orRefusal(() => deps.db.transaction(async (tx) => {
    await refuseUnlessStands(tx, acting);
    orThrow(mayRunNow(actor, opened.value, await hold(tx, meeting.id)));
    await setApologies(tx, meeting.id, person.id, sent);
    await recordEvent(tx, meeting.id, { by: actor.id, event: sent ? 'apologies' : 'no-apologies', about: person.id });
    return true;
  }));
}

/** Raises or lowers the actor's hand. Only for somebody who is in the meeting. */
export async function raiseHand(deps: MeetingDeps, acting: Acting, meetingId: string, up: boolean): Promise<Result<boolean>> {
  const { actor } = acting;
  const id = parseId('meeting', meetingId);
  const meeting = id && (await findMeeting(deps.db, id));
  if (!meeting || !(await isPresent(deps.db, meeting.id, actor.id))) return refuse('not-allowed', 'Join the meeting first.');
  return orRefusal(() => deps.db.transaction(async (tx) => {
    await refuseUnlessStands(tx, acting);
    await hold(tx, meeting.id);
    const changed = await setHand(tx, meeting.id, actor.id, up);
    if (changed) await recordEvent(tx, meeting.id, { by: actor.id, event: up ? 'hand-up' : 'hand-down' });
    return changed;
  }));
}
