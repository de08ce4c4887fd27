/** Puts many updates into one without a document. */
import * as Y from 'yjs';

const nothing = Uint8Array.of(0, 0);
/** The library sorts all of them again for each part of each: a few at a time cost far less. */
const atATime = 8;

/** All updates as one; an update that says nothing when there are none. */
export function mergeAll(updates: readonly Uint8Array[]): Uint8Array {
  let left = [...updates];
  while (left.length > 1) {
    const merged: Uint8Array[] = [];
    for (let at = 0; at < left.length; at += atATime) merged.push(Y.mergeUpdates(left.slice(at, at + atATime)));
    left = merged;
  }
  return left[0] ?? nothing;
}
