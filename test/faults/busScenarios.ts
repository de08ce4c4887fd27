/** Redis killed, emptied, frozen or out of reach, and two nodes that lose each other in every way: no text may notice, presence may be late. */
import { connect } from 'node:net';
import { eventually } from '../support/eventually.ts';
import { spread, type FaultRun, type Scenario, type Table } from '../support/faultRun.ts';
import type { Typist } from '../support/typist.ts';

/** Generous on a busy machine; what it took is told. */
const lagMsMax = 20_000;

async function spreadTable(run: FaultRun): Promise<Table> {
  const table = await run.table(run.short ? 4 : 8);
  await bothNodes(run, table);
  return table;
}

/** Somebody of the table at each node. Whoever loses a line tries the other node next: where all are at one, half of the lines are cut. */
async function bothNodes(run: FaultRun, table: Table): Promise<readonly [Typist, Typist]> {
  const { world } = run;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const [a, b] = await eventually(() => {
      if (table.people.some(({ status, gone }) => !gone && status === 'offline')) throw new Error('not everybody is back');
      return [run.at(table, world.a), run.at(table, world.b)] as const;
    }, 60_000);
    if (a[0] && b[0]) return [a[0], b[0]];
    const full = a[0] ? world.a : world.b;
    [...full.front.links].forEach((link, index) => { if (index % 2 === 0) link.cut(); });
    await eventually(() => { if (run.at(table, full).length === table.people.length) throw new Error('nobody has moved'); }, 30_000);
  }
  throw new Error('people do not spread over both nodes');
}

/** Both ways between the nodes, in words; throws when a word took too long. */
async function across(run: FaultRun, table: Table, when: string): Promise<void> {
  const [a, b] = await bothNodes(run, table);
  const lags = [...(await run.lag(a, b, 4)), ...(await run.lag(b, a, 4))].toSorted((x, y) => x - y);
  run.notes.push(`across nodes ${when}: ${spread(lags)}`);
  if ((lags.at(-1) ?? 0) > lagMsMax) throw new Error(`a saved word took ${Math.round(lags.at(-1) ?? 0)} ms to the other node ${when}`);
}

/** F12 */
async function killed(run: FaultRun): Promise<void> {
  const { world } = run;
  const table = await spreadTable(run);
  run.type();
  await run.saved(40);
  await run.seeEachOther(table);
  world.redis.process?.kill('SIGKILL');
  const fromMs = performance.now();
  await across(run, table, 'without Redis');
  await run.saved(run.short ? 30 : 200);
  // Whoever comes now cannot know yet who is at the other node.
  const late = run.sit(table, 'gp');
  await eventually(() => { if (late.status !== 'saved') throw new Error('not in yet'); }, 60_000);
  if (!run.short) await run.lasts(60_000 - (performance.now() - fromMs));
  await world.restartRedis();
  await run.healed(table.people.filter((each) => each !== late));
  run.notes.push(`everybody seen ${(await run.seeEachOther(table)).toFixed(1)} s after Redis was back`);
  await across(run, table, 'afterwards');
}

/** F13 */
async function emptied(run: FaultRun): Promise<void> {
  const { world } = run;
  const table = await spreadTable(run);
  run.type();
  await run.saved(40);
  await run.seeEachOther(table);
  await say(world.redisPort, 'FLUSHALL');
  await run.saved(40);
  run.notes.push(`everybody seen ${(await run.seeEachOther(table)).toFixed(1)} s after it was emptied`);
  await world.restartRedis();
  await run.healed();
  run.notes.push(`and ${(await run.seeEachOther(table)).toFixed(1)} s after an empty start`);
  // Somebody who comes now is told of people on both nodes.
  const late = run.sit(table, 'gp');
  await eventually(() => { if (late.status === 'offline') throw new Error('not in yet'); }, 60_000);
  run.notes.push(`somebody new sees everybody after ${(await run.seeEachOther(table)).toFixed(1)} s`);
  for (const node of world.nodes) await world.get(node, 'nurse', '/api/session');
}

/** F14 */
async function frozen(run: FaultRun): Promise<void> {
  const { world } = run;
  const table = await spreadTable(run);
  run.type();
  await run.saved(40);
  world.redis.process?.kill('SIGSTOP');
  const untilMs = performance.now() + (run.short ? 5_000 : 30_000);
  const waits: number[] = [];
  while (performance.now() < untilMs) {
    for (const node of world.nodes) {
      const askedMs = performance.now();
      await world.get(node, 'coordinator', '/api/plans');
      waits.push(performance.now() - askedMs);
    }
  }
  await across(run, table, 'while Redis is frozen');
  world.redis.process?.kill('SIGCONT');
  await run.healed();
  waits.sort((a, b) => a - b);
  run.notes.push(`caseload meanwhile: ${spread(waits)}, worst ${Math.round(waits.at(-1) ?? 0)} ms`);
  if ((waits.at(-1) ?? 0) > 10_000) throw new Error('a request waited for a frozen Redis');
  await run.seeEachOther(table);
}

/** F15 */
async function oneSided(run: FaultRun): Promise<void> {
  const { world } = run;
  const table = await spreadTable(run);
  run.type();
  await run.saved(40);
  world.a.bus.block();
  await across(run, table, 'while A hears nothing of Redis');
  await run.saved(run.short ? 30 : 200);
  world.a.bus.heal();
  await run.healed();
  run.notes.push(`everybody seen ${(await run.seeEachOther(table)).toFixed(1)} s after healing`);
}

/** Two nodes: people co-edit, see each other, and lose first one node, then the other, then Redis. */
async function twoNodes(run: FaultRun): Promise<void> {
  const { world } = run;
  const table = await spreadTable(run);
  run.type();
  await run.saved(30);
  await run.seeEachOther(table);
  await across(run, table, 'with everything');
  for (const node of world.nodes) {
    const there = run.at(table, node);
    const killedMs = performance.now();
    await node.product.stop('SIGKILL');
    await run.healed(there, killedMs);
    await node.product.restart();
    await bothNodes(run, table);
    await run.seeEachOther(table);
  }
  world.redis.process?.kill('SIGKILL');
  await across(run, table, 'without Redis');
  await world.restartRedis();
  await run.healed();
  run.notes.push(`everybody seen ${(await run.seeEachOther(table)).toFixed(1)} s after Redis was back`);
}

/** One command to Redis, past every proxy. */
const say = (port: number, command: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => void socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      if (answer.toString().startsWith('+OK')) resolve();
      else reject(new Error(answer.toString()));
    });
  });

export const busScenarios: readonly Scenario[] = [
  { id: 'F12', title: 'Redis is killed', hazards: ['HAZ-07'], run: killed },
  { id: 'F13', title: 'Redis is emptied, and starts empty', hazards: ['HAZ-07'], run: emptied },
  { id: 'F14', title: 'Redis is frozen', hazards: ['HAZ-23'], run: frozen },
  { id: 'F15', title: 'one node cannot reach Redis', hazards: ['HAZ-07'], run: oneSided },
  { id: 'TWO', title: 'two nodes lose one, the other, and Redis', hazards: ['HAZ-23'], run: twoNodes },
];
