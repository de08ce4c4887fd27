/** `npm run audit:verify`: walks every chain, what it vouches for and every version of a database. Prints one line for each that does not hold, and a summary; ends with 0 or 1. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createLog } from '../config/log.ts';
import { readSettings } from '../config/settings.ts';
import { openDatabase } from '../db/pool.ts';
import { processExists } from '../db/dataFolder.ts';
import { openStorage } from '../db/storage.ts';
import type { Database, Settings } from '../ports.ts';
import { verifyEveryVersion } from '../versions/verify.ts';
import { verifyEveryChain } from './verify.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function verify(db: Database): Promise<boolean> {
  const count = { chains: 0, entries: 0, brokenChains: 0, versions: 0, brokenVersions: 0 };
  for await (const { stream, ok, entries, firstBad, why } of verifyEveryChain(db)) {
    count.chains += 1;
    count.entries += entries;
    if (ok) continue;
    count.brokenChains += 1;
    say(`${stream} does not hold${firstBad === undefined ? '' : ` at entry ${firstBad}`}: ${why ?? 'unknown'}`);
  }
  for await (const { plan, number, why } of verifyEveryVersion(db)) {
    count.versions += 1;
    if (why === undefined) continue;
    count.brokenVersions += 1;
    say(`${plan} version ${number} does not hold: ${why}`);
  }
  say(`${count.chains} chains with ${count.entries} entries, ${count.versions} versions; ${count.brokenChains} chains and ${count.brokenVersions} versions do not hold`);
  return count.brokenChains + count.brokenVersions === 0;
}

/** The address of the database to walk: the one given, that of a service now running on DATA_DIR, or DATA_DIR's own, started for this. */
async function open(settings: Settings, log: ReturnType<typeof createLog>): Promise<{ url: string; stop: () => Promise<void> }> {
  if (settings.databaseUrl !== undefined) return { url: settings.databaseUrl, stop: async () => {} };
  const folder = path.join(settings.dataDir, 'postgres');
  if (!(await stat(path.join(folder, 'PG_VERSION')).catch(() => undefined))) throw new Error(`DATA_DIR ${settings.dataDir} holds no database: nothing to walk.`);
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

async function main(): Promise<boolean> {
  const { DATABASE_URL, DATA_DIR } = process.env;
  const answer = readSettings({ DATABASE_URL, DATA_DIR, DEMO: 'true' });
  if ('complaint' in answer) throw new Error(answer.complaint);
  const log = createLog('silent', 'audit-verify');
  const storage = await open(answer.settings, log);
  const db = openDatabase({ url: storage.url, log });
  try {
    return await verify(db);
  } finally {
    await db.close();
    await storage.stop();
  }
}

main().then(
  (held) => process.exit(held ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}\n`);
    process.exit(1);
  },
);
