/** What a connection says before it is known whose it is. */
import { EventEmitter } from 'node:events';
import { expect, jest, test } from '@jest/globals';
import type { WebSocket } from 'ws';
import { gather } from '../../server/collab/early.ts';

test('[CO28] what is dropped stays dropped: nobody listens, nothing is handed over', () => {
  const socket = new EventEmitter();
  const [tooMuch, heard] = [jest.fn(), jest.fn()];
  const early = gather(socket as unknown as WebSocket, tooMuch);
  socket.emit('message', Buffer.from([1]), true);
  early.drop();
  expect(socket.listenerCount('message')).toBe(0);
  early.release(heard);
  socket.emit('message', Buffer.from([2]), true);
  expect(heard).not.toHaveBeenCalled();
  expect(tooMuch).not.toHaveBeenCalled();
});
