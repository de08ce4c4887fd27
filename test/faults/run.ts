/** `npm run faults [-- F07 F12]`: every scenario, or those named, on real processes; a table at the end, and exit code 1 when anything was lost. */
import { ensureRedis } from '../support/redis.ts';
import { runScenario } from '../support/faultRun.ts';
import { FaultWorld } from '../support/faultWorld.ts';
import { scenarios } from './scenarios.ts';
import { held, tableOf, type Row } from './table.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

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
      say(`${figures.findings.length === 0 ? 'ok    ' : 'FAILED'} ${scenario.id} ${scenario.title} [${scenario.hazards.join(' ')}] (${((performance.now() - begunMs) / 1000).toFixed(0)} s)${figures.notes.length > 0 ? `: ${figures.notes.join('; ')}` : ''}`);
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
  for (const line of tableOf(rows)) say(line);
  return rows.every(held) ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
