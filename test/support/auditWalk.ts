/** Walks an audit chain and the rows it vouches for, wherever they are kept, with the product's own reading and hashing. */
import { entryHash } from '../../server/audit/hash.ts';
import { hashOfRows } from '../../server/audit/rows.ts';
import { readEntry } from '../../server/audit/entryText.ts';

export interface WalkedEntry {
  readonly seq: number;
  readonly entry: string;
  readonly hash: Uint8Array;
}
export interface WalkedRow {
  readonly position: number;
  readonly section: string | null;
  readonly author: string;
  readonly bytes: Uint8Array | null;
}

/** The first thing that does not hold, or undefined: links in order and unchanged, rows dense, and each row in exactly one entry that was written with it. */
export function auditFault(entries: readonly WalkedEntry[], rows: readonly WalkedRow[]): string | undefined {
  const dense = rows.findIndex(({ position }, index) => position !== index + 1);
  if (dense >= 0) return `row ${dense + 1} of the log is missing`;
  const vouched = new Set<number>();
  let previous: string | null = null;
  let before = '';
  for (const [index, { seq, entry, hash }] of entries.entries()) {
    const read = readEntry(entry);
    if (seq !== index + 1 || read?.seq !== seq) return `entry ${index + 1} is missing or cannot be read`;
    if (!entryHash(entry).equals(hash) || read.prev !== previous) return `entry ${seq} does not follow the one before it`;
    if (read.at < before) return `entry ${seq} is older than the one before it`;
    before = read.at;
    previous = Buffer.from(hash).toString('hex');
    const [from, to, claimed] = [read.ref?.['from'], read.ref?.['to'], read.ref?.['rows']];
    if (typeof from !== 'number' || typeof to !== 'number') continue;
    const own = rows.filter((row) => row.position >= from && row.position <= to && row.author === read.actor.id && row.section === (read.section ?? null));
    if (own.length === 0 || hashOfRows(own) !== claimed) return `entry ${seq} was not written with the rows ${from} to ${to}`;
    for (const { position } of own) {
      if (vouched.has(position)) return `row ${position} stands in two entries`;
      vouched.add(position);
    }
  }
  const silent = rows.find(({ position }) => !vouched.has(position));
  return silent && `no entry says anything about row ${silent.position}`;
}
