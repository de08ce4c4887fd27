/** What is measured, and how large: each workload answers figures of one contestant in one round. */
import { contestant, fillLive, filledPlans, onServer, settle, type Bench } from './bench.ts';
import type { ContestantName } from './contestants.ts';
import type { Cost } from './load.ts';
import { cold, memory, storm } from './arrivals.ts';
import { measureAudit } from './audit.ts';
import type { Outcome } from './orders.ts';

/** One measured number. `row` and `figure` name its place in the table. */
export interface Reading {
  readonly row: string;
  readonly figure: string;
  readonly value: number;
}
/** One thing to measure, on a fresh server. */
export interface Part {
  readonly label: string;
  readonly run: (bench: Bench, name: ContestantName) => Promise<Reading[]>;
}
export interface Workload {
  readonly name: string;
  readonly contestants: readonly ContestantName[];
  /** Fewer rounds than the others, where one takes minutes and hardly varies. */
  readonly rounds?: number;
  readonly parts: (sizes: Sizes) => readonly Part[];
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
  readonly auditEntries: number;
}
export const fullSizes: Sizes = {
  measureMs: 8_000, manyPlans: [50, 200, 500], saturationEdits: [2_200, 400], saturationRooms: 100, coldPlans: 100, historyEdits: [100_000, 10_000], stormPlans: 100, memoryPlans: 2_000, auditEntries: 200_000,
};
export const quickSizes: Sizes = {
  measureMs: 3_000, manyPlans: [20, 50], saturationEdits: [600, 100], saturationRooms: 30, coldPlans: 10, historyEdits: [5_000, 1_000], stormPlans: 20, memoryPlans: 100, auditEntries: 20_000,
};

const all: readonly ContestantName[] = ['bare relay', 'durable relay', 'hocuspocus', 'y-websocket', 'accord'];
const stored: readonly ContestantName[] = ['durable relay', 'hocuspocus', 'accord'];
const peopleInMeeting = 12;
const peopleInMany = 4;
const saturationMs = 30_000;

/** People who type at a steady rate, so many on each of so many plans. */
const steadily = (label: string, plansCount: number, peopleOnEach: number, editsPerSecond: number, measureMs: number): Part => ({
  label,
  run: async (bench, name) => {
    const one = contestant(name);
    const plans = await filledPlans(bench, one, plansCount);
    await settle(bench);
    return onServer(bench, one, async (on) => {
      await fillLive(bench, one, on, plans);
      const { outcome, cost } = await on.order({ kind: 'steady', target: on.target, plans, people: bench.people.slice(0, peopleOnEach), editsPerSecond, warmMs: 2_000, measureMs });
      return liveReadings(label, outcome, cost);
    });
  },
});

const meeting: Workload = { name: 'meeting', contestants: all, parts: ({ measureMs }) => [steadily('meeting', 1, peopleInMeeting, 5, measureMs)] };

const many: Workload = {
  name: 'many', contestants: stored,
  parts: ({ measureMs, manyPlans }) => manyPlans.map((count) => steadily(`${count} meetings × ${peopleInMany}`, count, peopleInMany, 1, measureMs)),
};

const saturated = (rooms: number, people: number, edits: number, window: number): Part => ({
  label: `saturation ${rooms} × ${people}`,
  run: async (bench, name) => {
    const one = contestant(name);
    const plans = await filledPlans(bench, one, rooms);
    await settle(bench);
    return onServer(bench, one, async (on) => {
      await fillLive(bench, one, on, plans);
      const order = { kind: 'saturation', target: on.target, plans, people: bench.people.slice(0, people), warmEdits: Math.ceil(edits / 8), edits, window, deadlineMs: saturationMs } as const;
      const { outcome, cost } = await on.order(order);
      return liveReadings(`saturation ${rooms} × ${people}`, outcome, cost);
    });
  },
});

const saturation: Workload = {
  name: 'saturation', contestants: all,
  parts: ({ saturationEdits: [oneRoom, manyRooms], saturationRooms }) => [saturated(1, 20, oneRoom, 100), saturated(saturationRooms, 5, manyRooms, 40)],
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

const audit: Workload = { name: 'audit', contestants: ['accord'], parts: ({ auditEntries }) => [{ label: 'audit walk', run: (bench) => measureAudit(bench, auditEntries) }] };

export const workloads: readonly Workload[] = [meeting, many, saturation, cold, storm, memory, audit];
