/**
 * `npm run bench [-- workload …]`: the contestants in turn, medians of the rounds, and what Accord had to reach at the end.
 * `--rounds N`; `--quick` for small sizes; `--long` gives each of the many long plans as long a history as the one; `--only accord` (may
 * be repeated) leaves contestants out; `--prof folder` leaves a profile of every server there.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startBench } from './bench.ts';
import { endServers } from './processes.ts';
import { measureAll, type Measurements } from './rounds.ts';
import { showTable } from './table.ts';
import { verdicts } from './targets.ts';
import { fullSizes, quickSizes, workloads } from './workloads.ts';
import { startWorld } from './world.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What the figures were measured on, and how busy that was with other things. */
const machine = (): string => `${cpus().length} processors, load ${loadavg().map((load) => load.toFixed(1)).join(' ')}, Node ${process.version}`;

const legend = `s/1000: processor seconds for 1,000 edits delivered to others. saved: with Accord and the durable relay the answer that an edit is
committed; with Hocuspocus its word that it was applied in memory, to be stored seconds later. Accord and the relays carry a plan in
sections over one socket, as permission demands of Accord; Hocuspocus and y-websocket carry it as one document, which is cheaper for them.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false }, long: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] }, prof: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !workloads.some((workload) => workload.name === name));
  if (unknown.length > 0) throw new Error(`There is no workload called ${unknown.join(', ')}; there are ${workloads.map(({ name }) => name).join(', ')}.`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds wants a whole number from 1.');
  const chosen = values.quick ? quickSizes : fullSizes;
  const sizes = values.long ? { ...chosen, historyEdits: [chosen.historyEdits[0], chosen.historyEdits[0]] as const } : chosen;
  const began = performance.now();
  say(machine());
  const world = await startWorld();
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted = true;
      endServers();
      void world.stop().finally(() => process.exit(1));
    });
  }
  let measured: Measurements;
  try {
    const bench = await startBench(world, values.prof === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', values.prof]);
    measured = await measureAll(bench, {
      rounds, sizes,
      workloads: workloads.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
      takesPart: (name) => !interrupted && (values.only.length === 0 || values.only.some((word) => name.includes(word))),
    }, say);
    bench.load.stop();
  } finally {
    endServers();
    await world.stop();
  }
  const { samples, failures } = measured;
  say(showTable(samples));
  say(`\n${legend}\n`);
  for (const { text, reached } of verdicts(samples)) say(`${reached ? 'reached    ' : 'NOT REACHED'} ${text}`);
  for (const failure of failures) say(`FAILED      ${failure}`);
  say(`${machine()}; ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
  return failures.length === 0 ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
