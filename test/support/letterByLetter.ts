/** Somebody who writes letter by letter over a played socket. */
import * as Y from 'yjs';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { writeProse } from '../../shared/crdt/sectionDocument.ts';
import type { Guest } from './liveWorld.ts';

/** Somebody who writes one letter after another into a section's prose, from a document of their own. */
export class Typist {
  readonly doc = new Y.Doc();
  private constructor(private readonly guest: Guest, private readonly sectionId: string, private readonly fieldId: string) {}

  /** Begins with a paragraph that holds an "a". */
  static begin(guest: Guest, sectionId: string, fieldId: string): Typist {
    const typist = new Typist(guest, sectionId, fieldId);
    writeProse(typist.doc, fieldById(fieldId) as Field, [{ type: 'paragraph', text: 'a' }]);
    guest.say(sectionId, { kind: 'update', update: Y.encodeStateAsUpdate(typist.doc) });
    return typist;
  }
  change(change: (text: Y.XmlText) => void): Uint8Array {
    const before = Y.encodeStateVector(this.doc);
    change((this.doc.getXmlFragment(`t:${this.fieldId}`).get(0) as Y.XmlElement).get(0) as Y.XmlText);
    return Y.encodeStateAsUpdate(this.doc, before);
  }
  type(letters: string): void {
    for (const letter of letters) this.guest.say(this.sectionId, { kind: 'update', update: this.change((text) => text.insert(text.length, letter)) });
  }
}
