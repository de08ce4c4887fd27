/** What becomes of a copy on the device when two things happen to it at once. */
import { describe, expect, test } from '@jest/globals';
import { locked, taken, unlocked } from '../../client/offline/phases.ts';
import type { CopyPhase, CopyRecord } from '../../client/offline/records.ts';

const keys = { plan: 'plan key', words: 'words key' } as unknown as NonNullable<CopyRecord['keys']>;
const record = (phase: CopyPhase, more: Partial<CopyRecord> = {}): CopyRecord => ({ id: 'copy_a', phase, takenAt: 1, until: 2, ...more });

describe('a copy on this device', () => {
  test('[OF13] HAZ-15 loses its keys when the sign-in ends, and gets them back at the next', () => {
    const shut = locked(record('open', { keys }), 'first');
    expect(shut).toEqual(record('locked', { mark: 'first' }));
    expect(unlocked(shut, shut, keys)).toEqual(record('open', { mark: 'first', keys }));
  });

  test('[OF13] HAZ-15 does not take keys that were asked for before a sign-in ended, whatever came first here', () => {
    const seen = locked(record('open', { keys }), 'first');
    expect(unlocked(locked(seen, 'second'), seen, keys)).toEqual(record('locked', { mark: 'second' }));
    // One that was locked by an earlier version of the screen bears no mark.
    expect(unlocked(locked(record('locked'), 'first'), record('locked'), keys)).toEqual(record('locked', { mark: 'first' }));
    expect(unlocked(record('locked'), record('locked'), keys)).toMatchObject({ phase: 'open', keys });
  });

  test.each<CopyPhase>(['wiped', 'returned', 'taking', 'open'])('[OF11] HAZ-15 that is %s is neither locked again out of that nor opened by what was under way', (phase) => {
    const now = record(phase);
    if (phase !== 'open') expect(locked(now, 'late')).toBe(now);
    expect(unlocked(now, now, keys)).toBe(now);
    if (phase !== 'taking') expect(taken(now)).toBe(now);
  });

  test('[OF11] is open once it was taken completely', () => {
    expect(taken(record('taking', { keys }))).toEqual(record('open', { keys }));
  });
});
