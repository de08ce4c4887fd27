/** One run of the benchmark: the world, the load and a fresh server for every measurement, in turn. */
import { contestants, signIn, type Contestant, type ContestantName } from './contestants.ts';
import { startLoad, type Cost, type Load } from './load.ts';
import type { Content, Order, Outcome, Person, Target } from './orders.ts';
import type { Running } from './processes.ts';
import { castOf, insertStaff, readContent, staff, type World } from './world.ts';

export interface Bench {
  readonly world: World;
  readonly content: Content;
  readonly people: readonly Person[];
  readonly load: Load;
  /** Options of node for the servers. */
  readonly serverOptions: readonly string[];
  /** Names for plans that do not exist yet. */
  newPlans(count: number): string[];
}

const writtenMs = 1_500;

/** A server that runs, and the load on it. */
export interface Measured {
  readonly server: Running;
  readonly target: Target;
  order(order: Order): Promise<{ readonly outcome: Outcome; readonly cost: Cost }>;
}

export const contestant = (name: ContestantName): Contestant => contestants.find((each) => each.name === name) as Contestant;

/** Lets Accord make its schema and its demonstration, and reads the plan that all others are copies of. The world stays the caller's to stop. */
export async function startBench(world: World, serverOptions: readonly string[] = []): Promise<Bench> {
  const accord = await contestant('accord').start(world);
  await insertStaff(world);
  const cookies = await signIn(accord.port, staff.map(({ id }) => id));
  await accord.stop();
  // Whoever makes tables makes them once, before anything is measured.
  for (const name of ['durable relay', 'hocuspocus'] as const) await (await contestant(name).start(world)).stop();
  const content = await readContent(world);
  const load = await startLoad(content);
  let made = 0;
  return {
    world, content, load, serverOptions,
    people: castOf(content, cookies),
    newPlans: (count) => Array.from({ length: count }, () => {
      made += 1;
      return `plan_bench-${String(made).padStart(6, '0')}`;
    }),
  };
}

/** Runs `work` on a fresh server of the contestant. */
export async function onServer<T>(bench: Bench, { start }: Contestant, work: (measured: Measured) => Promise<T>): Promise<T> {
  const { world, load } = bench;
  const server = await start(world, bench.serverOptions);
  const order: Measured['order'] = (each) => load.order(each, server.pid, world.postgres.pid());
  try {
    return await work({ server, target: server.target, order });
  } finally {
    await server.stop();
  }
}

/** New plans with the content in the contestant's storage, as far as that can be filled without it; the rest is for `fillLive`. */
export async function filledPlans(bench: Bench, { fill }: Contestant, count: number): Promise<string[]> {
  const plans = bench.newPlans(count);
  await fill?.(bench.world, plans, bench.content);
  return plans;
}
/** Fills plans of a contestant that only a client can fill. */
export async function fillLive(bench: Bench, { fill }: Contestant, { target, order }: Measured, plans: readonly string[], whole = bench.content.whole): Promise<void> {
  if (fill) return;
  await order({ kind: 'fill', target, plans, people: bench.people.slice(0, 1), whole });
  // It does not say when it has written; killed at once it has not.
  await new Promise((resolve) => void setTimeout(resolve, writtenMs));
}

/** Leaves PostgreSQL with nothing to catch up on. */
export const settle = async ({ world }: Bench): Promise<void> => void (await world.query('accord', 'CHECKPOINT'));
