/** A long history is put together in steps: whoever writes meanwhile gets their turn. */
import { afterEach, expect, jest, test } from '@jest/globals';
import * as Y from 'yjs';
import { presentHistory } from '../../server/history/present.ts';
import { Replays } from '../../server/history/replay.ts';
import { inTurns } from '../../server/history/turns.ts';
import type { Queryable } from '../../server/ports.ts';
import { fieldHistoryInSteps } from '../../shared/crdt/fieldHistory.ts';
import { SectionPast } from '../../shared/crdt/sectionPast.ts';
import { writeProse } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { field, newDoc, section } from '../support/stand.ts';

afterEach(() => { jest.restoreAllMocks(); });
const whatMatters = field('whatMatters');

/** A log of letters written one by one at the beginning, so that none joins another; a pause of an hour after every tenth part. */
function typed(count: number): Queryable {
  const doc = newDoc('wishes');
  const rows: { readonly position: number }[] = [];
  doc.on('update', (bytes: Uint8Array) => {
    const position = rows.length + 1;
    const [first] = Y.decodeUpdate(bytes).structs;
    const last = Y.decodeUpdate(bytes).structs.at(-1);
    const from = first?.id.clock ?? 0;
    const after = (last?.id.clock ?? 0) + (last?.length ?? 0);
    const at = new Date(position * 1_000 + Math.floor(position / (count / 10)) * 3_600_000);
    rows.push({ planId: 'plan', position, sectionId: 'wishes', bytes, spans: [[doc.clientID, from, after]], fields: ['whatMatters'], authorId: 'ann', authorName: 'Ann', authorRole: 'gp', at } as never);
  });
  writeProse(doc, whatMatters, [{ type: 'paragraph', text: 'a' }]);
  const text = (doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText;
  while (rows.length < count) text.insert(0, 'a');
  return { query: async (_statement: string, [, , [after], [upTo]]: [unknown, unknown, [number], [number]]) => rows.filter(({ position }) => position > after && position <= upTo) } as unknown as Queryable;
}

test('[HI5] rows are taken, text is put together and entries are told a few at a time, with a turn for everything else between', async () => {
  const count = 6_000;
  const db = typed(count);
  let [turns, ticking] = [0, true];
  const tick = (): void => {
    turns += 1;
    if (ticking) setImmediate(tick);
  };
  setImmediate(tick);
  const taken: { readonly rows: number; readonly turn: number }[] = [];
  const plain = Object.getOwnPropertyDescriptor(SectionPast.prototype, 'take')?.value as SectionPast['take'];
  jest.spyOn(SectionPast.prototype, 'take').mockImplementation(function take(this: SectionPast, rows) {
    taken.push({ rows: rows.length, turn: turns });
    plain.call(this, rows);
  });
  const marks: number[] = [];
  const view = await new Replays().replay(db, 'plan' as PlanId, section('wishes'), count, async (past) => {
    marks.push(turns);
    const history = await inTurns(fieldHistoryInSteps(past, whatMatters));
    marks.push(turns);
    const told = await inTurns(presentHistory({ planId: 'plan' as PlanId, section: section('wishes'), field: whatMatters, position: count }, history, Infinity));
    marks.push(turns);
    return told;
  });
  ticking = false;
  if (!view.ok) throw new Error('no history');
  const { items, standing } = view.value;
  expect(standing.runs.map(([text]) => text).join('')).toHaveLength(count);
  expect(items.length).toBeGreaterThan(5);
  expect(Math.max(...taken.map(({ rows }) => rows))).toBeLessThanOrEqual(limits.historyRowsAtOnce);
  expect(new Set(taken.map(({ turn }) => turn)).size).toBe(taken.length);
  const [begun = 0, read = 0, told = 0] = marks;
  expect(read - begun).toBeGreaterThanOrEqual(count / 1_000 - 1);
  expect(told - read).toBeGreaterThanOrEqual(items.length - 1);
});
