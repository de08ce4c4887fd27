/** SQL of the walks: what each looked at and what it found. */
import type { Queryable } from '../ports.ts';
import type { Break } from './verifyTree.ts';

export interface WalkRow {
  readonly kind: 'whole' | 'increment';
  readonly at: Date;
  readonly entries: number;
  readonly size: number;
  readonly root: Buffer;
  readonly breaks: number;
  /** The first of them. */
  readonly found: readonly Break[];
}
const columns = 'kind, at, entries, size, root, breaks, found';

export async function addWalk(db: Queryable, { kind, entries, size, root, breaks, found }: Omit<WalkRow, 'at'>): Promise<WalkRow> {
  const [row] = await db.query<WalkRow>(`INSERT INTO audit_walks (kind, entries, size, root, breaks, found) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${columns}`, [kind, entries, size, root, breaks, JSON.stringify(found)]);
  if (!row) throw new Error('the walk was not written down');
  return row;
}

/** The last walk; `whole`: the last that found nothing broken, where the next goes on. */
export async function lastWalk(db: Queryable, unbroken = false): Promise<WalkRow | undefined> {
  const [row] = await db.query<WalkRow>(`SELECT ${columns} FROM audit_walks WHERE at <= clock_timestamp()${unbroken ? ' AND breaks = 0' : ''} ORDER BY id DESC LIMIT 1`);
  return row;
}

export async function lastWholeWalk(db: Queryable): Promise<WalkRow | undefined> {
  const [row] = await db.query<WalkRow>(`SELECT ${columns} FROM audit_walks WHERE kind = 'whole' AND at <= clock_timestamp() ORDER BY id DESC LIMIT 1`);
  return row;
}
