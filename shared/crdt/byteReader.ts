/** Reads what others sent, byte by byte and inside bounds: never past the end, never a number or a text that could not have been meant. */

/** The bytes end too early, or hold no such thing. */
export class Unreadable extends Error {}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Eight groups of seven bits hold every safe integer; whoever writes more of them writes zeros. */
const varUintBytesMax = 8;
/** Up to here a loop is faster than the decoder. */
const shortTextMax = 24;

export class ByteReader {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }

  uint8(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new Unreadable();
    this.at += 1;
    return byte;
  }

  varUint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < varUintBytesMax; count += 1) {
      const byte = this.uint8();
      value += (byte & 127) * factor;
      if (byte < 128) return safe(value);
      factor *= 128;
    }
    throw new Unreadable();
  }

  /** Whole numbers with a sign: the second bit of the first byte. */
  varInt(): number {
    const first = this.uint8();
    const sign = (first & 64) === 0 ? 1 : -1;
    let value = first & 63;
    let factor = 64;
    let more = first >= 128;
    for (let count = 1; more; count += 1) {
      if (count === varUintBytesMax) throw new Unreadable();
      const byte = this.uint8();
      value += (byte & 127) * factor;
      factor *= 128;
      more = byte >= 128;
    }
    return sign * safe(value);
  }

  float(bytes: 4 | 8): number {
    const view = this.#view(bytes);
    return bytes === 4 ? view.getFloat32(0) : view.getFloat64(0);
  }

  #view(length: number): DataView {
    const part = this.take(length);
    return new DataView(part.buffer, part.byteOffset, length);
  }

  /** The next bytes, not copied. */
  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new Unreadable();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  varBytes(): Uint8Array {
    return this.take(this.varUint());
  }

  /** Text; bytes that are no UTF-8, halves of characters among them, are unreadable. */
  text(): string {
    const length = this.varUint();
    if (length > this.bytes.length - this.at) throw new Unreadable();
    if (length <= shortTextMax) {
      let text = '';
      const end = this.at + length;
      for (let at = this.at; at < end; at += 1) {
        const byte = this.bytes[at] as number;
        if (byte >= 128) return this.#decode(length);
        text += String.fromCharCode(byte);
      }
      this.at = end;
      return text;
    }
    return this.#decode(length);
  }

  #decode(length: number): string {
    const part = this.take(length);
    try {
      return utf8.decode(part);
    } catch {
      throw new Unreadable(); // the decoder's way to say that this is no text
    }
  }

  rest(): Uint8Array {
    return this.take(this.bytes.length - this.at);
  }
}

function safe(value: number): number {
  if (value > Number.MAX_SAFE_INTEGER) throw new Unreadable();
  return value;
}
