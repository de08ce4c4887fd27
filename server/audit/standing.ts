/**
 * What a node does for the audit log by itself: seals, keeps the copies outside the database, asks other houses to co-sign, walks every minute what is new
 * and every night the whole. Beside the requests, never in their way: whatever fails here is measured, logged and tried again, and stops nobody's work.
 */
import type { Logger } from 'pino';
import { Counter, Gauge } from 'prom-client';
import { limits } from '../../shared/limits.ts';
import { every } from '../collab/every.ts';
import type { Clock } from '../ports.ts';
import { askOverNetwork, askWitness, type Ask } from './askWitness.ts';
import { logKey } from './logKeys.ts';
import { readVerifier, verifierText } from './note.ts';
import { keepOutside } from './outside.ts';
import { LogDamaged, sealOnce, type SealNeeds } from './seal.ts';
import { catchUp } from './catchUp.ts';
import { trustHere, type TrustNeeds } from './trust.ts';
import { entriesEverAdded, latestCheckpoint, type CheckpointRow } from './treeStore.ts';
import { walkAndKeep } from './walk.ts';
import { lastWholeWalk } from './walkStore.ts';
import type { Break } from './verifyTree.ts';

const breaksNow = new Gauge({ name: 'accord_audit_breaks', help: 'Breaks that the last walk of the audit chains found' });
const sealedNow = new Gauge({ name: 'accord_audit_sealed_entries', help: 'Entries in the audit log that the last checkpoint covers' });
const sealFailures = new Counter({ name: 'accord_audit_seal_failures_total', help: 'Sealings that failed' });
const witnessFailures = new Counter({ name: 'accord_audit_witness_failures_total', help: 'Questions to a witness that brought no cosignature', labelNames: ['witness'] });
const witnessed = new Counter({ name: 'accord_audit_cosignatures_total', help: 'Cosignatures received', labelNames: ['witness'] });

export type StandingNeeds = SealNeeds & TrustNeeds & { readonly clock: Clock; readonly log: Logger };

export interface Standing {
  /** Seals now what waits, keeps it outside and asks the witnesses; resolves when all of that is done. */
  seal(): Promise<void>;
  /** Walks now. */
  walk(kind: 'whole' | 'increment'): Promise<void>;
  /** Ends what is in hand and does nothing more. */
  close(): Promise<void>;
}

/** The hour of the night, UTC, from which the whole is walked. */
const wholeWalkHour = 2;

export function keepAudit(needs: StandingNeeds, ask: Ask = askOverNetwork): Standing {
  const { db, clock, log, settings } = needs;
  let work: Promise<void> = Promise.resolve();
  let closed = false;
  let sealedAt = clock.now().getTime();
  let walkedAt = sealedAt;
  let addedThen: number | undefined;
  let keptTo = 0;
  let damage: Break | undefined;
  const asking = new Map<string, Promise<void>>();

  /** One thing after the other; a failure ends only itself. */
  function next(what: string, step: () => Promise<void>): Promise<void> {
    work = work.then(() => (closed ? undefined : step())).catch((error: unknown) => {
      if (what === 'seal') sealFailures.inc();
      log.error({ err: error, what }, 'the audit log could not be looked after');
    });
    return work;
  }

  async function sealAll(): Promise<void> {
    let newest: CheckpointRow | undefined;
    try {
      for (let row = await sealOnce(needs); row; row = await sealOnce(needs)) {
        newest = row;
        await keep(row);
      }
      damage = undefined;
    } catch (error) {
      if (!(error instanceof LogDamaged)) throw error;
      sealFailures.inc();
      log.error({ err: error }, 'the audit log is damaged and is not sealed any further');
      damage = { where: 'the audit log', why: error.message };
    }
    sealedAt = clock.now().getTime();
    addedThen = await entriesEverAdded(db);
    const last = newest ?? (await latestCheckpoint(db));
    if (last) sealedNow.set(last.size);
    if (last) for (const witness of settings.witnesses) askBeside(witness, last);
  }

  async function keep(row: CheckpointRow): Promise<void> {
    const key = await logKey(needs);
    await keepOutside(settings.checkpointsDir, [{ key: verifierText(key.name, 'note', key.raw), note: row.note }], row.at);
    keptTo = row.size;
  }

  /** A house that is slow or away is not waited for, and not asked twice at once. */
  function askBeside(witness: (typeof settings.witnesses)[number], checkpoint: CheckpointRow): void {
    const name = readVerifier(witness.key)?.name ?? 'unreadable';
    if (asking.has(name)) return;
    const question = askWitness(db, ask, witness, checkpoint).then((asked) => {
      if (asked.kind === 'failed') throw new Error(asked.why);
      witnessed.inc({ witness: name });
    }).catch((error: unknown) => {
      witnessFailures.inc({ witness: name });
      log.warn({ err: error, witness: name }, 'a witness did not co-sign');
    }).finally(() => asking.delete(name));
    asking.set(name, question);
  }

  async function walkNow(kind: 'whole' | 'increment'): Promise<void> {
    walkedAt = clock.now().getTime();
    const missing = await catchUp(needs, keptTo);
    keptTo = missing.keptTo;
    const known = [...(damage ? [damage] : []), ...missing.breaks];
    const { breaks, found, entries } = await walkAndKeep(db, await trustHere(needs), kind, known);
    breaksNow.set(breaks);
    if (breaks > 0) log.error({ breaks, found }, 'the audit chains do not hold');
    else log.debug({ kind, entries }, 'the audit chains hold');
  }

  async function look(): Promise<void> {
    const now = clock.now().getTime();
    addedThen ??= await entriesEverAdded(db);
    if (now - sealedAt >= limits.sealEveryMs || (await entriesEverAdded(db)) - addedThen >= limits.sealAtEntries) await sealAll();
    if (now - walkedAt < limits.walkEveryMs) return;
    await walkNow(wholeIsDue((await lastWholeWalk(db))?.at, clock.now()) ? 'whole' : 'increment');
  }

  let looking = false;
  const ticking = every(clock, limits.sealLookMs, () => {
    if (looking) return;
    looking = true;
    void next('look', look).finally(() => { looking = false; });
  });

  return {
    seal: () => next('seal', async () => {
      await sealAll();
      await Promise.all(asking.values());
    }),
    walk: (kind) => next('walk', () => walkNow(kind)),
    close: async () => {
      closed = true;
      ticking.cancel();
      await work;
      await Promise.all(asking.values());
    },
  };
}

/** Has a night begun since the whole was last walked? */
export function wholeIsDue(last: Date | undefined, now: Date): boolean {
  const night = new Date(now);
  night.setUTCHours(wholeWalkHour, 0, 0, 0);
  if (night > now) night.setUTCDate(night.getUTCDate() - 1);
  return last === undefined || last < night;
}
