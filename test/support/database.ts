/** A fresh, migrated database for one test file (or one test): a copy of the run's template, gone afterwards. */
import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { openDatabase } from '../../server/db/pool.ts';
import type { Database } from '../../server/ports.ts';
import { administer, urlOfDatabase } from './postgres.ts';

export interface TestDatabase {
  /** As the service works: in the role that may do least. */
  readonly db: Database;
  readonly url: string;
  /** Runs one statement as the server's administrator: what the service itself may not do. */
  asAdministrator(sql: string): Promise<void>;
  /** Closes `db` and removes the database. */
  drop(): Promise<void>;
}

/** Makes one. About a tenth of a second. */
export async function makeDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_POSTGRES_URL'];
  const template = process.env['TEST_POSTGRES_TEMPLATE'];
  if (!server || !template) throw new Error('no test PostgreSQL: run this through jest with test/support/globalSetup.ts');
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = urlOfDatabase(server, name);
  const db = openDatabase({ url, log: pino({ level: 'silent' }) });
  return {
    db,
    url,
    asAdministrator: (sql) => administer(url, sql),
    drop: async () => {
      await db.close();
      await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Does the work while the database shows no plan to anybody who reads one: whatever is answered then did not come from behind the second wall. */
export async function withWallShut(made: Pick<TestDatabase, 'asAdministrator'>, work: () => Promise<void>): Promise<void> {
  await made.asAdministrator('ALTER POLICY the_reader ON plans USING (false)');
  try {
    await work();
  } finally {
    await made.asAdministrator(`ALTER POLICY the_reader ON plans USING (id = (SELECT accord_readable_plan('signed')))`);
  }
}
