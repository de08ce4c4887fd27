/**
 * The plan log in memory: keeps every promise that `PlanLog` makes, as `test/contract/planLog.test.ts` holds both it and PostgreSQL to. Every statement
 * goes over a line that may be slow, break before the statement is heard, or lose its answer.
 */
import { NotAsDecided, type PlanLog, type StoredSection } from '../../server/collab/planLog.ts';
import type { Clock, Tx } from '../../server/ports.ts';
import type { Holder } from './memoryLocks.ts';
import type { MemoryTables, Prepared } from './memoryTables.ts';

/** How statements reach the tables. */
export interface Line {
  /** Has one statement done. May reject before it was heard, or after it was done. */
  ask<T>(what: string, statement: () => T | Promise<T>): Promise<T>;
  /** A connection for one transaction; `undo` is called when it ends, with or without commit, or is lost. */
  connect(undo: () => void): Connection;
}
export interface Connection {
  ask<T>(what: string, statement: () => T | Promise<T>): Promise<T>;
  close(): void;
}

/** A line that never fails and never waits. */
export const direct: Line = {
  ask: async (_what, statement) => statement(),
  connect: (undo) => ({ ask: async (_what, statement) => statement(), close: undo }),
};

let transactions = 0;

export function memoryLog(tables: MemoryTables, line: Line, clock: Clock): PlanLog {
  return {
    heads: (planIds) => line.ask('heads', () => tables.heads(planIds)),
    rows: (planId, sectionIds, after, upTo) => line.ask('rows', () => tables.rowsAfterEach(planId, new Map(sectionIds.map((id) => [id, after])), upTo)),
    latestSignOff: (planId) => line.ask('latest sign-off', () => tables.latestSignOff(planId)),
    append: (shares) => line.ask('append', () => tables.write(tables.prepare(shares, undefined))),
    keepCheckpoint: (planId, sectionId, checkpoint) => line.ask('keep copy', () => tables.keepCopy(planId, sectionId, checkpoint)),

    // As many statements as PostgreSQL is asked, in the same order: what happens between them is part of the promise.
    sections: async (planId, sectionIds) => {
      const copies = await line.ask('copies', () => tables.copies(planId, sectionIds));
      const [[head], leases] = await Promise.all([
        line.ask('heads', () => tables.heads([planId])),
        line.ask('leases', () => new Map(sectionIds.map((id) => [id, tables.leases(planId, id)]))),
      ]);
      if (!head) return undefined;
      const rows = await line.ask('rows', () => tables.rowsAfterEach(planId, new Map(sectionIds.map((id) => [id, copies.get(id)?.position ?? 0])), head.position));
      return {
        head,
        sections: new Map(sectionIds.map((id): [string, StoredSection] => {
          const own = rows.filter((row) => row.sectionId === id);
          const owners = new Map(leases.get(id));
          for (const row of own) for (const [client] of row.spans) owners.set(client, row.author.id);
          return [id, { checkpoint: copies.get(id), rows: own, owners }];
        })),
      };
    },

    hold: async (planId, work) => {
      const holder: Holder = { name: `transaction ${(transactions += 1)}` };
      let written: readonly Prepared[] = [];
      let over = false;
      const connection = line.connect(() => {
        over = true;
        tables.locks.release(holder);
      });
      const inTransaction = <T>(statement: () => T): T => {
        if (over) throw new Error('the connection was lost');
        return statement();
      };
      try {
        const head = await connection.ask('lock', async () => {
          if (!inTransaction(() => tables.plans.has(planId))) return undefined;
          await tables.locks.take(planId, holder, clock);
          // Ended while it waited: nobody would ever give the lock back.
          if (over) tables.locks.release(holder);
          return inTransaction(() => tables.heads([planId])[0]);
        });
        if (!head) return undefined;
        const value = await work({
          head, tx: noStatements,
          rows: (sectionIds, after, upTo) => connection.ask('rows', () => inTransaction(() => tables.rowsAfterEach(planId, new Map(sectionIds.map((id) => [id, after])), upTo))),
          append: (share) => connection.ask('append', () => inTransaction(() => {
            const prepared = tables.prepare([share], holder);
            const [own] = prepared;
            if (!own) throw new NotAsDecided();
            written = [...written, ...prepared];
            return { auditSeq: own.plan.entries.length + share.audit.length, at: own.at };
          })),
        });
        await connection.ask('commit', () => inTransaction(() => void tables.write(written)));
        return value;
      } finally {
        connection.close();
      }
    },
  };
}

/** The model knows no SQL: what else happens in a transaction is not part of live editing's own promises. */
const noStatements: Tx = {
  inTransaction: true,
  query: () => Promise.reject(new Error('this storage has no SQL')),
};
