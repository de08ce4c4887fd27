/**
 * One section's lane on the plan's shared socket, shaped like a WebSocket so that a stock y-websocket provider can drive it.
 * Holds back edits until the server has been brought up to date: after a break the server first gets everything it is missing in
 * one answer, so that no edit arrives before the ones it builds on.
 */
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { encodeFrame } from '../../shared/crdt/frame.ts';

/** What a lane needs of the socket that carries it. */
export interface Carrier {
  readonly isOpen: boolean;
  attach(channel: Channel): void;
  detach(channel: Channel): void;
  send(section: string, frame: Uint8Array): void;
  askSaved(section: string, number: number): void;
}

const messageSync = 0;
const messageAwareness = 1;
const syncAnswer = 1;
const syncUpdate = 2;

export class Channel {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  binaryType = 'arraybuffer';
  readyState = 0;
  onopen: ((event: unknown) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  /** The server has everything this document held when the connection began. */
  caughtUp = false;
  /**
   * The server has asked this connection already what it holds of the section, and will not ask again: the document was opened afresh
   * since, so beside what was written in it meanwhile it holds nothing that the server's answer does not.
   */
  askedBefore = false;

  constructor(
    readonly section: string,
    private readonly carrier: Carrier,
    private readonly onCaughtUp: () => void,
    /** The document's own client id: nobody else's presence is passed on from here. */
    private readonly ownClient: () => number,
    /** What was written in the document and nobody has yet; asked where the server asks for it no more. */
    private readonly written: () => Uint8Array | undefined,
  ) {
    // The provider sets its handlers after construction.
    queueMicrotask(() => {
      if (this.readyState === this.CONNECTING) this.carrier.attach(this);
    });
  }

  opened(): void {
    if (this.readyState !== this.CONNECTING) return;
    this.readyState = this.OPEN;
    this.onopen?.({});
  }

  /** A frame of this section came in. */
  received(frame: Uint8Array): void {
    if (this.readyState !== this.OPEN) return;
    this.onmessage?.({ data: frame });
    if (!this.askedBefore || this.caughtUp || frame[0] !== messageSync || frame[1] !== syncAnswer) return;
    this.caughtUp = true;
    const early = this.written();
    if (early !== undefined) this.carrier.send(this.section, encodeFrame({ kind: 'step2', update: early }));
    this.onCaughtUp();
  }

  /** The carrier closed. */
  dropped(code: number, reason: string): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    this.onclose?.({ code, reason });
  }

  send(data: Uint8Array): void {
    if (this.readyState !== this.OPEN) return;
    if (data[0] === messageSync) {
      // What is said when the server has spoken holds this edit as well, and in order.
      if (data[1] === syncUpdate && !this.caughtUp) return;
      const catchesUp = data[1] === syncAnswer && !this.caughtUp;
      // Notices (a refusal's reason among them) only come to lanes that have asked once; nobody waits for the answer to number 0.
      // Not before the server has spoken: all sections together would be more than it keeps for a socket it is still opening.
      if (catchesUp) this.carrier.askSaved(this.section, 0);
      this.carrier.send(this.section, data);
      if (catchesUp) {
        this.caughtUp = true;
        this.onCaughtUp();
      }
      return;
    }
    // A stock provider repeats what it heard about others; in a full meeting that would be most of what is sent.
    if (data[0] === messageAwareness && !speaksOf(data, this.ownClient())) return;
    this.carrier.send(this.section, data);
  }

  close(): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    this.carrier.detach(this);
  }
}

/** Does this awareness frame hold a state of that client? */
function speaksOf(frame: Uint8Array, client: number): boolean {
  const outer = createDecoder(frame);
  readVarUint(outer);
  const states = createDecoder(readVarUint8Array(outer));
  for (let left = readVarUint(states); left > 0; left -= 1) {
    if (readVarUint(states) === client) return true;
    readVarUint(states);
    readVarString(states);
  }
  return false;
}

/** A WebSocket class for one section's provider: every connection it opens is a lane on `carrier`. */
export function channelClass(section: string, carrier: Carrier, onCaughtUp: () => void, ownClient: () => number, written: () => Uint8Array | undefined): typeof WebSocket {
  const opens = class extends Channel {
    constructor() {
      super(section, carrier, onCaughtUp, ownClient, written);
    }
  };
  // The provider uses only what Channel has; the browser's class has more.
  return opens as unknown as typeof WebSocket;
}
