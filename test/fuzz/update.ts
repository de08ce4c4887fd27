/** Takes a real update apart and writes it again, so that single pieces of it can be forged. Writes what a well-behaved encoder never would. */
import * as encoding from 'lib0/encoding';
import type { Id } from '../../server/collab/updateReading.ts';
import { readUpdate } from '../../server/collab/updateReading.ts';

export interface Piece {
  client: number;
  clock: number;
  /** 0 a hole, 10 a skip, else the number of a kind of content. */
  ref: number;
  origin?: Id | undefined;
  rightOrigin?: Id | undefined;
  parent?: string | Id | undefined;
  key?: string | null;
  /** For holes and deleted content. */
  length: number;
  body?: ((encoder: encoding.Encoder) => void) | undefined;
}
export interface Draft {
  pieces: Piece[];
  deletions: { client: number; clock: number; length: number }[];
}

/** The pieces of an update that reads well. */
export function takeApart(update: Uint8Array): Draft | undefined {
  const read = readUpdate(update, Infinity);
  if (typeof read === 'string') return undefined;
  const pieces = read.structs.map(({ id, length, origin, rightOrigin, parent, key, content }): Piece => {
    const bare = { ...id, length, origin, rightOrigin, parent, key };
    switch (content.kind) {
      case 'gc': return { ...bare, ref: 0 };
      case 'skip': return { ...bare, ref: 10 };
      case 'deleted': return { ...bare, ref: 1 };
      case 'text': return { ...bare, ref: 4, body: text(content.text) };
      case 'mark': return { ...bare, ref: 6, body: (encoder) => { encoding.writeVarString(encoder, content.mark); encoding.writeVarString(encoder, content.value); } };
      case 'type': return { ...bare, ref: 7, body: type(content.type === 'array' ? 0 : content.type === 'element' ? 3 : 6, content.name) };
      case 'values': return { ...bare, ref: 8, body: values(content.values) };
    }
  });
  return { pieces, deletions: read.deletions.map((deletion) => ({ ...deletion })) };
}

export const text = (letters: string) => (encoder: encoding.Encoder): void => encoding.writeVarString(encoder, letters);
export const type = (ref: number, name = '') => (encoder: encoding.Encoder): void => {
  encoding.writeVarUint(encoder, ref);
  if (ref === 3 || ref === 5) encoding.writeVarString(encoder, name);
};
export const values = (list: readonly unknown[]) => (encoder: encoding.Encoder): void => {
  encoding.writeVarUint(encoder, list.length);
  for (const value of list) encoding.writeAny(encoder, value as Parameters<typeof encoding.writeAny>[1]);
};
export const raw = (...bytes: number[]) => (encoder: encoding.Encoder): void => encoding.writeUint8Array(encoder, Uint8Array.from(bytes));

/** The draft as bytes: each client's pieces in the order given, starting at the clock of the first. */
export function write({ pieces, deletions }: Draft): Uint8Array {
  const groups = groupBy(pieces);
  const gone = groupBy(deletions);
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, groups.size);
    for (const [client, list] of groups) {
      for (const number of [list.length, client, (list[0] as Piece).clock]) encoding.writeVarUint(encoder, number);
      for (const piece of list) writePiece(encoder, piece);
    }
    encoding.writeVarUint(encoder, gone.size);
    for (const [client, list] of gone) {
      for (const number of [client, list.length]) encoding.writeVarUint(encoder, number);
      for (const { clock, length } of list) for (const number of [clock, length]) encoding.writeVarUint(encoder, number);
    }
  });
}

function writePiece(encoder: encoding.Encoder, { ref, origin, rightOrigin, parent, key, length, body }: Piece): void {
  if (ref === 0 || ref === 10) {
    encoding.writeUint8(encoder, ref);
    return encoding.writeVarUint(encoder, length);
  }
  const bare = origin === undefined && rightOrigin === undefined;
  encoding.writeUint8(encoder, ref | (origin ? 128 : 0) | (rightOrigin ? 64 : 0) | (bare && key != null ? 32 : 0));
  for (const id of [origin, rightOrigin]) if (id) writeId(encoder, id);
  if (bare) {
    encoding.writeVarUint(encoder, typeof parent === 'object' ? 0 : 1);
    if (typeof parent === 'object') writeId(encoder, parent);
    else encoding.writeVarString(encoder, parent ?? '');
    if (key != null) encoding.writeVarString(encoder, key);
  }
  if (ref === 1) encoding.writeVarUint(encoder, length);
  else body?.(encoder);
}

function writeId(encoder: encoding.Encoder, { client, clock }: Id): void {
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
}

function groupBy<T extends { readonly client: number }>(items: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(item.client);
    if (group) group.push(item);
    else groups.set(item.client, [item]);
  }
  return groups;
}
