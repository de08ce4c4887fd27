/** What is measured, and how large: each workload answers figures of one contestant in one round. */
import { contestant, fillLive, filledPlans, onServer, settle, type Bench } from './bench.ts';
import type { ContestantName } from './contestants.ts';
import type { Cost } from './load.ts';
import { cold, memory, storm } from './openings.ts';
import type { Outcome } from './orders.ts';

/** One measured number. `row` and `figure` name its place in the table. */
export interface Reading {
  readonly row: string;
  readonly figure: string;
  readonly value: number;
}
export interface Workload {
  readonly name: string;
  readonly contestants: readonly ContestantName[];
  /** Fewer rounds than the others, where one takes minutes and hardly varies. */
  readonly rounds?: number;
  readonly run: (bench: Bench, name: ContestantName, sizes: Sizes) => Promise<Reading[]>;
}

export interface Sizes {
  readonly measureMs: number;
  readonly manyPlans: readonly number[];
  readonly saturationEdits: readonly [oneRoom: number, manyRooms: number];
  readonly saturationRooms: number;
  readonly coldPlans: number;
  /** Edits that the one long plan has behind it, and each of many. */
  readonly historyEdits: readonly [one: number, many: number];
  readonly stormPlans: number;
  readonly memoryPlans: number;
}
export const fullSizes: Sizes = {
  measureMs: 8_000, manyPlans: [50, 200, 500], saturationEdits: [2_200, 400], saturationRooms: 100, coldPlans: 100, historyEdits: [100_000, 10_000], stormPlans: 100, memoryPlans: 2_000,
};
export const quickSizes: Sizes = {
  measureMs: 3_000, manyPlans: [20, 50], saturationEdits: [600, 100], saturationRooms: 30, coldPlans: 10, historyEdits: [5_000, 1_000], stormPlans: 20, memoryPlans: 100,
};

const all: readonly ContestantName[] = ['bare relay', 'durable relay', 'hocuspocus', 'y-websocket', 'accord'];
const stored: readonly ContestantName[] = ['durable relay', 'hocuspocus', 'accord'];
const peopleInMeeting = 12;
const peopleInMany = 4;

const meeting: Workload = {
  name: 'meeting', contestants: all,
  run: async (bench, name, { measureMs }) => {
    const one = contestant(name);
    const plans = await filledPlans(bench, one, 1);
    await settle(bench);
    return onServer(bench, one, async (on) => {
      await fillLive(bench, one, on, plans);
      const { outcome, cost } = await on.order({ kind: 'steady', target: on.target, plans, people: bench.people.slice(0, peopleInMeeting), editsPerSecond: 5, warmMs: 2_000, measureMs });
      return liveReadings('meeting', outcome, cost);
    });
  },
};

const many: Workload = {
  name: 'many', contestants: stored,
  run: async (bench, name, { measureMs, manyPlans }) => {
    const one = contestant(name);
    const readings: Reading[] = [];
    for (const count of manyPlans) {
      const plans = await filledPlans(bench, one, count);
      await settle(bench);
      readings.push(...await onServer(bench, one, async (on) => {
        const people = bench.people.slice(0, peopleInMany);
        const { outcome, cost } = await on.order({ kind: 'steady', target: on.target, plans, people, editsPerSecond: 1, warmMs: 1_500, measureMs });
        return liveReadings(`${count} meetings × ${peopleInMany}`, outcome, cost);
      }));
    }
    return readings;
  },
};

const saturation: Workload = {
  name: 'saturation', contestants: all,
  run: async (bench, name, { saturationEdits: [oneRoom, manyRooms], saturationRooms }) => {
    const one = contestant(name);
    const shapes = [{ rooms: 1, people: 20, edits: oneRoom, window: 100 }, { rooms: saturationRooms, people: 5, edits: manyRooms, window: 40 }];
    const readings: Reading[] = [];
    for (const { rooms, people, edits, window } of shapes) {
      const plans = await filledPlans(bench, one, rooms);
      await settle(bench);
      readings.push(...await onServer(bench, one, async (on) => {
        await fillLive(bench, one, on, plans);
        const warmEdits = Math.ceil(edits / 8);
        const order = { kind: 'saturation', target: on.target, plans, people: bench.people.slice(0, people), warmEdits, edits, window, deadlineMs: 30_000 } as const;
        const { outcome, cost } = await on.order(order);
        return liveReadings(`saturation ${rooms} × ${people}`, outcome, cost);
      }));
    }
    return readings;
  },
};

/** What there is to say of people typing. Latencies are left out where nothing was timed. */
export function liveReadings(row: string, outcome: Outcome, cost: Cost): Reading[] {
  const { others, saved, deliveredMeasured, seconds, busy, presence } = outcome;
  const perThousand = (used: number): number => (used * 1000) / Math.max(1, deliveredMeasured);
  const figures: Record<string, number | undefined> = {
    'to others p50 ms': others?.p50, 'to others p99 ms': others?.p99, 'saved p50 ms': saved?.p50, 'saved p99 ms': saved?.p99,
    'delivered/s': deliveredMeasured / seconds, 'server s/1000': perThousand(cost.server), 'postgres s/1000': perThousand(cost.postgres),
    ...(presence > 0 ? { 'presence frames/s': presence / seconds } : {}),
    'not delivered': outcome.owed - outcome.delivered, 'out of order': outcome.disorder, 'closed': outcome.closed, 'load busy': busy,
  };
  return Object.entries(figures).flatMap(([figure, value]) => (value === undefined ? [] : [{ row, figure, value }]));
}

export const workloads: readonly Workload[] = [meeting, many, saturation, cold, storm, memory];
