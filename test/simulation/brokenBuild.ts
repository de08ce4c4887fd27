/** Makes a copy of the tree with one defect in it and asks the simulation, and then the suites, whether they notice. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Mutant } from './mutantList.ts';

export interface Caught {
  /** What noticed it; undefined when nothing did. */
  readonly by: string | undefined;
  readonly how: string;
}

const parts = ['server', 'shared', 'test/simulation', 'test/support', 'test/unit', 'test/contract', 'client/collab', 'package.json', 'tsconfig.json', 'jest.config.js'];
/** Longer than all seeds take on a slow machine; what takes longer has not been caught. */
const deadlineMs = 900_000;

/** The mutant's source; throws unless what it replaces stands there exactly once. */
export function brokenSource(root: string, { name, file, find, put }: Mutant): string {
  const source = readFileSync(path.join(root, file), 'utf8');
  if (source.split(find).length !== 2) throw new Error(`“${name}”: what is to be replaced stands ${source.split(find).length - 1} times in ${file}`);
  return source.replace(find, () => put);
}

/** Builds it and tries it on `seeds` seeds, then on its suites. */
export async function tryOut(root: string, mutant: Mutant, seeds: number): Promise<Caught> {
  const source = brokenSource(root, mutant);
  const copy = mkdtempSync(path.join(tmpdir(), 'accord-mutant-'));
  try {
    for (const part of parts) cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    writeFileSync(path.join(copy, mutant.file), source);
    if (!mutant.suites) {
      const played = await execute(copy, process.execPath, ['--import', 'tsx', 'test/simulation/run.ts', '--seeds', String(seeds)]);
      const failed = /FAILED (seed \d+: .*)/.exec(played.output)?.[1];
      return failed === undefined ? { by: undefined, how: `${seeds} seeds noticed nothing: ${lastLine(played.output)}` } : { by: 'simulation', how: failed };
    }
    const asked = await execute(copy, path.join(root, 'node_modules', '.bin', 'jest'), ['--rootDir', copy, '--maxWorkers=1', ...mutant.suites]);
    const failed = /● (.*)/.exec(asked.output)?.[1];
    // A suite that could not be run has noticed nothing.
    return asked.code !== 0 && failed !== undefined && !failed.includes('failed to run') ? { by: mutant.suites.join(' '), how: failed } : { by: undefined, how: /Tests: .*/.exec(asked.output)?.[0] ?? lastLine(asked.output) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? '';

function execute(cwd: string, file: string, args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const overdue = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    const hear = (chunk: Buffer): void => { output += chunk.toString(); };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', (code) => {
      clearTimeout(overdue);
      resolve({ code, output });
    });
  });
}
