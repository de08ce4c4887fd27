/** The gate: two opinions on every change, text that would be cut in two, neighbours that cannot be, and what a change may cost. */
import { describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { readUpdate } from '../../server/collab/updateReading.ts';
import { fieldsRoot, putRow, readField, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { raw, text, values, write, type Piece } from '../fuzz/update.ts';
import { code, field, newDoc, Stand } from '../support/stand.ts';

const matters = field('whatMatters');
const root = 't:whatMatters';
/** A section with one paragraph of prose by client 5, and the id of its first letter. */
function written(letters: string): { readonly stand: Stand; readonly client: number; readonly first: number } {
  const stand = new Stand('wishes');
  expect(code(stand.change((doc) => { doc.clientID = 5; writeProse(doc, matters, [{ type: 'paragraph', text: letters }]); }))).toBe('accept');
  return { stand, client: 5, first: Y.getState(stand.staging.store, 5) - letters.length };
}
const textOf = (doc: Y.Doc): Y.XmlText => (doc.getXmlFragment(root).get(0) as Y.XmlElement).get(0) as Y.XmlText;
const piece = (over: Partial<Piece>): Piece => ({ client: 7, clock: 0, ref: 4, length: 1, body: text('x'), ...over });
const update = (...pieces: Piece[]): Uint8Array => write({ pieces, deletions: [] });

describe('two opinions', () => {
  test('[GA17] a staging document that does more than the update says, in another place or in the same, is not believed', () => {
    const more: readonly ((doc: Y.Doc) => void)[] = [
      (doc) => doc.getMap(fieldsRoot).set('address', 'somewhere else'),
      (doc) => doc.getMap(fieldsRoot).set('preferredName', 'somebody else'),
      (doc) => doc.getMap(fieldsRoot).delete('preferredName'),
      (doc) => (doc.getMap('g:phones').get('r1') as Y.Array<unknown>).delete(0, 1),
    ];
    for (const change of more) {
      const stand = new Stand('identity');
      stand.change((doc) => { putRow(doc, field('phones'), { id: 'r1', number: '1' }); writeValue(doc, field('address'), '1 Elm Lane'); });
      let done = false;
      stand.staging.getMap(fieldsRoot).observe(() => { if (!done) { done = true; change(stand.staging); } });
      expect(stand.change((doc) => writeValue(doc, field('preferredName'), 'Peggy'))).toMatchObject({ code: 'inconsistent', touched: true });
    }
  });

  test('[GA17] writing over a value, taking a whole block away and joining marks are what the update says', () => {
    const stand = new Stand('wishes');
    const steps: readonly ((doc: Y.Doc) => void)[] = [
      (doc) => writeProse(doc, matters, [{ type: 'bulletItem', text: 'home with the dog', marks: [{ type: 'bold', from: 0, to: 4 }] }, { type: 'paragraph', text: 'no hospital' }]),
      (doc) => (doc.getXmlFragment(root).get(1) as Y.XmlElement).insert(0, [new Y.XmlText('really ')]),
      (doc) => ((doc.getXmlFragment(root).get(1) as Y.XmlElement).get(1) as Y.XmlText).format(0, 4, { italic: {} }),
      (doc) => ((doc.getXmlFragment(root).get(1) as Y.XmlElement).get(1) as Y.XmlText).format(0, 6, { italic: null }),
      (doc) => doc.getXmlFragment(root).delete(0, 1),
      (doc) => writeValue(doc, matters, { notDiscussed: 'Too tired today.' }),
      (doc) => writeValue(doc, matters, { notDiscussed: 'Still too tired.' }),
    ];
    for (const step of steps) expect(code(stand.change(step))).toBe('accept');
  });

  test('[GA17] an update that was read before is judged like one that was not', () => {
    const doc = newDoc('identity');
    writeValue(doc, field('preferredName'), 'Peggy');
    const bytes = Y.encodeStateAsUpdate(doc);
    const read = readUpdate(bytes, limits.structsPerSyncReplyMax);
    expect(new Stand('identity').judge(bytes, { read })).toEqual(new Stand('identity').judge(bytes));
    expect(code(new Stand('identity').judge(bytes, { read: 'malformed' }))).toBe('malformed');
  });
});

describe('characters', () => {
  test('[GA19] A39 a deletion, an insertion or a neighbour that would cut a character in two is refused untouched', () => {
    const { stand, client, first } = written('a😀b');
    const cut = { client, clock: first + 1 };
    const attempts = [
      write({ pieces: [], deletions: [{ ...cut, length: 1 }] }),
      write({ pieces: [], deletions: [{ client, clock: first + 2, length: 2 }] }),
      update(piece({ origin: cut, rightOrigin: { client, clock: first + 2 } })),
      update(piece({ origin: { client, clock: first }, rightOrigin: { client, clock: first + 2 } })),
      update(piece({ origin: { client, clock: first }, rightOrigin: { client, clock: first + 1 }, body: text('😀') }), piece({ clock: 2, origin: { client: 7, clock: 0 }, rightOrigin: { client: 7, clock: 1 } })),
    ];
    for (const attempt of attempts) expect(stand.judge(attempt)).toMatchObject({ code: 'invalid', touched: false });
    expect(textOf(stand.staging).toJSON()).toBe('a😀b');
    expect(code(stand.judge(write({ pieces: [], deletions: [{ ...cut, length: 2 }] })))).toBe('accept');
  });

  test('[GA19] halves of a character that two insertions would join are refused, as the library sends them and as raw bytes', () => {
    const { stand, client, first } = written('ab');
    const typist = stand.copy();
    const sent: Uint8Array[] = [];
    typist.on('update', (bytes: Uint8Array) => sent.push(bytes));
    for (const [at, half] of ['\ud83d', '\ude00'].entries()) textOf(typist).insert(1 + at, half);
    expect(textOf(typist).toJSON()).toBe('a😀b');
    expect(sent.map((bytes) => code(stand.judge(bytes)))).toEqual(['invalid', 'gap']);
    const bytes = (...units: number[]): Uint8Array => update(piece({ origin: { client, clock: first }, rightOrigin: { client, clock: first + 1 }, body: raw(units.length, ...units) }));
    expect(code(stand.judge(bytes(0xed, 0xa0, 0xbd)))).toBe('malformed');
    expect(code(stand.judge(bytes(0x78)))).toBe('accept');
  });

  test('[GA19] A39 characters that turn the direction, control characters and NUL are refused in text that shows and in text that does not', () => {
    for (const letters of ['a\u202Eb', '\u2066', 'a\u0000b', '\uFFFD', '\u0085']) {
      expect(code(written('home').stand.change((doc) => textOf(doc).insert(1, letters)))).toBe('invalid');
      const { stand, client, first } = written('home');
      const unseen = write({ pieces: [piece({ origin: { client, clock: first }, rightOrigin: { client, clock: first + 1 }, body: text(letters) })], deletions: [{ client: 7, clock: 0, length: letters.length }] });
      expect(stand.judge(unseen)).toMatchObject({ code: 'invalid', touched: false });
    }
    for (const letters of ['👩🏽‍⚕️', 'عربى', 'e\u0301', '\u200D']) expect(code(written('home').stand.change((doc) => textOf(doc).insert(1, letters)))).toBe('accept');
    expect(code(new Stand('resuscitation').change((doc) => writeValue(doc, field('cprDecision'), 'for-attempted-cpr', 'a\u202Eb')))).toBe('invalid');
  });

  test('[GA19] a repeated piece that names a neighbour inside a character cuts nothing', () => {
    const { stand, client, first } = written('a😀b');
    expect(code(stand.judge(update(piece({ origin: { client, clock: first }, rightOrigin: { client, clock: first + 1 } }))))).toBe('accept');
    const again = update(piece({ origin: { client, clock: first + 1 }, rightOrigin: { client, clock: first + 2 } }), piece({ clock: 1, origin: { client: 7, clock: 0 }, rightOrigin: { client, clock: first + 1 } }));
    expect(code(stand.judge(again, { kind: 'sync-reply' }))).toBe('accept');
    expect(textOf(stand.staging).toJSON()).toBe('axx😀b');
  });
});

describe('neighbours', () => {
  test('[GA21] neighbours the wrong way round, the same on both sides, in two places or in oneself are refused', () => {
    const { client, first } = written('home');
    const at = (clock: number) => ({ client, clock });
    const block = at(first - 2);
    const attempts: readonly Uint8Array[] = [
      update(piece({ origin: at(first + 2), rightOrigin: at(first + 1) })),
      update(piece({ origin: at(first + 1), rightOrigin: at(first + 1) })),
      update(piece({ origin: at(first + 1), rightOrigin: block })),
      update(piece({ origin: { client: 7, clock: 0 } })),
      update(piece({ rightOrigin: { client: 7, clock: 0 } })),
      // Among pieces of its own: the second left of the first, and right of it.
      update(piece({ origin: at(first), rightOrigin: at(first + 1) }), piece({ clock: 1, origin: at(first + 1), rightOrigin: { client: 7, clock: 0 } })),
      update(piece({ parent: at(first) })),
      // Past letters that whoever names the last of them has seen.
      update(piece({ rightOrigin: at(first + 2) })),
      update(piece({ origin: at(first), rightOrigin: at(first + 3) })),
    ];
    expect(attempts.map((attempt) => code(written('home').stand.judge(attempt)))).toEqual(['malformed', 'malformed', 'malformed', 'gap', 'gap', 'malformed', 'malformed', 'malformed', 'malformed']);
    const values2 = newDoc('identity');
    writeValue(values2, field('preferredName'), 'one');
    const keyed = new Stand('identity');
    keyed.judge(Y.encodeStateAsUpdate(values2));
    expect(code(keyed.judge(update(piece({ ref: 8, body: values(['two']), rightOrigin: { client: values2.clientID, clock: 0 } }))))).toBe('malformed');
  });

  test('[GA21] text put between the letters of a long word, by one and by two at once, is taken', () => {
    const { stand } = written('wholeword');
    const [one, other] = [stand.copy(), stand.copy()];
    const start = Y.encodeStateVector(one);
    for (const doc of [one, other]) for (const at of [4, 5, 4, 0, 8, 4, 12]) textOf(doc).insert(at, 'ab');
    for (const doc of [one, other]) expect(code(stand.judge(Y.encodeStateAsUpdate(doc, start)))).toBe('accept');
    for (const doc of [one, other]) Y.applyUpdate(doc, Y.encodeStateAsUpdate(stand.staging));
    expect(textOf(one).toJSON()).toBe(textOf(other).toJSON());
  });

  test('[GA21] A43 undoing and redoing, with others writing in between, is taken like any writing', () => {
    const { stand } = written('home with the dog');
    const [writer, other] = [stand.copy(), stand.copy()];
    const sent: Uint8Array[] = [];
    const undo = new Y.UndoManager(writer.getXmlFragment(root), { captureTimeout: 0 });
    writer.on('update', (bytes: Uint8Array, origin: unknown) => { if (origin !== 'server') sent.push(bytes); });
    const deliver = (): void => {
      for (const bytes of sent.splice(0)) expect(code(stand.judge(bytes))).toBe('accept');
      for (const doc of [writer, other]) Y.applyUpdate(doc, Y.encodeStateAsUpdate(stand.staging, Y.encodeStateVector(doc)), 'server');
    };
    textOf(writer).insert(4, ' now');
    textOf(writer).delete(0, 4);
    deliver();
    const start = Y.encodeStateVector(other);
    textOf(other).insert(2, ' and hers');
    expect(code(stand.judge(Y.encodeStateAsUpdate(other, start)))).toBe('accept');
    undo.undo();
    deliver();
    undo.undo();
    undo.redo();
    undo.redo();
    writer.getXmlFragment(root).delete(0, 1);
    deliver();
    undo.undo();
    undo.undo();
    deliver();
    expect(writer.getXmlFragment(root).toJSON()).toBe(stand.staging.getXmlFragment(root).toJSON());
    expect(textOf(stand.staging).toJSON()).toContain('with the dog');
  });

  test('[GA22] many pieces for one gap, or between neighbours far apart, are refused before they keep the library busy', () => {
    const { stand, client, first } = written('ab');
    const origin = { client, clock: first };
    const rightOrigin = { client, clock: first + 1 };
    expect(stand.judge(update(piece({ origin, rightOrigin }), piece({ clock: 1, origin, rightOrigin })))).toMatchObject({ code: 'malformed', touched: false });
    const keyed = Array.from({ length: 2_000 }, (_, clock) => piece({ ref: 8, clock, parent: fieldsRoot, key: 'whatMatters', body: values([{ notDiscussed: 'Too tired.' }]) }));
    expect(stand.judge(update(...keyed), { kind: 'sync-reply' })).toMatchObject({ code: 'malformed', touched: false });
    // Letters typed one by one, each before the one typed last: as many pieces as letters, each with the next as its neighbour.
    const letters = 3_000;
    const typed = Array.from({ length: letters }, (_, clock) => piece({ client: 8, clock, origin, rightOrigin: clock === 0 ? rightOrigin : { client: 8, clock: clock - 1 } }));
    expect(code(stand.judge(update(...typed), { kind: 'sync-reply' }))).toBe('accept');
    const far = Array.from({ length: limits.neighboursMax + 1 }, (_, index) => piece({ clock: index, origin, rightOrigin: { client: 8, clock: index } }));
    expect(stand.judge(update(...far))).toMatchObject({ code: 'over-limit', touched: false });
  });

  test('[GA22] work hidden among the pieces of one update is cut short', () => {
    const { stand, client, first } = written('ab');
    const [left, right] = [{ client, clock: first }, { client, clock: first + 1 }];
    const chain = 6_000;
    const pieces: Piece[] = Array.from({ length: chain }, (_, clock) => piece({ clock, origin: clock === 0 ? left : { client: 7, clock: clock - 1 }, rightOrigin: right }));
    for (let index = 0; index < chain; index += 1) pieces.push(piece({ clock: chain + index, origin: { client: 7, clock: index } }));
    expect(code(stand.judge(update(...pieces), { kind: 'sync-reply' }))).toBe('over-limit');
    // The look-ups are given back as they were.
    expect(Object.hasOwn(stand.staging.store.clients, 'get')).toBe(false);
  });
});

describe('length', () => {
  const longest = matters.of.kind === 'prose' ? (matters.of.lengthMax ?? limits.proseLengthMax) : 0;

  test('[GA23] prose is full at its limit however it grew, by others’ rows too, and what makes it shorter is let in', () => {
    const { stand } = written('x'.repeat(longest - 10));
    expect(code(stand.change((doc) => textOf(doc).insert(3, '12345')))).toBe('accept');
    // Another node's row reaches the document past the gate of this one.
    const elsewhere = stand.copy();
    textOf(elsewhere).insert(0, 'abcd');
    Y.applyUpdate(stand.staging, Y.encodeStateAsUpdate(elsewhere, Y.encodeStateVector(stand.staging)));
    expect(code(stand.change((doc) => textOf(doc).insert(7, '1')))).toBe('accept');
    const full = stand.copy();
    expect(code(stand.change((doc) => textOf(doc).insert(7, '1')))).toBe('invalid');
    const fresh = new Stand('wishes');
    Y.applyUpdate(fresh.staging, Y.encodeStateAsUpdate(full));
    textOf(fresh.staging).insert(0, 'too long already');
    expect(code(fresh.change((doc) => textOf(doc).delete(0, 5)))).toBe('accept');
    expect(code(fresh.change((doc) => { textOf(doc).delete(0, 2); textOf(doc).insert(0, 'z'); }))).toBe('accept');
    expect(code(fresh.change((doc) => textOf(doc).insert(0, 'z')))).toBe('invalid');
  });

  test('[GA23] paragraphs and line breaks count, blocks that go take their length with them', () => {
    const stand = new Stand('wishes');
    const blocks = Array.from({ length: 100 }, (_, index) => ({ type: 'paragraph' as const, text: `${index}\n`.padEnd(longest / 100 - 1, 'x') }));
    expect(code(stand.change((doc) => writeProse(doc, matters, blocks)))).toBe('accept');
    expect(code(stand.change((doc) => doc.getXmlFragment(root).delete(0, 50)))).toBe('accept');
    expect(code(stand.change((doc) => textOf(doc).insert(0, 'y'.repeat(longest / 2 - 100))))).toBe('accept');
    expect(Array.isArray(readField(stand.staging, matters))).toBe(true);
    expect(code(stand.change((doc) => textOf(doc).insert(0, 'y'.repeat(200))))).toBe('invalid');
    const many = new Stand('wishes');
    expect(code(many.change((doc) => writeProse(doc, matters, Array.from({ length: limits.proseBlocksMax + 1 }, () => ({ type: 'paragraph' as const, text: '' }))), { kind: 'sync-reply' }))).toBe('invalid');
  });
});
