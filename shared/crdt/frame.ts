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
  switch (frame.kind) {
    case 'step1': return withPayload([messageType.sync, syncStep.step1], frame.stateVector);
    case 'step2': return withPayload([messageType.sync, syncStep.step2], frame.update);
    case 'update': return withPayload([messageType.sync, syncStep.update], frame.update);
    case 'awareness': return withPayload([messageType.awareness], frame.update);
    case 'query-awareness': return Uint8Array.of(messageType.queryAwareness);
    case 'barrier': return encodeNumbers(messageType.barrier, frame.number);
    case 'barrier-answer': return encodeNumbers(messageType.barrier, frame.number, frame.position);
    case 'notice': return withPayload([messageType.notice], utf8.encode(JSON.stringify(frame.value)));
    case 'denied': return withPayload([messageType.auth, 0], utf8.encode(frame.reason));
  }
}

const utf8 = new TextEncoder();

const encodeNumbers = (...numbers: readonly number[]): Uint8Array => encoding.encode((encoder) => { for (const number of numbers) encoding.writeVarUint(encoder, number); });

/** These bytes, the payload's length and the payload, in one array of just that size: a frame is made for every edit and every section that is opened. */
function withPayload(head: readonly number[], payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const lengthBytes = length < 0x80 ? 1 : length < 0x40_00 ? 2 : length < 0x20_00_00 ? 3 : length < 0x10_00_00_00 ? 4 : 5;
  const bytes = new Uint8Array(head.length + lengthBytes + length);
  bytes.set(head);
  let at = head.length;
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    bytes[at] = 0x80 | (rest & 0x7f);
    at += 1;
  }
  bytes[at] = rest;
  bytes.set(payload, at + 1);
  return bytes;
}

/** Asks to be told when everything sent so far is committed. */
export const encodeBarrier = (number: number): Uint8Array => encodeFrame({ kind: 'barrier', number });

/** An awareness update that says nothing (three bytes 1, 1, 0): keeps a stock client from thinking that the line is dead. */
export const keepAliveFrame: Uint8Array = encodeFrame({ kind: 'awareness', update: Uint8Array.of(0) });

/** A frame for the endpoint that carries every section: the section id first, then exactly the frame of the one-section endpoint. */
export function withSection(sectionId: string, frame: Uint8Array): Uint8Array {
  const name = spelled(sectionId);
  const bytes = new Uint8Array(name.length + frame.length);
  bytes.set(name);
  bytes.set(frame, name.length);
  return bytes;
}

/** There are few sections, and each is named in every frame. */
const namesKept = 64;
const names = new Map<string, Uint8Array>();
function spelled(sectionId: string): Uint8Array {
  const known = names.get(sectionId);
  if (known) return known;
  const name = withPayload([], utf8.encode(sectionId));
  if (names.size < namesKept) names.set(sectionId, name);
  return name;
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
