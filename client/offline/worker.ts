/**
 * The service worker: keeps the screen's own files so that the screen loads without a network. It never looks at an answer of the
 * service: whatever is not a page or a file of the screen passes by it untouched. Imports nothing: it is served as one plain script.
 */

/** Put before this script by the build: every file of the screen, and one hash over them. */
declare const accordFiles: { readonly version: string; readonly files: readonly string[] };

/** The part of a service worker's world that is used; the compiler's own names for it contradict those of a page. */
interface WorkerScope {
  readonly location: { readonly origin: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', heard: (event: { waitUntil(work: Promise<unknown>): void }) => void): void;
  addEventListener(type: 'message', heard: (event: { readonly ports: readonly MessagePort[]; waitUntil(work: Promise<unknown>): void }) => void): void;
  addEventListener(type: 'fetch', heard: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
}
const scope = self as unknown as WorkerScope;

const cachePrefix = 'accord-screen-';
const cacheName = cachePrefix + accordFiles.version;
const page = '/index.html';
/** A line that is nearly dead answers nothing for minutes: after this the page that was kept is shown. */
const patienceMs = 4_000;

const keep = async (): Promise<void> => (await caches.open(cacheName)).addAll(accordFiles.files.map((file) => new Request(file, { cache: file === page ? 'reload' : 'default' })));

scope.addEventListener('install', (event) => event.waitUntil(keep()));

/** A page asks whether everything is kept. A worker that was sent away while pages stood is called back without being installed again. */
scope.addEventListener('message', (event) => {
  const kept = caches.match(page, { cacheName }).then((found) => (found === undefined ? keep() : undefined));
  event.waitUntil(kept.then(() => event.ports[0]?.postMessage('kept'), () => event.ports[0]?.postMessage('not kept')));
});

scope.addEventListener('activate', (event) => {
  const older = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith(cachePrefix) && name !== cacheName).map((name) => caches.delete(name))));
  event.waitUntil(older.then(() => scope.clients.claim()));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== scope.location.origin) return;
  if (pathname.startsWith('/assets/')) event.respondWith(fileOf(request));
  else if (request.mode === 'navigate' && !/^\/(api|auth|sync|socket\.io|livez|readyz|metrics)(\/|$)/.test(pathname)) event.respondWith(pageOf(request));
});

// Looked up without opening the cache: that would make it anew after it was taken away.
/** A file's name changes with its content, so what was kept is as good as new. */
const fileOf = async (request: Request): Promise<Response> => (await caches.match(request, { cacheName })) ?? fetch(request);

/** The service's own page while it answers; the kept one when it does not, or is in trouble. */
async function pageOf(request: Request): Promise<Response> {
  const kept = async (): Promise<Response> => (await caches.match(page, { cacheName })) ?? Response.error();
  const tooLong = new Promise<undefined>((resolve) => { setTimeout(() => resolve(undefined), patienceMs); });
  const answered = await Promise.race([fetch(request).catch(() => undefined), tooLong]);
  return answered === undefined || answered.status >= 500 ? kept() : answered;
}
