/** Child processes that never outlive us, however hard we die: a watchdog holds the other end of a pipe and signals the child when it closes. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';

export interface TiedProcess {
  readonly pid: number;
  /** Settles once the process is gone, with how it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly running: () => boolean;
  kill(signal: NodeJS.Signals): void;
}

export interface TiedOptions {
  readonly stdio: StdioOptions;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** What the watchdog sends when we are gone. */
  readonly lastSignal: 'QUIT' | 'TERM' | 'KILL';
}

// One line on the pipe means "it ended in order"; end of file without a line means that we were killed.
const watchdogScript = 'if read -r line; then exit 0; fi; kill -s "$2" "$1" 2>/dev/null';

/** Starts a program in its own process group, so that Ctrl-C reaches us alone and we stop it in our order. Throws when it cannot be started. */
export async function startTied(command: string, args: readonly string[], options: TiedOptions): Promise<TiedProcess> {
  const { lastSignal, ...spawnOptions } = options;
  const child = spawn(command, [...args], { ...spawnOptions, detached: true });
  await started(child);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} has no process id`);
  const watchdog = spawn('/bin/sh', ['-c', watchdogScript, 'watchdog', String(pid), lastSignal], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  await started(watchdog);
  watchdog.unref();
  // A watchdog that is already gone has nothing left to be told.
  watchdog.stdin?.on('error', () => watchdog.stdin?.destroy());
  let running = true;
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      watchdog.stdin?.end('ended\n');
      resolve({ code, signal });
    });
  });
  return { pid, ended, running: () => running, kill: (signal) => void child.kill(signal) };
}

const started = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
