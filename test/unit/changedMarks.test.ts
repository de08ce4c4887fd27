/** What is new to somebody: found in their own live document, from clocks alone. */
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type * as Y from 'yjs';
import { limits } from '../../shared/limits.ts';
import { marksOf, paragraphsOf, type FieldMark, type Stroke } from '../../client/collab/changedMarks.ts';
import { NewSince } from '../../client/history/newSince.ts';
import { Subject } from '../../client/collab/subject.ts';
import type { PlanConnection } from '../../client/collab/planConnection.ts';
import type { ProseBlock } from '../../shared/content/kinds.ts';
import { putRow, readField, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { strokesOf } from '../../shared/crdt/strokes.ts';
import type { ChangesSince } from '../../shared/wire/history.ts';
import { eventually } from '../support/eventually.ts';
import { lettersBlocks } from '../support/prose.ts';
import { field, section } from '../support/stand.ts';
import { WrittenLog } from '../support/writtenLog.ts';

const [whatMatters, cpr, name, phones] = [field('whatMatters'), field('cprDecision'), field('preferredName'), field('phones')];
const logs: WrittenLog[] = [];
afterEach(() => { for (const log of logs.splice(0)) log.destroy(); });
function begin(sectionId: string): WrittenLog {
  const log = new WrittenLog(sectionId, ['ann', 'ben', 'cas']);
  logs.push(log);
  return log;
}
/** As the service answers them to one person. */
const strokesFor = (log: WrittenLog, reader: string, after: number): Stroke[] =>
  strokesOf(log.rows.filter((row) => row.position > after && row.author.id !== reader))
    .map(({ section: id, by, atMs, brought, taken }) => ({ section: id, by: { ...by }, at: new Date(atMs).toISOString(), brought: brought.map(([...span]) => span), taken: taken.map(([...span]) => span) }));
function marks(log: WrittenLog, reader: number, after: number): ReadonlyMap<string, FieldMark> {
  log.hear(reader);
  return marksOf(log.doc(reader), section(log.sectionId), strokesFor(log, log.people[reader] as string, after));
}
const markedText = (log: WrittenLog, mark: FieldMark | undefined): string =>
  (mark?.letters ?? []).map(({ block, from, to }) => (log.value('whatMatters') as ProseBlock[])[block]?.text.slice(from, to)).join('|');

describe('fields and letters', () => {
  test('[HI9] a field that others changed is marked with each of them once, their latest first; one’s own writing never', () => {
    const log = begin('identity');
    log.write(0, (doc) => writeValue(doc, name, 'Peg'));
    log.write(1, (doc) => putRow(doc, phones, { id: 'r1', number: '01632 960001' }));
    log.write(2, (doc) => putRow(doc, phones, { id: 'r1', number: '01632 960002' }));
    log.write(1, (doc) => putRow(doc, phones, { id: 'r2', number: '01632 960003' }));
    const seen = marks(log, 0, 0);
    expect([...seen.keys()]).toEqual(['phones']);
    expect(seen.get('phones')?.by.map(({ id }) => id)).toEqual(['ben', 'cas']);
    expect([...marks(log, 1, 0).keys()].toSorted()).toEqual(['phones', 'preferredName']);
    expect(marks(log, 1, 4).size).toBe(0);
  });

  test('[HI9] a disputed value, one taken back, and words taken out of prose are changes', () => {
    const cprLog = begin('resuscitation');
    writeValue(cprLog.doc(0), cpr, 'for-attempted-cpr');
    writeValue(cprLog.doc(1), cpr, 'not-for-attempted-cpr');
    cprLog.send(0);
    cprLog.send(1);
    expect(marks(cprLog, 0, 1).get('cprDecision')?.by.map(({ id }) => id)).toEqual(['ben']);
    const log = begin('wishes');
    log.write(0, (doc) => writeProse(doc, whatMatters, [{ type: 'paragraph', text: 'Not at home' }]));
    log.write(1, (doc) => ((doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText).delete(0, 4));
    expect(marks(log, 0, 1).get('whatMatters')).toMatchObject({ by: [{ id: 'ben' }], letters: [] });
    const named = begin('identity');
    named.write(0, (doc) => writeValue(doc, name, 'Peg'));
    named.write(1, (doc) => writeValue(doc, name, undefined));
    expect(marks(named, 0, 1).get('preferredName')?.by.map(({ id }) => id)).toEqual(['ben']);
  });

  test('[HI10] what came and went again since is no change', () => {
    const log = begin('wishes');
    log.write(0, (doc) => writeProse(doc, whatMatters, [{ type: 'paragraph', text: 'Her garden' }]));
    const text = (doc: Y.Doc) => (doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText;
    log.write(1, (doc) => text(doc).insert(10, ' [practice]'));
    log.write(2, (doc) => text(doc).delete(10, 11));
    expect(marks(log, 0, 1).size).toBe(0);
    expect(marks(log, 0, 2).get('whatMatters')?.by.map(({ id }) => id)).toEqual(['cas']);
  });

  test('[HI9] in prose exactly the letters of others are marked, in lists and after line breaks as well, whatever was written at once', () => {
    const log = begin('wishes');
    log.write(0, (doc) => writeProse(doc, whatMatters, [{ type: 'paragraph', text: 'One' }, { type: 'bulletItem', text: 'two\nand' }, { type: 'bulletItem', text: 'deep', depth: 1 }, { type: 'orderedItem', text: 'three' }]));
    const insert = (doc: Y.Doc, block: number, at: number, words: string): void => {
      const children = paragraphsOf(doc.getXmlFragment('t:whatMatters'))[block]?.toArray() ?? [];
      (children.at(-1) as Y.XmlText).insert(at, words);
    };
    log.hear(1);
    log.hear(2);
    insert(log.doc(1), 1, 3, ' dogs');
    insert(log.doc(2), 3, 0, 'new ');
    insert(log.doc(1), 2, 4, 'er');
    log.send(1);
    log.send(2);
    log.write(0, (doc) => insert(doc, 0, 0, 'Mine '));
    expect(markedText(log, marks(log, 0, 1).get('whatMatters'))).toBe(' dogs|er|new ');
  });

  test('[HI9] blocks are counted as prose is read, whatever lists it holds', () => {
    fc.assert(fc.property(lettersBlocks, (blocks) => {
      const log = begin('wishes');
      log.write(0, (doc) => writeProse(doc, whatMatters, blocks));
      const read = readField(log.doc(0), whatMatters) as ProseBlock[];
      expect(paragraphsOf(log.doc(0).getXmlFragment('t:whatMatters'))).toHaveLength(read.length);
      log.hear(1);
      const all = marks(log, 1, 0).get('whatMatters');
      expect(read.map((_, block) => (all?.letters ?? []).filter((mark) => mark.block === block).reduce((sum, mark) => sum + mark.to - mark.from, 0)))
        .toEqual(read.map(({ text }) => text.replaceAll('\n', '').length));
    }), { numRuns: 40 });
  });
});

/* --- what counts as looked at --- */

function screen(log: WrittenLog, read: (after?: number) => Promise<ChangesSince>) {
  const connection = { loaded: new Subject<ReadonlySet<string>>(new Set()), revision: new Subject(0), changedTo: new Subject(0), live: new Subject(true), doc: () => log.doc(0) };
  const sent: (readonly [number, boolean])[] = [];
  const timers: { ms: number; work: () => void }[] = [];
  const world = { visible: true };
  const since = new NewSince({
    position: 5, sections: [section(log.sectionId)], connection: connection as unknown as PlanConnection, read, inSight: () => world.visible,
    send: async (position, leaving) => void sent.push([position, leaving]),
    after: (ms, work) => {
      const timer = { ms, work };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
  });
  const passes = (ms: number): void => { for (const timer of timers.splice(0)) if (timer.ms <= ms) timer.work(); else timers.push(timer); };
  return { since, connection, sent, world, passes };
}
const nothingNew = async (): Promise<ChangesSince> => ({ planId: 'p', position: 5, after: 5, cut: false, strokes: [] });

describe('looking', () => {
  test('[HI7] leaving counts as having looked only once everything was there and in sight for five seconds', () => {
    const early = screen(begin('identity'), nothingNew);
    early.passes(limits.lookedAfterMs);
    early.since.leave();
    expect(early.sent).toEqual([]);
    const short = screen(begin('identity'), nothingNew);
    short.connection.loaded.set(new Set(['identity']));
    short.passes(limits.lookedAfterMs - 1);
    short.since.leave();
    expect(short.sent).toEqual([]);
    const long = screen(begin('identity'), nothingNew);
    long.connection.loaded.set(new Set(['identity']));
    long.passes(limits.lookedAfterMs);
    long.connection.changedTo.set(9);
    long.since.leave();
    expect(long.sent).toEqual([[9, true]]);
  });

  test('[HI7] what came while the page was out of sight is not looked at, and is new when it is back', async () => {
    const asked: (number | undefined)[] = [];
    const { since, connection, sent, world, passes } = screen(begin('identity'), (after) => { asked.push(after); return nothingNew(); });
    connection.loaded.set(new Set(['identity']));
    passes(limits.lookedAfterMs);
    connection.changedTo.set(7);
    world.visible = false;
    since.sightChanged();
    connection.changedTo.set(12);
    since.leave();
    expect(sent).toEqual([[7, true]]);
    world.visible = true;
    since.sightChanged();
    await eventually(() => expect(asked).toEqual([undefined, 7]));
  });

  test('[HI9] what others wrote while the line was down is asked for when it is back, in sight or not; a line that was down for nothing asks nobody', async () => {
    const asked: (number | undefined)[] = [];
    const { since, connection, world } = screen(begin('identity'), (after) => { asked.push(after); return nothingNew(); });
    // Before everything was there once, nothing was missed.
    connection.live.set(false);
    connection.revision.set(1);
    connection.live.set(true);
    connection.loaded.set(new Set(['identity']));
    connection.changedTo.set(7);
    connection.live.set(false);
    connection.live.set(true);
    connection.live.set(false);
    connection.revision.set(2);
    connection.live.set(true);
    await eventually(() => expect(asked).toEqual([undefined, 7]));
    world.visible = false;
    since.sightChanged();
    connection.live.set(false);
    connection.revision.set(3);
    connection.live.set(true);
    expect(asked).toEqual([undefined, 7]);
    world.visible = true;
    since.sightChanged();
    await eventually(() => expect(asked).toEqual([undefined, 7, 7]));
    world.visible = false;
    since.sightChanged();
    world.visible = true;
    since.sightChanged();
    since.leave();
    expect(asked).toEqual([undefined, 7, 7]);
  });

  test('[HI7] whoever says that they have seen it has; the marks go at once', async () => {
    const log = begin('identity');
    log.write(1, (doc) => writeValue(doc, name, 'Peg'));
    log.hear(0);
    const { since, connection, sent } = screen(log, async () => ({ planId: 'p', position: 5, after: 0, cut: false, strokes: strokesFor(log, 'ann', 0) }));
    connection.loaded.set(new Set(['identity']));
    await eventually(() => expect([...since.marks.value.fields.keys()]).toEqual(['identity.preferredName']));
    since.seen();
    expect(since.marks.value.fields.size).toBe(0);
    expect(sent).toEqual([[5, false]]);
    since.leave();
  });

  test('[HI9] a failure to ask is told, and asking again mends it', async () => {
    let away = true;
    const { since, connection } = screen(begin('identity'), async () => (away ? Promise.reject(new Error('away')) : nothingNew()));
    connection.loaded.set(new Set(['identity']));
    await eventually(() => expect(since.marks.value.failed).toBe(true));
    away = false;
    since.tryAgain();
    await eventually(() => expect(since.marks.value.failed).toBe(false));
    since.leave();
  });
});
