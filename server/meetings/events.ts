/** Each event of a client, as a command. The schemas have been checked; what is answered here has been committed. */
import type { Actor } from '../../shared/domain/roles.ts';
import type { Step } from '../../shared/domain/meeting.ts';
import type { ItemId, PersonId } from '../../shared/ids.ts';
import type { Result } from '../../shared/refusal.ts';
import type { ClientEvent, Order } from '../../shared/wire/meetings.ts';
import { enterApologies, raiseHand } from './attendance.ts';
import { moveMeeting, type MeetingDeps } from './commands.ts';
import { finishAction, recordAction, recordDecision } from './recording.ts';

/** Events about the meeting itself; joining and leaving belong to the connection. */
export type MeetingEvent = Exclude<ClientEvent, 'join' | 'leave'>;
/** Answers whether anything changed. */
type Command<E extends MeetingEvent> = (deps: MeetingDeps, actor: Actor, order: Order<E>) => Promise<Result<boolean>>;

const step = (deps: MeetingDeps, actor: Actor, meetingId: string, wanted: Step) => moveMeeting(deps, actor, meetingId, wanted);

export const commands: { readonly [E in MeetingEvent]: Command<E> } = {
  start: (deps, actor, { meetingId }) => step(deps, actor, meetingId, { kind: 'start' }),
  end: (deps, actor, { meetingId }) => step(deps, actor, meetingId, { kind: 'end' }),
  goTo: (deps, actor, { meetingId, itemId }) => step(deps, actor, meetingId, { kind: 'go-to', itemId: itemId as ItemId }),
  defer: (deps, actor, { meetingId, itemId, because }) => step(deps, actor, meetingId, { kind: 'defer', itemId: itemId as ItemId, because }),
  handOver: (deps, actor, { meetingId, personId }) => step(deps, actor, meetingId, { kind: 'hand-over', to: personId as PersonId }),
  apologies: (deps, actor, { meetingId, personId, sent }) => enterApologies(deps, actor, meetingId, personId, sent),
  raiseHand: (deps, actor, { meetingId, up }) => raiseHand(deps, actor, meetingId, up),
  decide: recordDecision,
  act: recordAction,
  finishAction,
};

/** Carries out one event. */
export function carryOut(deps: MeetingDeps, actor: Actor, event: MeetingEvent, order: Order<MeetingEvent>): Promise<Result<boolean>> {
  return (commands[event] as Command<MeetingEvent>)(deps, actor, order as never);
}

/** After these a patient may have been left, and the plan is owed a note. */
export const leavesPatient = (event: ClientEvent): boolean => event === 'goTo' || event === 'defer' || event === 'end';
