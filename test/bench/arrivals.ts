/** The workloads of people who come: after a restart, back after a lost network, and to very many plans at once. */
import { contestant, fillLive, filledPlans, onServer, settle, type Bench, type Measured } from './bench.ts';
import type { Contestant, ContestantName } from './contestants.ts';
import { insertHistory, historySection, writeHistory } from './history.ts';
import type { Cost } from './load.ts';
import type { Outcome } from './orders.ts';
import type { Memory } from './processes.ts';
import type { Part, Reading, Workload } from './workloads.ts';

const openDeadlineMs = 120_000;
/** How long a server may prepare for the next time after everybody has left. */
const preparedMs = 3_000;
const peopleInStorm = 5;
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Plans that are opened cold, with what they hold. */
interface Shelf {
  readonly plans: readonly string[];
  readonly bytesMin: number;
}
const shelves = new WeakMap<Bench, Map<string, Shelf>>();

const openOne = (bench: Bench, { target }: Measured, plans: readonly string[], bytesMin: number, stay: boolean, again = false, people = 1) =>
  ({ kind: 'opening', target, plans, people: bench.people.slice(0, people), bytesMin, stay, again, deadlineMs: openDeadlineMs }) as const;

/** At least half of a plan's bytes, however they are packed. */
const halfOf = ({ whole }: Bench['content']): number => Math.floor((whole.length * 3) / 4 / 2);

export const cold: Workload = {
  name: 'cold', contestants: ['durable relay', 'hocuspocus', 'y-websocket', 'accord'],
  parts: ({ coldPlans, historyEdits: [one, many] }) => [opened(1, one), opened(coldPlans, many), opened(coldPlans, 0)],
};

/** So many plans opened at once after a restart, each with so many edits behind it; none: as ordinary plans are. */
const opened = (count: number, edits: number): Part => {
  const row = edits > 0 ? `cold ${count} × ${edits} edits` : `cold ${count} ordinary`;
  return {
    label: row,
    run: async (bench, name) => {
      const one = contestant(name);
      const readings: Reading[] = [];
      const known = shelves.get(bench) ?? new Map<string, Shelf>();
      shelves.set(bench, known);
      let shelf = known.get(`${name} ${row}`);
      if (!shelf) {
        shelf = await filledShelf(bench, one, count, edits);
        known.set(`${name} ${row}`, shelf);
        readings.push(await firstVisit(bench, one, row, shelf));
      }
      const { plans, bytesMin } = shelf;
      await settle(bench);
      return onServer(bench, one, async (on) => {
        const { outcome, cost } = await on.order(openOne(bench, on, plans, bytesMin, false));
        return [...readings, ...timed(row, 'open s', outcome, cost)];
      });
    },
  };
};

async function filledShelf(bench: Bench, one: Contestant, count: number, edits: number): Promise<Shelf> {
  const plans = bench.newPlans(count);
  let { content } = bench;
  if (edits > 0) {
    const history = writeHistory(content, edits);
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    content = { sections: { ...content.sections, [historySection]: base64(history.state) }, whole: base64(history.whole) };
    if (one.name === 'accord') await insertHistory(bench.world, history, plans);
    else await one.fill?.(bench.world, plans, content);
  } else {
    await one.fill?.(bench.world, plans, content);
  }
  if (!one.fill) await onServer(bench, one, (on) => fillLive(bench, one, on, plans, content.whole));
  return { plans, bytesMin: halfOf(content) };
}

/** Everything is opened once and left again, so that whatever a server prepares for the next time it has prepared. */
const firstVisit = (bench: Bench, one: Contestant, row: string, { plans, bytesMin }: Shelf): Promise<Reading> =>
  onServer(bench, one, async (on) => {
    const { outcome } = await on.order(openOne(bench, on, plans, bytesMin, false));
    await pause(preparedMs);
    return { row, figure: 'ever first open s', value: outcome.seconds };
  });

const timed = (row: string, figure: string, { seconds, busy, closed }: Outcome, cost: Cost): Reading[] => [
  { row, figure, value: seconds }, { row, figure: 'server s', value: cost.server }, { row, figure: 'postgres s', value: cost.postgres }, { row, figure: 'load busy', value: busy }, { row, figure: 'closed', value: closed },
];

export const storm: Workload = {
  name: 'storm', contestants: ['bare relay', 'durable relay', 'hocuspocus', 'y-websocket', 'accord'],
  parts: ({ stormPlans }) => {
    const row = `storm ${stormPlans * peopleInStorm} on ${stormPlans}`;
    return [{
      label: row,
      run: async (bench, name) => {
        const one = contestant(name);
        const plans = await filledPlans(bench, one, stormPlans);
        await settle(bench);
        return onServer(bench, one, async (on) => {
          await fillLive(bench, one, on, plans);
          const { outcome, cost } = await on.order(openOne(bench, on, plans, 0, false, true, peopleInStorm));
          return timed(row, 'all back s', outcome, cost);
        });
      },
    }];
  },
};

const openedAtOnce = 50;
/** Plans that are opened and left before anything is counted: what a server needs once is not what it needs for each. */
const warmPlans = 20;
const forgetDeadlineMs = 100_000;
const forgottenBytes = 10 * 1024;

export const memory: Workload = {
  name: 'memory', contestants: ['durable relay', 'hocuspocus', 'y-websocket', 'accord'], rounds: 1,
  parts: ({ memoryPlans }) => [{ label: `memory ${memoryPlans} plans`, run: (bench, name) => remembered(bench, name, memoryPlans) }],
};

/** What a server holds for each plan while somebody has it open, and once everybody has left. */
async function remembered(bench: Bench, name: ContestantName, memoryPlans: number): Promise<Reading[]> {
  const one = contestant(name);
  const everyPlan = await filledPlans(bench, one, memoryPlans + warmPlans);
  const plans = everyPlan.slice(warmPlans);
  // Filled by another process, where that has to be done by a client: what is measured has only been opened.
  if (!one.fill) await onServer(bench, one, (on) => fillLive(bench, one, on, everyPlan));
  await settle(bench);
  return onServer(bench, one, async (on) => {
    await on.order(openOne(bench, on, everyPlan.slice(0, warmPlans), halfOf(bench.content), false));
    const empty = await on.server.memory();
    const perPlan = (now: Memory): number => (inUse(now) - inUse(empty)) / memoryPlans;
    for (let at = 0; at < plans.length; at += openedAtOnce) await on.order(openOne(bench, on, plans.slice(at, at + openedAtOnce), halfOf(bench.content), true));
    const open = await on.server.memory();
    await on.order({ kind: 'leave' });
    const left = performance.now();
    let after = await on.server.memory();
    // A server may keep what people have just left for a while; how long is its own affair, within reason.
    while (perPlan(after) > forgottenBytes && performance.now() - left < forgetDeadlineMs) {
      await pause(3_000);
      after = await on.server.memory();
    }
    const row = `memory ${memoryPlans} plans`;
    const mega = 1024 * 1024;
    return [
      { row, figure: 'KB per open plan', value: perPlan(open) / 1024 }, { row, figure: 'KB per left plan', value: perPlan(after) / 1024 },
      { row, figure: 'RSS MB before', value: empty.rss / mega }, { row, figure: 'RSS MB open', value: open.rss / mega }, { row, figure: 'RSS MB left', value: after.rss / mega },
    ];
  });
}

const inUse = ({ heapUsed, external }: Memory): number => heapUsed + external;
