/** The plan log in PostgreSQL. */
import type { Logger } from 'pino';
import type { Database } from '../ports.ts';
import { appendShares } from './append.ts';
import { latestSignOff, lockHead, putCheckpoint, readCheckpoints, readHeads, readLeases, rowsAfterEach, rowsBetween } from './log.ts';
import { NotAsDecided, type PlanLog, type StoredSection } from './planLog.ts';

export function postgresLog(db: Database, log: Logger): PlanLog {
  return {
    heads: (planIds) => readHeads(db, planIds),
    rows: (planId, sectionIds, after, upTo) => rowsBetween(db, planId, sectionIds, after, upTo),
    latestSignOff: (planId) => latestSignOff(db, planId),
    append: (shares) => appendShares(db, shares),
    keepCheckpoint: (planId, sectionId, checkpoint) => putCheckpoint(db, planId, sectionId, checkpoint),

    sections: async (planId, sectionIds) => {
      const [copies, [found], leases] = await Promise.all([readCheckpoints(db, planId, sectionIds), readHeads(db, [planId]), readLeases(db, planId, sectionIds)]);
      if (!found) return undefined;
      for (const { sectionId, whole } of copies) if (!whole) log.error({ plan: planId, section: sectionId }, 'the copy of a section is damaged; it is read from the log');
      const checkpoints = new Map(copies.filter(({ whole }) => whole).map((copy) => [copy.sectionId, copy]));
      // A copy may have been made after the head was read: then the log reaches at least as far as the copy.
      const head = { ...found, position: Math.max(found.position, ...copies.map(({ position }) => position)) };
      const rows = await rowsAfterEach(db, planId, new Map(sectionIds.map((id) => [id, checkpoints.get(id)?.position ?? 0])), head.position);
      return {
        head,
        sections: new Map(sectionIds.map((id): [string, StoredSection] => {
          const own = rows.filter((row) => row.sectionId === id);
          const owners = new Map(leases.filter(({ sectionId }) => sectionId === id).map(({ client, personId }) => [client, personId]));
          // Leases may have been read before the last of these rows were written.
          for (const row of own) for (const [client] of row.spans) owners.set(client, row.author.id);
          return [id, { checkpoint: checkpoints.get(id), rows: own, owners }];
        })),
      };
    },

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
