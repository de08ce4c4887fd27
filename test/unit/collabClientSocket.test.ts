/** The shared socket by itself, with time and sockets in the test's hand. */
import { describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { decodeFromClient, encodeFrame, keepAliveFrame, splitSection, withSection, type ClientFrame } from '../../shared/crdt/frame.ts';
import { limits } from '../../shared/limits.ts';
import { Channel } from '../../client/collab/channel.ts';
import { nextStep } from '../../client/collab/reconnect.ts';
import { SaveLedger } from '../../client/collab/saveLedger.ts';
import { saveStatus } from '../../client/collab/saveStatus.ts';
import { SharedSocket, type SocketState } from '../../client/collab/sharedSocket.ts';
import type { SocketLike, Surroundings } from '../../client/collab/surroundings.ts';

class FakeSocket implements SocketLike {
  binaryType = '';
  readyState = 1;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly sent: Uint8Array[] = [];
  closed = false;
  send(data: Uint8Array): void { this.sent.push(data); }
  close(): void { this.closed = true; }
}

function world() {
  let now = 0;
  const timers: { at: number; work: () => void; off: boolean }[] = [];
  const sockets: FakeSocket[] = [];
  const network = new Set<(there: boolean) => void>();
  const around: Surroundings = {
    now: () => now,
    random: () => 1,
    after: (ms, work) => {
      const timer = { at: now + ms, work, off: false };
      timers.push(timer);
      return () => { timer.off = true; };
    },
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    onNetwork: (heard) => {
      network.add(heard);
      return () => network.delete(heard);
    },
  };
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
  const states: SocketState[] = [];
  const fresh: string[] = [];
  const shared = new SharedSocket('ws://x', around, { state: (state) => states.push(state), barrier: () => undefined, notice: () => undefined, fresh: (because) => fresh.push(because), askAccess: () => undefined });
  return { shared, sockets, pass, states, fresh, network, says: (there: boolean) => network.forEach((heard) => heard(there)), last: () => sockets.at(-1) as FakeSocket };
}

async function lane(shared: SharedSocket, section: string): Promise<{ channel: Channel; heard: unknown[] }> {
  const channel = new Channel(section, shared, () => undefined, () => 7, () => undefined);
  const heard: unknown[] = [];
  channel.onmessage = (event) => heard.push(event.data);
  await Promise.resolve();
  return { channel, heard };
}

describe('the shared socket', () => {
  test('[CC2] gives every section its own sign of life from the one that the connection has', async () => {
    const { shared, pass, last } = world();
    shared.connect();
    const lanes = [await lane(shared, 'identity'), await lane(shared, 'wishes')];
    last().onopen?.(undefined as never);
    pass(10_000);
    last().onmessage?.({ data: withSection('identity', keepAliveFrame) });
    expect(lanes[1]?.heard).toEqual([keepAliveFrame]);
    expect(lanes[0]?.heard.length).toBeGreaterThan(0);
  });

  test('[CC18] passes on the own presence and nobody else’s', async () => {
    const { shared, last } = world();
    shared.connect();
    const { channel } = await lane(shared, 'wishes');
    last().onopen?.(undefined as never);
    const said = (client: number): Uint8Array => encodeFrame({ kind: 'awareness', update: Uint8Array.of(1, client, 1, 2, 0x7b, 0x7d) });
    channel.send(said(9));
    expect(last().sent).toEqual([]);
    channel.send(said(7));
    expect(last().sent).toEqual([withSection('wishes', said(7))]);
  });

  test('[CC14] takes fifteen seconds of silence for a dead line and connects again', () => {
    const { shared, sockets, pass, last, states } = world();
    shared.connect();
    last().onopen?.(undefined as never);
    for (let times = 0; times < 6; times += 1) {
      pass(14_000);
      last().onmessage?.({ data: withSection('identity', keepAliveFrame) });
    }
    pass(14_999);
    expect(states.map((state) => state.kind)).toEqual(['connecting', 'open']);
    pass(1);
    expect(sockets[0]?.closed).toBe(true);
    expect(shared.state).toEqual({ kind: 'waiting', because: 'lost' });
    pass(1_000);
    expect(sockets.length).toBe(2);
  });

  test('[CC19] loses the line when the device says that it has no network, keeps trying, and tries at once when it says that it has one', () => {
    const { shared, sockets, pass, last, says } = world();
    shared.connect();
    last().onopen?.(undefined as never);
    says(false);
    expect(sockets[0]?.closed).toBe(true);
    expect(shared.state).toEqual({ kind: 'waiting', because: 'lost' });
    pass(300);
    expect(sockets.length).toBe(2);
    last().onclose?.({ code: 1006, reason: '' });
    pass(100);
    expect(sockets.length).toBe(2);
    says(true);
    expect(sockets.length).toBe(3);
    // That one hangs; the network comes back once more.
    says(true);
    expect([sockets[2]?.closed, sockets.length]).toEqual([true, 4]);
    last().onopen?.(undefined as never);
    says(true);
    expect([shared.isOpen, sockets.length]).toEqual([true, 4]);
  });

  test('[CC19] word of the network revives nothing that has ended, been stopped, or waits to hear what is still open', () => {
    const { shared, sockets, pass, last, says, network } = world();
    shared.connect();
    last().onclose?.({ code: 4404, reason: '' });
    says(true);
    expect(sockets.length).toBe(1);
    shared.stop('not-found');
    says(true);
    pass(60_000);
    expect(sockets.length).toBe(1);
    shared.end();
    expect(network.size).toBe(0);
  });

  test('[CC15] comes back at once when the server moves, ever later when it is not there, and starts small again after success', () => {
    expect(nextStep(1012, 0, 1)).toEqual({ kind: 'reconnect', afterMs: 300, because: 'moving' });
    expect(nextStep(1001, 0, 0)).toEqual({ kind: 'reconnect', afterMs: 150, because: 'moving' });
    expect([0, 1, 2, 9].map((failures) => nextStep(1013, failures, 1))).toEqual([1_000, 2_000, 4_000, 30_000].map((afterMs) => ({ kind: 'reconnect', afterMs, because: 'busy' })));
    const { shared, sockets, pass, last } = world();
    shared.connect();
    for (let failure = 0; failure < 3; failure += 1) {
      last().onclose?.({ code: 1006, reason: '' });
      pass(300 * 2 ** failure - 1);
      expect(sockets.length).toBe(failure + 1);
      pass(1);
      expect(sockets.length).toBe(failure + 2);
    }
    last().onopen?.(undefined as never);
    last().onmessage?.({ data: withSection('identity', encodeFrame({ kind: 'step2', update: Uint8Array.of(0, 0) })) });
    last().onclose?.({ code: 1006, reason: '' });
    pass(300);
    expect(sockets.length).toBe(5);
  });

  test('[CC16] close codes that ask for it open fresh documents; those that are final stop', () => {
    expect(nextStep(4403, 0, 0)).toMatchObject({ kind: 'fresh', because: 'refused' });
    expect(nextStep(4410, 0, 0)).toMatchObject({ kind: 'fresh', because: 'rebuilt' });
    expect(nextStep(4401, 0, 0)).toEqual({ kind: 'stop', why: 'sign-in' });
    expect(nextStep(4413, 0, 0)).toEqual({ kind: 'stop', why: 'over-limit' });
    expect(nextStep(4404, 0, 0)).toEqual({ kind: 'ask-access' });
    expect(nextStep(4404, 2, 0)).toEqual({ kind: 'stop', why: 'not-found' });
    const { shared, sockets, pass, last, fresh } = world();
    shared.connect();
    last().onclose?.({ code: 4403, reason: '' });
    expect(fresh).toEqual(['refused']);
    pass(1_000);
    last().onclose?.({ code: 4401, reason: '' });
    pass(120_000);
    expect(sockets.length).toBe(2);
    expect(shared.state).toEqual({ kind: 'stopped', why: 'sign-in' });
  });

  test('[CC16] HAZ-04 a change that was over a limit is dropped like any other that is refused, and the rest goes on; over a limit without one stops', () => {
    const { shared, sockets, pass, last, fresh } = world();
    shared.connect();
    last().onopen?.({} as never);
    last().onmessage?.({ data: withSection('home', encodeFrame({ kind: 'notice', value: { kind: 'refused', section: 'home', code: 'over-limit', reason: 'This section is full.' } })) });
    last().onclose?.({ code: 4413, reason: '' });
    expect(fresh).toEqual(['refused']);
    pass(1_000);
    expect(sockets).toHaveLength(2);
    last().onclose?.({ code: 4413, reason: '' });
    expect(shared.state).toEqual({ kind: 'stopped', why: 'over-limit' });
  });

  test('[CC27] a large change goes as an answer, whatever parts it has; a small one, and everything else, as it is', () => {
    const { shared, last } = world();
    shared.connect();
    last().onopen?.({} as never);
    const said = (frame: ClientFrame): ClientFrame | undefined => {
      shared.send('home', encodeFrame(frame));
      return decodeFromClient(splitSection(last().sent.at(-1) as Uint8Array)?.frame as Uint8Array)?.[0];
    };
    // The smallest parts there are: deletions of one letter each, of a text that nobody else wrote.
    const doc = new Y.Doc();
    doc.getText('words').insert(0, 'ab'.repeat(limits.deletionsPerUpdateMax + 1));
    const before = Y.encodeStateVector(doc);
    doc.transact(() => { for (let at = limits.deletionsPerUpdateMax; at >= 0; at -= 1) doc.getText('words').delete(at * 2, 1); });
    const update = Y.encodeStateAsUpdate(doc, before);
    expect(said({ kind: 'update', update })).toEqual({ kind: 'step2', update });
    const small = Uint8Array.of(0, 0);
    expect(said({ kind: 'update', update: small })).toEqual({ kind: 'update', update: small });
    expect(said({ kind: 'awareness', update })).toEqual({ kind: 'awareness', update });
  });
});

describe('what is saved', () => {
  test('[CC4] HAZ-04 an answer covers what was written before its question, on the same connection only', () => {
    const ledger = new SaveLedger();
    ledger.changed(['a']);
    const first = ledger.ask();
    ledger.changed(['b']);
    expect(ledger.mayAsk).toBe(false);
    expect(ledger.answered(first + 1)).toBe(false);
    ledger.answered(first);
    expect(ledger.unsavedFields).toEqual(['b']);
    const lost = ledger.ask();
    ledger.lostConnection();
    expect(ledger.answered(lost)).toBe(false);
    expect(ledger.unsaved).toBe(true);
    ledger.answered(ledger.ask());
    expect(ledger.unsaved).toBe(false);
  });

  test('[CC17] the one sentence never says saved while anything is unconfirmed, refused or not connected', () => {
    const facts = { socket: { kind: 'open' } as SocketState, loading: false, unsavedFields: 0, savedAt: 5, refusedWhy: undefined, wasOpen: true };
    expect(saveStatus(facts)).toEqual({ kind: 'saved', at: 5 });
    for (const worse of [{ unsavedFields: 1 }, { loading: true }, { refusedWhy: 'no' }, { socket: { kind: 'connecting' } as SocketState }, { socket: { kind: 'waiting', because: 'lost' } as SocketState }, { socket: { kind: 'stopped', why: 'sign-in' } as SocketState }]) {
      expect(saveStatus({ ...facts, ...worse }).kind).not.toBe('saved');
    }
    expect(saveStatus({ ...facts, socket: { kind: 'waiting', because: 'moving' }, unsavedFields: 2 })).toEqual({ kind: 'moving', changes: 2 });
  });
});
