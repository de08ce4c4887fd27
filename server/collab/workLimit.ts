/** Bounds the work of the library: it looks every piece up that it passes, and those look-ups are counted while an update is applied. */
import type * as Y from 'yjs';

export class OverWorked extends Error {}

/** Runs `work`; throws `OverWorked` out of the middle of it when it looks up more than `lookupsMax` pieces of the document. */
export function withLookupsUpTo(doc: Y.Doc, lookupsMax: number, work: () => void): void {
  const clients: { get?: (client: number) => (Y.Item | Y.GC)[] | undefined } = doc.store.clients;
  const prototype = Object.getPrototypeOf(clients) as Map<number, (Y.Item | Y.GC)[]>;
  let rest = lookupsMax;
  clients.get = (client) => {
    rest -= 1;
    if (rest < 0) {
      // What the library still does to end its transaction is not held up again.
      rest = Infinity;
      throw new OverWorked();
    }
    return prototype.get.call(clients, client);
  };
  try {
    work();
  } finally {
    delete clients.get;
  }
}
