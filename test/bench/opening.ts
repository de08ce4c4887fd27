/** The workloads in which people come: all at once to plans that nobody has open, or back after the network was lost. */
import { performance as clock } from 'node:perf_hooks';
import * as Y from 'yjs';
import { Member, Room, Tally, type Brought } from './crew.ts';
import type { Stage } from './live.ts';
import type { FillOrder, OpeningOrder, Outcome } from './orders.ts';

const fillAtOnce = 20;
const fillDeadlineMs = 60_000;
let staying: Member[] = [];

const silent = { barriers: false, presence: false, timed: false, answers: true };

function crewOf({ plans, people, target }: OpeningOrder | FillOrder, tally: Tally): Member[] {
  return plans.flatMap((plan, number) => {
    const room = new Room(plan, number, target, [], tally);
    return people.map((person, index) => new Member(room, index, person, silent));
  });
}

/** Opens everything at once; answers how long it took until the last one had it all. */
export async function open(order: OpeningOrder, { content, say }: Stage): Promise<Outcome> {
  const tally = new Tally();
  const members = crewOf(order, tally);
  const brought = order.again ? broughtFrom(content) : undefined;
  if (order.again) {
    await within(order.deadlineMs, members.map((member) => member.open(order.bytesMin)));
    for (const member of members) member.cut();
  }
  const busy = clock.eventLoopUtilization();
  say('measuring');
  const began = performance.now();
  await within(order.deadlineMs, members.map((member) => member.open(order.again ? 0 : order.bytesMin, brought)));
  const seconds = (performance.now() - began) / 1000;
  say('measured');
  if (order.stay) staying = [...staying, ...members];
  else for (const member of members) member.cut();
  return { ...none, seconds, closed: tally.closed, busy: clock.eventLoopUtilization(busy).utilization };
}

/** What somebody has who has everything. */
function broughtFrom(content: Stage['content']): Brought {
  const states = [...Object.entries(content.sections), ['', content.whole] as const].map(([section, bytes]) => [section, Buffer.from(bytes, 'base64')] as const);
  const vectors = new Map(states.map(([section, state]) => [section, Y.encodeStateVectorFromUpdate(state)]));
  return { vectors, answers: new Map(states.map(([section, state]) => [section, Y.diffUpdate(state, vectors.get(section) ?? Uint8Array.of(0))])) };
}

async function within(deadlineMs: number, work: readonly Promise<void>[]): Promise<void> {
  let overdue: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    overdue = setTimeout(() => reject(new Error(`took longer than ${deadlineMs / 1000} s`)), deadlineMs);
  });
  try {
    await Promise.race([Promise.all(work), late]);
  } finally {
    clearTimeout(overdue);
  }
}

/** Everybody who stayed goes. */
export async function leave(): Promise<Outcome> {
  for (const member of staying.splice(0)) member.cut();
  return none;
}

/** Brings the content to every plan, as one client would, and waits until it is there for the next one. */
export async function fill(order: FillOrder): Promise<Outcome> {
  const update = Buffer.from(order.whole, 'base64');
  const writers = crewOf(order, new Tally());
  const readers = crewOf(order, new Tally());
  for (let at = 0; at < writers.length; at += fillAtOnce) {
    const some = writers.slice(at, at + fillAtOnce);
    await within(fillDeadlineMs, some.map((writer) => writer.open()));
    for (const writer of some) writer.fill(update);
    await within(fillDeadlineMs, readers.slice(at, at + fillAtOnce).map((reader) => reader.open(update.length / 2)));
    for (const member of [...some, ...readers.slice(at, at + fillAtOnce)]) member.cut();
  }
  return none;
}

const none: Outcome = { sent: 0, owed: 0, delivered: 0, deliveredMeasured: 0, seconds: 0, others: undefined, saved: undefined, disorder: 0, presence: 0, closed: 0, busy: 0 };
