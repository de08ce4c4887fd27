/** Hocuspocus as its manual sets it up with a database of one's own: the database extension, PostgreSQL behind it, everything else as it comes. */
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 12 });
await pool.query('CREATE TABLE IF NOT EXISTS documents (name text PRIMARY KEY, state bytea NOT NULL)');

const server = new Server({
  address: '127.0.0.1',
  port: Number(process.env['PORT']),
  quiet: true,
  extensions: [new Database({
    fetch: async ({ documentName }) => (await pool.query<{ state: Buffer }>('SELECT state FROM documents WHERE name = $1', [documentName])).rows[0]?.state ?? null,
    store: async ({ documentName, state }) => {
      await pool.query('INSERT INTO documents VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET state = excluded.state', [documentName, state]);
    },
  })],
});
await server.listen();
process.stdout.write('Hocuspocus is ready\n');
