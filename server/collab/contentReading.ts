/** The content of one piece of an update, as it is read: only the kinds that a section's document has, each inside its bounds. */
import type { ByteReader } from '../../shared/crdt/byteReader.ts';
import { limits } from '../../shared/limits.ts';

/** What a piece of an update holds. `gc` and `deleted` are holes: something that was written and taken away. */
export type Content =
  | { readonly kind: 'gc' | 'skip' | 'deleted' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'values'; readonly values: readonly unknown[] }
  | { readonly kind: 'mark'; readonly mark: string; readonly value: string }
  | { readonly kind: 'type'; readonly type: MadeType; readonly name: string };

/** The shared types that can be made inside a section's document. */
export type MadeType = 'array' | 'element' | 'text';

/** Why reading ended. */
export class ReadingFault extends Error {
  constructor(readonly code: 'malformed' | 'over-limit' | 'wrong-content') {
    super(code);
  }
}

const ref = { deleted: 1, text: 4, mark: 6, type: 7, values: 8 } as const;
/** JSON of old, bytes, embedded objects and documents within documents: kinds of content that exist and that no field has. */
const refsOfNoField: ReadonlySet<number> = new Set([2, 3, 5, 9]);
const typeRefs: ReadonlyMap<number, MadeType> = new Map([[0, 'array'], [3, 'element'], [6, 'text']]);
const typeRefMax = 6;

/** The content and how many clocks it takes. */
export function readContent(reader: ByteReader, kind: number): { readonly content: Content; readonly length: number } {
  switch (kind) {
    case ref.deleted:
      return { content: { kind: 'deleted' }, length: reader.varUint() };
    case ref.text: {
      const text = reader.text();
      return { content: { kind: 'text', text }, length: text.length };
    }
    case ref.mark: {
      const mark = reader.text();
      const value = reader.text();
      return { content: { kind: 'mark', mark, value }, length: 1 };
    }
    case ref.type: {
      const number = reader.varUint();
      const type = typeRefs.get(number);
      if (type === undefined) throw new ReadingFault(number <= typeRefMax ? 'wrong-content' : 'malformed');
      return { content: { kind: 'type', type, name: type === 'element' ? shortKey(reader) : '' }, length: 1 };
    }
    case ref.values:
      return readValues(reader);
    default:
      throw new ReadingFault(refsOfNoField.has(kind) ? 'wrong-content' : 'malformed');
  }
}

function readValues(reader: ByteReader): { readonly content: Content; readonly length: number } {
  const length = reader.varUint();
  // Each takes a byte at least: a claim of more than there are bytes ends here, not after a million of them.
  if (length > reader.bytes.length - reader.at) throw new ReadingFault('malformed');
  const values: unknown[] = [];
  for (let index = 0; index < length; index += 1) values.push(new ValueReader(reader).read(0));
  return { content: { kind: 'values', values }, length };
}

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** One plain JSON value. Anything else that the format can carry has no place in a field. */
class ValueReader {
  #parts = 0;
  constructor(private readonly reader: ByteReader) {}

  read(depth: number): unknown {
    this.#parts += 1;
    if (depth > limits.jsonDepthMax || this.#parts > limits.jsonPartsMax) throw new ReadingFault('over-limit');
    const tag = this.reader.uint8();
    switch (tag) {
      case 126: return null;
      case 125: return finite(this.reader.varInt());
      case 124: return finite(this.reader.float(4));
      case 123: return finite(this.reader.float(8));
      case 121: return false;
      case 120: return true;
      case 119: return this.reader.text();
      case 118: return this.#object(depth);
      case 117: return this.#array(depth);
      // Undefined, big integers, bytes.
      case 127: case 122: case 116: throw new ReadingFault('wrong-content');
      default: throw new ReadingFault('malformed');
    }
  }

  #object(depth: number): unknown {
    const members: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (let count = this.reader.varUint(); count > 0; count -= 1) {
      const key = shortKey(this.reader);
      // A key "__proto__" would become the object's prototype: shown on screen, absent from JSON. Of a key that is there twice nobody knows which counts.
      if (forbiddenKeys.has(key) || seen.has(key)) throw new ReadingFault('wrong-content');
      seen.add(key);
      members[key] = this.read(depth + 1);
    }
    return members;
  }

  #array(depth: number): unknown {
    const elements: unknown[] = [];
    for (let count = this.reader.varUint(); count > 0; count -= 1) elements.push(this.read(depth + 1));
    return elements;
  }
}

function shortKey(reader: ByteReader): string {
  const key = reader.text();
  if (key.length > limits.keyLengthMax) throw new ReadingFault('over-limit');
  return key;
}

/** Numbers that canonical JSON can hold; minus nought would be signed as nought. */
function finite(number: number): number {
  if (!Number.isFinite(number) || Object.is(number, -0)) throw new ReadingFault('wrong-content');
  return number;
}
