/** The gate: what it accepts, and every way to be refused, by name. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldsRoot, putRow, readField, readSection, strikeRow, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { code, field, newDoc, section, Stand } from '../support/stand.ts';

describe('accepted', () => {
  test('[GA1] a change to a field is accepted with its span, its fields and bytes that bring the log to the same state', () => {
    const stand = new Stand('identity');
    const log = newDoc('identity');
    const verdict = stand.change((doc) => {
      doc.clientID = 77;
      writeValue(doc, field('preferredName'), 'Peggy');
      putRow(doc, field('phones'), { id: 'r1', number: '01632 960001' });
    });
    if (verdict.kind !== 'accept') throw new Error(code(verdict));
    expect([...verdict.fields].toSorted()).toEqual(['phones', 'preferredName']);
    expect(verdict.spans).toEqual([[77, 0, Y.getState(stand.staging.store, 77)]]);
    Y.applyUpdate(log, verdict.bytes);
    expect(readSection(log, section('identity'))).toEqual(readSection(stand.staging, section('identity')));
  });

  test('[GA2] what says nothing new changes nothing, even from people who may only read', () => {
    const stand = new Stand('identity');
    stand.change((doc) => { writeValue(doc, field('preferredName'), 'Peggy'); writeValue(doc, field('preferredName'), 'Peg'); });
    const everything = Y.encodeStateAsUpdate(stand.staging);
    expect(stand.judge(everything, { kind: 'sync-reply', authorId: 'person_reader', mayNot: 'no' })).toEqual({ kind: 'nothing' });
  });

  test('[GA3] a sync reply may repeat what others wrote and add what its sender wrote', () => {
    const stand = new Stand('identity');
    stand.change((doc) => writeValue(doc, field('preferredName'), 'Peggy'), { authorId: 'person_other' });
    const doc = stand.copy();
    writeValue(doc, field('address'), '1 Elm Lane');
    const verdict = stand.judge(Y.encodeStateAsUpdate(doc), { kind: 'sync-reply' });
    expect(verdict).toMatchObject({ kind: 'accept', fields: ['address'], spans: [[doc.clientID, 0, 1]] });
  });

  test('[GA4] prose as editors write it is accepted: lists with attributes, marks, line breaks', () => {
    const stand = new Stand('wishes');
    expect(code(stand.change((doc) => {
      const list = new Y.XmlElement('orderedList');
      list.setAttribute('start', 1 as unknown as string);
      const [item, paragraph, text] = [new Y.XmlElement('listItem'), new Y.XmlElement('paragraph'), new Y.XmlText()];
      text.insert(0, 'home', { bold: {} });
      paragraph.insert(0, [text, new Y.XmlElement('hardBreak')]);
      item.insert(0, [paragraph]);
      list.insert(0, [item]);
      doc.getXmlFragment('t:whatMatters').insert(0, [list]);
    }))).toBe('accept');
  });

  test('[GA5] the service may write what it keeps itself; a struck-out row keeps its columns', () => {
    const stand = new Stand('identity');
    expect(code(stand.change((doc) => writeValue(doc, field('nhsNumber'), '9990000018'), { isService: true }))).toBe('accept');
    expect(code(stand.change((doc) => putRow(doc, field('phones'), { id: 'r1', number: '01632 960001' })))).toBe('accept');
    expect(code(stand.change((doc) => strikeRow(doc, field('phones'), 'r1', 'Given up.')))).toBe('accept');
  });
});

describe('refused', () => {
  const cases: readonly [string, string, (doc: Y.Doc) => void][] = [
    ['unknown-field', 'identity', (doc) => doc.getMap(fieldsRoot).set('favouriteColour', 'teal')],
    ['unknown-field', 'identity', (doc) => doc.getMap(fieldsRoot).set('__proto__', 'x')],
    ['unknown-field', 'identity', (doc) => doc.getMap(fieldsRoot).set('cprDecision', 'for-attempted-cpr')],
    ['unknown-field', 'identity', (doc) => doc.getMap('anything').set('a', 1)],
    ['unknown-field', 'identity', (doc) => doc.getArray('x:cprDecision').insert(0, [{ value: 'for-attempted-cpr' }])],
    ['service-only', 'identity', (doc) => writeValue(doc, field('nhsNumber'), '9990000018')],
    ['service-only', 'identity', (doc) => writeValue(doc, field('recordCreated'), '2026-01-01T00:00:00.000Z')],
    ['invalid', 'resuscitation', (doc) => writeValue(doc, field('cprDecision'), 'perhaps')],
    ['invalid', 'identity', (doc) => writeValue(doc, field('preferredName'), 'x'.repeat(limits.textLengthMax + 1))],
    ['invalid', 'identity', (doc) => writeValue(doc, field('preferredName'), 'a\u202Eb')],
    ['invalid', 'identity', (doc) => writeValue(doc, field('preferredName'), 12)],
    ['invalid', 'identity', (doc) => putRow(doc, field('phones'), { id: 'r1', colour: 'red' })],
    ['invalid', 'identity', (doc) => putRow(doc, field('phones'), { id: 'r1', removed: true })],
    ['wrong-content', 'identity', (doc) => putRow(doc, field('phones'), { id: 'constructor', number: '1' })],
    ['wrong-content', 'identity', (doc) => doc.getMap('g:phones').set('r1', { number: '1' })],
    ['wrong-content', 'identity', (doc) => doc.getMap(fieldsRoot).set('preferredName', new Y.Array())],
    ['wrong-content', 'identity', (doc) => doc.getMap(fieldsRoot).set('preferredName', new Y.Map())],
    ['wrong-content', 'identity', (doc) => doc.getMap(fieldsRoot).set('preferredName', Uint8Array.of(1))],
    ['wrong-content', 'identity', (doc) => doc.getMap(fieldsRoot).set('preferredName', new Y.Doc())],
    ['wrong-content', 'identity', (doc) => doc.getMap(fieldsRoot).set('phones', [{ id: 'r1', number: '1' }])],
    ['wrong-content', 'resuscitation', (doc) => doc.getArray('x:cprDecision').insert(0, ['for-attempted-cpr'])],
    ['wrong-content', 'resuscitation', (doc) => doc.getArray('x:cprDecision').insert(0, [{ value: 'for-attempted-cpr', by: 'me' }])],
    ['wrong-content', 'wishes', (doc) => doc.getXmlFragment('t:whatMatters').insert(0, [new Y.XmlElement('script')])],
    ['wrong-content', 'wishes', (doc) => doc.getXmlFragment('t:whatMatters').insert(0, [new Y.XmlText('bare')])],
    ['wrong-content', 'wishes', (doc) => doc.getXmlFragment('t:whatMatters').insert(0, [withText((text) => text.insert(0, 'x', { link: { href: 'javascript:0' } }))])],
    ['wrong-content', 'wishes', (doc) => doc.getXmlFragment('t:whatMatters').insert(0, [withText((text) => text.insertEmbed(0, { image: 'x' }))])],
    ['wrong-content', 'wishes', (doc) => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.setAttribute('onclick', 'x');
      doc.getXmlFragment('t:whatMatters').insert(0, [paragraph]);
    }],
    ['over-limit', 'wishes', (doc) => writeProse(doc, field('whatMatters'), Array.from({ length: 40 }, (_, depth) => ({ type: 'bulletItem' as const, text: 'deep', depth })))],
    ['over-limit', 'identity', (doc) => { for (let index = 0; index <= limits.rowsMax; index += 1) putRow(doc, field('phones'), { id: `r${index}`, number: '1' }); }],
    ['over-limit', 'resuscitation', (doc) => doc.getArray('x:cprDecision').insert(0, Array.from({ length: limits.disputedValuesMax + 1 }, () => ({ value: 'for-attempted-cpr' })))],
  ];
  test.each(cases)('[GA6] %s: a value, place or kind of content that %s does not have', (expected, sectionId, change) => {
    const stand = new Stand(sectionId);
    expect(code(stand.change(change))).toBe(expected);
  });

  test('[GA7] HAZ-09 not-allowed and foreign-client: who may not write, and who writes in another’s name', () => {
    const stand = new Stand('identity');
    expect(code(stand.change((doc) => writeValue(doc, field('preferredName'), 'P'), { mayNot: 'Your role may read this.' }))).toBe('not-allowed');
    stand.owners.set(5, 'person_other');
    const forge = (doc: Y.Doc): void => { doc.clientID = 5; writeValue(doc, field('preferredName'), 'forged'); };
    expect(code(stand.change(forge))).toBe('foreign-client');
    // A hole of a thousand under the other's id would swallow their next thousand letters.
    const hijack = encoding.encode((encoder) => { for (const each of [1, 1, 5, 0]) encoding.writeVarUint(encoder, each); encoding.writeUint8(encoder, 0); encoding.writeVarUint(encoder, 1000); encoding.writeVarUint(encoder, 0); });
    expect(code(stand.judge(hijack))).toBe('foreign-client');
    expect(Y.getState(stand.staging.store, 5)).toBe(0);
  });

  test('[GA8] gap: clocks that do not continue, deletions of what is not there, parents that nobody knows', () => {
    const stand = new Stand('identity');
    const doc = newDoc('identity');
    writeValue(doc, field('preferredName'), 'one');
    const after = Y.encodeStateVector(doc);
    writeValue(doc, field('preferredName'), 'two');
    expect(code(stand.judge(Y.encodeStateAsUpdate(doc, after)))).toBe('gap');
    const unknown = encoding.encode((encoder) => { for (const each of [0, 1, 99, 1, 0, 50]) encoding.writeVarUint(encoder, each); });
    expect(code(stand.judge(unknown))).toBe('gap');
    const [base, branch] = [newDoc('identity'), newDoc('identity')];
    putRow(base, field('phones'), { id: 'r1', number: '1' });
    Y.applyUpdate(branch, Y.encodeStateAsUpdate(base));
    const seen = Y.encodeStateVector(branch);
    putRow(branch, field('phones'), { id: 'r1', number: '2' });
    expect(code(stand.judge(Y.encodeStateAsUpdate(branch, seen)))).toBe('gap');
  });

  test('[GA9] malformed and over-limit: cut short, trailing bytes, claims of many parts, sizes beyond the limit', () => {
    const stand = new Stand('identity');
    const doc = newDoc('identity');
    writeValue(doc, field('preferredName'), 'Peggy');
    const update = Y.encodeStateAsUpdate(doc);
    for (let length = 0; length < update.length; length += 1) expect(code(stand.judge(update.slice(0, length)))).toBe('malformed');
    expect(code(stand.judge(Uint8Array.of(...update, 0)))).toBe('malformed');
    const bomb = encoding.encode((encoder) => { for (const each of [1, 30_000_000, 7, 0]) encoding.writeVarUint(encoder, each); });
    expect(code(stand.judge(bomb))).toBe('malformed');
    expect(code(stand.judge(new Uint8Array(limits.frameBytesMax + 1)))).toBe('over-limit');
    const many = newDoc('identity');
    for (let index = 0; index <= limits.structsPerUpdateMax; index += 1) many.getMap(fieldsRoot).set(index % 2 ? 'preferredName' : 'address', 'x');
    expect(code(stand.judge(Y.encodeStateAsUpdate(many)))).toBe('over-limit');
    expect(code(stand.change((each) => writeValue(each, field('preferredName'), 'P'), { sectionBytes: limits.sectionBytesMax }))).toBe('over-limit');
    expect(readSection(stand.staging, section('identity'))).toEqual({});
  });

  test('[GA10] HAZ-08 row-removed: a row cannot be emptied, deleted or put in the place of another', () => {
    const removals: readonly ((doc: Y.Doc) => void)[] = [
      (doc) => (doc.getMap('g:phones').get('r1') as Y.Array<unknown>).delete(0, 1),
      (doc) => doc.getMap('g:phones').delete('r1'),
      (doc) => doc.getMap('g:phones').set('r1', Y.Array.from([{ number: '2' }])),
    ];
    for (const removal of removals) {
      const stand = new Stand('identity');
      stand.change((doc) => putRow(doc, field('phones'), { id: 'r1', number: '1' }));
      expect(code(stand.change(removal))).toBe('row-removed');
    }
  });

  test('[GA11] an object that would change its prototype is refused, wherever it hides', () => {
    const stand = new Stand('people');
    const [rowsField] = section('people').fields.filter((each) => each.merge === 'G') as [Field];
    const column = rowsField.of.kind === 'rows' ? (rowsField.of.columns[0]?.id ?? '') : '';
    const poisoned = JSON.parse(`{"${column}":"x","__proto__":{"polluted":true}}`) as object;
    const verdict = stand.change((doc) => doc.getMap(`g:${rowsField.id}`).set('r1', Y.Array.from([poisoned])));
    expect(code(verdict)).toBe('wrong-content');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('[GA12] random damage to a real update never throws, never leaves anything pending, and never breaks the content standard', () => {
    const doc = newDoc('identity');
    doc.clientID = 9;
    writeValue(doc, field('preferredName'), 'Peggy');
    putRow(doc, field('phones'), { id: 'r1', number: '01632 960001' });
    writeValue(doc, field('address'), '1 Elm Lane');
    const update = Y.encodeStateAsUpdate(doc);
    const damage = fc.array(fc.tuple(fc.nat(update.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(damage, (flips) => {
      const bytes = Uint8Array.from(update);
      for (const [at, value] of flips) bytes[at] = value;
      const stand = new Stand('identity');
      const verdict = stand.judge(bytes);
      if (verdict.kind === 'refuse') return;
      expect(stand.staging.store.pendingStructs).toBeNull();
      expect(stand.staging.store.pendingDs).toBeNull();
      for (const [id, value] of Object.entries(readSection(stand.staging, section('identity')))) {
        if (field(id).merge === 'L') expect(typeof value).toBe('string');
      }
      const name = readField(stand.staging, field('preferredName'));
      expect(name === undefined || typeof name === 'string').toBe(true);
    }), { numRuns: 3_000 });
  });
});

function withText(write: (text: Y.XmlText) => void): Y.XmlElement {
  const paragraph = new Y.XmlElement('paragraph');
  const text = new Y.XmlText();
  write(text);
  paragraph.insert(0, [text]);
  return paragraph;
}
