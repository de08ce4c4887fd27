/** Each event of a client, as a command. The schemas have been checked; what is answered here has been committed. */
import type { Step } from '../../shared/domain/meeting.ts';
import type { ItemId, PersonId } from '../../shared/ids.ts';
import type { Result } from '../../shared/refusal.ts';
import type { ClientEvent, Order } from '../../shared/wire/meetings.ts';
import type { Acting } from '../identity/stillStands.ts';
import { enterApologies, raiseHand } from './attendance.ts';
import { moveMeeting, type MeetingDeps } from './commands.ts';
import { finishAction, recordAction, recordDecision } from './recording.ts';

/** Events about the meeting itself; joining and leaving belong to the connection. */
export type MeetingEvent = Exclude<ClientEvent, 'join' | 'leave'>;
/** Answers whether anything changed. */
type Command<E extends MeetingEvent> = (deps: MeetingDeps, acting: Acting, order: Order<E>) => Promise<Result<boolean>>;

const step = (deps: MeetingDeps, acting: Acting, meetingId: string, wanted: Step) => moveMeeting(deps, acting, meetingId, wanted);

export const commands: { readonly [E in MeetingEvent]: Command<E> } = {
  start: (deps, acting, { meetingId }) => step(deps, acting, meetingId, { kind: 'start' }),
  end: (deps, acting, { meetingId }) => step(deps, acting, meetingId, { kind: 'end' }),
  goTo: (deps, acting, { meetingId, itemId }) => step(deps, acting, meetingId, { kind: 'go-to', itemId: itemId as ItemId }),
  defer: (deps, acting, { meetingId, itemId, because }) => step(deps, acting, meetingId, { kind: 'defer', itemId: itemId as ItemId, because }),
  handOver: (deps, acting, { meetingId, personId }) => step(deps, acting, meetingId, { kind: 'hand-over', to: personId as PersonId }),
  apologies: (deps, acting, { meetingId, personId, sent }) => enterApologies(deps, acting, meetingId, personId, sent),
  raiseHand: (deps, acting, { meetingId, up }) => raiseHand(deps, acting, meetingId, up),
  decide: recordDecision,
  act: recordAction,
  finishAction,
};

/** Carries out one event. */
export function carryOut(deps: MeetingDeps, acting: Acting, event: MeetingEvent, order: Order<MeetingEvent>): Promise<Result<boolean>> {
  return (commands[event] as Command<MeetingEvent>)(deps, acting, order as never);
}

/** After these a patient may have been left, and the plan is owed a note. */
export const leavesPatient = (event: ClientEvent): boolean => event === 'goTo' || event === 'defer' || event === 'end';
