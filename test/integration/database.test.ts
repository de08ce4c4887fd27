/** The database as the service sees it: least rights, honest transactions, migrations that never change. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pino from 'pino';
import { describeSchema } from '../support/describeSchema.ts';
import { openDatabase } from '../../server/db/pool.ts';
import { DatabaseUnavailable, isDuplicate } from '../../server/db/failure.ts';
import { migrate, readMigrations } from '../../server/db/migrate.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

const schemaFile = path.join(__dirname, '..', '..', 'server', 'db', 'schema.sql');

describe('database', () => {
  let made: TestDatabase;
  beforeAll(async () => { made = await makeDatabase(); });
  afterAll(() => made.drop());

  const organisation = (id: string) => `INSERT INTO organisations (id, name, kind) VALUES ('${id}', 'Elm Surgery', 'gp')`;

  test('[ST10] every connection of the service works as accord_service', async () => {
    const rows = await made.db.query<{ role: string }>('SELECT current_user AS role');
    expect(rows).toEqual([{ role: 'accord_service' }]);
  });

  test('[ST10] the service cannot make tables, and cannot change what must never change', async () => {
    await expect(made.db.query('CREATE TABLE mine (id int)')).rejects.toMatchObject({ code: '42501' });
    await expect(made.db.query('DELETE FROM audit_entries')).rejects.toMatchObject({ code: '42501' });
    await expect(made.db.query('UPDATE plan_log SET author_id = $1', ['x'])).rejects.toMatchObject({ code: '42501' });
  });

  test('[ST10] not even the owner of the tables changes or removes a logged row', async () => {
    await made.asAdministrator(`INSERT INTO audit_entries (stream, seq, entry, hash) VALUES ('plan:plan_x', 1, '{}', '\\x00')`);
    for (const sql of [`UPDATE audit_entries SET entry = '[]'`, 'DELETE FROM audit_entries', 'TRUNCATE audit_entries']) {
      await expect(made.asAdministrator(sql)).rejects.toThrow('never changed or removed');
    }
  });

  test('[ST16] connections that are kept are made when they are asked for, and outlast the time after which others are closed', async () => {
    const owner = openDatabase({ url: made.url, log: pino({ level: 'silent' }), role: 'owner' });
    const open = async (): Promise<number> => Number((await owner.query<{ count: number }>("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'kept'"))[0]?.count);
    const kept = openDatabase({ url: `${made.url}${made.url.includes('?') ? '&' : '?'}application_name=kept`, log: pino({ level: 'silent' }), connectionsKept: 3 });
    try {
      expect(await open()).toBe(0);
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date', 'hrtime'] });
      const more = Array.from({ length: 5 }, () => kept.query('SELECT pg_sleep(0.2)'));
      await Promise.all(more);
      await kept.connect();
      jest.advanceTimersByTime(60_000);
      jest.useRealTimers();
      await eventually(async () => expect(await open()).toBe(3));
    } finally {
      jest.useRealTimers();
      await Promise.all([kept.close(), owner.close()]);
    }
  });

  test('[ST11] a transaction keeps nothing when its work throws, and the error arrives as it was thrown', async () => {
    const mine = new Error('changed my mind');
    await expect(made.db.transaction(async (tx) => {
      await tx.query(organisation('org_a'));
      throw mine;
    })).rejects.toBe(mine);
    expect(await made.db.query(`SELECT id FROM organisations WHERE id = 'org_a'`)).toEqual([]);
  });

  test('[ST11] a transaction whose failed statement was swallowed does not report success', async () => {
    await expect(made.db.transaction(async (tx) => {
      await tx.query(organisation('org_b'));
      await tx.query(organisation('org_b')).catch((error: unknown) => expect(isDuplicate(error, 'organisations_pkey')).toBe(true));
    })).rejects.toThrow('rolled back');
    expect(await made.db.query(`SELECT id FROM organisations WHERE id = 'org_b'`)).toEqual([]);
  });

  test('[ST12] a lock held elsewhere is given up after the lock limit, as a failure worth trying again', async () => {
    await made.db.query(organisation('org_c'));
    await made.db.transaction(async (tx) => {
      await tx.query(`SELECT 1 FROM organisations WHERE id = 'org_c' FOR UPDATE`);
      await expect(made.db.query(`UPDATE organisations SET name = 'x' WHERE id = 'org_c'`)).rejects.toBeInstanceOf(DatabaseUnavailable);
    });
  });

  test('[ST13] whole numbers come as numbers and dates as the dates they are', async () => {
    expect(await made.db.query(`SELECT 7::bigint AS n, '1941-03-02'::date AS born`)).toEqual([{ n: 7, born: '1941-03-02' }]);
    await expect(made.db.query(`SELECT 9007199254740993::bigint AS n`)).rejects.toThrow();
  });

  test('[ST15] the schema that is checked in is what the migrations add up to (UPDATE_SCHEMA=1 writes it)', async () => {
    const owner = openDatabase({ url: made.url, log: pino({ level: 'silent' }), role: 'owner' });
    const found = await describeSchema(owner);
    await owner.close();
    if (process.env['UPDATE_SCHEMA'] === '1') await writeFile(schemaFile, found);
    expect(found).toBe(await readFile(schemaFile, 'utf8'));
  });

  test('[ST14] migrating again changes nothing; a changed file and a newer database are refused', async () => {
    const migrations = await readMigrations();
    expect(await migrate(made.url, migrations)).toEqual([]);
    const changed = migrations.map((migration, index) => (index === 0 ? { ...migration, sha256: 'other' } : migration));
    await expect(migrate(made.url, changed)).rejects.toThrow(`Migration ${migrations[0]?.name} was changed after it was applied`);
    await expect(migrate(made.url, [])).rejects.toThrow('newer than this build');
  });
});
