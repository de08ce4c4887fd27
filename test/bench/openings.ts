/** The workloads of people who come: after a restart, back after a lost network, and to very many plans at once. */
import { contestant, fillLive, filledPlans, onServer, settle, type Bench, type Measured } from './bench.ts';
import type { Contestant, ContestantName } from './contestants.ts';
import { insertHistory, historySection, writeHistory } from './history.ts';
import type { Content } from './orders.ts';
import type { Memory } from './processes.ts';
import type { Reading, Sizes, Workload } from './workloads.ts';

const openDeadlineMs = 120_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Plans that are opened cold, with what they hold. */
interface Shelf {
  readonly row: string;
  readonly plans: readonly string[];
  readonly bytesMin: number;
}
const shelves = new WeakMap<Bench, Map<ContestantName, readonly Shelf[]>>();

const openOne = (bench: Bench, { target }: Measured, plans: readonly string[], bytesMin: number, stay: boolean, again = false, people = 1) =>
  ({ kind: 'opening', target, plans, people: bench.people.slice(0, people), bytesMin, stay, again, deadlineMs: openDeadlineMs }) as const;

/** At least half of a plan's bytes, however they are packed. */
const halfOf = ({ whole }: Content): number => Math.floor((whole.length * 3) / 4 / 2);

export const cold: Workload = {
  name: 'cold', contestants: ['durable relay', 'hocuspocus', 'y-websocket', 'accord'],
  run: async (bench, name, sizes) => {
    const one = contestant(name);
    const readings: Reading[] = [];
    const known = shelves.get(bench) ?? new Map<ContestantName, readonly Shelf[]>();
    shelves.set(bench, known);
    let filled = known.get(name);
    if (!filled) {
      filled = await fillShelves(bench, one, sizes);
      known.set(name, filled);
      readings.push(...await firstVisit(bench, one, filled));
    }
    for (const { row, plans, bytesMin } of filled) {
      await settle(bench);
      await onServer(bench, one, async (on) => {
        const { outcome, cost } = await on.order(openOne(bench, on, plans, bytesMin, false));
        readings.push({ row, figure: 'open s', value: outcome.seconds }, { row, figure: 'server s', value: cost.server }, { row, figure: 'postgres s', value: cost.postgres }, { row, figure: 'load busy', value: outcome.busy });
      });
    }
    return readings;
  },
};

async function fillShelves(bench: Bench, one: Contestant, { coldPlans, historyEdits }: Sizes): Promise<Shelf[]> {
  const sets = [{ count: 1, edits: historyEdits[0] }, { count: coldPlans, edits: historyEdits[1] }, { count: coldPlans, edits: 0 }];
  const filled: Shelf[] = [];
  for (const { count, edits } of sets) {
    const row = edits > 0 ? `cold ${count} × ${edits} edits` : `cold ${count} ordinary`;
    if (edits === 0) {
      const plans = await filledPlans(bench, one, count);
      await onServer(bench, one, (on) => fillLive(bench, one, on, plans));
      filled.push({ row, plans, bytesMin: halfOf(bench.content) });
      continue;
    }
    const history = writeHistory(bench.content, edits);
    const plans = bench.newPlans(count);
    const content: Content = {
      sections: { ...bench.content.sections, [historySection]: Buffer.from(history.state).toString('base64') }, whole: Buffer.from(history.whole).toString('base64'),
    };
    if (one.name === 'accord') await insertHistory(bench.world, history, plans);
    else await one.fill?.(bench.world, plans, content);
    await onServer(bench, one, (on) => fillLive(bench, one, on, plans, content.whole));
    filled.push({ row, plans, bytesMin: halfOf(content) });
  }
  return filled;
}

/** Everything is opened once and left again, so that whatever a server prepares for the next time it has prepared. */
async function firstVisit(bench: Bench, one: Contestant, filled: readonly Shelf[]): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const { row, plans, bytesMin } of filled) {
    await onServer(bench, one, async (on) => {
      const { outcome } = await on.order(openOne(bench, on, plans, bytesMin, false));
      readings.push({ row, figure: 'ever first open s', value: outcome.seconds });
      await pause(3_000);
    });
  }
  return readings;
}

export const storm: Workload = {
  name: 'storm', contestants: ['bare relay', 'durable relay', 'hocuspocus', 'y-websocket', 'accord'],
  run: async (bench, name, { stormPlans }) => {
    const one = contestant(name);
    const plans = await filledPlans(bench, one, stormPlans);
    await settle(bench);
    return onServer(bench, one, async (on) => {
      await fillLive(bench, one, on, plans);
      const { outcome, cost } = await on.order(openOne(bench, on, plans, 0, false, true, 5));
      const row = `storm ${stormPlans * 5} on ${stormPlans}`;
      return [
        { row, figure: 'all back s', value: outcome.seconds }, { row, figure: 'server s', value: cost.server }, { row, figure: 'postgres s', value: cost.postgres },
        { row, figure: 'load busy', value: outcome.busy },
      ];
    });
  },
};

const openedAtOnce = 50;
/** Plans that are opened and left before anything is counted: what a server needs once is not what it needs for each. */
const warmPlans = 20;
const forgetDeadlineMs = 100_000;
const forgottenBytes = 10 * 1024;

export const memory: Workload = {
  name: 'memory', contestants: ['durable relay', 'hocuspocus', 'y-websocket', 'accord'], rounds: 1,
  run: async (bench, name, { memoryPlans }) => {
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
  },
};

const inUse = ({ heapUsed, external }: Memory): number => heapUsed + external;
