/** The plan log in PostgreSQL. */
import type { Logger } from 'pino';
import type { Database } from '../ports.ts';
import { appendShares } from './append.ts';
import { latestSignOff, lockHead, putCheckpoint, readHeads, rowsBetween } from './log.ts';
import { NotAsDecided, type PlanLog } from './planLog.ts';
import { sectionReader } from './readSections.ts';

export function postgresLog(db: Database, log: Logger): PlanLog {
  return {
    heads: (planIds) => readHeads(db, planIds),
    rows: (planId, sectionIds, after, upTo) => rowsBetween(db, planId, sectionIds, after, upTo),
    latestSignOff: (planId) => latestSignOff(db, planId),
    append: (shares) => appendShares(db, shares),
    keepCheckpoint: (planId, sectionId, checkpoint) => putCheckpoint(db, planId, sectionId, checkpoint),

    sections: sectionReader(db, log),

    hold: (planId, work) => db.transaction(async (tx) => {
      const head = await lockHead(tx, planId);
      if (!head) return undefined;
      return work({
        head, tx,
        rows: (sectionIds, after, upTo) => rowsBetween(tx, planId, sectionIds, after, upTo),
        append: async (share) => {
          const appended = (await appendShares(tx, [share])).get(planId);
          if (!appended) throw new NotAsDecided();
          return appended;
        },
      });
    }),
  };
}
