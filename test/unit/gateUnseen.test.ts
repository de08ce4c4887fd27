/** The gate: disputes that would be settled in silence, values and holes that nobody would see. */
import { describe, expect, test } from '@jest/globals';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { fieldsRoot, putRow, readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { code, field, newDoc, Stand } from '../support/stand.ts';

describe('what a change may not do unseen', () => {
  const cpr = field('cprDecision');
  /** A section in which two have written different resuscitation answers without seeing each other. */
  function disputed(): Stand {
    const stand = new Stand('resuscitation');
    const apart = stand.copy();
    const start = Y.encodeStateVector(apart);
    writeValue(apart, cpr, 'not-for-attempted-cpr');
    stand.change((doc) => writeValue(doc, cpr, 'for-attempted-cpr'));
    expect(code(stand.judge(Y.encodeStateAsUpdate(apart, start)))).toBe('accept');
    expect(readField(stand.staging, cpr)).toHaveProperty('disputed');
    return stand;
  }

  test('[GA13] HAZ-01 a dispute is settled by writing the answer that stands, never by taking answers away', () => {
    const answers = (doc: Y.Doc): Y.Array<unknown> => doc.getArray('x:cprDecision');
    const noAnswer: readonly ((doc: Y.Doc) => void)[] = [
      (doc) => writeValue(doc, cpr, undefined),
      (doc) => answers(doc).delete(0, 1),
      (doc) => answers(doc).delete(1, 1),
    ];
    for (const settle of noAnswer) expect(code(disputed().change(settle))).toBe('answer-needed');
    expect(code(disputed().change((doc) => writeValue(doc, cpr, 'not-for-attempted-cpr')))).toBe('accept');
    const stand = disputed();
    expect(code(stand.change((doc) => writeValue(doc, cpr, 'not-for-attempted-cpr', 'Agreed with the family.')))).toBe('accept');
    expect(code(stand.change((doc) => writeValue(doc, cpr, 'for-attempted-cpr')))).toBe('accept');
    expect(code(disputed().change((doc) => writeValue(doc, cpr, undefined), { isService: true }))).toBe('accept');
  });

  test('[GA13] HAZ-01 whoever had not seen the dispute adds to it and is not refused', () => {
    const stand = new Stand('resuscitation');
    stand.change((doc) => writeValue(doc, cpr, 'not-yet-decided'));
    const [one, other] = [stand.copy(), stand.copy()];
    const start = Y.encodeStateVector(one);
    writeValue(one, cpr, 'for-attempted-cpr');
    writeValue(other, cpr, 'not-for-attempted-cpr');
    for (const doc of [one, other]) expect(code(stand.judge(Y.encodeStateAsUpdate(doc, start)))).toBe('accept');
    expect(readField(stand.staging, cpr)).toEqual({ disputed: expect.arrayContaining(['for-attempted-cpr', 'not-for-attempted-cpr']) });
  });

  test('[GA13] HAZ-08 a disputed row is not settled by taking one side away', () => {
    const stand = new Stand('identity');
    stand.change((doc) => putRow(doc, field('phones'), { id: 'r1', number: '1' }));
    const apart = stand.copy();
    const start = Y.encodeStateVector(apart);
    putRow(apart, field('phones'), { id: 'r1', number: '2' });
    stand.change((doc) => putRow(doc, field('phones'), { id: 'r1', number: '3' }));
    expect(code(stand.judge(Y.encodeStateAsUpdate(apart, start)))).toBe('accept');
    // What is refused is tried on first: each on a stand of its own.
    const again = new Stand('identity');
    Y.applyUpdate(again.staging, Y.encodeStateAsUpdate(stand.staging));
    expect(code(again.change((doc) => (doc.getMap('g:phones').get('r1') as Y.Array<unknown>).delete(0, 1)))).toBe('row-removed');
    expect(code(stand.change((doc) => putRow(doc, field('phones'), { id: 'r1', number: '2' })))).toBe('accept');
  });

  test('[GA14] a value that loses against another, or is taken away as it comes, is checked like any other', () => {
    const losing = (client: number, value: unknown): string => {
      const stand = new Stand('identity');
      stand.change((doc) => { doc.clientID = 500; doc.getMap(fieldsRoot).set('preferredName', 'Peggy'); });
      const doc = newDoc('identity');
      doc.clientID = client;
      doc.getMap(fieldsRoot).set('preferredName', value);
      return code(stand.judge(Y.encodeStateAsUpdate(doc)));
    };
    for (const client of [4, 900]) expect(losing(client, 12)).toBe('invalid');
    for (const client of [4, 900]) expect(losing(client, 'Peg')).toBe('accept');
    const stand = new Stand('resuscitation');
    const doc = newDoc('resuscitation');
    doc.gc = false;
    doc.getArray('x:cprDecision').insert(0, [{ value: 'perhaps' }]);
    doc.getArray('x:cprDecision').delete(0, 1);
    expect(code(stand.judge(Y.encodeStateAsUpdate(doc)))).toBe('invalid');
  });

  test('[GA15] holes: a day’s worth is taken and touches no field, a claim of a thousand million letters is refused', () => {
    const hole = (length: number): Uint8Array => encoding.encode((encoder) => {
      for (const each of [1, 1, 7, 0]) encoding.writeVarUint(encoder, each);
      encoding.writeUint8(encoder, 0);
      for (const each of [length, 0]) encoding.writeVarUint(encoder, each);
    });
    const unread = (length: number): Uint8Array => encoding.encode((encoder) => {
      for (const each of [1, 1, 7, 0]) encoding.writeVarUint(encoder, each);
      encoding.writeUint8(encoder, 1);
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, 't:whatMatters');
      for (const each of [length, 0]) encoding.writeVarUint(encoder, each);
    });
    for (const make of [hole, unread]) {
      expect(code(new Stand('wishes').judge(make(2 ** 30)))).toBe('over-limit');
      expect(new Stand('wishes').judge(make(5_000))).toMatchObject({ kind: 'accept', fields: [] });
    }
  });

  test('[GA16] what only takes away is let into a full section', () => {
    const stand = new Stand('identity');
    stand.change((doc) => writeValue(doc, field('preferredName'), 'Peggy'));
    expect(stand.change((doc) => writeValue(doc, field('preferredName'), undefined), { sectionBytes: limits.sectionBytesMax })).toMatchObject({ kind: 'accept', fields: ['preferredName'] });
  });
});
