/** The database that a command of an operator works on: the one that is named, that of a service now running on DATA_DIR, or DATA_DIR's own. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createLog } from '../config/log.ts';
import { readSettings } from '../config/settings.ts';
import { processExists } from '../db/dataFolder.ts';
import { openDatabase } from '../db/pool.ts';
import { openStorage } from '../db/storage.ts';
import type { Database, Settings } from '../ports.ts';

const named = ['DATABASE_URL', 'DATA_DIR', 'CHECKPOINTS_DIR', 'WITNESSES'] as const;

/** Runs `work` on the database that the environment names. Throws one plain line when there is none. */
export async function withStore<T>(env: NodeJS.ProcessEnv, work: (db: Database, settings: Settings) => Promise<T>): Promise<T> {
  const answer = readSettings({ ...Object.fromEntries(named.map((name) => [name, env[name]])), DEMO: 'true' });
  if ('complaint' in answer) throw new Error(answer.complaint);
  const log = createLog('silent', 'operator');
  const storage = await open(answer.settings, log);
  const db = openDatabase({ url: storage.url, log });
  try {
    return await work(db, answer.settings);
  } finally {
    await db.close();
    await storage.stop();
  }
}

async function open(settings: Settings, log: ReturnType<typeof createLog>): Promise<{ url: string; stop: () => Promise<void> }> {
  if (settings.databaseUrl !== undefined) return { url: settings.databaseUrl, stop: async () => {} };
  const folder = path.join(settings.dataDir, 'postgres');
  if (!(await stat(path.join(folder, 'PG_VERSION')).catch(() => undefined))) throw new Error(`DATA_DIR ${settings.dataDir} holds no database: nothing to work on.`);
  const running = await runningServer(folder);
  return running === undefined ? openStorage(settings, log) : { url: running, stop: async () => {} };
}

/** PostgreSQL names its process on the first line of this file and the folder of its socket on the fifth. */
async function runningServer(folder: string): Promise<string | undefined> {
  const lines = (await readFile(path.join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  const sockets = lines[4];
  if (!Number.isSafeInteger(pid) || pid <= 0 || !processExists(pid) || !sockets) return undefined;
  return `postgres://accord@/accord?host=${encodeURIComponent(sockets)}`;
}
