/** The gate: attacks on documents, each by the number it has in the list of attempts. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { stateVectorFault } from '../../server/collab/stateVector.ts';
import { fieldsRoot, putRow, readSection, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { Chance } from '../fuzz/random.ts';
import { edit } from '../fuzz/edits.ts';
import { raw, text, type as madeType, values, write, type Piece } from '../fuzz/update.ts';
import { code, field, newDoc, section, Stand } from '../support/stand.ts';

const piece = (over: Partial<Piece>): Piece => ({ client: 7, clock: 0, ref: 8, length: 1, parent: fieldsRoot, key: 'preferredName', body: values(['x']), ...over });
const varUints = (...numbers: number[]): Uint8Array => encoding.encode((encoder) => { for (const number of numbers) encoding.writeVarUint(encoder, number); });
const state = (stand: Stand): string => Buffer.from(Y.encodeStateAsUpdate(stand.staging)).toString('hex');

describe('bytes', () => {
  test('[GA18] A26 a claim of 30 million, 2^32 or 2^53 parts takes no time and no memory', () => {
    const stand = new Stand('identity');
    for (const claim of [30_000_000, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
      for (const bytes of [varUints(1, claim, 7, 0), varUints(claim), varUints(0, claim), varUints(0, 1, 7, claim)]) expect(code(stand.judge(bytes))).toBe('malformed');
      expect(code(stand.judge(write({ pieces: [piece({ body: (encoder) => encoding.writeVarUint(encoder, claim) })], deletions: [] })))).toBe('malformed');
      expect(process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
    }
  });

  test('[GA9] A27 every prefix of a hundred real updates is refused and leaves the document as it was', () => {
    const chance = new Chance(27);
    const stand = new Stand('wishes');
    let updates = 0;
    while (updates < 100) {
      const doc = stand.copy();
      const before = Y.encodeStateVector(doc);
      edit(doc, section('wishes'), chance);
      const update = Y.encodeStateAsUpdate(doc, before);
      const untouched = state(stand);
      for (let length = 0; length < update.length; length += 1) {
        const verdict = stand.judge(update.subarray(0, length));
        if (verdict.kind !== 'refuse' || verdict.touched) throw new Error(`a prefix of ${length} bytes: ${code(verdict)}`);
      }
      expect(state(stand)).toBe(untouched);
      if (stand.judge(update).kind === 'accept') updates += 1;
    }
  });

  test('[GA9] A29 numbers of more than eight bytes, lengths beyond the end, pieces of no length and clients named twice', () => {
    const zeros = (count: number): number[] => [...Array.from({ length: count }, () => 0x80), 0];
    const one = [1, 1, 7, 0, 8, 1, 6, ...Buffer.from('fields'), 1, 119, 1, 120, 0];
    expect(code(new Stand('identity').judge(Uint8Array.of(...one)))).toBe('unknown-field');
    for (const at of [0, 1, 2, 3]) for (const count of [8, 9, 400]) {
      expect(code(new Stand('identity').judge(Uint8Array.of(...one.slice(0, at), ...zeros(count), ...one.slice(at + 1))))).toBe('malformed');
    }
    expect(code(new Stand('identity').judge(Uint8Array.of(1, 1, 7, 0, 4, 1, 200, 1, 120, 0)))).toBe('malformed');
    const hollow: readonly Partial<Piece>[] = [{ ref: 0, length: 0 }, { ref: 1, length: 0 }, { ref: 10, length: 0 }, { body: values([]) }, { ref: 4, body: text('') }];
    for (const over of hollow) expect(code(new Stand('identity').judge(write({ pieces: [piece(over)], deletions: [] })))).toBe('malformed');
    expect(code(new Stand('identity').judge(varUints(0, 1, 7, 1, 0, 0)))).toBe('malformed');
    expect(code(new Stand('identity').judge(varUints(0, 2, 7, 1, 0, 1, 7, 1, 0, 1)))).toBe('malformed');
    const twice = write({ pieces: [piece({})], deletions: [] }).slice(1, -1);
    expect(code(new Stand('identity').judge(Uint8Array.of(2, ...twice, ...twice, 0)))).toBe('malformed');
  });
});

describe('other people’s names', () => {
  let stand: Stand;
  const victims = [501, 502, 503];
  beforeAll(() => {
    stand = new Stand('identity');
    for (const client of victims) stand.change((doc) => { doc.clientID = client; writeValue(doc, field('preferredName'), `Peg ${client}`); }, { authorId: `person_${client}` });
  });

  test('[GA7] A30 a hole put where somebody’s next words will go is refused, and their words arrive', () => {
    for (const client of victims) {
      const clock = Y.getState(stand.staging.store, client);
      for (const ref of [0, 1]) expect(code(stand.judge(write({ pieces: [piece({ client, clock, ref, length: 1_000 })], deletions: [] })))).toBe('foreign-client');
      expect(code(stand.change((doc) => { doc.clientID = client; writeValue(doc, field('preferredName'), 'Peggy'); }, { authorId: `person_${client}` }))).toBe('accept');
    }
  });

  test('[GA7] A31 somebody’s client id with the right next clock is refused', () => {
    for (const client of victims) {
      const clock = Y.getState(stand.staging.store, client);
      expect(code(stand.judge(write({ pieces: [piece({ client, clock, parent: undefined, origin: { client, clock: clock - 1 } })], deletions: [] })))).toBe('foreign-client');
    }
  });

  test('[GA8] A32 one’s own id with a gap of 1 or of 10^9 is refused, and nothing is pending', () => {
    for (const by of [1, 10 ** 9]) expect(stand.judge(write({ pieces: [piece({ client: 900, clock: by })], deletions: [] }))).toMatchObject({ code: 'gap', touched: false });
    const skip = piece({ client: 900, ref: 10, length: 5 });
    expect(code(stand.judge(write({ pieces: [skip, piece({ client: 900, clock: 5 })], deletions: [] })))).toBe('gap');
    expect(stand.staging.store.pendingStructs).toBeNull();
  });

  test('[GA8] A33 deletions under ids that nobody has, and beyond what somebody wrote, are refused untouched', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({ client: 10_000 + index, clock: 0, length: 1 }));
    expect(code(stand.judge(write({ pieces: [], deletions: many }), { kind: 'sync-reply' }))).toBe('over-limit');
    expect(stand.judge(write({ pieces: [], deletions: many.slice(0, 1_000) }))).toMatchObject({ code: 'gap', touched: false });
    const [client = 0] = victims;
    expect(stand.judge(write({ pieces: [], deletions: [{ client, clock: 0, length: 5_000 }] }))).toMatchObject({ code: 'gap', touched: false });
    expect(stand.staging.store.pendingDs).toBeNull();
  });
});

describe('too much of anything', () => {
  test('[GA20] A35 a state vector of more than 2,000 entries, or one that cannot be read, is not answered', () => {
    const doc = newDoc('identity');
    const vector = (entries: number): Uint8Array => encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, entries);
      for (let index = 0; index < entries; index += 1) for (const number of [index, 1]) encoding.writeVarUint(encoder, number);
    });
    expect(stateVectorFault(doc.store.clients.size, vector(2_000))).toBeUndefined();
    for (const entries of [2_001, 1_000_000]) expect(stateVectorFault(doc.store.clients.size, vector(entries))).toBe('over-limit');
    for (const bytes of [Uint8Array.of(), varUints(2, 1, 1), varUints(1, 1, 1, 0), varUints(2, 1, 1, 1, 2), varUints(1, 1, 2 ** 40), Uint8Array.of(1, 1, ...Array.from({ length: 20 }, () => 0x80), 0)]) expect(stateVectorFault(doc.store.clients.size, bytes)).toBe('malformed');
    writeValue(doc, field('preferredName'), 'Peggy');
    expect(stateVectorFault(doc.store.clients.size, Y.encodeStateVector(doc))).toBeUndefined();
  });

  test('[GA20] A35 who knows a document in which thousands wrote is answered', () => {
    const doc = newDoc('identity');
    Y.applyUpdate(doc, write({ pieces: Array.from({ length: 2_500 }, (_, index) => piece({ client: index + 1, ref: 1, length: 1 })), deletions: [] }));
    expect(doc.store.clients.size).toBe(2_500);
    expect(stateVectorFault(doc.store.clients.size, Y.encodeStateVector(doc))).toBeUndefined();
  });

  test('[GA18] A36 200,000 keys, 100,000 roots, a root that the section does not have', () => {
    const stand = new Stand('identity');
    const keys = Array.from({ length: 200_000 }, (_, clock) => piece({ clock, key: `k${clock}`, body: values([1]) }));
    expect(code(stand.judge(write({ pieces: keys, deletions: [] }), { kind: 'sync-reply' }))).toBe('over-limit');
    const roots = Array.from({ length: 100_000 }, (_, clock) => piece({ clock, key: null, parent: `r${clock}` }));
    expect(code(stand.judge(write({ pieces: roots, deletions: [] }), { kind: 'sync-reply' }))).toBe('over-limit');
    expect(code(stand.judge(write({ pieces: roots.slice(0, 100), deletions: [] })))).toBe('unknown-field');
    expect(code(stand.judge(write({ pieces: [piece({ key: 'k'.repeat(limits.keyLengthMax + 1) })], deletions: [] })))).toBe('over-limit');
    expect([...stand.staging.share.keys()].filter((name) => name.startsWith('r'))).toEqual([]);
  });

  test('[GA6] A37 documents within documents, bytes, embedded objects, old JSON, other types, kinds that do not exist', () => {
    const bodies: readonly Partial<Piece>[] = [
      { ref: 9, body: (encoder) => { encoding.writeVarString(encoder, 'guid'); encoding.writeAny(encoder, {}); } }, { ref: 3, body: raw(2, 1, 2) }, { ref: 5, body: text('{"image":"x"}') },
      { ref: 2, body: raw(1, 1, 49) }, { ref: 7, body: madeType(1) }, { ref: 7, body: madeType(2) }, { ref: 7, body: madeType(4) }, { ref: 7, body: madeType(5, 'hook') },
    ];
    for (const over of bodies) expect(code(new Stand('identity').judge(write({ pieces: [piece(over)], deletions: [] })))).toBe('wrong-content');
    for (const over of [{ ref: 11, body: raw(1) }, { ref: 31, body: raw(1) }, { ref: 7, body: madeType(99) }]) expect(code(new Stand('identity').judge(write({ pieces: [piece(over)], deletions: [] })))).toBe('malformed');
  });

  test('[GA11] A38 keys that reach an object’s prototype, as keys of the map and inside values at any depth', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const poisoned = JSON.parse(`{"value":{"a":[{"${key}":{"polluted":1}}]}}`) as object;
      expect(code(new Stand('resuscitation').judge(write({ pieces: [piece({ parent: 'x:cprDecision', key: null, body: (encoder) => writeOwn(encoder, poisoned) })], deletions: [] })))).toBe('wrong-content');
      expect(code(new Stand('identity').judge(write({ pieces: [piece({ key })], deletions: [] })))).toBe('unknown-field');
      expect(code(new Stand('identity').judge(write({ pieces: [piece({ parent: 'g:phones', key, ref: 7, body: madeType(0) })], deletions: [] })))).toBe('wrong-content');
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('[GA18] values nested 100,000 deep, of a million members, or with a key twice', () => {
    const nested = Uint8Array.from({ length: 200_000 }, (_, index) => (index % 2 === 0 ? 117 : 1));
    const judged = (body: Piece['body']): string => code(new Stand('identity').judge(write({ pieces: [piece({ body })], deletions: [] }), { kind: 'sync-reply' }));
    expect(judged((encoder) => { encoding.writeVarUint(encoder, 1); encoding.writeUint8Array(encoder, nested); })).toBe('over-limit');
    expect(judged(values([Array.from({ length: 1_000_000 }, () => 1)]))).toBe('over-limit');
    expect(judged(values([{ ['k'.repeat(limits.keyLengthMax + 1)]: 1 }]))).toBe('over-limit');
    expect(judged(raw(1, 118, 2, 1, 97, 125, 1, 1, 97, 125, 2))).toBe('wrong-content');
    for (const value of [undefined, 2n ** 60n, Uint8Array.of(1), Number.NaN, Number.POSITIVE_INFINITY]) expect(judged(values([value]))).toBe('wrong-content');
  });

  test('[GA18] A40 a million changes between bold and plain', () => {
    const stand = new Stand('wishes');
    stand.change((doc) => writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text: 'home' }]));
    const doc = stand.copy();
    const letters = doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement;
    const before = Y.encodeStateVector(doc);
    for (let index = 0; index < limits.structsPerUpdateMax; index += 1) (letters.get(0) as Y.XmlText).insert(0, 'x', index % 2 === 0 ? { bold: {} } : {});
    expect(code(stand.judge(Y.encodeStateAsUpdate(doc, before)))).toBe('over-limit');
  });

  test('[GA18] more client ids with something new than anybody has, more runs of deletions than anybody makes', () => {
    const pieces = Array.from({ length: limits.clientsPerUpdateMax + 1 }, (_, index) => piece({ client: 100 + index, ref: 1, length: 1 }));
    expect(code(new Stand('identity').judge(write({ pieces, deletions: [] })))).toBe('over-limit');
    expect(code(new Stand('identity').judge(write({ pieces: pieces.slice(1), deletions: [] })))).toBe('accept');
    const stand = new Stand('wishes');
    stand.change((doc) => writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text: 'x'.repeat(5_000) }]));
    const [client, clock] = [...Y.decodeStateVector(Y.encodeStateVector(stand.staging))][0] ?? [0, 0];
    const everyOther = Array.from({ length: limits.deletionsPerUpdateMax + 1 }, (_, index) => ({ client, clock: clock - 1 - 2 * index, length: 1 }));
    expect(code(stand.judge(write({ pieces: [], deletions: everyOther })))).toBe('over-limit');
    expect(code(stand.judge(write({ pieces: [], deletions: everyOther.slice(1) })))).toBe('accept');
    // The same again changes nothing and is no reason to send anybody away, however much it is.
    expect(code(stand.judge(write({ pieces: [], deletions: [...everyOther.slice(1), ...everyOther.slice(1).map((each) => ({ ...each, client }))] })))).toBe('nothing');
  });
});

describe('all or nothing', () => {
  test('[GA5] A41 a field that the writer may not write spoils the whole update', () => {
    const stand = new Stand('identity');
    const verdict = stand.change((doc) => { writeValue(doc, field('preferredName'), 'Peggy'); putRow(doc, field('phones'), { id: 'r1', number: '1' }); writeValue(doc, field('nhsNumber'), '9990000018'); });
    expect(verdict).toMatchObject({ code: 'service-only', touched: false });
    expect(readSection(stand.staging, section('identity'))).toEqual({});
  });

  test('[GA7] A42 who may only read cannot write by a sync reply either', () => {
    const stand = new Stand('identity');
    const write = (doc: Y.Doc): void => writeValue(doc, field('preferredName'), 'Peggy');
    for (const kind of ['update', 'sync-reply'] as const) expect(code(stand.change(write, { kind, mayNot: 'Your role may read this.' }))).toBe('not-allowed');
  });

  test('[GA7] A46 an update that was once accepted, sent again after the right was lost, is known already or refused', () => {
    const stand = new Stand('identity');
    const doc = stand.copy();
    writeValue(doc, field('preferredName'), 'Peggy');
    const captured = Y.encodeStateAsUpdate(doc);
    expect(code(new Stand('identity').judge(captured, { mayNot: 'You are no longer on the care team.' }))).toBe('not-allowed');
    expect(code(stand.judge(captured))).toBe('accept');
    expect(code(stand.judge(captured, { mayNot: 'You are no longer on the care team.' }))).toBe('nothing');
  });
});

/** Keys as they are, `__proto__` too; the library's own writer goes by `for in`. */
function writeOwn(encoder: encoding.Encoder, value: unknown): void {
  encoding.writeVarUint(encoder, 1);
  const any = (each: unknown): void => {
    if (Array.isArray(each)) { encoding.writeUint8(encoder, 117); encoding.writeVarUint(encoder, each.length); each.forEach(any); return; }
    if (typeof each !== 'object' || each === null) return encoding.writeAny(encoder, each as number);
    encoding.writeUint8(encoder, 118);
    encoding.writeVarUint(encoder, Object.keys(each).length);
    for (const key of Object.keys(each)) { encoding.writeVarString(encoder, key); any((each as Record<string, unknown>)[key]); }
  };
  any(value);
}
