/** The screen's line to a meeting with time in the test's hand: when it counts as dead. */
import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import type { Socket } from 'socket.io-client';
import { openMeetingLink, type MeetingLink } from '../../client/meetings/meetingLink.ts';

/** A connection that answers every order with yes until it is closed; then it is not connected any more. */
function world() {
  let now = 0;
  const timers: { at: number; work: () => void; off: boolean }[] = [];
  const engine = Object.assign(new EventEmitter(), { closed: 0, close: () => { engine.closed += 1; socket.connected = false; } });
  const manager = Object.assign(new EventEmitter(), { engine });
  const answers = { emitWithAck: () => Promise.resolve({ ok: true }) };
  const socket = Object.assign(new EventEmitter(), { connected: false, io: manager, timeout: () => answers, connect: () => undefined, disconnect: () => { socket.connected = false; } });
  const network = new Set<(there: boolean) => void>();
  const link = openMeetingLink({
    meetingId: 'meeting_a', socket: socket as unknown as Socket,
    around: {
      now: () => now,
      after: (ms, work) => {
        const timer = { at: now + ms, work, off: false };
        timers.push(timer);
        return () => { timer.off = true; };
      },
      onNetwork: (heard) => {
        network.add(heard);
        return () => network.delete(heard);
      },
    },
  });
  const pass = (ms: number): void => {
    const end = now + ms;
    for (;;) {
      const next = timers.filter((timer) => !timer.off && timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      now = next.at;
      next.off = true;
      next.work();
    }
    now = end;
  };
  const enter = async (): Promise<void> => {
    socket.connected = true;
    socket.emit('connect');
    await new Promise((resolve) => { setImmediate(resolve); });
  };
  return { link, engine, manager, network, pass, enter, waiting: () => timers.filter(({ off }) => !off).length };
}
const linkOf = (link: MeetingLink) => link.view().link;

describe('the line to a meeting', () => {
  test('[ME25] HAZ-04 fifteen seconds without the server’s question are a dead line, said at once', async () => {
    const { link, engine, manager, pass, enter } = world();
    await enter();
    expect(linkOf(link)).toBe('in-the-room');
    for (let times = 0; times < 6; times += 1) {
      pass(14_000);
      manager.emit('ping');
    }
    pass(14_999);
    expect([linkOf(link), engine.closed]).toEqual(['in-the-room', 0]);
    pass(1);
    expect([linkOf(link), engine.closed]).toEqual(['lost', 1]);
    expect(await link.order('decide', { itemId: 'item_a', once: 'order-1', text: 'Night sits' })).toEqual({ ok: false, refusal: undefined });
    pass(120_000);
    expect(engine.closed).toBe(1);
    await enter();
    expect(linkOf(link)).toBe('in-the-room');
  });

  test('[ME25] who has left is not called lost, and nothing keeps watching for them', async () => {
    const { link, engine, network, pass, enter, waiting } = world();
    await enter();
    link.leave();
    pass(60_000);
    expect([linkOf(link), engine.closed, network.size, waiting()]).toEqual(['left', 0, 0, 0]);
  });
});
