/** Runs one seed from its first event to its last judgement. */
import type { Client } from './client.ts';
import { divergence, faultAtEnd } from './ending.ts';
import { happenings } from './mishaps.ts';
import { lowerBounds } from './shape.ts';
import { SimulatedWorld } from './world.ts';

export interface Outcome {
  readonly seed: number;
  /** What did not hold; undefined when all did. */
  readonly violation: string | undefined;
  /** The whole story in one number: the same seed gives the same. */
  readonly hash: string;
  readonly events: number;
  readonly rows: number;
  readonly acknowledged: number;
  readonly refusals: number;
  readonly versions: number;
  /** What happened beside people's writing, and how often. */
  readonly happened: ReadonlyMap<string, number>;
  /** The last lines of the story. */
  readonly lines: readonly string[];
}

/** After everything is whole, this much later all must agree. */
const convergesWithinMs = 60_000;
const looksEveryMs = 3_000;

/** Plays one seed. `say` hears every line of the story as it happens. */
export async function simulate(seed: number, say?: (line: string) => void): Promise<Outcome> {
  const world = new SimulatedWorld(seed, say);
  const putBack = lowerBounds(world.dice);
  try {
    await play(world);
  } finally {
    putBack();
  }
  const { checks, schedule, tables, happened } = world;
  for (const client of world.everybody) for (const { doc } of client.papers.values()) doc.destroy();
  return {
    seed, violation: checks.violation, lines: schedule.lines, hash: schedule.hash(), events: schedule.events, rows: checks.rows, acknowledged: checks.acknowledged,
    refusals: checks.refusals, versions: [...tables.plans.values()].reduce((sum, plan) => sum + plan.versions.length, 0), happened,
  };
}

async function play(world: SimulatedWorld): Promise<void> {
  const { shape, schedule, dice, everybody } = world;
  for (const client of everybody) {
    schedule.after(dice.between(0, 300), `${client.name} comes`, () => client.connect());
    keepBusy(world, client);
  }
  keepHappening(world);
  if (!(await until(world, shape.activeMs))) return;
  world.heal();
  // The last words after everything is whole: they too must be saved in time. Sometimes there are none: then nothing brings what was missed but asking for it.
  if (dice.chance(0.5)) for (const client of world.clients) schedule.after(dice.between(100, 3_000), `${client.name} writes once more`, () => busy(world, client));
  const endMs = schedule.nowMs + convergesWithinMs;
  let apart: string | undefined = 'nothing was looked at';
  while (apart !== undefined && schedule.nowMs < endMs) {
    world.reloadStopped();
    if (!(await until(world, schedule.nowMs + looksEveryMs))) return;
    for (const client of everybody) for (const id of client.papers.keys()) client.askSaved(id);
    if (!(await until(world, schedule.nowMs + 500))) return;
    apart = attempt(() => divergence(sight(world)) ?? stillOpen(world));
  }
  if (apart !== undefined) return world.violated(`does not come together: ${apart}`);
  const fault = await faultAtEnd(sight(world)).catch((error: unknown) => String(error));
  if (fault !== undefined) world.violated(fault);
}

/** Somebody who still has open what they may not see. */
function stillOpen(world: SimulatedWorld): string | undefined {
  const client = world.everybody.find((each) => each.isConnected && [...each.channels.keys()].some((id) => !world.mayRead(each, id)));
  return client && `${client.name} still has something open that is not for them`;
}

const sight = (world: SimulatedWorld) => ({
  tables: world.tables, clients: world.everybody, nodes: world.nodes, schedule: world.schedule, tokens: world.checks.tokens, mayRead: (client: Client, section: string) => world.mayRead(client, section),
});
function attempt(work: () => string | undefined): string | undefined {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}

/** Lets everything happen up to a moment; false when something did not hold. */
async function until({ schedule, checks }: SimulatedWorld, untilMs: number): Promise<boolean> {
  while (checks.violation === undefined && (await schedule.step(untilMs)));
  return checks.violation === undefined;
}

/** One person's work: now and then something, sometimes much at once. */
function keepBusy(world: SimulatedWorld, client: Client): void {
  const { dice, schedule, shape } = world;
  schedule.after(dice.between(0.2, 2) * shape.paceMs, `${client.name} works`, () => {
    if (world.healed) return;
    busy(world, client);
    keepBusy(world, client);
  });
}
function busy(world: SimulatedWorld, client: Client): void {
  const { dice, schedule } = world;
  const writable = [...client.papers.keys()].filter((id) => world.mayWrite(client, id) && (id !== 'death' || dice.chance(0.1)));
  if (writable.length === 0) return;
  const section = dice.pick(writable);
  const times = dice.chance(0.15) ? dice.whole(2, 12) : 1;
  for (let time = 0; time < times; time += 1) client.edit(section);
  if (dice.chance(0.5)) client.askSaved(section);
  else schedule.after(dice.between(1, 400), `${client.name} asks`, () => client.askSaved(section));
}

function keepHappening(world: SimulatedWorld): void {
  const { dice, schedule, shape, happened } = world;
  if (shape.mishaps.length === 0) return;
  schedule.after(dice.between(0.2, 2) * shape.mishapMs, 'something happens', () => {
    if (world.healed) return;
    const mishap = dice.pick(shape.mishaps);
    const what = happenings[mishap](world);
    if (what !== undefined) {
      happened.set(mishap, (happened.get(mishap) ?? 0) + 1);
      schedule.note(`${mishap}: ${what}`);
    }
    keepHappening(world);
  });
}
