/** The database that the settings ask for, ready for the pool: someone's server, or one of our own in DATA_DIR. */
import type { Logger } from 'pino';
import pg from 'pg';
import type { Settings } from '../ports.ts';
import { lockDataFolder } from './dataFolder.ts';
import { startEmbedded } from './embedded.ts';
import { migrate, readMigrations } from './migrate.ts';

export interface Storage {
  readonly url: string;
  /** How many migrations the database has now. */
  readonly migrations: number;
  /** Settles with the reason when storage of our own is gone for good. Never settles for someone else's server. */
  readonly lost: Promise<Error>;
  stop(): Promise<void>;
}

/** Opens storage and brings its schema up to date. Throws one plain line when that cannot be done. */
export async function openStorage(settings: Settings, log: Logger): Promise<Storage> {
  const opened = settings.databaseUrl === undefined ? await ownServer(settings.dataDir, log) : givenServer(settings.databaseUrl);
  try {
    const migrations = await readMigrations();
    const applied = await migrate(opened.url, migrations).catch((error: unknown) => { throw unreachable(error, settings); });
    if (applied.length > 0) log.info({ applied }, 'the database schema was brought up to date');
    return { ...opened, migrations: migrations.length };
  } catch (error) {
    await opened.stop();
    throw error;
  }
}

const givenServer = (url: string) => ({ url, lost: new Promise<Error>(() => undefined), stop: async () => {} });

async function ownServer(dataDir: string, log: Logger) {
  const lock = await lockDataFolder(dataDir);
  try {
    const server = await startEmbedded(dataDir, { keep: 'durable', onRestart: () => log.warn('PostgreSQL had ended unasked and runs again') });
    await makeDatabase(server.urlOf('postgres'));
    return {
      url: server.urlOf('accord'),
      lost: server.lost,
      stop: async () => {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function makeDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'accord'`);
    if (found.rowCount === 0) await client.query('CREATE DATABASE accord');
  } finally {
    await client.end();
  }
}

/** A server that does not answer is said in one line, without the password that its address may hold. */
function unreachable(error: unknown, settings: Settings): unknown {
  const { code, errors } = (error ?? {}) as { code?: string; errors?: { code?: string }[] };
  const why = code ?? errors?.[0]?.code;
  const message = error instanceof Error ? error.message : String(error);
  const connecting = /^(ECONN|ENOENT|ENOTFOUND|ETIMEDOUT|EHOST|EAI|EACCES|28|3D|57P)/.test(why ?? '') || /timeout|terminated/.test(message);
  if (settings.databaseUrl === undefined || !connecting) return error;
  const place = settings.databaseUrl.replace(/\/\/[^@/]*@/, '//');
  return new Error(`DATABASE_URL should name a PostgreSQL server that answers: ${place} does not (${why ?? message}).`);
}
