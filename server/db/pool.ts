/** The service's connections to PostgreSQL: bounded in number, in waiting and in time, and always in the role that may do least. */
import pg from 'pg';
import type { Logger } from 'pino';
import { limits } from '../../shared/limits.ts';
import type { Database, Tx } from '../ports.ts';
import { asDatabaseFailure, DatabaseUnavailable, isAnswer } from './failure.ts';

export interface PoolOptions {
  readonly url: string;
  readonly log: Logger;
  readonly connectionsMax?: number;
  /** Connections that stay open while nobody asks; none unless said. */
  readonly connectionsKept?: number;
  /** The service works as accord_service; `owner` is for reading the catalog and for tests. */
  readonly role?: 'service' | 'owner';
}

const int8 = 20;
const date = 1082;
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (oid === int8) return wholeNumber;
    // A date has no time zone; turning it into an instant would move birthdays.
    if (oid === date) return (text: string) => text;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`a whole number from the database is too large: ${text}`);
  return value;
}

export interface ServiceDatabase extends Database {
  /** Makes the connections that are kept, so that those who come first do not wait for them. Throws `DatabaseUnavailable`. */
  connect(): Promise<void>;
}

/** Opens the pool; the first connection is made when the first statement comes, or by `connect`. Errors: `DatabaseUnavailable` or the server's own. */
export function openDatabase({ url, log, connectionsMax = limits.databaseConnectionsMax, connectionsKept = 0, role = 'service' }: PoolOptions): ServiceDatabase {
  const settings: pg.PoolConfig & { onConnect: (client: pg.PoolClient) => Promise<void> } = {
    connectionString: url,
    types: types as pg.CustomTypesConfig,
    max: connectionsMax,
    min: connectionsKept,
    connectionTimeoutMillis: limits.queryTimeoutMs,
    idleTimeoutMillis: 30_000,
    // The server gives up first and says why; the driver's own deadline is for a server that says nothing any more.
    statement_timeout: limits.queryTimeoutMs,
    query_timeout: limits.queryTimeoutMs + 500,
    lock_timeout: limits.lockTimeoutMs,
    idle_in_transaction_session_timeout: 2 * limits.queryTimeoutMs,
    application_name: 'accord',
    keepAlive: true,
    onConnect: async (client) => {
      if (role === 'service') await client.query('SET ROLE accord_service');
    },
  };
  const pool = new pg.Pool(settings);
  pool.on('error', (error) => log.warn({ err: error.message }, 'an idle database connection was lost'));

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => { throw asDatabaseFailure(error); });
    const lost = (error: Error) => log.warn({ err: error.message }, 'a database connection was lost while in use');
    client.on('error', lost);
    let broken = true;
    try {
      const value = await work(client);
      broken = false;
      return value;
    } catch (error) {
      broken = error instanceof StillGood ? false : !isOrdinary(error);
      throw error instanceof StillGood ? error.cause : asDatabaseFailure(error);
    } finally {
      client.off('error', lost);
      client.release(broken);
    }
  }

  return {
    query: async <Row extends object>(sql: string, values: readonly unknown[] = [], name?: string) =>
      withClient(async (client) => (await client.query<Row>(asked(sql, values, name))).rows),
    transaction: (work) => withClient((client) => runTransaction(client, work)),
    connect: async () => {
      const made = await Promise.allSettled(Array.from({ length: connectionsKept }, () => pool.connect()));
      for (const each of made) if (each.status === 'fulfilled') each.value.release();
      const failed = made.find((each) => each.status === 'rejected');
      if (failed) throw asDatabaseFailure(failed.reason);
    },
    close: () => pool.end(),
  };
}

const asked = (text: string, values: readonly unknown[], name: string | undefined): pg.QueryConfig => ({ text, values: [...values], ...(name === undefined ? {} : { name }) });

/** The server refused one statement and goes on serving this connection. */
const isOrdinary = (error: unknown): boolean => isAnswer(error) && error.severity === 'ERROR';

/** The work threw and was rolled back in order: the connection can be used again, the error goes to the caller as it is. */
class StillGood extends Error {
  constructor(override readonly cause: unknown) { super('rolled back'); }
}

async function runTransaction<T>(client: pg.PoolClient, work: (tx: Tx) => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  const tx: Tx = {
    inTransaction: true,
    query: async <Row extends object>(sql: string, values: readonly unknown[] = [], name?: string) => {
      try {
        return (await client.query<Row>(asked(sql, values, name))).rows;
      } catch (error) {
        throw asDatabaseFailure(error);
      }
    },
  };
  let value: T;
  try {
    value = await work(tx);
  } catch (error) {
    // A server that fell silent would keep us waiting a second time: the connection is thrown away instead, which rolls back as well.
    if (error instanceof DatabaseUnavailable && !isOrdinary(error.cause)) throw error;
    await client.query('ROLLBACK');
    throw new StillGood(error);
  }
  const answer = await client.query('COMMIT');
  // A statement failed and its error was swallowed: the server answers COMMIT with ROLLBACK, and nothing was kept.
  if (answer.command !== 'COMMIT') throw new StillGood(new Error('the transaction was rolled back although its work went on'));
  return value;
}
