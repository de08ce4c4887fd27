/** However changes travel, every replica ends with the same values, and no contradiction is ever settled by accident. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as Y from 'yjs';
import type { Field, Row, Section } from '../../shared/content/kinds.ts';
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import { elements, newRowId, openRoots, putRow, readField, readSection, rowIds, settledBecause, strikeRow, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';

const field = (id: string): Field => fieldById(id) as Field;
const section = (id: string): Section => sectionById(id) as Section;
const [cpr, preferredName, phones, whatMatters] = [field('cprDecision'), field('preferredName'), field('phones'), field('whatMatters')];

function replicas(sectionId: string, count: number): Y.Doc[] {
  return Array.from({ length: count }, (_, index) => {
    const doc = new Y.Doc();
    doc.clientID = index + 1;
    openRoots(doc, section(sectionId));
    return doc;
  });
}
const carry = (from: Y.Doc, to: Y.Doc): void => Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));

/** Everybody gets every update, each in an order of their own, some twice. */
function deliver(docs: readonly Y.Doc[], updates: readonly Uint8Array[], order: readonly number[]): void {
  docs.forEach((doc, index) => {
    const shuffled = updates.map((update, at) => ({ update, rank: (order[(at * 7 + index * 13) % order.length] ?? 0) + index * at }));
    for (const { update } of shuffled.toSorted((a, b) => a.rank - b.rank)) Y.applyUpdate(doc, update);
    const [again] = updates;
    if (again) Y.applyUpdate(doc, again);
  });
}
const collect = (docs: readonly Y.Doc[]): Uint8Array[] => {
  const updates: Uint8Array[] = [];
  for (const doc of docs) doc.on('update', (update: Uint8Array, origin: unknown) => void (origin === null && updates.push(update)));
  return updates;
};
const order = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 });
const decisions = ['for-attempted-cpr', 'not-for-attempted-cpr'] as const;

describe('exclusive values', () => {
  test('[CR1] HAZ-01 writers who had not seen each other leave every value standing, in any order of delivery', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...decisions), { minLength: 2, maxLength: 5 }), order, (values, ranks) => {
      const docs = replicas('resuscitation', values.length);
      const updates = collect(docs);
      values.forEach((value, index) => writeValue(docs[index] as Y.Doc, cpr, value));
      deliver(docs, [...updates], ranks);
      const seen = docs.map((doc) => readField(doc, cpr));
      for (const each of seen) expect(each).toEqual(seen[0]);
      expect((seen[0] as { disputed: string[] }).disputed.toSorted()).toEqual([...values].toSorted());
    }));
  });

  test('[CR2] HAZ-01 one write by somebody who has seen all values settles them, with the reason kept', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 5 }), fc.constantFrom(...decisions), (writers, chosen) => {
      const docs = replicas('resuscitation', writers);
      docs.forEach((doc, index) => writeValue(doc, cpr, decisions[index % 2]));
      const [settler] = docs as [Y.Doc, ...Y.Doc[]];
      for (const doc of docs) carry(doc, settler);
      expect(settledBecause(settler, cpr)).toBeUndefined();
      writeValue(settler, cpr, chosen, 'Agreed in the meeting.');
      for (const doc of docs) {
        carry(settler, doc);
        expect(settledBecause(doc, cpr)).toBe('Agreed in the meeting.');
        expect(readField(doc, cpr)).toBe(chosen);
        expect(elements(doc, cpr)).toMatchObject([{ value: { value: chosen, reason: 'Agreed in the meeting.' }, client: settler.clientID }]);
      }
      // A later answer is not what that reason was given for; nor is one side of a new contradiction.
      const [, late] = docs as [Y.Doc, Y.Doc];
      writeValue(late, cpr, chosen);
      expect(settledBecause(late, cpr)).toBeUndefined();
      writeValue(settler, cpr, chosen, 'Again.');
      carry(late, settler);
      expect(settledBecause(settler, cpr)).toBeUndefined();
      expect(settledBecause(settler, preferredName)).toBeUndefined();
    }));
  });

  test('[CR3] HAZ-01 a writer who saw some of the values takes away only those', () => {
    const [a, b, c] = replicas('resuscitation', 3) as [Y.Doc, Y.Doc, Y.Doc];
    writeValue(a, cpr, 'for-attempted-cpr');
    carry(a, b);
    writeValue(c, cpr, 'not-for-attempted-cpr');
    writeValue(b, cpr, 'not-yet-decided');
    for (const from of [a, b, c]) for (const to of [a, b, c]) carry(from, to);
    for (const doc of [a, b, c]) expect((readField(doc, cpr) as { disputed: string[] }).disputed.toSorted()).toEqual(['not-for-attempted-cpr', 'not-yet-decided']);
  });
});

describe('ordinary values and prose', () => {
  test('[CR4] of ordinary values one wins, the same everywhere', () => {
    fc.assert(fc.property(fc.array(fc.string({ maxLength: 12 }), { minLength: 2, maxLength: 5 }), order, (names, ranks) => {
      const docs = replicas('identity', names.length);
      const updates = collect(docs);
      names.forEach((name, index) => writeValue(docs[index] as Y.Doc, preferredName, name));
      deliver(docs, [...updates], ranks);
      const seen = docs.map((doc) => readField(doc, preferredName));
      for (const each of seen) expect(each).toBe(seen[0]);
      expect(names).toContain(seen[0]);
    }));
  });

  test('[CR5] prose typed at once keeps every character and is the same everywhere', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.nat(200), fc.stringMatching(/^[a-z]{1,4}$/)), { minLength: 1, maxLength: 20 }), order, (typed, ranks) => {
      const docs = replicas('wishes', 3);
      writeProse(docs[0] as Y.Doc, whatMatters, [{ type: 'paragraph', text: 'start' }]);
      for (const doc of docs) carry(docs[0] as Y.Doc, doc);
      const updates = collect(docs);
      for (const [who, at, text] of typed) {
        const line = (docs[who] as Y.Doc).getXmlFragment('t:whatMatters').get(0) as Y.XmlElement;
        const inner = line.get(0) as Y.XmlText;
        inner.insert(at % (inner.length + 1), text);
      }
      deliver(docs, [...updates], ranks);
      const seen = docs.map((doc) => readField(doc, whatMatters) as { text: string }[]);
      for (const each of seen) expect(each).toEqual(seen[0]);
      const letters = ['start', ...typed.map(([, , text]) => text)].join('');
      expect([...(seen[0]?.[0]?.text ?? '')].toSorted()).toEqual([...letters].toSorted());
    }));
  });

  test('[CR6] blocks of prose come back as they were written', () => {
    const text = fc.stringMatching(/^[a-zA-Z ,.]{1,20}$/);
    const paragraph = text.map((each) => ({ type: 'paragraph' as const, text: each }));
    const marked = fc.tuple(text, fc.constantFrom('bold' as const, 'italic' as const)).map(([each, type]) => ({ type: 'paragraph' as const, text: `${each}end`, marks: [{ type, from: 0, to: each.length }] }));
    const list = fc.tuple(fc.constantFrom('bulletItem' as const, 'orderedItem' as const), fc.array(text, { minLength: 1, maxLength: 3 }), fc.array(text, { maxLength: 2 }))
      .map(([type, outer, inner]) => [...outer.map((each) => ({ type, text: each })), ...inner.map((each) => ({ type, text: each, depth: 1 }))]);
    // A list is followed by a paragraph: two lists of a kind that touch are one list.
    const document = fc.array(fc.oneof(paragraph.map((each) => [each]), marked.map((each) => [each]), fc.tuple(list, paragraph).map(([items, end]) => [...items, end])), { minLength: 1, maxLength: 5 }).map((parts) => parts.flat());
    fc.assert(fc.property(document.filter((blocks) => blocks.some((block) => block.text.trim() !== '')), (blocks) => {
      const [doc] = replicas('wishes', 1) as [Y.Doc];
      writeProse(doc, whatMatters, blocks);
      expect(readField(doc, whatMatters)).toEqual(blocks);
    }));
  });

  test('[CR7] an editor that only opened an empty page has recorded nothing', () => {
    const [doc] = replicas('wishes', 1) as [Y.Doc];
    writeProse(doc, whatMatters, [{ type: 'paragraph', text: ' ' }]);
    expect(readSection(doc, section('wishes'))).toEqual({});
    doc.getMap('fields').set('whatMatters', { notDiscussed: 'Too unwell today.' });
    expect(readField(doc, whatMatters)).toEqual({ notDiscussed: 'Too unwell today.' });
  });
});

describe('rows', () => {
  const row = (id: string, number: string): Row => ({ id, type: 'home', number });

  test('[CR8] HAZ-08 rows added apart add up; edited at once they are disputed; struck out they stay', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.stringMatching(/^r[a-z0-9]{3,8}$/), { minLength: 2, maxLength: 6 }), order, (ids, ranks) => {
      const docs = replicas('identity', 3);
      const updates = collect(docs);
      ids.forEach((id, index) => putRow(docs[index % 3] as Y.Doc, phones, row(id, String(index))));
      deliver(docs, [...updates], ranks);
      for (const doc of docs) expect((readField(doc, phones) as Row[]).map(({ id }) => id)).toEqual(ids.toSorted());

      const [first] = ids.toSorted() as [string];
      putRow(docs[0] as Y.Doc, phones, row(first, 'zero'));
      putRow(docs[1] as Y.Doc, phones, row(first, 'one'));
      deliver(docs, [...updates], ranks);
      for (const doc of docs) {
        const [disputed] = readField(doc, phones) as [{ id: string; disputed: Row[] }];
        expect(disputed.id).toBe(first);
        expect(disputed.disputed.map((each) => each['number']).toSorted()).toEqual(['one', 'zero']);
      }

      strikeRow(docs[2] as Y.Doc, phones, first, 'Number given up.');
      deliver(docs, [...updates], ranks);
      for (const doc of docs) {
        expect(rowIds(doc, phones)).toEqual(ids.toSorted());
        expect((readField(doc, phones) as Row[])[0]).toMatchObject({ id: first, removed: true, reason: 'Number given up.', type: 'home' });
      }
    }), { numRuns: 40 });
  });

  test('[CR9] HAZ-08 a row struck out while somebody else edits it is shown both ways, not lost', () => {
    const [a, b] = replicas('identity', 2) as [Y.Doc, Y.Doc];
    putRow(a, phones, row('r1', '01632 960001'));
    carry(a, b);
    strikeRow(a, phones, 'r1', 'No longer in use.');
    putRow(b, phones, row('r1', '01632 960002'));
    carry(a, b);
    carry(b, a);
    for (const doc of [a, b]) {
      const [shown] = readField(doc, phones) as [{ disputed: Row[] }];
      expect(shown.disputed).toHaveLength(2);
      expect(shown.disputed.filter((each) => each['removed'] === true)).toHaveLength(1);
    }
  });

  test('[CR10] row ids made later sort later', () => {
    const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(200);
    const ids = [0, 1, 1_000, 1_700_000_000_000, 1_700_000_000_001, 4_000_000_000_000].map((ms) => newRowId(new Date(ms), random));
    expect(ids.toSorted()).toEqual(ids);
  });
});
