/** What lies on the device, and each thing that is done to it in one step. Clear text here is only: ids of copies and sections, times, sizes. */
import { limits } from '../../shared/limits.ts';
import { answer, transact, type StoreName } from './database.ts';
import type { Sealed } from './sealing.ts';

/**
 * taking: not complete yet. open: its keys lie beside it. locked: the keys were taken away with the sign-in; both halves make them
 * again. wiped: only sealed words are left. returned: nothing is left; the service is still to be told.
 */
export type CopyPhase = 'taking' | 'open' | 'locked' | 'wiped' | 'returned';

export interface CopyRecord {
  readonly id: string;
  readonly phase: CopyPhase;
  /** By this device's clock, milliseconds since 1970. */
  readonly takenAt: number;
  readonly until: number;
  readonly keys?: { readonly plan: CryptoKey; readonly words: CryptoKey };
  /** The end of a sign-in by which it was locked last. */
  readonly mark?: string;
  /** See `About` in copies.ts. */
  readonly about?: Sealed;
}
export interface ChangeRecord extends Sealed {
  readonly key: number;
  readonly copy: string;
  readonly section: string;
}
export interface WordsRecord extends Sealed {
  readonly copy: string;
  /** The tab that wrote them. */
  readonly writer: string;
}

/** May not be read any more. A clock that stands before the taking was set back, and is not believed. */
export const isOver = (copy: Pick<CopyRecord, 'takenAt' | 'until'>, now: number): boolean => now >= copy.until || now < copy.takenAt;
/** Even sealed words have been kept long enough. */
export const wordsAreOver = (copy: Pick<CopyRecord, 'takenAt' | 'until'>, now: number): boolean => now >= copy.until + limits.offlineWordsKeptMs;

export const deviceKey = (make: CryptoKey): Promise<CryptoKey> =>
  transact('readwrite', async (store) => {
    const found = (await answer(store('device').get('key'))) as CryptoKey | undefined;
    if (found === undefined) await answer(store('device').add(make, 'key'));
    return found ?? make;
  });
export const findDeviceKey = (): Promise<CryptoKey | undefined> => transact('readonly', async (store) => (await answer(store('device').get('key'))) as CryptoKey | undefined);

export const allCopies = (): Promise<readonly CopyRecord[]> => transact('readonly', async (store) => (await answer(store('copies').getAll())) as CopyRecord[]);
export const putCopy = (record: CopyRecord): Promise<void> => transact('readwrite', async (store) => { await answer(store('copies').put(record)); });
export const removeCopy = (id: string): Promise<void> => transact('readwrite', async (store) => { await answer(store('copies').delete(id)); });

/** Changes the record as it is now, and answers what it is then; nothing when there is none. */
export const changeCopy = (id: string, change: (record: CopyRecord) => CopyRecord): Promise<CopyRecord | undefined> =>
  transact('readwrite', async (store) => {
    const record = (await answer(store('copies').get(id))) as CopyRecord | undefined;
    if (record === undefined) return undefined;
    const changed = change(record);
    await answer(store('copies').put(changed));
    return changed;
  });

/** One thing that is to be written down of a plan; everything that was said together is written together or not at all. */
export type Step =
  | { readonly kind: 'add'; readonly section: string; readonly sealed: Sealed; /** Keys of changes that it stands for. */ readonly inPlaceOf: readonly number[] }
  | { readonly kind: 'forget'; readonly section: string }
  | { readonly kind: 'about'; readonly sealed: Sealed };
/** What one tab's person has written and not sent, in place of what the tabs named had; nothing sealed means that nothing is left. */
export interface WordsStep {
  readonly writer: string;
  readonly sealed: Sealed | undefined;
  readonly inPlaceOf: readonly string[];
}

/** Writes it down in one step. False when the plan is not held any more: then only the words were written, if there was anywhere left. */
export const writeDown = (copy: string, steps: readonly Step[], words: WordsStep | undefined): Promise<boolean> =>
  transact('readwrite', async (store) => {
    const record = (await answer(store('copies').get(copy))) as CopyRecord | undefined;
    if (record === undefined || record.phase === 'returned') return false;
    if (words !== undefined) await putWords(store, record, words);
    // What was under way when the keys were taken off is sealed already, and the copy will be opened again.
    if (record.phase !== 'open' && record.phase !== 'taking' && record.phase !== 'locked') return false;
    for (const step of steps) {
      switch (step.kind) {
        case 'add':
          for (const key of step.inPlaceOf) await answer(store('changes').delete(key));
          await answer(store('changes').add({ copy, section: step.section, ...step.sealed }));
          break;
        case 'forget':
          for (const key of await answer(store('changes').index('section').getAllKeys([copy, step.section]))) await answer(store('changes').delete(key));
          break;
        case 'about':
          await answer(store('copies').put({ ...record, about: step.sealed }));
      }
    }
    return true;
  });

async function putWords(store: (of: StoreName) => IDBObjectStore, { id, phase }: CopyRecord, { writer, sealed, inPlaceOf }: WordsStep): Promise<void> {
  for (const other of [...inPlaceOf, writer]) await answer(store('words').delete([id, other]));
  if (sealed !== undefined) await answer(store('words').put({ copy: id, writer, ...sealed }));
  // Of a plan that was wiped the words were all that was left.
  else if (phase === 'wiped' && (await answer(store('words').count(ofCopy(id)))) === 0) await answer(store('copies').delete(id));
}

const ofCopy = (copy: string): IDBKeyRange => IDBKeyRange.bound([copy], [copy, []]);

export const changesOf = (copy: string): Promise<readonly ChangeRecord[]> =>
  transact('readonly', async (store) => (await answer(store('changes').index('section').getAll(ofCopy(copy)))) as ChangeRecord[]);
export const wordsOf = (copy: string): Promise<readonly WordsRecord[]> => transact('readonly', async (store) => (await answer(store('words').getAll(ofCopy(copy)))) as WordsRecord[]);

/**
 * Takes the plan and every key of it off the device. What its person wrote and did not send stays sealed when `words` is "keep" and
 * there is any; otherwise nothing of the copy is left.
 */
export const wipe = (copy: string, words: 'keep' | 'remove'): Promise<void> =>
  transact('readwrite', async (store) => {
    for (const key of await answer(store('changes').index('section').getAllKeys(ofCopy(copy)))) await answer(store('changes').delete(key));
    if (words === 'remove') await answer(store('words').delete(ofCopy(copy)));
    const record = (await answer(store('copies').get(copy))) as CopyRecord | undefined;
    if (record === undefined) return;
    const { id, takenAt, until } = record;
    if ((await answer(store('words').count(ofCopy(copy)))) > 0) await answer(store('copies').put({ id, takenAt, until, phase: 'wiped' } satisfies CopyRecord));
    else await answer(store('copies').delete(copy));
  });
