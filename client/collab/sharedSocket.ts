/**
 * The one socket of a plan: carries every section, keeps itself alive, comes back by itself after a break, and says why when it
 * does not. What a close code means is decided in reconnect.ts.
 */
import { decodeFrames, encodeBarrier, keepAliveFrame, splitSection, withSection } from '../../shared/crdt/frame.ts';
import { limits } from '../../shared/limits.ts';
import { closeCodes } from '../../shared/wire/close.ts';
import { notice as noticeSchema, type Notice } from '../../shared/wire/notice.ts';
import type { Carrier, Channel } from './channel.ts';
import { fitting, Pace } from './pace.ts';
import { nextStep, type NextStep, type StopReason } from './reconnect.ts';
import type { SocketLike, Surroundings } from './surroundings.ts';

export type SocketState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly because: 'moving' | 'lost' | 'busy' | 'refused' | 'rebuilt' }
  | { readonly kind: 'stopped'; readonly why: StopReason };

export interface SocketListener {
  state(state: SocketState): void;
  barrier(section: string, number: number, position: number): void;
  notice(section: string, notice: Notice): void;
  /** Fresh documents are to be opened before the next connection. */
  fresh(because: 'refused' | 'rebuilt'): void;
  /** Something may have become closed to this person; call `resume` when it is known what is left. */
  askAccess(): void;
}

const socketOpen = 1;
/** The server says something at least every keepalive interval; once and a half of it without a word means that the line is dead. */
const silentMs = 1.5 * limits.keepAliveIntervalMs;

export class SharedSocket implements Carrier {
  #socket: SocketLike | undefined;
  #state: SocketState = { kind: 'connecting' };
  #failures = 0;
  #cancelRetry: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;
  readonly #stopNetwork: () => void;
  readonly #pace: Pace;
  #heardAtMs = 0;
  #keptAliveAtMs = 0;
  #ended = false;
  /** On this connection the server has told, with the reason, that it refused a change. */
  #toldRefused = false;
  readonly #channels = new Map<string, Channel>();
  /** Sections of which the server has asked, on this connection, what is held here. */
  readonly #asked = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly around: Surroundings,
    private readonly listener: SocketListener,
  ) {
    this.#pace = new Pace(around, (section, frame) => this.#put(section, frame));
    this.#stopNetwork = around.onNetwork((there) => {
      if (there) this.#networkBack();
      else this.#lost();
    });
  }

  get state(): SocketState {
    return this.#state;
  }
  get isOpen(): boolean {
    return this.#state.kind === 'open';
  }

  attach(channel: Channel): void {
    this.#channels.set(channel.section, channel);
    channel.askedBefore = this.isOpen && this.#asked.has(channel.section);
    if (this.isOpen) channel.opened();
  }
  detach(channel: Channel): void {
    if (this.#channels.get(channel.section) === channel) this.#channels.delete(channel.section);
  }
  send(section: string, frame: Uint8Array): void {
    this.#pace.send(section, fitting(frame));
  }
  #put(section: string, frame: Uint8Array): void {
    // The other side may have begun to close: what is said then is lost either way, and is said again after the next connection.
    if (this.isOpen && this.#socket?.readyState === socketOpen) this.#socket.send(withSection(section, frame));
  }
  /** Asks the server to say when everything sent so far in this section is committed. */
  askSaved(section: string, number: number): void {
    this.send(section, encodeBarrier(number));
  }

  /** Opens the connection; also called to try again at once (the network is back, access is known). */
  connect(): void {
    if (this.#ended || this.#socket !== undefined || this.#state.kind === 'stopped') return;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#become({ kind: 'connecting' });
    const socket = this.around.openSocket(this.url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#heardAtMs = this.around.now();
    this.#asked.clear();
    this.#toldRefused = false;
    this.#watch();
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#heardAtMs = this.around.now();
      this.#become({ kind: 'open' });
      for (const channel of this.#channels.values()) channel.opened();
    };
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#heard(event.data);
    };
    // A close always follows an error; without a listener Node would throw.
    socket.onerror = () => undefined;
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#closed(event.code);
    };
  }

  /** After `askAccess`: what may be opened is known again. */
  resume(): void {
    this.connect();
  }

  /** Ends it for good, for a reason learnt elsewhere. */
  stop(why: StopReason): void {
    this.#drop();
    // Told, so that they begin anew should it go on after all.
    const lanes = [...this.#channels.values()];
    this.#channels.clear();
    for (const lane of lanes) lane.dropped(1000, '');
    this.#become({ kind: 'stopped', why });
  }

  /** Goes on after it was stopped because of who was signed in. */
  again(): void {
    if (this.#state.kind !== 'stopped' || (this.#state.why !== 'sign-in' && this.#state.why !== 'other-person')) return;
    this.#become({ kind: 'waiting', because: 'lost' });
    this.#cancelRetry = this.around.after(Math.min(2_000, 100 * 2 ** this.#failures), () => this.connect());
  }

  end(): void {
    this.#ended = true;
    this.#stopNetwork();
    this.#drop();
    this.#channels.clear();
  }

  #drop(): void {
    this.#pace.drop();
    this.#cancelRetry?.();
    this.#cancelWatch?.();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) silence(socket);
  }

  #become(state: SocketState): void {
    this.#state = state;
    this.listener.state(state);
  }

  #heard(data: unknown): void {
    this.#heardAtMs = this.around.now();
    if (!(data instanceof ArrayBuffer) && !(data instanceof Uint8Array)) return;
    const split = splitSection(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    if (split !== undefined) this.#frame(split.section, split.frame);
    if (this.#heardAtMs - this.#keptAliveAtMs >= limits.keepAliveIntervalMs) {
      this.#keptAliveAtMs = this.#heardAtMs;
      for (const channel of this.#channels.values()) channel.received(keepAliveFrame);
    }
  }

  #frame(section: string, frame: Uint8Array): void {
    const type = frame[0];
    if (type !== 121 && type !== 122) {
      // The first words of the server prove that the connection works.
      this.#failures = 0;
      if (type === 0 && frame[1] === 0) this.#asked.add(section);
      this.#channels.get(section)?.received(frame);
      return;
    }
    for (const message of decodeFrames(frame) ?? []) {
      if (message.kind === 'barrier-answer') this.listener.barrier(section, message.number, message.position);
      if (message.kind === 'notice') {
        const read = noticeSchema.safeParse(message.value);
        if (read.success && read.data.kind === 'slow-down') this.#pace.slowDown();
        else if (read.success) {
          this.#toldRefused ||= read.data.kind === 'refused';
          this.listener.notice(section, read.data);
        }
      }
    }
  }

  #closed(code: number): void {
    this.#socket = undefined;
    this.#pace.drop();
    this.#cancelWatch?.();
    // What was too much is dropped like anything else that is refused; without word of a change there is nothing to drop.
    const step = nextStep(code === closeCodes.overLimit && this.#toldRefused ? closeCodes.refused : code, this.#failures, this.around.random());
    this.#failures += 1;
    const lanes = [...this.#channels.values()];
    this.#channels.clear();
    if (step.kind === 'fresh') this.listener.fresh(step.because);
    for (const lane of lanes) lane.dropped(code, '');
    this.#follow(step);
  }

  #follow(step: NextStep): void {
    switch (step.kind) {
      case 'stop':
        return this.#become({ kind: 'stopped', why: step.why });
      case 'ask-access':
        this.#become({ kind: 'waiting', because: 'refused' });
        return this.listener.askAccess();
      default:
        this.#become({ kind: 'waiting', because: step.because });
        this.#cancelRetry = this.around.after(step.afterMs, () => this.connect());
    }
  }

  #watch(): void {
    this.#cancelWatch?.();
    this.#cancelWatch = this.around.after(Math.max(0, this.#heardAtMs + silentMs - this.around.now()), () => {
      if (this.around.now() - this.#heardAtMs < silentMs) this.#watch();
      else this.#lost();
    });
  }

  /** The line is dead though nobody closed it: what waits on it must not look saved or up to date for a moment longer. */
  #lost(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    silence(socket);
    this.#closed(1006);
  }

  /** Tries at once; an attempt that began without a network might hang. */
  #networkBack(): void {
    if (this.#state.kind !== 'connecting' && (this.#state.kind !== 'waiting' || this.#state.because === 'refused')) return;
    this.#drop();
    this.connect();
  }
}

/** Closes it without hearing of it again. */
function silence(socket: SocketLike): void {
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
  socket.close();
}
