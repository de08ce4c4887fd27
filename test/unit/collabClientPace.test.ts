/** How fast a device talks to a server that has more to save than it can write at once. */
import { expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { Pace } from '../../client/collab/pace.ts';
import { decodeFromClient, encodeBarrier, encodeFrame, type ClientFrame } from '../../shared/crdt/frame.ts';
import { handClock } from '../support/handClock.ts';

function talking() {
  const clock = handClock();
  const said: { readonly section: string; readonly frame: ClientFrame | undefined }[] = [];
  const around = { now: () => clock.now().getTime(), after: (ms: number, work: () => void) => { const timer = clock.after(ms, work); return () => timer.cancel(); } };
  const pace = new Pace(around, (section, frame) => void said.push({ section, frame: decodeFromClient(frame)?.[0] }));
  const doc = new Y.Doc();
  const text = doc.getText('words');
  const type = (letter: string): Uint8Array => {
    const before = Y.encodeStateVector(doc);
    text.insert(text.length, letter);
    return encodeFrame({ kind: 'update', update: Y.encodeStateAsUpdate(doc, before) });
  };
  const kinds = (): (string | undefined)[] => said.map(({ section, frame }) => `${section} ${frame?.kind}`);
  return { clock, pace, said, type, kinds };
}

test('[CC24] everything is sent at once until the server asks for less', () => {
  const { pace, type, kinds } = talking();
  pace.send('wishes', type('a'));
  pace.send('wishes', encodeBarrier(1));
  expect(kinds()).toEqual(['wishes update', 'wishes barrier']);
});

test('[CC24] then changes of a section go as one, the last question behind them, and presence stays in its place', () => {
  const { clock, pace, said, type, kinds } = talking();
  pace.slowDown();
  for (const letter of 'abc') pace.send('wishes', type(letter));
  pace.send('wishes', encodeBarrier(1));
  pace.send('wishes', type('d'));
  pace.send('wishes', encodeBarrier(2));
  expect(said).toEqual([]);
  clock.pass(500);
  expect(kinds()).toEqual(['wishes update', 'wishes barrier']);
  const doc = new Y.Doc();
  for (const { frame } of said) if (frame?.kind === 'update') Y.applyUpdate(doc, frame.update);
  expect(doc.getText('words').toJSON()).toBe('abcd');
  expect(said.at(-1)?.frame).toEqual({ kind: 'barrier', number: 2 });
  pace.send('wishes', type('e'));
  pace.send('wishes', encodeFrame({ kind: 'awareness', update: Uint8Array.of(0) }));
  expect(kinds().slice(2)).toEqual(['wishes update', 'wishes awareness']);
});

test('[CC24] after ten quiet seconds it talks at once again, and a lost line forgets what was gathered', () => {
  const { clock, pace, type, kinds } = talking();
  pace.slowDown();
  pace.send('wishes', type('a'));
  pace.drop();
  clock.pass(10_000);
  expect(kinds()).toEqual([]);
  pace.send('wishes', type('b'));
  expect(kinds()).toEqual(['wishes update']);
});
