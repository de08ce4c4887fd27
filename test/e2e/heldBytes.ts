/** What really lies in a browser's store for plans taken offline: every byte of it, and in which words it can be searched. */
import type { Page } from '@playwright/test';

export interface Lying {
  /** Names of the databases of this site. */
  readonly databases: readonly string[];
  /** Everything in the store that is not a key, as text in which every byte is one letter. */
  readonly text: string;
  /** How many keys lie there, and how many of them could be exported. */
  readonly keys: number;
  readonly exportable: number;
  readonly workers: number;
  readonly caches: readonly string[];
  /** Addresses of everything that the service worker kept. */
  readonly cached: readonly string[];
  readonly marks: readonly string[];
}

export const lyingHere = (page: Page): Promise<Lying> =>
  page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no answer'));
    });
    const databases = (await indexedDB.databases()).map(({ name }) => name ?? '');
    let [text, keys, exportable] = ['', 0, 0];
    const look = (value: unknown): void => {
      if (value instanceof CryptoKey) {
        keys += 1;
        if (value.extractable) exportable += 1;
      } else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        for (const byte of bytes) text += String.fromCharCode(byte);
        text += '\n';
      } else if (typeof value === 'object' && value !== null) {
        for (const [name, part] of Object.entries(value)) {
          text += `${name}: `;
          look(part);
        }
      } else text += `${String(value)}\n`;
    };
    if (databases.includes('accord-offline')) {
      const database = await answer(indexedDB.open('accord-offline'));
      for (const name of database.objectStoreNames) {
        const store = database.transaction(name).objectStore(name);
        look(await answer(store.getAllKeys()));
        look(await answer(database.transaction(name).objectStore(name).getAll()));
      }
      database.close();
    }
    const names = await caches.keys();
    const cached: string[] = [];
    for (const name of names) for (const request of await (await caches.open(name)).keys()) cached.push(new URL(request.url).pathname);
    return { databases, text, keys, exportable, workers: (await navigator.serviceWorker.getRegistrations()).length, caches: names, cached, marks: Object.keys(localStorage) };
  });
