/** The three ways in which the servers are spoken to, as bytes: what is sent, and as much of what comes back as has to be understood. */
import * as encoding from 'lib0/encoding';
import { encodeBarrier, encodeFrame, withSection } from '../../shared/crdt/frame.ts';
import type { Dialect, Person, Target } from './orders.ts';

/** What a frame from a server brings; whatever else is sent is not counted. */
export type Heard =
  | { readonly kind: 'state' | 'update'; readonly section: string; readonly payload: Buffer }
  | { readonly kind: 'question'; readonly section: string }
  | { readonly kind: 'saved'; readonly number: number | undefined }
  | { readonly kind: 'presence' | 'other' };

const other: Heard = { kind: 'other' };
const presence: Heard = { kind: 'presence' };

/** One frame of the dialect around a message of the y-websocket protocol. */
export function wrapped(dialect: Dialect, plan: string, section: string, message: Uint8Array): Uint8Array {
  switch (dialect) {
    case 'sections': return withSection(section, message);
    case 'named': return withSection(plan, message);
    case 'plain': return message;
  }
}

/** What opens the plan: for each section, or for the one document, the question for its state. */
export function openingFrames(target: Target, plan: string, person: Person, vectors: ReadonlyMap<string, Uint8Array> | undefined): Uint8Array[] {
  const sections = target.dialect === 'sections' ? person.opens : [''];
  const questions = sections.map((section) =>
    wrapped(target.dialect, plan, section, encodeFrame({ kind: 'step1', stateVector: vectors?.get(section) ?? Uint8Array.of(0) })));
  return target.dialect === 'named' ? [wrapped('named', plan, '', token), ...questions] : questions;
}

/** Hocuspocus wants to be told who it is, whether it asks or not: message 2, kind 0, any token. */
const token = encoding.encode((encoder) => {
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarString(encoder, 'nobody');
});

export const answerMessage = (update: Uint8Array): Uint8Array => encodeFrame({ kind: 'step2', update });
export const updateMessage = (update: Uint8Array): Uint8Array => encodeFrame({ kind: 'update', update });
export const barrierMessage = (number: number): Uint8Array => encodeBarrier(number);

/** A presence message of one person: where they are, as an editor says it. */
export function presenceMessage(client: number, clock: number, person: Person, origin: unknown): Uint8Array {
  const position = { type: null, tname: `t:${person.field}`, item: origin, assoc: 0 };
  const update = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, JSON.stringify({ section: person.section, field: person.field, cursor: { anchor: position, head: position } }));
  });
  return encodeFrame({ kind: 'awareness', update });
}

/** Reads a frame without copying it. */
export function readHeard(dialect: Dialect, bytes: Buffer): Heard {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  let section = '';
  if (dialect !== 'plain') {
    const length = number();
    if (dialect === 'sections') section = bytes.toString('latin1', at, at + length);
    at += length;
  }
  const type = number();
  // Hocuspocus has a type of its own for answers, 4, and says “applied” as type 8.
  if (type === 121) return { kind: 'saved', number: number() };
  if (type === 8) return number() === 1 ? { kind: 'saved', number: undefined } : other;
  if (type === 1) return presence;
  if (type !== 0 && type !== 4) return other;
  const step = number();
  if (step === 0) return { kind: 'question', section };
  if (step !== 1 && step !== 2) return other;
  const length = number();
  return { kind: step === 1 ? 'state' : 'update', section, payload: bytes.subarray(at, at + length) };
}
