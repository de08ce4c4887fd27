/** The first moments of a socket: what it says before it is known whose it is, and how one is turned away without costing memory. */
import type { RawData, WebSocket } from 'ws';
import { sections } from '../../shared/content/standard.ts';
import { limits } from '../../shared/limits.ts';
import { closeCodes, type CloseName } from '../../shared/wire/close.ts';
import type { Clock } from '../ports.ts';

export type Heard = (data: RawData, isBinary: boolean) => void;

export interface Early {
  /** Hands over what was said so far, in order, and everything said from now on. Does nothing for a socket that said too much. */
  release(heard: Heard): void;
  /** Forgets what was said and listens no longer. */
  drop(): void;
}

const earlyFramesMax = sections.length * limits.earlyFramesPerSectionMax;

/** Keeps what a client says until it is released or dropped. For a client that says too much, `tooMuch` is called once and nothing is kept. */
export function gather(socket: WebSocket, tooMuch: () => void): Early {
  const early: { data: RawData; isBinary: boolean }[] = [];
  let bytes = 0;
  let dropped = false;
  const drop = (): void => {
    dropped = true;
    early.length = 0;
    socket.off('message', keep);
  };
  const keep: Heard = (data, isBinary) => {
    bytes += bytesOf(data).length;
    if (early.length < earlyFramesMax && bytes <= limits.earlyBytesMax) return void early.push({ data, isBinary });
    drop();
    tooMuch();
  };
  socket.on('message', keep);
  return {
    drop,
    release: (heard) => {
      if (dropped) return;
      socket.off('message', keep);
      for (const { data, isBinary } of early.splice(0)) heard(data, isBinary);
      socket.on('message', heard);
    },
  };
}

/** Accepted, then closed: a stock client only stops when it is told a code. One that does not answer the close is cut off soon after. */
export function turnAway(socket: WebSocket, name: CloseName, clock: Clock): void {
  socket.close(closeCodes[name]);
  const overdue = clock.after(limits.closeAnswerMs, () => socket.terminate());
  socket.once('close', () => overdue.cancel());
}

export const bytesOf = (data: RawData): Uint8Array => {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return Array.isArray(data) ? Buffer.concat(data) : data;
};
