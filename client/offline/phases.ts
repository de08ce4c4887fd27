/** From which phase to which a copy on this device goes. Asked of the record as it is at the moment of writing: much may have happened since somebody decided. */
import type { CopyRecord } from './records.ts';

/** Taken completely. What was locked, wiped or handed back meanwhile is not opened by that. */
export const taken = (record: CopyRecord): CopyRecord => (record.phase === 'taking' ? { ...record, phase: 'open' } : record);

/** The sign-in has ended: the keys go. `mark` tells this end from every other, so that keys which are on their way here come too late. */
export function locked(record: CopyRecord, mark: string): CopyRecord {
  if (record.phase !== 'open' && record.phase !== 'locked') return record;
  const { keys: _, ...rest } = record;
  return { ...rest, phase: 'locked', mark };
}

/** Opened with keys that were asked for when `seen` was read; as it is when a sign-in has ended since, or it is not locked any more. */
export const unlocked = (record: CopyRecord, seen: Pick<CopyRecord, 'mark'>, keys: NonNullable<CopyRecord['keys']>): CopyRecord =>
  (record.phase === 'locked' && record.mark === seen.mark ? { ...record, phase: 'open', keys } : record);
