/** One simulated connection between a client and a node: frames in order both ways, late, cut off, half-open, or read slowly. */
import type { LiveSocket } from '../../server/collab/liveSocket.ts';
import { limits } from '../../shared/limits.ts';
import type { Dice } from './dice.ts';
import type { Schedule } from './schedule.ts';

/** What the other side's program does with what arrives. */
export interface ClientEnd {
  heard(bytes: Uint8Array): void;
  closed(code: number): void;
}
export interface ServerEnd {
  heard(bytes: Uint8Array): void;
  pong(): void;
}
export interface WireNeeds {
  readonly schedule: Schedule;
  readonly dice: Dice;
  readonly name: string;
  /** Called with every frame that the node hands over, at that moment. */
  readonly sent: (bytes: Uint8Array) => void;
}

/** A close that nobody answers ends after this, as `ws` does it. */
const closeTimeoutMs = 30_000;
const lostConnection = 1006;

export class Wire {
  client: ClientEnd | undefined;
  #server: ServerEnd | undefined;
  #early: Uint8Array[] = [];
  #serverState: 'open' | 'closing' | 'closed' = 'open';
  #clientOpen = true;
  /** Nothing passes any more, and nobody has noticed. */
  #frozen = false;
  #paused = false;
  #waitingUp: (() => void)[] = [];
  readonly #onClosed: (() => void)[] = [];
  #outgoing: { readonly bytes: Uint8Array; readonly flushed: () => void }[] = [];
  #flushing: { cancel(): void } | undefined;
  /** Says the close once everything before it has left. */
  #closing: (() => void) | undefined;
  #buffered = 0;
  /** Bytes a millisecond that the client reads. */
  #readingSpeed = 100_000;
  #downAtMs = 0;
  #upAtMs = 0;

  constructor(private readonly needs: WireNeeds) {}

  /** The socket as the node has it. */
  readonly server: LiveSocket = this.#asServer(() => this.#serverState === 'open', () => this.#buffered);

  #asServer(isOpen: () => boolean, buffered: () => number): LiveSocket {
    return {
      get isOpen() { return isOpen(); },
      get bufferedAmount() { return buffered(); },
      send: (bytes, flushed) => this.#send(bytes, flushed),
      ping: () => this.#ping(),
      pause: () => { this.#paused = true; },
      resume: () => this.#resume(),
      close: (code) => this.#close(code),
      terminate: () => this.terminate(),
      onceClosed: (work) => void (this.#serverState === 'closed' ? work() : this.#onClosed.push(work)),
    };
  }

  #latency(): number {
    const { dice } = this.needs;
    return dice.chance(0.08) ? dice.between(20, 250) : dice.between(0.2, 6);
  }
  #later(delayMs: number, what: string, work: () => void): void {
    this.needs.schedule.after(delayMs, `${this.needs.name} ${what}`, work);
  }

  #send(bytes: Uint8Array, flushed: () => void): void {
    if (this.#serverState !== 'open') return this.#later(0, 'not sent', flushed);
    this.needs.sent(bytes);
    this.#buffered += bytes.length;
    this.#outgoing.push({ bytes, flushed });
    this.#flush();
  }
  /** Hands one frame after the other to the network, as fast as the client reads. */
  #flush(): void {
    const [next] = this.#outgoing;
    if (!next || this.#flushing || this.#frozen) return;
    this.#flushing = this.needs.schedule.after(next.bytes.length / this.#readingSpeed, `${this.needs.name} flushes ${next.bytes.length}`, () => {
      this.#flushing = undefined;
      if (this.#frozen || this.#outgoing[0] !== next) return;
      this.#outgoing.shift();
      this.#buffered -= next.bytes.length;
      next.flushed();
      this.#down(`down ${next.bytes.length}`, () => this.client?.heard(next.bytes));
      this.#flush();
      if (this.#outgoing.length === 0) this.#closing?.();
    });
  }

  /** In order, some time from now, if the line still stands then. */
  #down(what: string, work: () => void): void {
    const { schedule } = this.needs;
    this.#downAtMs = Math.max(this.#downAtMs, schedule.nowMs + this.#latency());
    this.#later(this.#downAtMs - schedule.nowMs, what, () => { if (this.#clientOpen && !this.#frozen) work(); });
  }
  #up(what: string, work: () => void): void {
    const { schedule } = this.needs;
    this.#upAtMs = Math.max(this.#upAtMs, schedule.nowMs + this.#latency());
    this.#later(this.#upAtMs - schedule.nowMs, what, () => {
      if (this.#frozen || this.#serverState === 'closed') return;
      if (this.#paused) this.#waitingUp.push(work);
      else work();
    });
  }
  #resume(): void {
    this.#paused = false;
    for (const work of this.#waitingUp.splice(0)) {
      if (this.#paused) this.#waitingUp.push(work);
      else if (this.#serverState !== 'closed') work();
    }
  }

  #ping(): void {
    this.#down('ping', () => this.#up('pong', () => this.#server?.pong()));
  }

  /** The node has let the client in: what it said before is heard now. */
  accept(server: ServerEnd): void {
    this.#server = server;
    for (const bytes of this.#early.splice(0)) server.heard(bytes);
  }

  clientSends(bytes: Uint8Array): void {
    if (!this.#clientOpen) return;
    this.#up(`up ${bytes.length}`, () => {
      if (this.#server) this.#server.heard(bytes);
      else this.#early.push(bytes);
    });
  }
  /** The client leaves; `politely` or as a page that is closed. */
  clientCloses(): void {
    if (!this.#clientOpen) return;
    this.#clientOpen = false;
    this.#up('client closes', () => this.#serverGone());
  }

  #close(code: number): void {
    if (this.#serverState !== 'open') return;
    this.#serverState = 'closing';
    this.#closing = () => this.#down(`close ${code}`, () => {
      this.#clientGone(code);
      this.#later(this.#latency(), 'close answered', () => { if (!this.#frozen) this.#serverGone(); });
    });
    if (this.#outgoing.length === 0) this.#closing();
    this.#later(closeTimeoutMs, 'close not answered', () => this.terminate());
  }

  /** The node's operating system drops the line. */
  terminate(): void {
    if (this.#serverState === 'closed') return;
    this.#serverState = 'closing';
    this.#later(0, 'dropped', () => this.#serverGone());
    this.#down('reset', () => this.#clientGone(lostConnection));
  }

  /** The node's process is gone: nobody there hears of anything any more. */
  die(): void {
    this.#serverState = 'closed';
    this.#outgoing = [];
    this.#onClosed.length = 0;
    this.#server = undefined;
    this.#down('reset', () => this.#clientGone(lostConnection));
  }

  /** The network between them breaks: each side notices in its own time. */
  cut(): void {
    if (this.#frozen || !this.#clientOpen) return;
    this.#frozen = true;
    const { dice } = this.needs;
    this.#later(dice.between(0, 400), 'break noticed by client', () => this.#clientGone(lostConnection));
    this.#later(dice.between(0, 4_000), 'break noticed by node', () => this.#serverGone());
  }
  /** Nothing passes any more and nobody is told. */
  freeze(): void {
    this.#frozen = true;
  }
  /** The client's program no longer waits for this line. */
  abandon(): void {
    this.#clientGone(lostConnection);
  }
  readSlowly(bytesPerMs: number): void {
    this.#readingSpeed = bytesPerMs;
    this.#flushing?.cancel();
    this.#flushing = undefined;
    this.#flush();
  }
  get isFrozen(): boolean {
    return this.#frozen;
  }

  #clientGone(code: number): void {
    if (!this.#clientOpen) return;
    this.#clientOpen = false;
    this.client?.closed(code);
  }
  #serverGone(): void {
    if (this.#serverState === 'closed') return;
    this.#serverState = 'closed';
    for (const { flushed } of this.#outgoing.splice(0)) flushed();
    for (const work of this.#onClosed.splice(0)) work();
  }
}

/** Silence after which a client takes its line for dead. */
export const clientSilenceMs = limits.socketSilenceMs;
