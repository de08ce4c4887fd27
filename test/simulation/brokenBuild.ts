/** Makes a copy of the tree with one defect in it and asks the simulation, or suites, whether they notice. */
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

/** Builds it and tries it on `seeds` seeds, or on its suites where the world of the simulation cannot have such a defect. */
export async function tryOut(root: string, mutant: Mutant, seeds: number): Promise<Caught> {
  const source = brokenSource(root, mutant);
  return inCopy(root, async (copy) => {
    writeFileSync(path.join(copy, mutant.file), source);
    const noticed = await (mutant.suites ? ask(root, copy, mutant.suites) : play(copy, seeds));
    return { by: noticed.fault === undefined ? undefined : (mutant.suites?.join(' ') ?? 'simulation'), how: noticed.fault ?? noticed.how };
  });
}

/** What fails without any defect: while anything does, a broken build that fails says nothing. Undefined when all passes. */
export const failsUnbroken = (root: string, suites: readonly string[], seeds: number): Promise<string | undefined> => inCopy(root, async (copy) => {
  const played = await play(copy, seeds);
  if (!played.passed) return played.fault ?? played.how;
  if (suites.length === 0) return undefined;
  const asked = await ask(root, copy, suites);
  return asked.passed ? undefined : (asked.fault ?? asked.how);
});

interface Noticed {
  readonly passed: boolean;
  readonly fault: string | undefined;
  readonly how: string;
}

async function play(copy: string, seeds: number): Promise<Noticed> {
  const { code, output } = await execute(copy, process.execPath, ['--import', 'tsx', 'test/simulation/run.ts', '--seeds', String(seeds)]);
  return { passed: code === 0, fault: /FAILED (seed \d+: .*)/.exec(output)?.[1], how: `${seeds} seeds noticed nothing: ${lastLine(output)}` };
}

async function ask(root: string, copy: string, suites: readonly string[]): Promise<Noticed> {
  const { code, output } = await execute(copy, path.join(root, 'node_modules', '.bin', 'jest'), ['--rootDir', copy, '--maxWorkers=1', ...suites]);
  const failed = /● (.*)/.exec(output)?.[1];
  // A suite that could not be run has noticed nothing.
  const fault = code !== 0 && failed !== undefined && !failed.includes('failed to run') ? failed : undefined;
  return { passed: code === 0, fault, how: /Tests: .*/.exec(output)?.[0] ?? lastLine(output) };
}

async function inCopy<T>(root: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(path.join(tmpdir(), 'accord-mutant-'));
  try {
    for (const part of parts) cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    return await work(copy);
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
