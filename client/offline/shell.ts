/** Lets the screen itself load without a network, by a service worker that is there only while a plan is held. */

const address = '/service-worker.js';
/** Also in worker.ts, which can import nothing. */
const cachePrefix = 'accord-screen-';
const waitMs = 30_000;

/** The page's policy lets scripts come from addresses only that somebody vouches for. We vouch for this one. */
interface Vouching {
  createPolicy(name: 'accord', rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}
let vouch: ((url: string) => string) | undefined;
function vouched(): string {
  const { trustedTypes } = window as { trustedTypes?: Vouching };
  if (vouch === undefined && trustedTypes) {
    const policy = trustedTypes.createPolicy('accord', { createScriptURL: (url) => { if (url !== address) throw new TypeError('no script of ours'); return url; } });
    vouch = (url) => policy.createScriptURL(url) as string;
  }
  return vouch ? vouch(address) : address;
}

/** Whether this browser, at this address, can keep a plan safely and load without a network. */
export const canHold = (): boolean => window.isSecureContext && 'serviceWorker' in navigator && 'indexedDB' in window && crypto.subtle !== undefined;

/** Resolves once the screen's files are kept. Throws when they cannot be. */
export async function keepShell(): Promise<void> {
  const registration = await navigator.serviceWorker.register(vouched(), { scope: '/', updateViaCache: 'none' });
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (worker === null) throw new Error('the service worker did not start');
  await inTime((done, failed) => {
    const look = (): void => {
      if (worker.state === 'activated') done();
      if (worker.state === 'redundant') failed();
    };
    worker.addEventListener('statechange', look);
    look();
  });
  await inTime((done, failed) => {
    const line = new MessageChannel();
    line.port1.onmessage = (event: MessageEvent<unknown>) => (event.data === 'kept' ? done() : failed());
    worker.postMessage('keep', [line.port2]);
  });
}

/** Waits until `work` says that it is done. Throws when it failed, or takes too long. */
const inTime = (work: (done: () => void, failed: () => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const failed = (): void => reject(new Error('The screen’s own files could not be kept on this device.'));
    const tooLong = setTimeout(failed, waitMs);
    work(() => {
      clearTimeout(tooLong);
      resolve();
    }, failed);
  });

/** Takes the service worker and the files it kept away. */
export async function dropShell(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  for (const name of await caches.keys()) if (name.startsWith(cachePrefix)) await caches.delete(name);
}
