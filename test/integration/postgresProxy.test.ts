/** The proxy before PostgreSQL finds the moments in the life of a commit, in both forms that a commit may have. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import pino from 'pino';
import { appendShares } from '../../server/collab/append.ts';
import { readHeads } from '../../server/collab/log.ts';
import type { NewRow, Share } from '../../server/collab/planLog.ts';
import { openDatabase } from '../../server/db/pool.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { makePlan, people, settlePeople } from '../support/provider.ts';
import { moments, startPostgresProxy, type Moment, type PostgresProxy } from '../support/postgresProxy.ts';

let base: TestDatabase;
let storage: PostgresProxy;
let address: string;
beforeAll(async () => {
  base = await makeDatabase();
  await settlePeople(base.db);
  const url = new URL(base.url.replace(/@\//, '@localhost/'));
  const folder = url.searchParams.get('host');
  const port = Number(url.port || 5432);
  storage = await startPostgresProxy(folder ? { path: `${folder}/.s.PGSQL.${port}` } : { host: url.hostname, port });
  const own = new URL(`${url.protocol}//${url.username || 'accord'}@127.0.0.1${url.pathname}`);
  own.password = url.password;
  own.port = String(storage.proxy.port);
  address = own.href;
});
afterAll(async () => {
  await storage.proxy.close();
  await base.drop();
});

const insert = `WITH made AS (INSERT INTO plan_log (plan_id, position, kind, author_id) VALUES ($1, $2, 'signed', 'x') RETURNING position) SELECT * FROM made`;
type Commit = (client: pg.Client, planId: string, position: number) => Promise<unknown>;
const forms: readonly [string, readonly Moment[], Commit][] = [
  ['one statement that commits by itself', ['before-transaction', 'before-insert', 'before-commit', 'commit-passed', 'after-insert', 'after-commit'], (client, planId, position) => client.query(insert, [planId, position])],
  ['a prepared statement used again', ['before-transaction', 'before-insert', 'before-commit', 'commit-passed', 'after-insert', 'after-commit'],
    (client, planId, position) => client.query({ name: 'append', text: insert, values: [planId, position] })],
  ['BEGIN and COMMIT', ['before-transaction', 'before-insert', 'after-insert', 'before-commit', 'commit-passed', 'after-commit'], async (client, planId, position) => {
    await client.query('BEGIN');
    await client.query('SELECT id FROM plans WHERE id = $1 FOR UPDATE', [planId]);
    await client.query(insert, [planId, position]);
    await client.query('COMMIT');
  }],
];
async function opened(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: address });
  client.on('error', () => undefined); // to be cut is what some of these connections are for
  await client.connect();
  return client;
}
const rowsOf = async (planId: string): Promise<number> => (await base.db.query('SELECT position FROM plan_log WHERE plan_id = $1', [planId])).length;

describe.each(forms)('%s', (_name, order, commit) => {
  test('[FR4] every moment comes once, in order, and what is held goes on', async () => {
    const planId = await makePlan(base.db);
    const client = await opened();
    await commit(client, planId, 1);
    const came: Moment[] = [];
    const armed = moments.map((moment) => storage.at(moment, () => void came.push(moment)));
    await client.query('SELECT 1');
    expect(came).toEqual([]);
    await commit(client, planId, 2);
    expect(await Promise.all(armed.map(({ done }) => done))).toEqual(moments.map(() => true));
    expect(came).toEqual(order);
    expect(await rowsOf(planId)).toBe(2);
    await client.end();
  });

  test.each([['before-transaction', 0], ['before-insert', 0], ['before-commit', 0], ['after-commit', 1]] as const)('[FR4] cut %s: %i rows stand, and whoever committed does not know', async (moment, rows) => {
    const planId = await makePlan(base.db);
    const client = await opened();
    const { done } = storage.at(moment, (link) => link.cut());
    await expect(commit(client, planId, 1)).rejects.toThrow();
    expect(await done).toBe(true);
    // The server needs a moment to notice; whoever asks for the row's plan waits for it.
    await base.db.query('UPDATE plans SET summary = summary WHERE id = $1', [planId]);
    expect(await rowsOf(planId)).toBe(rows);
  });

  test('[FR4] a statement that was refused brings no moment after it', async () => {
    const planId = await makePlan(base.db);
    const client = await opened();
    const after = storage.at('after-commit', () => undefined);
    await expect(commit(client, 'plan_of_nobody', 1)).rejects.toThrow('violates foreign key');
    await client.end();
    after.cancel();
    expect(await after.done).toBe(false);
    expect(await rowsOf(planId)).toBe(0);
  });
});

describe('the service’s own commit', () => {
  test('[FR4] a commit with rows brings every moment, one that only records something in the audit chain brings none', async () => {
    const planId = await makePlan(base.db);
    const db = openDatabase({ url: address, log: pino({ level: 'silent' }), connectionsMax: 1 });
    const [head] = await readHeads(db, [planId]);
    if (!head) throw new Error('no head');
    const share: Share = { head, rows: [], leases: [], summary: { set: {}, removed: [], disputed: {} }, audit: [{ action: 'open-plan', actor: people.gp.id, outcome: 'done' }], writers: [] };
    const came: Moment[] = [];
    const armed = moments.map((moment) => storage.at(moment, () => void came.push(moment)));
    const opened = (await appendShares(db, [share])).get(planId);
    expect(came).toEqual([]);
    const row: NewRow = { position: 1, sectionId: 'wishes', bytes: Uint8Array.of(0, 0), spans: [], fields: [], authorId: people.gp.id };
    expect((await appendShares(db, [{ ...share, head: { ...head, auditSeq: opened?.auditSeq ?? -1 }, rows: [row] }])).size).toBe(1);
    await Promise.all(armed.map(({ done }) => done));
    expect(came).toEqual(forms[0]?.[1]);
    await db.close();
  });
});
