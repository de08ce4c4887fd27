/** The gate, and what says again what is known: the same words are a repetition, other words in the same place are not. */
import { describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { code, field, newDoc, Stand } from '../support/stand.ts';

/** What `change` says in an empty section under this client id. */
function said(sectionId: string, client: number, change: (doc: Y.Doc) => void): Uint8Array {
  const doc = newDoc(sectionId);
  doc.clientID = client;
  change(doc);
  return Y.encodeStateAsUpdate(doc);
}
const prose = (text: string) => (doc: Y.Doc): void => writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text }]);

describe('one client id in two copies', () => {
  test.each([['as long', 'near the sea'], ['longer', 'nearer to the sea'], ['shorter', 'at home']])('[GA26] HAZ-04 F25 other words, %s, in a place that is taken are refused and nothing moves', (_how, words) => {
    const stand = new Stand('wishes');
    expect(code(stand.judge(said('wishes', 7, prose('in the shed!'))))).toBe('accept');
    const before = Y.encodeStateAsUpdate(stand.staging);
    expect(stand.judge(said('wishes', 7, prose(words)))).toMatchObject({ kind: 'refuse', code: 'foreign-client', touched: false });
    expect(Y.encodeStateAsUpdate(stand.staging)).toEqual(before);
  });

  test('[GA26] HAZ-04 another choice in the same place is refused, also from another person', () => {
    const stand = new Stand('identity');
    stand.judge(said('identity', 7, (doc) => writeValue(doc, field('preferredName'), 'Peggy')));
    stand.owners.set(7, 'person_author');
    const other = said('identity', 7, (doc) => writeValue(doc, field('preferredName'), 'Maggy'));
    expect(code(stand.judge(other))).toBe('foreign-client');
    expect(code(stand.judge(other, { authorId: 'person_other' }))).toBe('foreign-client');
  });

  test('[GA26] the same words again, whole or in part, changed meanwhile or taken away, are a repetition', () => {
    const stand = new Stand('wishes');
    const first = said('wishes', 7, prose('in the shed!'));
    stand.judge(first);
    expect(code(stand.judge(first))).toBe('nothing');
    stand.change((doc) => {
      const text = (doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText;
      text.insert(3, 'or behind ');
      text.delete(0, 2);
      text.format(4, 3, { bold: {} });
    });
    expect(code(stand.judge(first))).toBe('nothing');
    expect(code(stand.judge(first, { authorId: 'person_other', mayNot: 'may only read' }))).toBe('nothing');
  });
});
