/** The real service as its own process: started as people start it, killed as hard as a test likes, started again on the same data. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './redis.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const readyLine = /^Accord is ready at (\S+)$/m;

export interface ProductOptions {
  /** Settings besides HOST, PORT and DATA_DIR. Nothing of the test run's own environment that configures a service is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** A data folder to use; a temporary one, removed at the end, when left out. */
  readonly dataDir?: string;
  readonly port?: number;
}
export interface Product {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything that it has written so far, all its lives together. */
  output(): string;
  /** Sends a signal and waits until the process is gone; answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Pauses and wakes the process. */
  signal(signal: NodeJS.Signals): void;
  /** Starts again on the same port and data; the process must be gone. */
  restart(): Promise<void>;
  /** Stops it if need be and removes a temporary data folder. */
  dispose(): Promise<void>;
}

/** Starts the service and waits for its line. Throws what it said when it ends before that. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'accord-product-')));
  const port = options.port ?? (await freePort());
  let output = '';
  const launch = (): Promise<ChildProcess> => launchOnce({ HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, ...options.env }, (text) => { output += text; });
  let child = await launch().catch(async (error: unknown) => {
    if (options.dataDir === undefined) await removed(dataDir);
    throw error;
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    const gone = ended(child);
    child.kill(signal);
    return gone;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    dataDir,
    get pid() { return child.pid ?? 0; },
    output: () => output,
    stop,
    signal: (signal) => void child.kill(signal),
    restart: async () => { child = await launch(); },
    dispose: async () => {
      // One that a test has frozen cannot stop in order.
      child.kill('SIGCONT');
      if (child.exitCode === null && child.signalCode === null) await stop();
      if (options.dataDir === undefined) await removed(dataDir);
    },
  };
}

/** Starts the service where it is expected to refuse: answers what it said and its exit code. */
export async function refusedStart(env: Readonly<Record<string, string>>): Promise<{ readonly code: number | null; readonly errors: string; readonly output: string }> {
  let errors = '';
  let output = '';
  const child = spawnService(env);
  child.stderr?.on('data', (chunk: Buffer) => { errors += chunk.toString(); });
  child.stdout?.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  return { code: await ended(child), errors, output };
}

function launchOnce(env: Record<string, string>, said: (text: string) => void): Promise<ChildProcess> {
  const child = spawnService(env);
  let output = '';
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      said(chunk.toString());
      if (readyLine.test(output)) resolve(child);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the service ended with ${code} before it was ready:\n${output.slice(-4000)}`)));
  });
}

function spawnService(env: Readonly<Record<string, string>>): ChildProcess {
  const passedOn = ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], { cwd: root, env: { ...Object.fromEntries(passedOn), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', (code) => resolve(code));
  });

/** PostgreSQL of a service that was killed may still be putting its last files down. */
const removed = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
