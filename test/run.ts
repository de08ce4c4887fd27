/** `npm test`: every suite in order, one line each with its time, and how many tests passed and failed at the end. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { startTestPostgres } from './support/postgres.ts';
import { ensureRedis } from './support/redis.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const results = path.join(root, 'test', 'results');
const suiteDeadlineMs = 40 * 60 * 1000;
const tool = (name: string): string => path.join(root, 'node_modules', '.bin', name);

interface Count {
  readonly passed: number;
  readonly failed: number;
}
interface Suite {
  readonly name: string;
  readonly run: () => Promise<Count & { readonly output: string }>;
}

const jestFolders = ['unit', 'contract', 'integration', 'security', 'simulation', 'faults'] as const;
const suites: readonly Suite[] = [
  { name: 'types', run: () => check(tool('tsc'), ['-p', '.', '--noEmit']) },
  { name: 'lint', run: () => check(tool('oxlint'), ['--type-aware', '--deny-warnings']) },
  { name: 'house', run: () => jest('house', ['test/[^/]+\\.test\\.ts$']) },
  ...jestFolders.filter((folder) => holds(folder, '.test.ts')).map((folder) => ({
    // Faults kill and freeze what they start, one at a time, so that a slow machine is never mistaken for a broken one.
    name: folder, run: () => jest(folder, [`test/${folder}/`, ...(folder === 'faults' ? ['--runInBand'] : ['--maxWorkers=2']), ...(folder === 'security' ? ['--testTimeout=120000'] : [])]),
  })),
  ...(holds('e2e', '.spec.ts') ? [{ name: 'e2e', run: playwright }] : []),
];

function holds(folder: string, ending: string): boolean {
  const full = path.join(root, 'test', folder);
  return existsSync(full) && readdirSync(full, { recursive: true }).some((name) => String(name).endsWith(ending));
}

/** A program that says yes or no counts as one test. */
async function check(file: string, args: readonly string[]): Promise<Count & { output: string }> {
  const { code, output } = await execute(file, args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
}

const jestResult = z.object({
  numPassedTests: z.number(), numFailedTests: z.number(), numPendingTests: z.number(), numTodoTests: z.number(), numRuntimeErrorTestSuites: z.number(),
});
async function jest(name: string, args: readonly string[]): Promise<Count & { output: string }> {
  const file = resultFile(name);
  const { code, output } = await execute(tool('jest'), ['--json', `--outputFile=${file}`, '--silent', ...args]);
  const found = existsSync(file) ? jestResult.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data : undefined;
  if (!found) return { passed: 0, failed: 1, output };
  // A test that was skipped or is still to be written proves nothing: it counts as failed, as does a file that could not be run.
  const failed = found.numFailedTests + found.numPendingTests + found.numTodoTests + found.numRuntimeErrorTestSuites;
  return { passed: found.numPassedTests, failed: failed || (code === 0 ? 0 : 1), output };
}

const playwrightResult = z.object({ stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }) });
async function playwright(): Promise<Count & { output: string }> {
  const file = resultFile('e2e');
  const { code, output } = await execute(tool('playwright'), ['test'], { E2E_JSON: file });
  const found = existsSync(file) ? playwrightResult.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.stats : undefined;
  if (!found) return { passed: 0, failed: 1, output };
  const failed = found.unexpected + found.flaky + found.skipped;
  return { passed: found.expected, failed: failed || (code === 0 ? 0 : 1), output };
}

function resultFile(name: string): string {
  const file = path.join(results, `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

function execute(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, [...args], { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const overdue = setTimeout(() => {
      output += `\nended after ${suiteDeadlineMs / 60_000} minutes`;
      child.kill('SIGKILL');
    }, suiteDeadlineMs);
    const hear = (chunk: Buffer) => { output += chunk.toString(); };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', (error) => { output += error.message; });
    child.once('close', (code) => {
      clearTimeout(overdue);
      resolve({ code, output });
    });
  });
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    say(`There is no suite called ${unknown.join(', ')}; there are ${suites.map(({ name }) => name).join(', ')}.`);
    return 1;
  }
  mkdirSync(results, { recursive: true });
  await ensureRedis();
  const postgres = await startTestPostgres();
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  process.env['TEST_POSTGRES_TEMPLATE'] = postgres.template;
  const total = { passed: 0, failed: 0 };
  try {
    for (const suite of suites.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
      const began = performance.now();
      const { passed, failed, output } = await suite.run();
      if (failed > 0) say(output.trimEnd());
      say(`${failed === 0 ? 'ok    ' : 'FAILED'} ${suite.name.padEnd(12)} ${passed} passed, ${failed} failed in ${((performance.now() - began) / 1000).toFixed(1)} s`);
      total.passed += passed;
      total.failed += failed;
    }
  } finally {
    await postgres.stop();
  }
  say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    say('0 passed, 1 failed');
    process.exit(1);
  },
);
