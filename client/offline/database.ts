/** The browser's store for plans taken offline: opened when needed, let go when it is to be deleted. */

import { copiesHere, markCopies } from './mark.ts';

const name = 'accord-offline';
export type StoreName = 'device' | 'copies' | 'changes' | 'words';
const every: readonly StoreName[] = ['device', 'copies', 'changes', 'words'];

let opening: Promise<IDBDatabase> | undefined;

/** What a request answers. Throws its error. */
export const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser’s store did not answer'));
  });

/** Runs `work` in one transaction over these stores; resolves once it is on the device, throws when nothing of it is. */
export async function transact<T>(mode: IDBTransactionMode, work: (store: (of: StoreName) => IDBObjectStore) => Promise<T>): Promise<T> {
  const transaction = (await open()).transaction(every, mode, { durability: 'strict' });
  const kept = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the browser’s store gave up'));
  });
  try {
    const result = await work((of) => transaction.objectStore(of));
    await kept;
    return result;
  } catch (error) {
    kept.catch(() => undefined);
    if (transaction.error === null) abort(transaction);
    throw error;
  }
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch (error) {
    // It had ended by itself already: there is nothing left to undo.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** Nothing is held in this browser (any more): there is no store, and none is made by asking. */
export class NothingHeld extends Error {}

/** Takes everything out and deletes the store itself. Other tabs let go of it by themselves. With it goes the mark. */
export async function deleteAll(): Promise<void> {
  await transact('readwrite', async (store) => {
    for (const of of every) await answer(store(of).clear());
  });
  // From here on nobody opens it again by merely looking.
  markCopies(false);
  const database = await opening;
  opening = undefined;
  database?.close();
  // Emptied already: should a tab hold on to it for a moment, what is deleted late is an empty shell.
  await new Promise<void>((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => resolve();
    request.onblocked = () => resolve();
  });
}

function open(): Promise<IDBDatabase> {
  if (!copiesHere.value) return Promise.reject(new NothingHeld('no plan is held in this browser'));
  opening ??= connect().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function connect(): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    const made = request.result;
    made.createObjectStore('device');
    made.createObjectStore('copies', { keyPath: 'id' });
    made.createObjectStore('changes', { keyPath: 'key', autoIncrement: true }).createIndex('section', ['copy', 'section']);
    made.createObjectStore('words', { keyPath: ['copy', 'writer'] });
  };
  const database = await answer(request);
  const letGo = (): void => {
    database.close();
    opening = undefined;
  };
  database.onversionchange = letGo;
  database.onclose = letGo;
  return database;
}
