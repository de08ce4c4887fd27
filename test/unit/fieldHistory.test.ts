/** Who wrote what: however people write at once, the history says what a model that watched every row says. */
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as Y from 'yjs';
import type { ProseBlock } from '../../shared/content/kinds.ts';
import { showProse } from '../../shared/content/show.ts';
import { fieldHistory, type FieldHistory, type TextEntry, type ValueEntry } from '../../shared/crdt/fieldHistory.ts';
import { putRow, strikeRow, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { field } from '../support/stand.ts';
import { WrittenLog } from '../support/writtenLog.ts';

const [whatMatters, cpr, name, phones] = [field('whatMatters'), field('cprDecision'), field('preferredName'), field('phones')];
const people = ['ann', 'ben', 'cas'] as const;
const logs: WrittenLog[] = [];
afterEach(() => { for (const log of logs.splice(0)) log.destroy(); });

function begin(sectionId: string): WrittenLog {
  const log = new WrittenLog(sectionId, people);
  logs.push(log);
  return log;
}
function historyOf(log: WrittenLog, of: typeof whatMatters): FieldHistory {
  const past = log.past();
  try {
    const history = fieldHistory(past, of);
    // Texts are put together when asked for: ask while the document is there.
    return { ...history, entries: history.entries.map((entry) => { if (entry.kind !== 'text') return entry; const texts = entry.texts(); return { ...entry, texts: () => texts }; }) };
  } finally {
    past.destroy();
  }
}
const textEntries = (history: FieldHistory): TextEntry[] => history.entries.filter((entry) => entry.kind === 'text');
const valueEntries = (history: FieldHistory): ValueEntry[] => history.entries.filter((entry) => entry.kind === 'value');
const proseText = (value: unknown): string => (value === undefined ? '' : (value as ProseBlock[]).map((block) => block.text).join('\n'));
const letters = (text: string): string[] => [...text].filter((letter) => letter !== '\n');

/* --- prose against a model --- */

type Step = { readonly who: number } & ({ readonly kind: 'insert' | 'remove' | 'split'; readonly at: number; readonly many: number } | { readonly kind: 'send' | 'hear' } | { readonly kind: 'pause'; readonly ms: number });
const step: fc.Arbitrary<Step> = fc.record({ who: fc.nat(people.length - 1), what: fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('insert' as const, 'insert' as const, 'remove' as const, 'split' as const), at: fc.nat(60), many: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('send' as const, 'send' as const, 'hear' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.constantFrom(1_000, limits.writingPauseMs + 1_000) }) },
) }).map(({ who, what }) => ({ who, ...what }));

function edit(doc: Y.Doc, { kind, at, many }: Extract<Step, { at: number }>, letter: () => string): void {
  const fragment = doc.getXmlFragment('t:whatMatters');
  doc.transact(() => {
    if (fragment.length === 0 || kind === 'split') {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText()]);
      fragment.insert(at % (fragment.length + 1), [paragraph]);
    }
    const text = (fragment.get(at % fragment.length) as Y.XmlElement).get(0) as Y.XmlText;
    const from = at % (text.length + 1);
    if (kind === 'remove') text.delete(from, Math.min(many, text.length - from));
    else for (let index = 0; index < many; index += 1) text.insert(from + index, letter());
  });
}

/** What a watcher of the server's text says: who brought each letter and who took it away, and at which row. */
interface Watched {
  readonly writer: Map<string, string>;
  readonly remover: Map<string, string>;
  readonly seen: Map<string, number>;
}
function play(steps: readonly Step[]): { readonly log: WrittenLog; readonly watched: Watched } {
  const log = begin('wishes');
  const watched: Watched = { writer: new Map(), remover: new Map(), seen: new Map() };
  let made = 0;
  const send = (who: number): void => {
    const before = new Set(letters(proseText(log.value('whatMatters'))));
    const row = log.send(who);
    if (!row) return;
    const after = new Set(letters(proseText(log.value('whatMatters'))));
    for (const letter of after) if (!watched.seen.has(letter)) watched.seen.set(letter, row.position);
    for (const letter of before) if (!after.has(letter)) watched.remover.set(letter, people[who] as string);
  };
  for (const each of steps) {
    switch (each.kind) {
      case 'send': send(each.who); break;
      case 'hear': log.hear(each.who); break;
      case 'pause': log.passes(each.ms); break;
      default:
        edit(log.doc(each.who), each, () => {
          const letter = String.fromCharCode(0x4e00 + (made += 1));
          watched.writer.set(letter, people[each.who] as string);
          return letter;
        });
    }
  }
  people.forEach((_, who) => send(who));
  return { log, watched };
}

describe('prose', () => {
  test('[HI3] HAZ-09 every letter that stands is told with the person who wrote it, whatever was written at once', () => {
    fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const { log, watched } = play(steps);
      const { runs } = historyOf(log, whatMatters);
      expect(runs.map((run) => run.text).join('')).toBe(proseText(log.value('whatMatters')));
      for (const run of runs) {
        for (const letter of letters(run.text)) {
          expect([letter, run.by.id]).toEqual([letter, watched.writer.get(letter)]);
          expect(watched.seen.get(letter)).toBeLessThanOrEqual(run.position);
        }
      }
    }), { numRuns: 150 });
  });

  test('[HI2] HAZ-09 every letter that was ever shown is in exactly one entry of its writer, and every one taken away in one of whoever took it', () => {
    fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const { log, watched } = play(steps);
      const added: string[] = [];
      const removed: string[] = [];
      for (const entry of textEntries(historyOf(log, whatMatters))) {
        const { before, after, passing } = entry.texts();
        const [old, now] = [new Set(letters(before)), new Set(letters(after))];
        for (const letter of [...now].filter((each) => !old.has(each))) {
          added.push(letter);
          expect(watched.writer.get(letter)).toBe(entry.by.id);
        }
        for (const letter of [...old].filter((each) => !now.has(each))) {
          removed.push(letter);
          expect(watched.remover.get(letter)).toBe(entry.by.id);
        }
        for (const letter of letters(passing)) {
          added.push(letter);
          removed.push(letter);
          expect([watched.writer.get(letter), watched.remover.get(letter)]).toEqual([entry.by.id, entry.by.id]);
        }
      }
      expect(added.toSorted()).toEqual([...watched.seen.keys()].toSorted());
      expect(removed.toSorted()).toEqual([...watched.remover.keys()].toSorted());
    }), { numRuns: 150 });
  });

  test('[HI2] one entry for a stretch of writing, though somebody else writes between the letters; a pause begins another', () => {
    const log = begin('wishes');
    log.write(0, (doc) => writeProse(doc, whatMatters, [{ type: 'paragraph', text: '' }, { type: 'paragraph', text: '' }]));
    const type = (who: number, at: number, letter: string) => log.write(who, (doc) => {
      const paragraph = doc.getXmlFragment('t:whatMatters').get(at) as Y.XmlElement;
      if (paragraph.length === 0) paragraph.insert(0, [new Y.XmlText()]);
      const text = paragraph.get(0) as Y.XmlText;
      text.insert(text.length, letter);
    });
    for (let index = 0; index < 4; index += 1) {
      type(0, 0, 'home'.charAt(index));
      type(1, 1, 'dogs'.charAt(index));
    }
    log.passes(limits.writingPauseMs + 1);
    type(0, 0, '!');
    const entries = textEntries(historyOf(log, whatMatters));
    expect(entries.map((entry) => [entry.by.id, entry.firstPosition, entry.position])).toEqual([['ann', 10, 10], ['ben', 3, 9], ['ann', 1, 8]]);
    expect(entries[0]?.texts()).toEqual({ before: 'home\ndogs', after: 'home!\ndogs', passing: '' });
    expect(entries[1]?.texts()).toMatchObject({ before: 'home\n', after: 'home\ndogs' });
  });

  test('[HI2] a wish written over somebody else’s is one entry with the words added and removed; “not discussed” is an entry of its own', () => {
    const log = begin('wishes');
    log.write(0, (doc) => writeValue(doc, whatMatters, { notDiscussed: 'Too tired today' }));
    log.write(0, (doc) => writeProse(doc, whatMatters, [{ type: 'paragraph', text: 'At home' }, { type: 'bulletItem', text: 'with the dog' }]));
    log.write(1, (doc) => writeProse(doc, whatMatters, [{ type: 'paragraph', text: 'In the hospice' }]));
    const history = historyOf(log, whatMatters);
    expect(history.entries.map((entry) => [entry.kind, entry.by.id])).toEqual([['text', 'ben'], ['text', 'ann'], ['value', 'ann']]);
    expect(textEntries(history)[0]?.texts()).toEqual({ before: 'At home\n• with the dog', after: 'In the hospice', passing: '' });
    expect(textEntries(history)[1]?.texts().after).toBe('At home\n• with the dog');
    expect(showProse(log.value('whatMatters'))).toBe('In the hospice');
    expect(history.runs).toMatchObject([{ text: 'In the hospice', by: { id: 'ben' }, position: 3 }]);
  });
});

/* --- values and rows against a model --- */

/** The value without who wrote each side. */
const bare = (value: unknown): unknown => {
  const sides = (value as { disputed?: readonly { value: unknown }[] } | undefined)?.disputed;
  return sides === undefined ? value : { ...(value as object), disputed: sides.map((side) => side.value) };
};
const turn = fc.record({ who: fc.nat(people.length - 1), what: fc.constantFrom('write', 'write', 'send', 'send', 'hear') });

describe('values', () => {
  test.each([
    ['exclusive', 'resuscitation', cpr, (index: number) => (index % 2 ? 'for-attempted-cpr' : 'not-for-attempted-cpr')],
    ['ordinary', 'identity', name, (index: number) => `Name ${index}`],
  ] as const)('[HI1] HAZ-09 each committed change of an %s value says who, when, from what and to what, as whoever watched the log says', (_, sectionId, of, valueAt) => {
    fc.assert(fc.property(fc.array(turn, { minLength: 4, maxLength: 40 }), (turns) => {
      const log = begin(sectionId);
      const changes: { by: string; at: number; from: unknown; to: unknown }[] = [];
      const send = (who: number): void => {
        const from = log.value(of.id);
        const row = log.send(who);
        if (row) changes.push({ by: row.author.id, at: row.at.getTime(), from, to: log.value(of.id) });
      };
      turns.forEach(({ who, what }, index) => {
        if (what === 'write') writeValue(log.doc(who), of, valueAt(index));
        else if (what === 'send') send(who);
        else log.hear(who);
      });
      people.forEach((_person, who) => send(who));
      const { entries, standing } = { ...historyOf(log, of), entries: valueEntries(historyOf(log, of)) };
      expect(entries.toReversed().map((entry) => ({ by: entry.by.id, at: entry.atMs, from: bare(entry.from), to: bare(entry.to) }))).toEqual(changes);
      const stands = log.value(of.id);
      const sides = (stands as { disputed?: unknown[] } | undefined)?.disputed ?? (stands === undefined ? [] : [stands]);
      expect(standing.map((each) => each.value)).toEqual(sides);
      // Whoever wrote what stands is whoever's row made it appear.
      for (const each of standing) expect(log.rows[each.position - 1]?.author.id).toBe(each.by.id);
    }), { numRuns: 60 });
  });

  test('[HI1] HAZ-01 a dispute names both writers, and settling it says who settled it and why', () => {
    const log = begin('resuscitation');
    writeValue(log.doc(0), cpr, 'for-attempted-cpr');
    writeValue(log.doc(1), cpr, 'not-for-attempted-cpr');
    log.send(0);
    log.send(1);
    const history = historyOf(log, cpr);
    expect(new Map(history.standing.map((side) => [side.value, side.by.id]))).toEqual(new Map([['for-attempted-cpr', 'ann'], ['not-for-attempted-cpr', 'ben']]));
    log.write(2, (doc) => writeValue(doc, cpr, 'not-for-attempted-cpr', 'Agreed on the telephone.'));
    const [settled, disputed] = valueEntries(historyOf(log, cpr));
    expect(settled).toMatchObject({ by: { id: 'cas' }, to: 'not-for-attempted-cpr', reason: 'Agreed on the telephone.' });
    expect(disputed).toMatchObject({ by: { id: 'ben' }, from: 'for-attempted-cpr' });
    const sides = (disputed?.to as { disputed?: { value: string; by: { id: string }; at: string }[] } | undefined)?.disputed ?? [];
    expect(sides.map((side) => [side.value, side.by.id, side.at]).toSorted())
      .toEqual([['for-attempted-cpr', 'ann', log.rows[0]?.at.toISOString()], ['not-for-attempted-cpr', 'ben', log.rows[1]?.at.toISOString()]]);
  });

  test('[HI6] of two ordinary answers given at one moment the one that lost is told as overtaken, by its writer, wherever it comes', () => {
    const log = begin('identity');
    writeValue(log.doc(0), name, 'Peg');
    writeValue(log.doc(1), name, 'Peggy');
    log.send(1);
    log.send(0);
    const entries = valueEntries(historyOf(log, name));
    const stands = log.value('preferredName');
    expect(stands).toBe('Peggy');
    expect(entries).toMatchObject([{ by: { id: 'ann' }, overtaken: true, from: stands, to: stands }, { by: { id: 'ben' }, overtaken: false, to: stands }]);
  });

  test('[HI1] rows are told by their id: added, changed, disputed, struck out with the reason', () => {
    const log = begin('identity');
    const [first, second] = [{ id: 'r1', number: '01632 960001' }, { id: 'r2', number: '01632 960002' }];
    log.write(0, (doc) => putRow(doc, phones, first));
    log.write(1, (doc) => putRow(doc, phones, second));
    log.hear(0);
    log.hear(1);
    putRow(log.doc(0), phones, { ...first, number: '01632 960003' });
    putRow(log.doc(1), phones, { ...first, number: '01632 960004' });
    log.send(0);
    log.send(1);
    log.write(2, (doc) => strikeRow(doc, phones, 'r2', 'Wrong number'));
    const history = historyOf(log, phones);
    expect(valueEntries(history).map(({ by, row, from, to }) => [by.id, row, bare(from), bare(to)])).toEqual([
      ['cas', 'r2', second, { ...second, removed: true, reason: 'Wrong number' }],
      ['ben', 'r1', { ...first, number: '01632 960003' }, { id: 'r1', disputed: expect.arrayContaining([{ ...first, number: '01632 960003' }, { ...first, number: '01632 960004' }]) }],
      ['ann', 'r1', first, { ...first, number: '01632 960003' }],
      ['ben', 'r2', undefined, second],
      ['ann', 'r1', undefined, first],
    ]);
    expect(history.standing.map(({ row, by }) => [row, by.id]).toSorted()).toEqual([['r1', 'ann'], ['r1', 'ben'], ['r2', 'cas']]);
  });

  test('[HI1] the same rows give the same history, however many are read at once', () => {
    const { log } = play([{ who: 0, kind: 'insert', at: 0, many: 3 }, { who: 0, kind: 'send' }, { who: 1, kind: 'hear' }, { who: 1, kind: 'remove', at: 1, many: 1 }, { who: 1, kind: 'send' }, { who: 2, kind: 'insert', at: 0, many: 2 }]);
    const whole = historyOf(log, whatMatters);
    const past = log.past([]);
    for (const row of log.rows) past.take([row]);
    expect(fieldHistory(past, whatMatters).runs).toEqual(whole.runs);
    past.destroy();
  });
});
