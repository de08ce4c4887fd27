/** The workloads in which people type: at a steady rate, or as fast as it is delivered. */
import { performance as clock, type EventLoopUtilization } from 'node:perf_hooks';
import { Member, Room, Tally, type MemberOptions } from './crew.ts';
import type { Content, Outcome, SaturationOrder, SteadyOrder } from './orders.ts';
import { streamOf, type Stream } from './typing.ts';

const openAtOnce = 40;
const drainMs = 15_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export interface Stage {
  readonly content: Content;
  /** Told when what is measured begins and ends. */
  readonly say: (kind: 'measuring' | 'measured') => void;
}

/** Connects everybody; everybody has everything open when this resolves. */
export async function gather(order: SteadyOrder | SaturationOrder, content: Content, edits: number, options: MemberOptions): Promise<{ tally: Tally; members: Member[] }> {
  const tally = new Tally();
  const streams: Stream[] = order.people.map((person, index) => streamOf(content, person, index, edits));
  const members = order.plans.flatMap((plan, number) => {
    const room = new Room(plan, number, order.target, streams, tally);
    return order.people.map((person, index) => new Member(room, index, person, options));
  });
  for (let at = 0; at < members.length; at += openAtOnce) await Promise.all(members.slice(at, at + openAtOnce).map((member) => member.open()));
  return { tally, members };
}

/** Waits until everything that was sent has reached everybody, or it is taking too long. */
async function drained(tally: Tally, owed: () => number, deadlineMs: number): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (tally.delivered < owed() && performance.now() < end) await pause(5);
}

export async function steady(order: SteadyOrder, { content, say }: Stage): Promise<Outcome> {
  const edits = Math.ceil(((order.warmMs + order.measureMs) / 1000) * order.editsPerSecond) + 2;
  const { tally, members } = await gather(order, content, edits, { barriers: order.target.answers, presence: true, timed: true, answers: true });
  const everyMs = 1000 / order.editsPerSecond;
  const startMs = performance.now();
  // Spread evenly over the interval: nobody waits for anybody.
  const due = members.map((_, index) => startMs + ((index * 0.618_033_988_75) % 1) * everyMs);
  let typing = true;
  const tick = (): void => {
    const nowMs = performance.now();
    for (const [index, member] of members.entries()) {
      if ((due[index] as number) > nowMs) continue;
      due[index] = (due[index] as number) + everyMs;
      member.type(1);
    }
    if (typing) setTimeout(tick, 1);
  };
  tick();
  await pause(order.warmMs);
  const before = begin(tally, say);
  await pause(order.measureMs);
  const after = end(tally, say);
  typing = false;
  const owed = (): number => tally.sent * (order.people.length - 1);
  await drained(tally, owed, drainMs);
  for (const member of members) member.cut();
  return outcome(tally, owed(), before, after, after.atMs);
}

export async function saturate(order: SaturationOrder, { content, say }: Stage): Promise<Outcome> {
  const { tally, members } = await gather(order, content, order.warmEdits + order.edits, { barriers: false, presence: false, timed: false, answers: true });
  const owed = (): number => tally.sent * (order.people.length - 1);
  let upTo = order.warmEdits;
  const go = async (): Promise<void> => {
    for (const member of members) {
      member.atRest = () => {
        const room = Math.min(order.window - (member.sent - member.echoed), upTo - member.sent);
        // A few at a time: what comes back one by one is not sent one by one.
        if (room > 0 && (room * 4 >= order.window || member.sent + room === upTo)) member.type(room);
      };
      member.atRest();
    }
    await drained(tally, () => upTo * members.length * (order.people.length - 1), order.deadlineMs);
  };
  await go();
  upTo += order.edits;
  const before = begin(tally, say);
  await go();
  const after = end(tally, say);
  for (const member of members) member.cut();
  return outcome(tally, owed(), before, after, tally.lastDeliveryMs);
}

interface Moment {
  readonly atMs: number;
  readonly delivered: number;
  readonly busy: EventLoopUtilization;
}
const moment = (tally: Tally): Moment => ({ atMs: performance.now(), delivered: tally.delivered, busy: clock.eventLoopUtilization() });

function begin(tally: Tally, say: Stage['say']): Moment {
  say('measuring');
  tally.recording = true;
  return moment(tally);
}
function end(tally: Tally, say: Stage['say']): Moment {
  tally.recording = false;
  const at = moment(tally);
  say('measured');
  return at;
}

const outcome = (tally: Tally, owed: number, before: Moment, after: Moment, endMs: number): Outcome => ({
  sent: tally.sent, owed, delivered: tally.delivered, deliveredMeasured: after.delivered - before.delivered, seconds: (endMs - before.atMs) / 1000,
  others: tally.others.spread(), saved: tally.saved.spread(), disorder: tally.disorder, presence: tally.presence, closed: tally.closed,
  busy: clock.eventLoopUtilization(after.busy, before.busy).utilization,
});
