/** What people type: real updates of single characters into real prose, made before anything is measured. */
import * as Y from 'yjs';
import { sectionById } from '../../shared/content/standard.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { openRoots } from '../../shared/crdt/sectionDocument.ts';
import type { Content, Person } from './orders.ts';

/** One person's typing; edit `n` is clock `n` of their client id. */
export interface Stream {
  readonly client: number;
  readonly edits: readonly Uint8Array[];
  /** Where they begin, as a presence says it. */
  readonly origin: unknown;
}

/** Far from ids that documents give themselves by chance, and as long as those. */
const firstClient = 3_000_000_019;
const words = 'she would like the window open and the radio on in the morning before the nurse comes ';

export const clientOf = (person: number): number => firstClient + person * 7;

/** The longest run of text that the field of the section holds, or undefined when there is none. */
export function proseIn(doc: Y.Doc, field: string): Y.XmlText | undefined {
  const texts: Y.XmlText[] = [];
  const walk = (node: unknown): void => {
    if (node instanceof Y.XmlText) texts.push(node);
    else if (node instanceof Y.XmlFragment) for (const child of node.toArray()) walk(child);
  };
  walk(doc.getXmlFragment(`t:${field}`));
  return texts.toSorted((a, b) => b.length - a.length)[0];
}

export function documentOf(content: Content, sectionId: string): Y.Doc {
  const doc = new Y.Doc();
  openRoots(doc, sectionById(sectionId) as Section);
  const bytes = content.sections[sectionId];
  if (bytes !== undefined) Y.applyUpdate(doc, Buffer.from(bytes, 'base64'));
  return doc;
}

/** The typing of one person, who types alone as far as they know: whatever the others do, every update fits. */
export function streamOf(content: Content, person: Person, index: number, edits: number): Stream {
  const doc = documentOf(content, person.section);
  const text = proseIn(doc, person.field);
  if (!text || text.length < 2) throw new Error(`the plan has no text in ${person.field}`);
  const made: Uint8Array[] = [];
  doc.clientID = clientOf(index);
  // Everybody in a place of their own, as people do.
  let at = 1 + ((index * 13) % (text.length - 1));
  const origin = Y.createRelativePositionFromTypeIndex(text, at).item;
  doc.on('update', (update: Uint8Array) => void made.push(update));
  for (let edit = 0; edit < edits; edit += 1) {
    text.insert(at, words[edit % words.length] as string);
    at += 1;
  }
  doc.destroy();
  return { client: clientOf(index), edits: made, origin };
}
