/** The processes that are measured: started, asked for memory and processor time from outside, and stopped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const probe = path.join(root, 'test', 'bench', 'probe.ts');
const startDeadlineMs = 240_000;
const stopDeadlineMs = 20_000;
const answerDeadlineMs = 60_000;
/** What the kernel counts processor time in. */
const ticksPerSecond = 100;

const running = new Set<ChildProcess>();
/** Ends every server that still runs, when the run itself is ended. */
export function endServers(): void {
  for (const child of running) child.kill('SIGKILL');
}

export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}
export interface Running {
  readonly pid: number;
  /** Memory that is left after a forced collection. */
  memory(): Promise<Memory>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}
export interface Start {
  /** File to run, seen from the top of the tree. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** A line that says that it can be connected to. */
  readonly ready: RegExp;
  /** Options of node itself, such as `--cpu-prof`. */
  readonly options?: readonly string[];
}

/** Starts a program of the tree with the probe beside it and waits for its line. Throws what it said when it ends before. */
export async function startServer({ file, env, ready, options = [] }: Start): Promise<Running> {
  const passedOn = ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', probe, ...options, file], {
    cwd: root, env: { ...Object.fromEntries(passedOn), ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let said = '';
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-20_000);
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const until = (pattern: RegExp, deadlineMs: number): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(overdue);
        listeners.delete(look);
        child.off('exit', ended);
      };
      const look = (): void => {
        const found = pattern.exec(said);
        if (!found) return;
        end();
        resolve(found);
      };
      const ended = (): void => {
        end();
        reject(new Error(`${file} ended:\n${said.slice(-3000)}`));
      };
      const overdue = setTimeout(() => {
        end();
        reject(new Error(`${file} did not say ${pattern.source} within ${deadlineMs / 1000} s:\n${said.slice(-3000)}`));
      }, deadlineMs);
      listeners.add(look);
      child.once('exit', ended);
      look();
    });
  try {
    await until(ready, startDeadlineMs);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    pid: child.pid as number,
    memory: async () => {
      said = '';
      child.kill('SIGUSR2');
      return JSON.parse((await until(/^memory (.*)$/m, answerDeadlineMs))[1] ?? '') as Memory;
    },
    stop: (signal = 'SIGTERM') => stopped(child, signal),
  };
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const overdue = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
    child.once('exit', () => {
      clearTimeout(overdue);
      resolve();
    });
    child.kill(signal);
  });
}

/** Processor seconds that one process has used so far. */
export function processorSeconds(pid: number): number {
  const [user = 0, system = 0] = timesOf(pid);
  return (user + system) / ticksPerSecond;
}

/** Processor seconds of a PostgreSQL: its first process, those that it has now and those that have ended. */
export function familySeconds(pid: number): number {
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = timesOf(pid);
  return (user + system + endedUser + endedSystem) / ticksPerSecond + childrenOf(pid).reduce((sum, child) => sum + processorSeconds(child), 0);
}

/** utime, stime, cutime and cstime; nothing when the process has just ended. */
function timesOf(pid: number): readonly number[] {
  const text = readIfThere(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ').slice(11, 15).map(Number);
}

/** A process starts its children from its first thread, as PostgreSQL does. */
const childrenOf = (pid: number): number[] => readIfThere(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);

/** Processes end between being listed and being read: then there is nothing to read. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
