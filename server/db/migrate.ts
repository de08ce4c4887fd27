/** Brings a database to this build's schema: numbered SQL files, each once, each in one transaction, none ever changed afterwards. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { fileURLToPath } from 'node:url';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'migrations');
/** Any fixed number: services that start together take turns by it. */
const turn = 7_226_731;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** The migrations of this build, in order. */
export async function readMigrations(from: string = folder): Promise<Migration[]> {
  const names = (await readdir(from)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return Promise.all(names.map(async (name) => {
    const sql = await readFile(path.join(from, name), 'utf8');
    return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  }));
}

/** Applies what is missing and answers the names applied. Throws one plain line when a file changed after it was applied, or the database is newer than this build. */
export async function migrate(url: string, migrations: readonly Migration[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'accord-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [turn]);
    await client.query('CREATE TABLE IF NOT EXISTS accord_migrations (name text PRIMARY KEY, sha256 text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())');
    const { rows } = await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM accord_migrations ORDER BY name');
    checkHistory(rows, migrations);
    const applied: string[] = [];
    for (const migration of migrations.slice(rows.length)) {
      await apply(client, migration);
      applied.push(migration.name);
    }
    await becomeService(client);
    return applied;
  } finally {
    // Ending the connection gives the lock back as well.
    await client.end();
  }
}

function checkHistory(done: readonly { name: string; sha256: string }[], migrations: readonly Migration[]): void {
  for (const [index, row] of done.entries()) {
    const known = migrations[index];
    if (!known) throw new Error(`The database is newer than this build: it has migration ${row.name}. Start the newer build.`);
    if (known.name !== row.name) throw new Error(`The database has migration ${row.name} where this build has ${known.name}: migrations are only ever added at the end.`);
    if (known.sha256 !== row.sha256) throw new Error(`Migration ${row.name} was changed after it was applied: put it back and add a new one.`);
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query('INSERT INTO accord_migrations (name, sha256) VALUES ($1, $2)', [migration.name, migration.sha256]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${migration.name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Whoever owns the tables must be able to step down into the service's role. A superuser always can. */
async function becomeService(client: pg.Client): Promise<void> {
  await client.query('GRANT SELECT ON accord_migrations TO accord_service');
  const { rows } = await client.query<{ member: boolean }>(`SELECT pg_has_role(current_user, 'accord_service', 'USAGE') AS member`);
  if (!rows[0]?.member) await client.query('GRANT accord_service TO CURRENT_USER');
}
