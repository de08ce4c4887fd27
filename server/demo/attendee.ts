/** One simulated colleague in a meeting: joins over Socket.IO like anybody, follows the chair, and works in the plan that is spoken about. */
import type { Logger } from 'pino';
import { io, type Socket } from 'socket.io-client';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { MeetingId } from '../../shared/ids.ts';
import type { Acknowledgement, MeetingState } from '../../shared/wire/meetings.ts';
import { startColleague, type Colleague, type ColleagueOptions } from './colleague.ts';

export interface AttendeeOptions extends Omit<ColleagueOptions, 'plan' | 'planId'> {
  readonly log: Logger;
  readonly meetingId: MeetingId;
  /** Plans of the agenda; a colleague works only in those of its own care teams. */
  readonly plans: readonly PlanFacts[];
}

const answerMs = 5_000;

/** Joins the meeting. Rejects when that is refused. */
export async function startAttendee(options: AttendeeOptions): Promise<Colleague> {
  const { actor, address, cookie, publicUrl, meetingId, log } = options;
  const socket: Socket = io(`${address}/meetings`, { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: { cookie, origin: new URL(publicUrl).origin } });
  let gone: (tidy: boolean) => void = () => undefined;
  const goneTidily = new Promise<boolean>((resolve) => { gone = resolve; });
  let leaving: Promise<void> | undefined;
  let at: { readonly planId: string; readonly work: Promise<Colleague> } | undefined;
  // One thing after the other: the plan before is left tidily before the next is opened.
  let following: Promise<void> = Promise.resolve();

  async function putDown(): Promise<void> {
    const before = at;
    at = undefined;
    if (before) await before.work.then((colleague) => colleague.leave(), () => undefined);
  }
  async function follow(state: MeetingState): Promise<void> {
    if (leaving || state.status === 'ended') return void putDown();
    const planId = state.agenda.find(({ id }) => id === state.currentItemId)?.planId;
    if (planId === at?.planId) return;
    await putDown();
    const plan = options.plans.find(({ id }) => id === planId);
    if (!plan?.team.includes(actor.organisationId)) return;
    const work = startColleague({ ...options, planId: plan.id, plan });
    at = { planId: plan.id, work };
    work.catch((error: unknown) => log.info({ err: error }, 'a simulated colleague could not open the plan'));
  }
  function leave(): Promise<void> {
    leaving ??= (async () => {
      await following;
      await putDown();
      if (socket.connected) await socket.timeout(answerMs).emitWithAck('leave', { meetingId }).catch((error: unknown) => log.debug({ err: error }, 'a simulated colleague was not heard leaving'));
      socket.disconnect();
      gone(true);
    })();
    return leaving;
  }

  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  socket.on('state', (state: MeetingState) => {
    following = following.then(() => follow(state));
    if (state.status === 'ended') void leave();
  });
  socket.on('disconnect', () => void (leaving ? undefined : putDown().then(() => gone(false))));
  const joined = (await socket.timeout(answerMs).emitWithAck('join', { meetingId })) as Acknowledgement;
  if (!joined.ok) {
    socket.disconnect();
    throw new Error(`the meeting did not let ${actor.id} in: ${joined.refusal.code}`);
  }
  following = following.then(() => follow(joined.state));
  const colleague: Colleague = { actor, gone: goneTidily, leave, get hasLeft() { return leaving !== undefined || !socket.connected; } };
  return colleague;
}
