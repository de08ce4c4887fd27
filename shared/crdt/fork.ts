/** Writing apart: a copy of a section's document that goes its own way and is brought back later, as an offline device does. */
import * as Y from 'yjs';

/** A copy with everything that `doc` holds now, and a writer's id of its own. */
export function forkOf(doc: Y.Doc): Y.Doc {
  const fork = new Y.Doc();
  Y.applyUpdate(fork, Y.encodeStateAsUpdate(doc));
  return fork;
}

/** Brings what was written in `fork` back to `doc`, and frees the fork. */
export function rejoin(doc: Y.Doc, fork: Y.Doc): void {
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(fork));
  fork.destroy();
}
