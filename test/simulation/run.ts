/** `npm run simulate -- --seeds N --from S`: plays seeds one after the other and ends with 1 at the first that fails; `--trace` tells the whole story. */
import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { seeds: { type: 'string', default: '200' }, from: { type: 'string', default: '1' }, trace: { type: 'boolean', default: false }, on: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    say('npm run simulate -- [--seeds 200] [--from 1] [--on: go on after a failure] [--trace: tell the whole story]');
    return 0;
  }
  const [seeds, from] = [Number(values.seeds), Number(values.from)];
  if (![seeds, from].every((number) => Number.isSafeInteger(number) && number > 0)) throw new Error('--seeds and --from want whole numbers from 1.');
  const total = { events: 0, rows: 0, acknowledged: 0, refusals: 0, versions: 0, failed: 0 };
  const happened = new Map<string, number>();
  const beganMs = performance.now();
  for (let seed = from; seed < from + seeds; seed += 1) {
    const outcome = await simulate(seed, values.trace ? say : undefined);
    for (const key of ['events', 'rows', 'acknowledged', 'refusals', 'versions'] as const) total[key] += outcome[key];
    for (const [what, times] of outcome.happened) happened.set(what, (happened.get(what) ?? 0) + times);
    if (outcome.violation === undefined) continue;
    total.failed += 1;
    say(`FAILED seed ${seed}: ${outcome.violation}`);
    say(`repeat it with: npm run simulate -- --from ${seed} --seeds 1 --trace`);
    if (!values.on) break;
  }
  say(`${seeds} seeds from ${from} in ${((performance.now() - beganMs) / 1000).toFixed(1)} s: ${total.events} events, ${total.rows} rows, ${total.acknowledged} changes saved, ${total.refusals} refused, ${total.versions} versions, ${total.failed} failed`);
  say([...happened].toSorted(([a], [b]) => a.localeCompare(b)).map(([what, times]) => `${what} ${times}`).join(', '));
  return total.failed === 0 ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
