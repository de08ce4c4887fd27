/** A section's document in memory, made from updates. */
import * as Y from 'yjs';
import type { Section } from '../../shared/content/kinds.ts';
import { openRoots } from '../../shared/crdt/sectionDocument.ts';

/** An empty document of the section, with every root type in its kind. */
export function newDocument(section: Section): Y.Doc {
  // A document that nobody names needs no name of its own: thirty random numbers less.
  const doc = new Y.Doc({ guid: section.id });
  openRoots(doc, section);
  return doc;
}

export const copyOf = (doc: Y.Doc, section: Section): Y.Doc => documentFrom([Y.encodeStateAsUpdate(doc)], section);

/** A document that holds these updates, in order. One transaction for all: what a document does after each is done once. */
export function documentFrom(updates: readonly Uint8Array[], section: Section): Y.Doc {
  const doc = newDocument(section);
  doc.transact(() => { for (const update of updates) Y.applyUpdate(doc, update); });
  return doc;
}

/** The same as one update, without what deletions have left of no use. Throws when something is missing between them. */
export function compact(updates: readonly Uint8Array[], section: Section): Uint8Array {
  const doc = documentFrom(updates, section);
  try {
    if (hasPending(doc)) throw new Error(`the log of section ${section.id} has a gap`);
    return Y.encodeStateAsUpdate(doc);
  } finally {
    doc.destroy();
  }
}

export const hasPending = (doc: Y.Doc): boolean => doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
