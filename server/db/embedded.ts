/** A real PostgreSQL of the service's own: its data in DATA_DIR, reached over a private unix socket, started and stopped with the service. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, lstat, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { processExists } from './dataFolder.ts';
import { findPostgres, handOver, type PostgresPrograms } from './postgresBinaries.ts';
import { startTied, type TiedProcess } from './tiedProcess.ts';

const run = promisify(execFile);
const startDeadlineMs = 60_000;
const stopDeadlineMs = 10_000;
const pollMs = 20;
const logBytesMax = 5 * 1024 * 1024;

export interface EmbeddedPostgres {
  /** Connection string of a database on this server. */
  urlOf(database: string): string;
  /** The server's process, for tests that hurt it. */
  readonly pid: () => number;
  /** Settles with the reason when the server is gone for good: it ended unasked and could not be started again. */
  readonly lost: Promise<Error>;
  /** Ends every connection, writes everything down and waits until the server is gone. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Durable is for patients' plans; fleeting is for tests, faster and worth nothing after a power cut. */
  readonly keep: 'durable' | 'fleeting';
  /** Told when the server had ended unasked and runs again. */
  readonly onRestart?: () => void;
}

/** Starts the server on `folder`, making its files the first time. The caller holds the folder's lock. Throws one plain line when it cannot. */
export async function startEmbedded(folder: string, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const programs = await findPostgres();
  await mkdir(folder, { recursive: true });
  const data = path.join(await realpath(folder), 'postgres');
  await makeCluster(data, programs, options);
  await handOver(data, programs);
  await endLeftover(data);
  const sockets = await socketFolder(data, programs);
  let server = await launch(data, sockets, programs, options);
  let stopping = false;
  const keepRunning = async (): Promise<Error> => {
    for (;;) {
      await server.ended;
      if (stopping) return new Error('PostgreSQL was stopped');
      try {
        await endLeftover(data);
        server = await launch(data, sockets, programs, options);
        options.onRestart?.();
      } catch (error) {
        return error as Error;
      }
      if (stopping) server.kill('SIGINT');
    }
  };
  const lost = keepRunning();
  return {
    urlOf: (database) => `postgres://accord@/${database}?host=${encodeURIComponent(sockets)}`,
    pid: () => server.pid,
    lost,
    stop: async () => {
      stopping = true;
      await stop(server);
      await lost;
      await rm(sockets, { recursive: true, force: true });
    },
  };
}

async function makeCluster(data: string, programs: PostgresPrograms, options: EmbeddedOptions): Promise<void> {
  if (await stat(path.join(data, 'PG_VERSION')).catch(() => undefined)) return;
  // Made aside and moved into place, so that a start cut short leaves nothing that looks whole.
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (programs.runAs) await chown(draft, programs.runAs.uid, programs.runAs.gid);
  const { file, args } = programs.command('initdb', [
    '-D', draft, '-U', 'accord', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
    ...(options.keep === 'fleeting' ? ['--no-sync'] : []),
  ]);
  await run(file, [...args], { cwd: '/', env: serverEnvironment(), ...programs.runAs }).catch((error: { stderr?: string; message: string }) => {
    throw new Error(`PostgreSQL could not make its files in ${data}: ${lastLine(error.stderr ?? '') || error.message}`);
  });
  await rename(draft, data);
}

/** A server that outlived a killed service is asked to stop; whatever else has its number is left alone. */
async function endLeftover(data: string): Promise<void> {
  const pidFile = path.join(data, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return;
  if (processExists(pid) && (await runsOn(pid, data))) {
    process.kill(pid, 'SIGQUIT');
    if (!(await until(() => !processExists(pid), stopDeadlineMs))) {
      process.kill(pid, 'SIGKILL');
      await until(() => !processExists(pid), stopDeadlineMs);
    }
  }
  await rm(pidFile, { force: true });
}

async function runsOn(pid: number, data: string): Promise<boolean> {
  const fromKernel = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  const words = fromKernel?.split('\0') ?? (await run('ps', ['-o', 'command=', '-p', String(pid)]).then((result) => result.stdout.trim().split(' '), () => []));
  return words.includes(data);
}

/** Socket paths may have about 100 bytes, so sockets live in a short private folder named after the data folder. */
async function socketFolder(data: string, programs: PostgresPrograms): Promise<string> {
  const base = tmpdir().length <= 60 ? tmpdir() : '/tmp';
  const us = process.getuid?.() ?? 0;
  const folder = path.join(base, `accord-${us}-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`);
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  const owner = programs.runAs?.uid ?? us;
  const ours = found.isDirectory() && (found.uid === us || found.uid === owner) && (found.mode & 0o077) === 0;
  if (!ours) throw new Error(`The folder ${folder} for PostgreSQL's socket belongs to someone else or is open to others: remove it.`);
  if (programs.runAs) await chown(folder, programs.runAs.uid, programs.runAs.gid);
  return folder;
}

async function launch(data: string, sockets: string, programs: PostgresPrograms, options: EmbeddedOptions): Promise<TiedProcess> {
  const logPath = path.join(path.dirname(data), 'postgres.log');
  const deadline = Date.now() + startDeadlineMs;
  const { file, args } = programs.command('postgres', ['-D', data, '-k', sockets, ...serverSettings(options)]);
  for (;;) {
    if (((await stat(logPath).catch(() => undefined))?.size ?? 0) > logBytesMax) await rm(logPath);
    const server = await withLog(logPath, (log) => startTied(file, args, { stdio: ['ignore', log, log], env: serverEnvironment(), lastSignal: 'QUIT', ...programs.runAs }));
    const ready = async () => !server.running() || (await isReady(data, server.pid));
    if (!(await until(ready, deadline - Date.now()))) {
      await stop(server);
      throw new Error(`PostgreSQL in ${data} was not ready after ${startDeadlineMs / 1000} s; its log is ${logPath}`);
    }
    if (server.running()) return server;
    // Processes of a server that was killed need a moment to notice; until then their shared memory keeps the next one out.
    const reason = lastLine(await readFile(logPath, 'utf8'));
    const passing = /shared memory block|is the database system shut down|lock file/i.test(reason) || reason.includes('still in use');
    if (!passing || Date.now() > deadline) throw new Error(`PostgreSQL in ${data} did not start: ${reason}`);
    await pause(100);
  }
}

/** Opens the server's log for as long as it takes to hand it to the server. */
async function withLog<T>(file: string, work: (descriptor: number) => Promise<T>): Promise<T> {
  const log = await open(file, 'a', 0o600);
  try {
    return await work(log.fd);
  } finally {
    await log.close();
  }
}

const serverSettings = (options: EmbeddedOptions): string[] => [
  'listen_addresses=', 'unix_socket_permissions=0700', 'max_connections=60', 'shared_buffers=64MB', 'password_encryption=scram-sha-256',
  // Its own log must never hold what people wrote: statements, details and ordinary errors stay out.
  'log_min_messages=log', 'log_min_error_statement=panic', 'log_error_verbosity=terse', 'log_statement=none',
  ...(options.keep === 'fleeting' ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on']),
].flatMap((setting) => ['-c', setting]);

const serverEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' });

/** The server writes its state into the eighth line of its pid file. */
async function isReady(data: string, pid: number): Promise<boolean> {
  const lines = (await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

async function stop(server: TiedProcess): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!server.running()) return;
    server.kill(signal);
    if (await until(() => !server.running(), stopDeadlineMs)) return;
  }
}

async function until(isSo: () => boolean | Promise<boolean>, deadlineMs: number): Promise<boolean> {
  const end = Date.now() + deadlineMs;
  while (!(await isSo())) {
    if (Date.now() > end) return false;
    await pause(pollMs);
  }
  return true;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
