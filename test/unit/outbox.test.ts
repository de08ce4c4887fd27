/** What is kept for a reader who is slow. */
import { expect, jest, test } from '@jest/globals';
import { Outbox } from '../../server/collab/outbox.ts';
import { Outgoing } from '../../server/collab/outgoing.ts';
import { limits } from '../../shared/limits.ts';
import { handClock } from '../support/handClock.ts';
import { PlayedSocket } from '../support/liveWorld.ts';

const answer = (section: string, megabytes: number): Outgoing => Outgoing.frame(section, { kind: 'step2', update: new Uint8Array(megabytes * 1024 * 1024) });

test('[CO50] a plan of many megabytes goes out whole to a reader who takes it slowly, and of each section the latest answer only', () => {
  const [socket, tooSlow] = [new PlayedSocket(), jest.fn()];
  const outbox = new Outbox(socket, handClock(), (frame) => frame.wrapped, tooSlow);
  socket.stuck = true;
  socket.bufferedAmount = limits.socketBufferedBytesMax + 1;
  for (let section = 0; section < 12; section += 1) outbox.send(answer(`s${section}`, 1));
  outbox.send(answer('s3', 2));
  expect([tooSlow.mock.calls.length, socket.heard.length]).toEqual([0, 0]);
  socket.flush();
  outbox.send(Outgoing.frame('s0', { kind: 'barrier-answer', number: 1, position: 1 }));
  const sizes = socket.heard.flatMap(({ section, frame }) => (frame.kind === 'step2' ? [`${section} ${frame.update.length / 1024 / 1024}`] : []));
  expect(sizes.toSorted()).toEqual(Array.from({ length: 12 }, (_, section) => `s${section} ${section === 3 ? 2 : 1}`).toSorted());
});

test('[CO30] more than the bound of anything else is the end of it', () => {
  const [socket, tooSlow] = [new PlayedSocket(), jest.fn()];
  const outbox = new Outbox(socket, handClock(), (frame) => frame.wrapped, tooSlow);
  socket.stuck = true;
  socket.bufferedAmount = limits.socketBufferedBytesMax + 1;
  for (let held = 0; held <= limits.socketHeldBytesMax; held += 1024 * 1024) outbox.send(Outgoing.frame('s', { kind: 'update', update: new Uint8Array(1024 * 1024) }));
  expect(tooSlow).toHaveBeenCalled();
});

test('[CO63] a later answer to a question takes the place of the one that waits: nothing that was to come behind that one comes before it', () => {
  const socket = new PlayedSocket();
  const outbox = new Outbox(socket, handClock(), (frame) => frame.wrapped, () => undefined);
  socket.stuck = true;
  socket.bufferedAmount = limits.socketBufferedBytesMax + 1;
  const saved = (section: string, number: number): Outgoing => Outgoing.frame(section, { kind: 'barrier-answer', number, position: number });
  for (const frame of [answer('s0', 1), saved('s0', 1), answer('s1', 1), saved('s1', 2), answer('s0', 2), saved('s0', 3)]) outbox.send(frame);
  socket.flush();
  outbox.send(saved('s1', 4));
  expect(socket.heard.map(({ section, frame }) => (frame.kind === 'step2' ? `${section} ${frame.update.length / 1024 / 1024}` : `${section} saved ${(frame as { number: number }).number}`)))
    .toEqual(['s0 2', 's0 saved 1', 's1 1', 's1 saved 2', 's0 saved 3', 's1 saved 4']);
});
