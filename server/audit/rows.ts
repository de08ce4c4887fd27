/** What an audit entry says of the rows of the log that it stands for: their hash, so that a row cannot be changed behind its entry. */
import { createHash, type Hash } from 'node:crypto';
import type { PlanId } from '../../shared/ids.ts';
import type { Tx } from '../ports.ts';
import { logRowsBetween, type SealedRow } from './store.ts';

/** Takes up rows one after the other, in order of position. */
export class RowsHash {
  readonly #hash: Hash = createHash('sha256');

  /** Where the row is, whose it is and what it brought. The length comes before the bytes, so that no row can pass for two; ids and whole numbers have one spelling. */
  add({ position, section, author, bytes }: SealedRow): void {
    this.#hash.update(JSON.stringify([position, section, author, bytes?.length ?? null]), 'utf8');
    if (bytes) this.#hash.update(bytes);
  }

  /** Lower-case hex. Nothing can be added afterwards. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** SHA-256 over these rows, lower-case hex. */
export function hashOfRows(rows: readonly SealedRow[]): string {
  const hash = new RowsHash();
  for (const row of rows) hash.add(row);
  return hash.digest();
}

/** As `hashOfRows`, for rows that `tx` has just written at the positions `from` to `to`. */
export async function hashOfWritten(tx: Tx, planId: PlanId, from: number, to: number): Promise<string> {
  return hashOfRows(await logRowsBetween(tx, planId, from, to));
}
