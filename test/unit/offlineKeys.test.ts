/** Sealing what lies on the device, when it may be read, and what is said on return. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { limits } from '../../shared/limits.ts';
import { Subject } from '../../client/collab/subject.ts';
import type { SaveStatus } from '../../client/collab/saveStatus.ts';
import { isOver, wordsAreOver } from '../../client/offline/records.ts';
import { followReturn, reportWords, type Returned } from '../../client/offline/returned.ts';
import { keyFor, newDeviceKey, seal, sealJson, unseal, unsealJson } from '../../client/offline/sealing.ts';

describe('sealing', () => {
  const part = 'c2VjcmV0LXBhcnQtb2YtdGhlLXNlcnZpY2U';
  const words = new TextEncoder().encode('Not for attempted CPR');
  let device: CryptoKey;
  let key: CryptoKey;
  beforeAll(async () => {
    device = await newDeviceKey();
    key = await keyFor(device, part, 'copy_a', 'person_a', 'plan');
  });

  test('[OF5] HAZ-11 what was sealed opens with the same two halves, and is nothing but noise before', async () => {
    const [one, two] = [await seal(key, 'copy_a change wishes', words), await seal(key, 'copy_a change wishes', words)];
    expect(Buffer.from(one.bytes).toString('latin1')).not.toContain('CPR');
    // The same words never look the same.
    expect(Buffer.from(one.bytes).equals(Buffer.from(two.bytes))).toBe(false);
    const again = await keyFor(device, part, 'copy_a', 'person_a', 'plan');
    expect(new TextDecoder().decode(await unseal(again, 'copy_a change wishes', one))).toBe('Not for attempted CPR');
    expect(await unsealJson(again, 'x', await sealJson(key, 'x', { seven: [7] }))).toEqual({ seven: [7] });
  });

  test('[OF5] neither half can be taken out of the browser, nor can the key that they make', async () => {
    for (const one of [device, key]) {
      expect(one.extractable).toBe(false);
      await expect(crypto.subtle.exportKey('raw', one)).rejects.toThrow();
    }
  });

  test.each([
    ['another browser', async () => keyFor(await newDeviceKey(), part, 'copy_a', 'person_a', 'plan')],
    ['another half of the service', async () => keyFor(device, `${part.slice(0, -1)}A`, 'copy_a', 'person_a', 'plan')],
    ['another copy', async () => keyFor(device, part, 'copy_b', 'person_a', 'plan')],
    ['another person', async () => keyFor(device, part, 'copy_a', 'person_b', 'plan')],
    ['another purpose', async () => keyFor(device, part, 'copy_a', 'person_a', 'words')],
  ] as const)('[OF5] HAZ-09 %s opens nothing', async (_name, other) => {
    await expect(unseal(await other(), 'copy_a change wishes', await seal(key, 'copy_a change wishes', words))).rejects.toThrow();
  });

  test('[OF5] a piece that was changed, or put into another place, does not open', async () => {
    const sealed = await seal(key, 'copy_a change wishes', words);
    await expect(unseal(key, 'copy_a change resuscitation', sealed)).rejects.toThrow();
    for (let at = 0; at < sealed.bytes.byteLength; at += 1) {
      const bytes = sealed.bytes.slice(0);
      new Uint8Array(bytes)[at] = (new Uint8Array(bytes)[at] ?? 0) ^ 1;
      await expect(unseal(key, 'copy_a change wishes', { iv: sealed.iv, bytes })).rejects.toThrow();
    }
  });
});

describe('the hours of a copy', () => {
  const takenAt = Date.parse('2026-11-25T14:03:00Z');
  const copy = { takenAt, until: takenAt + limits.offlineCopyMs };

  test('[OF11] HAZ-15 it may be read for twelve hours, not a moment longer, and not by a clock that was set back', () => {
    expect([takenAt, takenAt + 1, copy.until - 1].map((now) => isOver(copy, now))).toEqual([false, false, false]);
    expect([copy.until, copy.until + 1, takenAt - 1, 0].map((now) => isOver(copy, now))).toEqual([true, true, true, true]);
  });

  test('[OF14] HAZ-04 sealed words outlive it by a week', () => {
    expect([copy.until, copy.until + limits.offlineWordsKeptMs - 1, copy.until + limits.offlineWordsKeptMs].map((now) => wordsAreOver(copy, now))).toEqual([false, false, true]);
  });
});

describe('back in contact', () => {
  /** A connection that is what a test says it is. */
  function connection() {
    const [status, live] = [new Subject<SaveStatus>({ kind: 'offline', changes: 0 }), new Subject(false)];
    const state = { onlyHere: [] as { section: string; field: string; value: unknown; why: string }[] };
    return {
      status, live, get onlyHere() { return state.onlyHere; }, get unsavedFields() { return state.onlyHere.length; },
      writes: (...fields: string[]) => {
        state.onlyHere = fields.map((field) => ({ section: 'identity', field, value: 'x', why: '' }));
        status.set({ kind: live.value ? 'saving' : 'offline', changes: fields.length });
      },
      saved: () => {
        state.onlyHere = [];
        status.set({ kind: 'saved', at: 1 });
      },
    };
  }

  test('[OF9] it is told once, when everything that was written away is answered, and not for what is written while live', () => {
    const line = connection();
    const told: Returned[] = [];
    const stop = followReturn(line, (returned) => told.push(returned));
    line.writes('preferredName');
    line.writes('preferredName', 'cprDecision');
    line.live.set(true);
    expect(told).toEqual([]);
    line.saved();
    expect(told).toEqual([{ fields: ['preferredName', 'cprDecision'] }]);
    line.writes('ppd1');
    line.saved();
    line.live.set(false);
    line.live.set(true);
    expect(told).toHaveLength(1);
    stop();
  });

  test('[OF9] HAZ-01 the sentence counts what was sent, what is disputed and what was not taken', () => {
    expect(reportWords(['preferredName'], 0, 0)).toBe('1 change sent: Likes to be called.');
    expect(reportWords(['preferredName', 'cprDecision'], 1, 2)).toBe('2 changes sent: Likes to be called, CPR recommendation. 1 change of these disputed now. 2 changes not taken: see “Not saved”.');
    expect(reportWords([], 0, 1)).toBe('Nothing was sent. 1 change not taken: see “Not saved”.');
  });
});
