/** Reads an update inside a budget, before anything is applied: what it brings, what it deletes, and whether it says anything new. */
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';

export type Struct = Y.Item | Y.GC | Y.Skip;

export interface Deletion {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

export interface UpdateRead {
  readonly structs: readonly Struct[];
  readonly deletions: readonly Deletion[];
}

class OverBudget extends Error {}

/** The parts of an update; `over-limit` beyond `structsMax` structs, `malformed` when it cannot be read to its last byte. */
export function readUpdate(update: Uint8Array, structsMax: number): UpdateRead | 'malformed' | 'over-limit' {
  let rest: decoding.Decoder | undefined;
  let structs = 0;
  class BoundedDecoder extends Y.UpdateDecoderV1 {
    constructor(decoder: decoding.Decoder) {
      super(decoder);
      rest = decoder;
    }
    override readInfo(): number {
      // Counted while reading: a list of a million structs is never built.
      structs += 1;
      if (structs > structsMax) throw new OverBudget();
      return super.readInfo();
    }
  }
  try {
    const read = Y.decodeUpdateV2(update, BoundedDecoder as unknown as typeof Y.UpdateDecoderV2);
    if (rest && decoding.hasContent(rest)) return 'malformed';
    // A struct of no length would take a place in the order without filling it.
    if (read.structs.some((struct) => struct.length < 1)) return 'malformed';
    const deletions: Deletion[] = [];
    for (const [client, items] of read.ds.clients) for (const item of items) deletions.push({ client, clock: item.clock, length: item.len });
    return { structs: read.structs, deletions };
  } catch (error) {
    return error instanceof OverBudget ? 'over-limit' : 'malformed';
  }
}

/** The part of a struct list that `doc` does not have yet. */
export const unknownStructs = (doc: Y.Doc, structs: readonly Struct[]): Struct[] =>
  structs.filter((struct) => struct.id.clock + struct.length > Y.getState(doc.store, struct.id.client));

/** What a range of deletions would do to `doc`: nothing, something, or it names what is not there. */
export function effectOf(doc: Y.Doc, { client, clock, length }: Deletion): 'nothing' | 'deletes' | 'unknown' {
  if (length === 0) return 'nothing';
  const structs = doc.store.clients.get(client);
  if (structs === undefined || clock + length > Y.getState(doc.store, client)) return 'unknown';
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index] as Y.Item | Y.GC;
    if (struct.id.clock >= clock + length) break;
    if (!struct.deleted) return 'deletes';
  }
  return 'nothing';
}

/** Whether `doc` already holds all of it: what every reconnecting client sends, read-only people too. */
export const saysNothingNew = (doc: Y.Doc, update: UpdateRead): boolean =>
  unknownStructs(doc, update.structs).length === 0 && update.deletions.every((deletion) => effectOf(doc, deletion) === 'nothing');
