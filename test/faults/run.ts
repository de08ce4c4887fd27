/** `npm run faults [-- F07 F12]`: every scenario, or those named, on real processes; a table at the end, and exit code 1 when anything was lost. */
import { ensureRedis } from '../support/redis.ts';
import { runScenario, type Figures } from '../support/faultRun.ts';
import { FaultWorld } from '../support/faultWorld.ts';
import { scenarios } from './scenarios.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
type Row = { readonly id: string; readonly title: string } & ({ readonly figures: Figures } | { readonly failed: string });

async function main(): Promise<number> {
  const asked = process.argv.slice(2).filter((word) => word !== '--short');
  const short = process.argv.includes('--short');
  const unknown = asked.filter((id) => !scenarios.some((scenario) => scenario.id === id));
  if (unknown.length > 0) {
    say(`There is no scenario called ${unknown.join(', ')}; there are ${scenarios.map(({ id }) => id).join(', ')}.`);
    return 1;
  }
  await ensureRedis();
  const rows: Row[] = [];
  let world: FaultWorld | undefined;
  for (const scenario of scenarios.filter(({ id }) => asked.length === 0 || asked.includes(id))) {
    const begunMs = performance.now();
    world ??= await FaultWorld.start(rows.length + 1);
    try {
      const figures = await runScenario(world, scenario, short);
      rows.push({ ...scenario, figures });
      say(`${figures.findings.length === 0 ? 'ok    ' : 'FAILED'} ${scenario.id} ${scenario.title} (${((performance.now() - begunMs) / 1000).toFixed(0)} s)${figures.notes.length > 0 ? `: ${figures.notes.join('; ')}` : ''}`);
      for (const { invariant, what } of figures.findings.slice(0, 10)) say(`         ${invariant}: ${what}`);
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error);
      rows.push({ ...scenario, failed });
      say(`FAILED ${scenario.id} ${scenario.title}: ${failed}`);
      for (const { name, product } of world.nodes) say(`         node ${name} said last: ${product.output().trim().split('\n').slice(-3).join(' | ').slice(0, 600)}`);
      // What a failed scenario left behind is nobody's to build on.
      await world.dispose();
      world = undefined;
    }
  }
  await world?.dispose();
  say('');
  table(rows);
  return rows.every((row) => 'figures' in row && row.figures.findings.length === 0) ? 0 : 1;
}

function table(rows: readonly Row[]): void {
  const cells = [
    ['scenario', 'acknowledged', 'lost', 'converged', 's to first saved', 'worst MB', ''],
    ...rows.map((row) => ('failed' in row ? [row.id, '-', '-', '-', '-', '-', `failed: ${row.failed.split('\n')[0]?.slice(0, 60)}`] : [
      row.id, String(row.figures.acknowledged), String(row.figures.lost), row.figures.converged ? 'yes' : 'NO',
      row.figures.healSeconds === undefined ? '-' : row.figures.healSeconds.toFixed(1), String(row.figures.worstMemoryMb), row.title,
    ])),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of cells) say(line.map((cell, column) => (column === 0 || column === 6 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd());
}

main().then((code) => process.exit(code), (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
