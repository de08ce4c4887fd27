/** Checks what a plan's chain vouches for: every row of the log is the one that an entry was written with, and every signature has its version. */
import type { AuditEntry } from '../../shared/domain/audit.ts';
import { broughtIn, type ClockSpan } from '../../shared/crdt/sectionPast.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Tx } from '../ports.ts';
import { RowsHash } from './rows.ts';
import { logEnd, logRowsBetween, signedOf, type LoggedRow } from './store.ts';

/** Rows read at a time: a few megabytes, however large a plan's changes are. */
const rowsAtATime = 100;

export interface Fault {
  /** The entry that does not hold; undefined when no entry says anything about what was found. */
  readonly seq?: number;
  readonly why: string;
}

/** What one entry says about rows of the log. */
interface Claim {
  readonly seq: number;
  readonly from: number;
  readonly to: number;
  readonly rows: string;
  readonly hash: RowsHash;
  /** Rows taken up so far: as many as one commit brought. */
  readonly seen: LoggedRow[];
  /** When the entry was written, milliseconds since 1970. */
  readonly atMs: number;
}

/** Entries that begin a plan stand for rows of every section. */
const anySection = '*';
const standsFor = ['create-plan', 'edit', 'sign-version'];
const keyOf = (author: string, section: string | null): string => `${author} ${section ?? ''}`;

export class Vouched {
  /** Claims by author and section, in order of their rows. */
  readonly #claims = new Map<string, Claim[]>();
  readonly #signings: AuditEntry[] = [];
  #silent: number | undefined;

  /** Takes up one entry; entries come in the order of the chain. */
  take(entry: AuditEntry): void {
    if (entry.outcome !== 'done' || !standsFor.includes(entry.action)) return;
    if (entry.action === 'sign-version') this.#signings.push(entry);
    const [from, to, rows] = [entry.ref?.['from'], entry.ref?.['to'], entry.ref?.['rows']];
    if (typeof from === 'number' && typeof to === 'number' && typeof rows === 'string') {
      const key = keyOf(entry.actor.id, entry.action === 'create-plan' ? anySection : (entry.section ?? null));
      const claims = this.#claims.get(key) ?? [];
      claims.push({ seq: entry.seq, from, to, rows, hash: new RowsHash(), seen: [], atMs: Date.parse(entry.at) });
      this.#claims.set(key, claims);
    } else if (entry.action !== 'create-plan') {
      this.#silent ??= entry.seq;
    }
  }

  /** The first thing in the log or among the versions that the entries taken up do not vouch for, or that they vouch for and is not there. */
  async fault(tx: Tx, planId: PlanId): Promise<Fault | undefined> {
    if (this.#silent !== undefined) return { seq: this.#silent, why: 'the entry does not say which rows of the log it stands for' };
    return (await this.#logFault(tx, planId)) ?? this.#versionFault(tx, planId);
  }

  async #logFault(tx: Tx, planId: PlanId): Promise<Fault | undefined> {
    const end = await logEnd(tx, planId);
    if (!end) return { why: 'there is no such plan' };
    for (let position = 1; position <= end.head; position += rowsAtATime) {
      const upTo = Math.min(position + rowsAtATime - 1, end.head);
      const rows = await logRowsBetween(tx, planId, position, upTo);
      for (let at = position; at <= upTo; at += 1) {
        const row = rows[at - position];
        const fault = row?.position === at ? this.#rowFault(row) : this.#at(at, `row ${at} of the log is missing`);
        if (fault) return fault;
      }
    }
    if (end.last > end.head) return this.#at(end.last, `the log has a row ${end.last}, but the plan knows of ${end.head} only`);
    const left = [...this.#claims.values()].flat().toSorted((a, b) => a.seq - b.seq)[0];
    return left && { seq: left.seq, why: `the log should have rows up to ${left.to}` };
  }

  #rowFault(row: LoggedRow): Fault | undefined {
    for (const key of [keyOf(row.author, row.section), keyOf(row.author, anySection)]) {
      const claims = this.#claims.get(key);
      const claim = claims?.[0];
      if (!claims || !claim || row.position < claim.from || row.position > claim.to) continue;
      claim.hash.add(row);
      claim.seen.push(row);
      if (row.position < claim.to) return undefined;
      claims.shift();
      if (claim.hash.digest() !== claim.rows) return { seq: claim.seq, why: `the rows of the log up to ${claim.to} are not those that the entry was written with` };
      // Only bytes that the entry vouches for are looked into.
      return claim.seen.flatMap((seen) => asideOf(seen, claim) ?? [])[0];
    }
    return this.#at(row.position, `row ${row.position} of the log is not one that any entry was written with`);
  }

  /** The fault with the first entry whose rows lie around `position`. */
  #at(position: number, why: string): Fault {
    const around = [...this.#claims.values()].flat().filter(({ from, to }) => from <= position && position <= to).map(({ seq }) => seq);
    return around.length === 0 ? { why } : { seq: Math.min(...around), why };
  }

  async #versionFault(tx: Tx, planId: PlanId): Promise<Fault | undefined> {
    const versions = new Map((await signedOf(tx, planId)).map((version) => [version.number, version]));
    for (const { seq, ref, actor } of this.#signings) {
      const number = ref?.['version'];
      const version = typeof number === 'number' ? versions.get(number) : undefined;
      if (!version) return { seq, why: `version ${number ?? '?'} was signed and is not there` };
      if (version.contentHash !== ref?.['contentHash'] || version.position !== ref['position'] || version.signedBy !== actor.id) return { seq, why: `version ${version.number} is not the one that was signed` };
      versions.delete(version.number);
    }
    const [unknown] = versions.keys();
    return unknown === undefined ? undefined : { why: `no entry tells of the signing of version ${unknown}` };
  }
}

/** A row and its entry are written in one transaction, in which nothing is waited for longer than this, in milliseconds. */
const apartMsMax = 60_000;

/**
 * What the log says beside the bytes that the entry vouches for: who wrote a value is told from the clocks, and when from the time. Undefined when it is
 * what the bytes and the entry say.
 */
function asideOf({ position, bytes, spans, at }: LoggedRow, { seq, atMs }: Claim): Fault | undefined {
  const fault = (why: string): Fault => ({ seq, why: `row ${position} of the log ${why}` });
  if (Math.abs(at.getTime() - atMs) > apartMsMax) return fault('says another time than its entry');
  if (bytes === null || spans === null) return undefined;
  const ranges = (found: readonly ClockSpan[]): string => JSON.stringify(found.toSorted(([a, from], [b, other]) => a - b || from - other));
  return ranges(spans) === ranges(broughtIn(bytes)) ? undefined : fault('says of other clocks than its bytes that it brought them');
}
