/**
 * What comes over one connection, message by message and in order. Whoever says more than anybody can is not read for a moment: what they say
 * next waits on their side, and what had come already waits here, since a socket that is not read still hands over what it holds.
 */
import type { ClientFrame } from '../../shared/crdt/frame.ts';
import type { Clock } from '../ports.ts';
import { Allowance } from './allowance.ts';
import type { LiveSocket } from './liveSocket.ts';

export interface Said {
  readonly section: string;
  readonly message: ClientFrame;
}

export interface HearingNeeds {
  readonly clock: Clock;
  readonly socket: Pick<LiveSocket, 'pause' | 'resume'>;
  readonly act: (said: Said) => void;
  /** The socket is read again. */
  readonly resumed: () => void;
}

export class Hearing {
  readonly #allowance: Allowance;
  #waiting: Said[] = [];
  #pause: { cancel(): void } | undefined;

  constructor(private readonly needs: HearingNeeds) {
    this.#allowance = new Allowance(needs.clock);
  }

  get paused(): boolean {
    return this.#pause !== undefined;
  }

  /** The messages of one frame. */
  heard(section: string, messages: readonly ClientFrame[], bytes: number): void {
    this.spend(messages.length, bytes);
    for (const message of askedOnce(messages)) this.#waiting.push({ section, message });
    this.#go();
  }

  /** What had to wait for something: acted on before everything that came after it. */
  goOnWith(said: readonly Said[]): void {
    this.#waiting = [...said, ...this.#waiting];
    this.#go();
  }

  /** Takes so many messages, and bytes read for them, out of what may be said. */
  spend(messages: number, bytes: number): void {
    const ms = this.#allowance.take(messages, bytes);
    if (ms === 0 || this.#pause) return;
    this.needs.socket.pause();
    this.#waitFor(ms);
  }

  /** The socket is read again once nothing is owed and nothing waits: what waits here is bounded by what was read at once. */
  #waitFor(ms: number): void {
    this.#pause = this.needs.clock.after(ms, () => {
      const stillMs = this.#allowance.take(0, 0);
      if (stillMs > 0) return this.#waitFor(stillMs);
      this.#pause = undefined;
      this.#go();
      if (this.paused) return;
      this.needs.resumed();
      this.needs.socket.resume();
    });
  }

  #go(): void {
    while (!this.paused) {
      const said = this.#waiting.shift();
      if (!said) return;
      this.needs.act(said);
    }
  }

  /** Nothing more is acted on. Answers what had come and was not. */
  end(): readonly Said[] {
    const rest = this.#waiting;
    this.#waiting = [];
    if (!this.#pause) return rest;
    this.needs.socket.resume();
    this.#pause.cancel();
    this.#pause = undefined;
    return rest;
  }
}

/**
 * Of the questions of one kind in one frame one is answered, where the first stood, so that nothing overtakes the answer: the last, since it was
 * put by somebody who knew everything that the others before it name.
 */
function askedOnce(messages: readonly ClientFrame[]): readonly ClientFrame[] {
  if (messages.length < 2) return messages;
  const asked = new Set<ClientFrame['kind']>();
  return messages.flatMap((message) => {
    if (message.kind !== 'step1' && message.kind !== 'query-awareness') return [message];
    if (asked.has(message.kind)) return [];
    asked.add(message.kind);
    return [messages.findLast(({ kind }) => kind === message.kind) ?? message];
  });
}
