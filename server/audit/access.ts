/**
 * Records what concerns no single plan: lists, searches, sign-ins, the reading of trails. Sixteen chains for each organisation, so that readers
 * never queue behind one row; what arrives while a commit is on its way goes together in the next.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { accessStream, spellEntry } from '../../shared/domain/audit.ts';
import { limits } from '../../shared/limits.ts';
import type { AccessEntry, AccessOptions, Clock, Database, Random, RecordAccess } from '../ports.ts';
import { linkOf } from './chain.ts';
import { addAccessEntries, type SpelledAccess } from './store.ts';

interface Needs {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}
interface Waiting {
  readonly entry: AccessEntry;
  readonly soon: boolean;
  readonly stands: () => void;
  readonly failed: (error: unknown) => void;
}
export interface AccessRecord {
  readonly record: RecordAccess;
  /** Writes what still waits; nothing is taken any more. */
  close(): Promise<void>;
}

/** The access chains as one node writes them. */
export function openAccess(needs: Needs): AccessRecord {
  const { db, clock, random, log } = needs;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let due: { cancel(): void } | undefined;
  const lately = new Lately(clock);

  const record: RecordAccess = (entry, options = {}) => {
    if (lately.isSame(entry, options)) return Promise.resolve();
    if (waiting.length >= limits.accessWaitingMax) return Promise.reject(new Error('more waits for the access chains than may wait'));
    const stands = new Promise<void>((resolve, reject) => {
      waiting.push({
        entry, soon: options.soon ?? false,
        stands: () => { lately.keep(entry, options); resolve(); },
        failed: reject,
      });
    });
    // Whoever waits for it hears of a failure too; of whoever does not, this is all that remains.
    stands.catch((error: unknown) => log.warn({ err: error, action: entry.action }, 'an access could not be recorded'));
    if (options.soon) due ??= clock.after(limits.accessBufferMs, write);
    else write();
    return stands;
  };

  function write(): void {
    due?.cancel();
    due = undefined;
    writing ??= writeAll().finally(() => {
      writing = undefined;
      // What came between the last look and now.
      if (waiting.some(({ soon }) => !soon)) write();
    });
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, limits.accessBatchMax);
      waiting = waiting.slice(batch.length);
      try {
        await addAccessEntries(db, batch.map(({ entry }) => spelledAccess(entry, random)).toSorted((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0)));
        for (const one of batch) one.stands();
      } catch (error) {
        for (const one of batch) if (!one.soon) one.failed(error);
        waiting = [...batch.filter(({ soon }) => soon), ...waiting];
        if (waiting.every(({ soon }) => soon)) return again(error);
      }
    }
  }

  function again(error: unknown): void {
    log.warn({ err: error, waiting: waiting.length }, 'the access chains could not be written; trying again');
    due ??= clock.after(limits.accessAgainMs, write);
  }

  return {
    record,
    close: async () => {
      due?.cancel();
      await writing;
      if (waiting.length > 0) await writeAll();
      due?.cancel();
      if (waiting.length > 0) log.error({ lost: waiting.length }, 'entries of the access chains were lost: storage is away');
    },
  };
}

// Marks that no id, code or hash can hold.
const atMark = '\u0001at';
const prevMark = '\u0001prev';
const seqMark = Number.MAX_SAFE_INTEGER;
const marks = new RegExp(`\\\\u0001at|"\\\\u0001prev"|(?<="seq":)${seqMark}(?=,"stream")`);

/** The entry's text in the parts around time, hash of the entry before and number, which only the database knows. */
export function spelledAccess(entry: AccessEntry, random: Random): SpelledAccess {
  const stream = accessStream(entry.organisation, shardOf(entry, random));
  const parts = spellEntry(linkOf(stream, entry, seqMark, atMark, prevMark)).split(marks);
  const [beforeAt, beforePrev, beforeSeq, rest] = parts;
  if (parts.length !== 4 || beforeAt === undefined || beforePrev === undefined || beforeSeq === undefined || rest === undefined) throw new Error('an access entry could not be taken apart');
  return { stream, parts: [beforeAt, beforePrev, beforeSeq, rest] };
}

/** One person's entries stand in one chain, in the order in which they were made. */
function shardOf({ actor }: AccessEntry, random: Random): number {
  const byte = actor === 'unknown' || actor === 'system' ? random(1)[0] : createHash('sha256').update(actor).digest()[0];
  return (byte ?? 0) % limits.accessShards;
}

/** What was recorded a moment ago and would only be repeated. */
class Lately {
  readonly #since = new Map<string, number>();

  constructor(readonly clock: Clock) {}

  isSame(entry: AccessEntry, { sameForMs, sameAs }: AccessOptions): boolean {
    return sameForMs !== undefined && this.#now() - (this.#since.get(keyOf(entry, sameAs)) ?? -Infinity) < sameForMs;
  }

  keep(entry: AccessEntry, { sameForMs, sameAs }: AccessOptions): void {
    if (sameForMs === undefined) return;
    const key = keyOf(entry, sameAs);
    this.#since.delete(key);
    this.#since.set(key, this.#now());
    const oldest = this.#since.keys().next().value;
    if (this.#since.size > limits.accessWaitingMax && oldest !== undefined) this.#since.delete(oldest);
  }

  #now(): number {
    return this.clock.now().getTime();
  }
}

const keyOf = (entry: AccessEntry, sameAs = ''): string => createHash('sha256').update(JSON.stringify([entry, sameAs])).digest('base64');
