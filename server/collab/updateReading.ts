/** Reads an update inside a budget, before anything is applied: what it brings, what it deletes, and whether it says anything new. */
import * as Y from 'yjs';
import { ByteReader } from '../../shared/crdt/byteReader.ts';
import { limits } from '../../shared/limits.ts';
import { readContent, ReadingFault, type Content } from './contentReading.ts';

export interface Id {
  readonly client: number;
  readonly clock: number;
}

/** A piece of an update. `origin` and `rightOrigin` are the neighbours its writer saw; only a piece without any names its place itself. */
export interface Struct {
  readonly id: Id;
  readonly length: number;
  readonly origin: Id | undefined;
  readonly rightOrigin: Id | undefined;
  /** The name of a root type, or the piece that made the type. */
  readonly parent: string | Id | undefined;
  readonly key: string | null;
  readonly content: Content;
}

export interface Deletion {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

export interface UpdateRead {
  /** Client by client, each client's in the order of its clock and without gaps. */
  readonly structs: readonly Struct[];
  readonly deletions: readonly Deletion[];
  /** Structs, and values within them beyond the first. */
  readonly parts: number;
}

export type ReadingCode = 'malformed' | 'over-limit' | 'wrong-content';

/** The parts of an update; `over-limit` beyond `partsMax` of them or any other bound, `malformed` when it cannot be read to its last byte. */
export function readUpdate(update: Uint8Array, partsMax: number): UpdateRead | ReadingCode {
  const reader = new ByteReader(update);
  try {
    const { structs, parts } = readStructs(reader, partsMax);
    const deletions = readDeletions(reader);
    return reader.atEnd ? { structs, deletions, parts } : 'malformed';
  } catch (error) {
    return error instanceof ReadingFault ? error.code : 'malformed';
  }
}

/** What an update that the service's own document wrote brings; undefined when even that cannot be read. */
export function structsOf(update: Uint8Array): readonly Struct[] | undefined {
  try {
    return readStructs(new ByteReader(update), Infinity).structs;
  } catch {
    return undefined; // as above: this is how the reader says so
  }
}

const malformed = (): ReadingFault => new ReadingFault('malformed');
const overLimit = (): ReadingFault => new ReadingFault('over-limit');

function readStructs(reader: ByteReader, partsMax: number): { readonly structs: readonly Struct[]; readonly parts: number } {
  const structs: Struct[] = [];
  let parts = 0;
  const clients = new Set<number>();
  for (let rest = reader.varUint(); rest > 0; rest -= 1) {
    const count = reader.varUint();
    const client = reader.varUint();
    let clock = reader.varUint();
    // The library itself reads a client that is named twice in two ways: once both lists, once the second only.
    if (count === 0 || clients.has(client)) throw malformed();
    clients.add(client);
    if (clients.size > limits.clientsNamedMax) throw overLimit();
    // Counted while reading: a list of a million structs is never built.
    for (let index = 0; index < count; index += 1) {
      const struct = readStruct(reader, client, clock);
      parts += struct.content.kind === 'values' ? struct.length : 1;
      if (parts > partsMax) throw overLimit();
      structs.push(struct);
      clock += struct.length;
      if (!Number.isSafeInteger(clock)) throw malformed();
    }
  }
  return { structs, parts };
}

const info = { gc: 0, skip: 10, kind: 31, hasKey: 32, hasRightOrigin: 64, hasOrigin: 128 } as const;

function readStruct(reader: ByteReader, client: number, clock: number): Struct {
  const id = { client, clock };
  const flags = reader.uint8();
  const bare = { id, origin: undefined, rightOrigin: undefined, parent: undefined, key: null };
  if (flags === info.gc) return { ...bare, length: lengthOf(reader.varUint()), content: { kind: 'gc' } };
  if (flags === info.skip) return { ...bare, length: lengthOf(reader.varUint()), content: { kind: 'skip' } };
  const kind = flags & info.kind;
  // These two with flags: the library's two readers would not read the same.
  if (kind === info.gc || kind === info.skip) throw malformed();
  const origin = (flags & info.hasOrigin) === 0 ? undefined : readId(reader);
  const rightOrigin = (flags & info.hasRightOrigin) === 0 ? undefined : readId(reader);
  const namesPlace = origin === undefined && rightOrigin === undefined;
  const parent = namesPlace ? (reader.varUint() === 1 ? keyOf(reader.text()) : readId(reader)) : undefined;
  const key = namesPlace && (flags & info.hasKey) !== 0 ? keyOf(reader.text()) : null;
  const { content, length } = readContent(reader, kind);
  return { id, length: lengthOf(length), origin, rightOrigin, parent, key, content };
}

function readId(reader: ByteReader): Id {
  return { client: reader.varUint(), clock: reader.varUint() };
}

/** A struct of no length would take a place in the order without filling it. */
function lengthOf(length: number): number {
  if (length < 1) throw malformed();
  return length;
}

function keyOf(text: string): string {
  if (text.length > limits.keyLengthMax) throw overLimit();
  return text;
}

function readDeletions(reader: ByteReader): readonly Deletion[] {
  const deletions: Deletion[] = [];
  const clients = new Set<number>();
  for (let rest = reader.varUint(); rest > 0; rest -= 1) {
    const client = reader.varUint();
    if (clients.has(client)) throw malformed();
    clients.add(client);
    if (clients.size > limits.clientsNamedMax) throw overLimit();
    for (let count = reader.varUint(); count > 0; count -= 1) {
      const clock = reader.varUint();
      const length = lengthOf(reader.varUint());
      if (!Number.isSafeInteger(clock + length)) throw malformed();
      if (deletions.length === limits.deletionsRepeatedMax) throw overLimit();
      deletions.push({ client, clock, length });
    }
  }
  return deletions;
}

/** What a range of deletions would do to `doc`: nothing, something, or it names what is not there. */
function effectOf(doc: Y.Doc, { client, clock, length }: Deletion): 'nothing' | 'deletes' | 'unknown' {
  const structs = doc.store.clients.get(client);
  if (structs === undefined || clock + length > Y.getState(doc.store, client)) return 'unknown';
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index] as Y.Item | Y.GC;
    if (struct.id.clock >= clock + length) break;
    if (!struct.deleted) return 'deletes';
  }
  return 'nothing';
}

/** Whether `doc` already holds all of it: what every reconnecting client sends, read-only people too. However often something is named, it is looked at once. */
export function saysNothingNew(doc: Y.Doc, { structs, deletions }: UpdateRead): boolean {
  if (!structs.every(({ id, length }) => id.clock + length <= Y.getState(doc.store, id.client))) return false;
  for (const list of joined(deletions).values()) if (!list.every((deletion) => effectOf(doc, deletion) === 'nothing')) return false;
  return true;
}

/** Each client's deletions in order, those that touch or overlap joined. */
export function joined(deletions: readonly Deletion[]): ReadonlyMap<number, readonly Deletion[]> {
  const lists = new Map<number, Deletion[]>();
  for (const deletion of deletions) {
    const list = lists.get(deletion.client);
    if (list) list.push(deletion);
    else lists.set(deletion.client, [deletion]);
  }
  for (const [client, list] of lists) lists.set(client, list.length > 1 ? joinSorted(list.toSorted((a, b) => a.clock - b.clock)) : list);
  return lists;
}

function joinSorted(list: readonly Deletion[]): Deletion[] {
  const result: Deletion[] = [];
  for (const deletion of list) {
    const last = result.at(-1);
    if (!last || last.clock + last.length < deletion.clock) result.push(deletion);
    else result[result.length - 1] = { ...last, length: Math.max(last.length, deletion.clock + deletion.length - last.clock) };
  }
  return result;
}
