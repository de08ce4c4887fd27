/** The gate: how much work it is made to do, counted in steps. */
import { expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { write } from '../fuzz/update.ts';
import { writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { code, field, newDoc, Stand } from '../support/stand.ts';

/** Counts how often a piece of this client is looked at from now on. */
function looks(doc: Y.Doc, client: number): () => number {
  let count = 0;
  const structs = doc.store.clients.get(client) as (Y.Item | Y.GC)[];
  doc.store.clients.set(client, new Proxy(structs, { get: (own, key) => {
    count += 1;
    return Reflect.get(own, key) as unknown;
  } }));
  return () => count;
}

/** Two write in turn, letter by letter, and take it all away again: as many pieces as letters, none of which stands. */
function takenAway(letters: number): Stand {
  const stand = new Stand('wishes');
  stand.change((doc) => { doc.clientID = 5; writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text: 'x' }]); });
  const docs = [7, 8].map((client) => Object.assign(stand.copy(), { clientID: client }));
  const textOf = (doc: Y.Doc): Y.XmlText => (doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText;
  for (let letter = 0; letter < letters; letter += 1) {
    const [one, other] = (letter % 2 === 0 ? docs : docs.toReversed()) as [Y.Doc, Y.Doc];
    one.once('update', (update: Uint8Array) => Y.applyUpdate(other, update));
    textOf(one).insert(1 + letter, 'a');
  }
  const [one] = docs as [Y.Doc];
  textOf(one).delete(1, letters);
  Y.applyUpdate(stand.staging, Y.encodeStateAsUpdate(one));
  return stand;
}

test('[GA27] deletions that say the same a thousand times over are held against each piece once', () => {
  const stand = takenAway(600);
  const [client, letters] = [7, 300];
  const deletions = Array.from({ length: 20_000 }, (_, index) => ({ client, clock: index % 3, length: letters - (index % 3) }));
  const count = looks(stand.staging, client);
  expect(code(stand.judge(write({ pieces: [], deletions }), { kind: 'sync-reply', mayNot: 'Your role may read this.' }))).toBe('nothing');
  expect(count()).toBeGreaterThan(letters);
  expect(count()).toBeLessThan(20 * letters);
});

test('[GA28] whoever may not write is refused for that before anything else is looked at, and is still told that what they repeat is known', () => {
  const stand = new Stand('identity');
  stand.change((doc) => writeValue(doc, field('preferredName'), 'Peggy'));
  const known = Y.encodeStateAsUpdate(stand.staging);
  const mayNot = 'Your role may read this.';
  expect(code(stand.judge(known, { kind: 'sync-reply', mayNot }))).toBe('nothing');
  const doc = newDoc('identity');
  doc.getMap('fields').set('noSuchField', 1);
  expect(code(stand.judge(Y.encodeStateAsUpdate(doc)))).toBe('unknown-field');
  for (const update of [Y.encodeStateAsUpdate(doc), Y.mergeUpdates([known, Y.encodeStateAsUpdate(doc)])]) {
    expect(stand.judge(update, { kind: 'sync-reply', mayNot })).toMatchObject({ code: 'not-allowed', touched: false });
  }
});
