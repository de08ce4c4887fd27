/** One PostgreSQL for a whole test run: DATABASE_URL's when given, else an embedded one in a temporary folder, with a migrated database to copy from. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../server/db/embedded.ts';
import { migrate, readMigrations } from '../../server/db/migrate.ts';

export interface TestPostgres {
  /** A database from which others can be made. */
  readonly url: string;
  /** Name of the migrated database that tests copy. */
  readonly template: string;
  stop(): Promise<void>;
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const given = process.env['DATABASE_URL'];
  const template = `accord_template_${process.pid}`;
  if (given) {
    await makeTemplate(given, template);
    return { url: given, template, stop: () => administer(given, `DROP DATABASE ${template}`) };
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'accord-test-'));
  const server = await startEmbedded(folder, { keep: 'fleeting' });
  await makeTemplate(server.urlOf('postgres'), template);
  return {
    url: server.urlOf('postgres'),
    template,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same server's address with another database's name. */
export const urlOfDatabase = (url: string, name: string): string => url.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);

/** Runs one statement as the server's administrator. */
export async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function makeTemplate(url: string, name: string): Promise<void> {
  await administer(url, `DROP DATABASE IF EXISTS ${name}`);
  await administer(url, `CREATE DATABASE ${name}`);
  await migrate(urlOfDatabase(url, name), await readMigrations());
}
