/** PostgreSQL restarted, killed, frozen, held or out of reach, while people type. */
import { eventually } from '../support/eventually.ts';
import { spread, type FaultRun, type Scenario } from '../support/faultRun.ts';
import type { FaultNode } from '../support/faultWorld.ts';

/** F04, F05: PostgreSQL ends in some way and is started again by whoever keeps it. */
const endedBy = (ways: readonly (readonly [string, NodeJS.Signals, 'first' | 'all'])[]) => async (run: FaultRun): Promise<void> => {
  const { world } = run;
  const table = await run.table(run.short ? 4 : 12);
  run.type();
  for (const [name, signal, whose] of ways) {
    // Somebody shuts the lid at that moment and never says again what they were told is saved.
    const goes = run.sit(table, 'gp', { paceMs: 60 });
    goes.type();
    await run.saved(5, [goes]);
    await run.saved(run.short ? 30 : 100);
    const before = world.postgres.pid();
    await world.signalPostgres('SIGSTOP');
    goes.vanish();
    if (whose === 'all') await world.signalPostgres(signal);
    else process.kill(before, signal);
    if (signal !== 'SIGKILL') await world.signalPostgres('SIGCONT');
    await eventually(async () => {
      if (world.postgres.pid() === before) throw new Error('PostgreSQL has not ended');
      await world.sql('SELECT 1');
    }, 60_000);
    const sinceMs = performance.now();
    await run.healed(run.everybody, sinceMs);
    run.notes.push(name);
  }
};

/** F06: PostgreSQL says nothing any more for a while. */
async function frozen(run: FaultRun): Promise<void> {
  const { world } = run;
  await run.table(run.short ? 4 : 12);
  run.type();
  for (const seconds of run.short ? [3] : [3, 30, 120]) {
    await run.saved(40);
    await world.signalPostgres('SIGSTOP');
    const probe = watch(world.a, run);
    const frozenMs = performance.now();
    await run.lasts(seconds * 1000);
    const { worstMs, unreadyAfterMs } = await probe.end();
    const thawedMs = performance.now();
    await world.signalPostgres('SIGCONT');
    await run.healed();
    run.nothingSaved(run.everybody, frozenMs, thawedMs);
    if (worstMs > 5_000) throw new Error(`the node did not turn for ${worstMs} ms while PostgreSQL was frozen`);
    if (seconds > 20 && unreadyAfterMs === undefined) throw new Error('the node called itself ready although PostgreSQL was frozen');
    run.notes.push(`${seconds} s frozen: not ready after ${unreadyAfterMs === undefined ? '-' : (unreadyAfterMs / 1000).toFixed(1)} s, slowest sign of life ${Math.round(worstMs)} ms`);
  }
}

/** F11: somebody holds a plan's row. */
async function held(run: FaultRun): Promise<void> {
  const { world } = run;
  const stuck = await run.table(run.short ? 3 : 6);
  const free = await run.table(run.short ? 3 : 6);
  run.type();
  await run.saved(60);
  const fromMs = performance.now();
  await world.connected(async (client) => {
    await client.query('BEGIN');
    await client.query('SELECT id FROM plans WHERE id = $1 FOR UPDATE', [stuck.planId]);
    const heldMs = performance.now();
    await run.lasts(run.short ? 5_000 : 20_000);
    run.nothingSaved(stuck.people, heldMs, performance.now());
    await client.query('ROLLBACK');
  });
  run.notes.push(`other plan meanwhile: ${spread(free.people.flatMap(({ journal }) => journal.waits(fromMs, performance.now())).toSorted((a, b) => a - b))}`);
  await run.healed(stuck.people);
}

/** F16: node A cannot reach PostgreSQL any more; people and Redis it can. */
async function cutOff(run: FaultRun): Promise<void> {
  const { world } = run;
  await run.table(run.short ? 6 : 12);
  run.type();
  await run.saved(60);
  const there = run.everybody.filter(({ way }) => way === world.a.ws);
  const fromMs = performance.now();
  world.a.storage.proxy.block();
  const probe = watch(world.a, run);
  await run.healed(there, fromMs + 1_500);
  const { unreadyAfterMs } = await probe.end(20_000);
  if (unreadyAfterMs === undefined) throw new Error('the node called itself ready although it could not reach PostgreSQL');
  const away = there.map(({ journal }) => (journal.closes.find(({ atMs }) => atMs >= fromMs)?.atMs ?? NaN) - fromMs).toSorted((a, b) => a - b);
  const healMs = performance.now();
  world.a.storage.proxy.heal();
  run.nothingSaved(run.everybody, fromMs, healMs, world.a);
  await eventually(async () => { if ((await world.health(world.a, 'readyz')) !== 200) throw new Error('not ready again'); }, 60_000);
  run.notes.push(`sent away: ${spread(away)}; not ready after ${(unreadyAfterMs / 1000).toFixed(1)} s; ready again after ${((performance.now() - healMs) / 1000).toFixed(1)} s`);
  await run.saved(30);
}

/** Asks a node again and again whether it lives and whether it is ready. */
function watch(node: FaultNode, { world }: FaultRun): { end(waitMs?: number): Promise<{ worstMs: number; unreadyAfterMs: number | undefined }> } {
  const beganMs = performance.now();
  const seen: { worstMs: number; unreadyAfterMs: number | undefined; over: boolean } = { worstMs: 0, unreadyAfterMs: undefined, over: false };
  const again = async (everyMs: number, ask: () => Promise<void>): Promise<void> => {
    while (!seen.over) {
      await ask();
      await new Promise((resolve) => void setTimeout(resolve, everyMs));
    }
  };
  const living = again(50, async () => {
    const askedMs = performance.now();
    await world.health(node, 'livez', 30_000);
    seen.worstMs = Math.max(seen.worstMs, performance.now() - askedMs);
  });
  const ready = again(100, async () => {
    if ((await world.health(node, 'readyz', 30_000)) === 503) seen.unreadyAfterMs ??= performance.now() - beganMs;
  });
  return {
    end: async (waitMs = 0) => {
      await eventually(() => { if (seen.unreadyAfterMs === undefined) throw new Error('ready'); }, waitMs).catch(() => undefined);
      seen.over = true;
      await Promise.all([living, ready]);
      return seen;
    },
  };
}

export const storageScenarios: readonly Scenario[] = [
  { id: 'F04', title: 'PostgreSQL is restarted, fast and at once', hazards: ['HAZ-04'], run: endedBy([['restarted fast', 'SIGINT', 'first'], ['restarted at once', 'SIGQUIT', 'first']]) },
  { id: 'F05', title: 'PostgreSQL and all its processes are killed', hazards: ['HAZ-04', 'HAZ-27'], run: endedBy([['killed', 'SIGKILL', 'all'], ['killed again', 'SIGKILL', 'all']]) },
  { id: 'F06', title: 'PostgreSQL is frozen', hazards: ['HAZ-04', 'HAZ-23'], run: frozen },
  { id: 'F11', title: 'somebody holds the row of a plan', hazards: ['HAZ-23'], run: held },
  { id: 'F16', title: 'one node cannot reach PostgreSQL', hazards: ['HAZ-04', 'HAZ-23'], run: cutOff },
];
