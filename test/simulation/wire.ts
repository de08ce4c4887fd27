/** One simulated connection between a client and a node: frames in order both ways, late, cut off, half-open, or read slowly. */
import type { LiveSocket } from '../../server/collab/outbox.ts';
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
  readonly #unflushed = new Set<() => void>();
  #buffered = 0;
  /** Bytes a millisecond that the client reads. */
  #readingSpeed = 100_000;
  #freeAtMs = 0;
  #downAtMs = 0;
  #upAtMs = 0;

  constructor(private readonly needs: WireNeeds) {}

  /** The socket as the node has it. */
  readonly server: LiveSocket = this.#asServer();

  #asServer(): LiveSocket {
    const wire = this;
    return {
      get isOpen() { return wire.#serverState === 'open'; },
      get bufferedAmount() { return wire.#buffered; },
      send: (bytes, flushed) => wire.#send(bytes, flushed),
      ping: () => wire.#ping(),
      pause: () => { wire.#paused = true; },
      resume: () => wire.#resume(),
      close: (code) => wire.#close(code),
      terminate: () => wire.terminate(),
      onceClosed: (work) => void (wire.#serverState === 'closed' ? work() : wire.#onClosed.push(work)),
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
    this.#unflushed.add(flushed);
    if (this.#frozen) return;
    const { schedule } = this.needs;
    this.#freeAtMs = Math.max(this.#freeAtMs, schedule.nowMs) + bytes.length / this.#readingSpeed;
    this.#later(this.#freeAtMs - schedule.nowMs, `flushes ${bytes.length}`, () => {
      if (this.#frozen || !this.#unflushed.delete(flushed)) return;
      this.#buffered -= bytes.length;
      flushed();
      this.#down(`down ${bytes.length}`, () => this.client?.heard(bytes));
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
    const { schedule } = this.needs;
    this.#later(Math.max(0, this.#freeAtMs - schedule.nowMs), `closes ${code}`, () => {
      this.#down(`close ${code}`, () => {
        this.#clientGone(code);
        this.#later(this.#latency(), 'close answered', () => { if (!this.#frozen) this.#serverGone(); });
      });
    });
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
    this.#unflushed.clear();
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
    for (const flushed of this.#unflushed) flushed();
    this.#unflushed.clear();
    for (const work of this.#onClosed.splice(0)) work();
  }
}

/** Silence after which a client takes its line for dead. */
export const clientSilenceMs = limits.socketSilenceMs;
