/** `npm run bench [-- workload … --rounds N --quick]`: the contestants in turn, medians of the rounds, and a table of ratios at the end. */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startBench } from './bench.ts';
import type { ContestantName } from './contestants.ts';
import { showTable } from './table.ts';
import { verdicts } from './targets.ts';
import { fullSizes, quickSizes, workloads, type Reading } from './workloads.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

export interface Sample extends Reading {
  readonly contestant: ContestantName;
  readonly round: number;
}

/** What the figures were measured on, and how busy that was with other things. */
const machine = (): string => `${cpus().length} processors, load ${loadavg().map((load) => load.toFixed(1)).join(' ')}, Node ${process.version}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] }, long: { type: 'boolean', default: false }, prof: { type: 'string' } },
  });
  const unknown = positionals.filter((name) => !workloads.some((workload) => workload.name === name));
  if (unknown.length > 0) {
    say(`There is no workload called ${unknown.join(', ')}; there are ${workloads.map(({ name }) => name).join(', ')}.`);
    return 1;
  }
  const rounds = Number(values.rounds);
  const chosen = values.quick ? quickSizes : fullSizes;
  const sizes = values.long ? { ...chosen, historyEdits: [chosen.historyEdits[0], chosen.historyEdits[0]] as const } : chosen;
  say(machine());
  const began = performance.now();
  const bench = await startBench(values.prof === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', values.prof]);
  const samples: Sample[] = [];
  let failures = 0;
  try {
    for (const workload of workloads.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
      for (let round = 1; round <= Math.min(rounds, workload.rounds ?? rounds); round += 1) {
        for (const contestant of workload.contestants.filter((name) => values.only.length === 0 || values.only.some((word) => name.includes(word)))) {
          const start = performance.now();
          try {
            const readings = await workload.run(bench, contestant, sizes);
            samples.push(...readings.map((reading) => ({ ...reading, contestant, round })));
            say(`${workload.name} ${round}/${rounds} ${contestant}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
          } catch (error) {
            failures += 1;
            say(`${workload.name} ${round}/${rounds} ${contestant} FAILED: ${error instanceof Error ? error.message : String(error)}`);
          }
        }
      }
    }
  } finally {
    await bench.stop();
  }
  say(showTable(samples));
  for (const { text, reached } of verdicts(samples)) say(`${reached ? 'reached    ' : 'NOT REACHED'} ${text}`);
  say(machine());
  say(`${((performance.now() - began) / 60_000).toFixed(1)} minutes, ${failures} failures`);
  return failures === 0 ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
