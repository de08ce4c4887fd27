/** The socket as live editing needs it, and the one of `ws` made to fit. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

export interface LiveSocket {
  readonly isOpen: boolean;
  /** Bytes handed over and not yet on their way. */
  readonly bufferedAmount: number;
  /** `flushed` is called when the bytes have left, or never will. */
  send(bytes: Uint8Array, flushed: () => void): void;
  ping(): void;
  /** Stops and goes on reading: what the other side sends meanwhile waits in the network. */
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  /** Calls back once when the socket is gone, however it went. */
  onceClosed(work: () => void): void;
}

/**
 * `line` is the connection under the socket. What is sent in one turn leaves in one write: opening a plan sends a hundred frames, a commit a few to
 * everybody. Frames are spelled here and not by the library, so that one that goes to twenty people is spelled once. No extension is ever
 * agreed on (`perMessageDeflate: false`), so a frame looks the same on every connection.
 */
export function liveSocketOf(socket: WebSocket, line: Duplex): LiveSocket {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let told: (() => void)[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const [frames, tell] = [waiting, told];
    waiting = [];
    told = [];
    waitingBytes = 0;
    const done = (): void => { for (const work of tell) work(); };
    if (socket.readyState !== socket.OPEN || !line.writable) return done();
    line.write(frames.length === 1 ? frames[0] : Buffer.concat(frames), done);
  };
  return {
    get isOpen() { return socket.readyState === socket.OPEN; },
    get bufferedAmount() { return socket.bufferedAmount + waitingBytes; },
    send: (bytes, flushed) => {
      const frame = wireFrame(bytes);
      if (waiting.length === 0) process.nextTick(flush);
      waiting.push(frame);
      waitingBytes += frame.length;
      told.push(flushed);
    },
    ping: () => socket.ping(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: (code, reason) => {
      // Nothing may follow the word that closes.
      flush();
      socket.close(code, reason);
    },
    terminate: () => socket.terminate(),
    onceClosed: (work) => void socket.once('close', () => work()),
  };
}

/** The same bytes go to many sockets; their frame is made once. */
const spelled = new WeakMap<Uint8Array, Uint8Array>();

/** One whole binary message from a server: final, not masked (RFC 6455, section 5.2). */
function wireFrame(payload: Uint8Array): Uint8Array {
  const known = spelled.get(payload);
  if (known) return known;
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x82;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(payload, head);
  spelled.set(payload, frame);
  return frame;
}
