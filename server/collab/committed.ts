/** What is committed of a section, as Yjs updates: kept as they came and put together when somebody asks; no document of it is kept. */
import * as Y from 'yjs';
import type { Section } from '../../shared/content/kinds.ts';
import { compact } from './document.ts';
import type { Checkpoint, LogRow, StoredSection } from './planLog.ts';
import type { UpdateRead } from './updateReading.ts';

/** Nothing written: no structs, no deletions. */
const emptyUpdate = Uint8Array.of(0, 0);
/** Parts that may lie beside each other before they are put together: few enough that an empty merge is rare, and in step with the size. */
const partsBeforeMerge = 256;
const bytesPerPart = 512;
const partsToLiveThrough = 512;

interface Part {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** All parts as one, and what was found out about it. */
interface Whole {
  readonly state: Uint8Array;
  /** What is sent to whoever has every struct: the deletions. */
  deletions?: Uint8Array | undefined;
  deleted?: Deleted | undefined;
}

export class Committed {
  #parts: Part[];
  /** Rows since the last stored copy. */
  rowsSinceCopy: number;
  /** Bytes of all parts: the section's size, or more. */
  bytes = 0;
  #whole: Whole | undefined;
  /** How far each client id's changes reach: told by the copy and by every row, so that nothing is read through for it. */
  readonly #reach = new Map<number, number>();
  #vector: Uint8Array | undefined;

  constructor(private readonly section: Section, { checkpoint, rows }: StoredSection) {
    this.#parts = [...(checkpoint ? [checkpoint] : []), ...rows].map(({ position, bytes }) => ({ position, bytes }));
    if (checkpoint) for (const [client, clock] of Y.decodeStateVector(checkpoint.stateVector)) this.#reach.set(client, clock);
    for (const row of rows) this.#extend(row);
    this.rowsSinceCopy = rows.length;
    for (const part of this.#parts) this.bytes += part.bytes.length;
  }

  add(row: LogRow): void {
    const { position, bytes } = row;
    this.#parts.push({ position, bytes });
    this.#whole = undefined;
    this.#extend(row);
    this.bytes += bytes.length;
    this.rowsSinceCopy += 1;
    // As seldom as the section is long, so that what an edit costs does not grow with the section.
    if (this.#parts.length > partsBeforeMerge + this.bytes / bytesPerPart) this.state();
  }

  #extend({ spans }: LogRow): void {
    for (const [client, , after] of spans) this.#reach.set(client, Math.max(after, this.#reach.get(client) ?? 0));
    this.#vector = undefined;
  }

  /** Everything, as one update. */
  state(): Uint8Array {
    return this.#put().state;
  }
  #put(): Whole {
    this.#whole ??= { state: this.#merge() };
    return this.#whole;
  }

  #merge(): Uint8Array {
    const last = this.#parts.at(-1);
    if (!last) return emptyUpdate;
    if (this.#parts.length === 1) return last.bytes;
    const parts = this.#parts.map(({ bytes }) => bytes);
    // What the library takes to put updates together grows with the square of their number; a long history is cheaper to live through once.
    const merged = parts.length > partsToLiveThrough ? compact(parts, this.section) : Y.mergeUpdates(parts);
    this.#parts = [{ position: last.position, bytes: merged }];
    this.bytes = merged.length;
    return merged;
  }

  stateVector(): Uint8Array {
    this.#vector ??= Y.encodeStateVector(this.#reach);
    return this.#vector;
  }

  /** What somebody who has what this state vector says does not have. Throws when the vector cannot be read. */
  since(vector: Uint8Array): Uint8Array {
    const whole = this.#put();
    if (vector.length === 1 && vector[0] === 0) return whole.state;
    if (!Buffer.from(vector.buffer, vector.byteOffset, vector.length).equals(this.stateVector())) return Y.diffUpdate(whole.state, vector);
    whole.deletions ??= Y.diffUpdate(whole.state, vector);
    return whole.deletions;
  }

  /** Whether these are bytes that the next who asks the same is given again. */
  keeps(update: Uint8Array): boolean {
    return update === this.#whole?.state || update === this.#whole?.deletions;
  }

  /** How far the client id's changes reach. */
  clockOf(client: number): number {
    return this.#reach.get(client) ?? 0;
  }

  /** Whether all of it is here already. */
  holds({ structs, deletions }: UpdateRead): boolean {
    if (structs.length === 0 && deletions.length === 0) return true;
    if (structs.some(({ id, length }) => id.clock + length > this.clockOf(id.client))) return false;
    if (deletions.length === 0) return true;
    const whole = this.#put();
    whole.deleted ??= new Deleted(whole.state);
    const { deleted } = whole;
    return deletions.every(({ client, clock, length }) => deleted.covers(client, clock, length));
  }

  /** Takes a stored copy in the place of what it holds. */
  replaceBy(copy: Checkpoint): void {
    const later = this.#parts.filter(({ position }) => position > copy.position);
    // A part that was put together from rows on both sides of the copy keeps its place beside it: updates may overlap.
    this.#parts = [{ position: copy.position, bytes: copy.bytes }, ...later];
    this.#whole = undefined;
    this.bytes = this.#parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.rowsSinceCopy = later.length;
  }
}

interface Range {
  readonly from: number;
  after: number;
}

/** What an update takes away or has taken away: deletions and structs of which nothing is left. */
class Deleted {
  /** For each client id, in order and without touching each other. */
  readonly #ranges = new Map<number, Range[]>();

  constructor(state: Uint8Array) {
    const { ds, structs } = Y.decodeUpdate(state);
    for (const [client, items] of ds.clients) for (const { clock, len } of items) this.#add(client, clock, clock + len);
    for (const struct of structs) if (struct instanceof Y.GC) this.#add(struct.id.client, struct.id.clock, struct.id.clock + struct.length);
    for (const [client, ranges] of this.#ranges) this.#ranges.set(client, joined(ranges));
  }
  #add(client: number, from: number, after: number): void {
    const ranges = this.#ranges.get(client) ?? [];
    ranges.push({ from, after });
    this.#ranges.set(client, ranges);
  }
  covers(client: number, clock: number, length: number): boolean {
    const ranges = this.#ranges.get(client) ?? [];
    let [low, high] = [0, ranges.length];
    // The first range that begins behind `clock`: only the one before it can hold it. A plan of many years has thousands.
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle] as Range).from <= clock) low = middle + 1;
      else high = middle;
    }
    const range = ranges[low - 1];
    return length === 0 || (range !== undefined && clock + length <= range.after);
  }
}

function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && range.from <= last.after) last.after = Math.max(last.after, range.after);
    else result.push({ ...range });
  }
  return result;
}
