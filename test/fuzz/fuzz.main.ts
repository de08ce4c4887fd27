/** `npm run fuzz -- --seed N --count N`: mutations of real updates against the gate. Ends non-zero when anything fails. */
import { parseArgs } from 'node:util';
import { campaign, lines } from './campaign.ts';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '1000000' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  process.stdout.write('npm run fuzz -- [--seed 1] [--count 1000000]\n');
  process.exit(0);
}
const [seed, count] = [Number(values.seed), Number(values.count)];
if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 1) {
  process.stderr.write('--seed and --count take whole numbers\n');
  process.exit(2);
}
const began = performance.now();
const report = campaign(seed, count, { progress: (done) => void process.stderr.write(`${done}\n`) });
for (const line of lines(report, (performance.now() - began) / 1000)) process.stdout.write(`${line}\n`);
process.exitCode = report.failures.length > 0 ? 1 : 0;
