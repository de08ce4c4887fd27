/**
 * The screen's line to one meeting. It never claims that something was recorded before the server said so, and it never sends an order
 * later than the person who gave it would expect: what cannot be sent now is handed back.
 */
import type { Socket } from 'socket.io-client';
import { limits } from '../../shared/limits.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { meetingState, type Acknowledgement, type ClientEvent, type MeetingState, type Order } from '../../shared/wire/meetings.ts';
import type { Surroundings } from '../collab/surroundings.ts';

export type LinkState = 'connecting' | 'in-the-room' | 'lost' | 'refused' | 'left';

export interface MeetingView {
  readonly link: LinkState;
  readonly state: MeetingState | undefined;
  /** Why the meeting cannot be joined. */
  readonly refusal: Refusal | undefined;
  /** Server's clock minus this computer's, in milliseconds. */
  readonly clockAheadMs: number;
}

/** Orders without the meeting's id: the link knows it. */
export type Wanted<E extends ClientEvent> = Omit<Order<E>, 'meetingId'>;
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal | undefined };

export interface MeetingLink {
  view(): MeetingView;
  subscribe(heard: () => void): () => void;
  /** Sends an order and waits until it is committed. `refusal` is undefined when no answer came. */
  order<E extends Exclude<ClientEvent, 'join' | 'leave'>>(event: E, wanted: Wanted<E>): Promise<Outcome>;
  /** The same person is signed in again: asks to be let in if that is what was missing. */
  signedInAgain(): void;
  leave(): void;
  close(): void;
}

export interface LinkOptions {
  readonly meetingId: string;
  /** Not connected yet; the link decides when. */
  readonly socket: Socket;
  readonly answerTimeoutMs?: number;
  readonly around: Pick<Surroundings, 'now' | 'after' | 'onNetwork'>;
}

/** Events that carry `once`: a second try of the same order is answered, not done again. */
const repeatable: ReadonlySet<ClientEvent> = new Set(['decide', 'act']);
const triesMax = 3;
/** The server asks "are you there?" every keepalive interval; once and a half of it without a word means that the line is dead. */
const silentMs = 1.5 * limits.keepAliveIntervalMs;

export function openMeetingLink({ meetingId, socket, answerTimeoutMs = 6_000, around }: LinkOptions): MeetingLink {
  const listeners = new Set<() => void>();
  let view: MeetingView = { link: 'connecting', state: undefined, refusal: undefined, clockAheadMs: 0 };
  let closed = false;

  const change = (part: Partial<MeetingView>): void => {
    view = { ...view, ...part };
    for (const heard of listeners) heard();
  };
  /** Takes a state unless a newer one is shown already: answers and events can overtake each other. */
  const take = (raw: unknown): void => {
    const read = meetingState.safeParse(raw);
    if (!read.success || read.data.id !== meetingId || read.data.revision < (view.state?.revision ?? 0)) return;
    change({ state: read.data, clockAheadMs: Date.parse(read.data.now) - around.now() });
  };

  /** Undefined when no answer came in time. */
  async function ask(event: ClientEvent, order: object): Promise<Acknowledgement | undefined> {
    try {
      return (await socket.timeout(answerTimeoutMs).emitWithAck(event, { meetingId, ...order })) as Acknowledgement;
    } catch {
      return undefined; // no answer in time, or the connection went: the caller says so
    }
  }

  async function join(): Promise<void> {
    const answer = await ask('join', {});
    if (closed || !socket.connected) return;
    if (!answer) return void setTimeout(() => { if (socket.connected && !closed && view.link !== 'in-the-room') void join(); }, answerTimeoutMs);
    if (answer.ok) {
      take(answer.state);
      return change({ link: 'in-the-room', refusal: undefined });
    }
    change({ link: 'refused', refusal: answer.refusal });
  }

  /** Resolves true once the room is entered again, false when it takes longer than an answer may. */
  function backInTheRoom(): Promise<boolean> {
    if (view.link === 'in-the-room') return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (yes: boolean): void => {
        clearTimeout(timer);
        listeners.delete(check);
        resolve(yes);
      };
      const check = (): void => { if (view.link === 'in-the-room') finish(true); else if (view.link !== 'lost' && view.link !== 'connecting') finish(false); };
      const timer = setTimeout(() => finish(false), 2 * answerTimeoutMs);
      listeners.add(check);
    });
  }

  /** The line is dead though nobody closed it: says so now and begins a new one. */
  function lost(): void {
    if (closed || view.link === 'left' || view.link === 'refused' || !socket.connected) return;
    change({ link: 'lost' });
    socket.io.engine.close();
  }
  let heardAtMs = around.now();
  let stopWatch = (): void => undefined;
  function watch(): void {
    stopWatch();
    stopWatch = around.after(Math.max(0, heardAtMs + silentMs - around.now()), () => {
      if (around.now() - heardAtMs >= silentMs) {
        heardAtMs = around.now();
        lost();
      }
      watch();
    });
  }
  const heardNow = (): void => { heardAtMs = around.now(); };
  const stopNetwork = around.onNetwork((there) => { if (!there) lost(); });
  const stopWatching = (): void => {
    stopWatch();
    stopNetwork();
    socket.io.off('ping', heardNow);
  };
  // The server's own question, whether or not anything happens in the meeting.
  socket.io.on('ping', heardNow);
  watch();

  socket.on('connect', () => {
    heardNow();
    void join();
  });
  socket.on('state', take);
  socket.on('disconnect', (reason) => {
    if (closed || view.link === 'left') return;
    change({ link: 'lost' });
    // The server sent us away: asking again tells whether we are signed out.
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('connect_error', (error: Error & { data?: Refusal }) => {
    if (closed) return;
    change(error.data ? { link: 'refused', refusal: error.data } : { link: view.state ? 'lost' : 'connecting' });
  });
  socket.connect();

  return {
    view: () => view,
    subscribe: (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    order: async (event, wanted) => {
      for (let attempt = 1; ; attempt += 1) {
        // Never queued: an order that would arrive at an unknown later moment is handed back instead.
        if (view.link !== 'in-the-room' && (attempt === 1 || !(await backInTheRoom()))) return { ok: false, refusal: undefined };
        const answer = await ask(event, wanted);
        if (answer?.ok) {
          take(answer.state);
          return { ok: true };
        }
        if (answer) return { ok: false, refusal: answer.refusal };
        if (!repeatable.has(event) || attempt === triesMax) return { ok: false, refusal: undefined };
      }
    },
    signedInAgain: () => {
      if (closed || view.link !== 'refused' || view.refusal?.code !== 'not-signed-in') return;
      change({ link: view.state ? 'lost' : 'connecting', refusal: undefined });
      socket.connect();
    },
    leave: () => {
      stopWatching();
      change({ link: 'left' });
      if (socket.connected) socket.emit('leave', { meetingId }, () => socket.disconnect());
      else socket.disconnect();
    },
    close: () => {
      closed = true;
      stopWatching();
      socket.disconnect();
    },
  };
}
