/** The frames on `/sync`, both ways: the y-websocket protocol plus the saved barrier (121) and notices (122). Decoding never throws. */
import * as encoding from 'lib0/encoding';
import { limits } from '../limits.ts';
import { ByteReader } from './byteReader.ts';

const messageType = { sync: 0, awareness: 1, auth: 2, queryAwareness: 3, barrier: 121, notice: 122 } as const;
const syncStep = { step1: 0, step2: 1, update: 2 } as const;

/** What a client may say. */
export type ClientFrame =
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'step2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  | { readonly kind: 'query-awareness' }
  | { readonly kind: 'barrier'; readonly number: number };

/** What the server may say. */
export type ServerFrame =
  | Shared
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'barrier-answer'; readonly number: number; readonly position: number }
  | { readonly kind: 'notice'; readonly value: unknown };

type Shared = Exclude<ClientFrame, { kind: 'query-awareness' | 'barrier' }>;

/** Every message of a frame that came from a client, or `undefined` if any of it cannot be read. */
export function decodeFromClient(frame: Uint8Array): ClientFrame[] | undefined {
  return everyMessage(frame, (type, reader) => {
    if (type === messageType.queryAwareness) return { kind: 'query-awareness' };
    if (type === messageType.barrier) return { kind: 'barrier', number: reader.varUint() };
    return readShared(type, reader);
  });
}

/** Every message of a frame that came from the server, or `undefined` if any of it cannot be read. */
export function decodeFrames(frame: Uint8Array): ServerFrame[] | undefined {
  return everyMessage(frame, (type, reader) => {
    if (type === messageType.barrier) return { kind: 'barrier-answer', number: reader.varUint(), position: reader.varUint() };
    if (type === messageType.notice) return { kind: 'notice', value: JSON.parse(reader.text()) as unknown };
    if (type === messageType.auth) return reader.varUint() === 0 ? { kind: 'denied', reason: reader.text() } : undefined;
    return readShared(type, reader);
  });
}

function everyMessage<Frame>(bytes: Uint8Array, read: (type: number, reader: ByteReader) => Frame | undefined): Frame[] | undefined {
  try {
    const reader = new ByteReader(bytes);
    const frames: Frame[] = [];
    do {
      const frame = read(reader.varUint(), reader);
      // Each message asks for work; a frame of a few bytes each would ask for thousands of times its size.
      if (frame === undefined || frames.length === limits.messagesPerFrameMax) return undefined;
      frames.push(frame);
    } while (!reader.atEnd);
    return frames;
  } catch {
    return undefined; // this is how the reader says that bytes end too early or hold no such thing
  }
}

function readShared(type: number, reader: ByteReader): Shared | undefined {
  if (type === messageType.awareness) return { kind: 'awareness', update: reader.varBytes() };
  if (type !== messageType.sync) return undefined;
  const step = reader.varUint();
  if (step === syncStep.step1) return { kind: 'step1', stateVector: reader.varBytes() };
  if (step === syncStep.step2) return { kind: 'step2', update: reader.varBytes() };
  if (step === syncStep.update) return { kind: 'update', update: reader.varBytes() };
  return undefined;
}

/** One message as one frame. */
export function encodeFrame(frame: ClientFrame | ServerFrame): Uint8Array {
  return encoding.encode((encoder) => {
    switch (frame.kind) {
      case 'step1': return writeSync(encoder, syncStep.step1, frame.stateVector);
      case 'step2': return writeSync(encoder, syncStep.step2, frame.update);
      case 'update': return writeSync(encoder, syncStep.update, frame.update);
      case 'awareness':
        encoding.writeVarUint(encoder, messageType.awareness);
        return encoding.writeVarUint8Array(encoder, frame.update);
      case 'query-awareness': return encoding.writeVarUint(encoder, messageType.queryAwareness);
      case 'barrier':
        encoding.writeVarUint(encoder, messageType.barrier);
        return encoding.writeVarUint(encoder, frame.number);
      case 'barrier-answer':
        encoding.writeVarUint(encoder, messageType.barrier);
        encoding.writeVarUint(encoder, frame.number);
        return encoding.writeVarUint(encoder, frame.position);
      case 'notice':
        encoding.writeVarUint(encoder, messageType.notice);
        return encoding.writeVarString(encoder, JSON.stringify(frame.value));
      case 'denied':
        encoding.writeVarUint(encoder, messageType.auth);
        encoding.writeVarUint(encoder, 0);
        return encoding.writeVarString(encoder, frame.reason);
    }
  });
}

function writeSync(encoder: encoding.Encoder, step: number, payload: Uint8Array): void {
  encoding.writeVarUint(encoder, messageType.sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
}

/** Asks to be told when everything sent so far is committed. */
export const encodeBarrier = (number: number): Uint8Array => encodeFrame({ kind: 'barrier', number });

/** An awareness update that says nothing (three bytes 1, 1, 0): keeps a stock client from thinking that the line is dead. */
export const keepAliveFrame: Uint8Array = encodeFrame({ kind: 'awareness', update: Uint8Array.of(0) });

/** A frame for the endpoint that carries every section: the section id first, then exactly the frame of the one-section endpoint. */
export function withSection(sectionId: string, frame: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, sectionId);
    encoding.writeUint8Array(encoder, frame);
  });
}

/** The section id and the rest of a frame of the endpoint that carries every section, or `undefined` if it has none. */
export function splitSection(bytes: Uint8Array): { readonly section: string; readonly frame: Uint8Array } | undefined {
  try {
    const reader = new ByteReader(bytes);
    const section = reader.text();
    return reader.atEnd ? undefined : { section, frame: reader.rest() };
  } catch {
    return undefined; // as above: this is how the reader says that the bytes end too early
  }
}
