/** A WebSocket client as thin as can be, so that the load costs little beside what is measured: binary frames, whole, in and out. */
import { connect, type Socket } from 'node:net';

export interface LineListener {
  /** One binary frame. The bytes are only lent: copy what is to be kept. */
  frame(bytes: Buffer): void;
  /** Everything that came in one go has been handed over. */
  rest(): void;
  closed(code: number): void;
}

const final = 0x80;
const binary = 2;
const close = 8;
const ping = 9;
const pong = 10;

/** A frame as it goes over the wire. Masked with zeros, which the protocol allows and which leaves the bytes as they are. */
export function asWire(payload: Uint8Array, opcode: number = binary): Buffer {
  const long = payload.length > 125;
  const wide = payload.length > 65_535;
  const head = 2 + (wide ? 8 : long ? 2 : 0);
  const wire = Buffer.alloc(head + 4 + payload.length);
  wire[0] = final | opcode;
  wire[1] = final | (wide ? 127 : long ? 126 : payload.length);
  if (wide) wire.writeBigUInt64BE(BigInt(payload.length), 2);
  else if (long) wire.writeUInt16BE(payload.length, 2);
  wire.set(payload, head + 4);
  return wire;
}

export class Line {
  readonly #socket: Socket;
  #left: Buffer = Buffer.alloc(0);
  #upgraded = false;
  #closed = false;

  constructor(port: number, path: string, cookie: string, private readonly listener: LineListener, private readonly opened: () => void) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.on('connect', () => {
      this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: YmVuY2htYXJrLWxpbmUtMA==\r\n${cookie === '' ? '' : `Cookie: ${cookie}\r\n`}\r\n`);
    });
    this.#socket.on('data', (chunk) => this.#heard(chunk));
    this.#socket.on('error', () => this.#ended(1006));
    this.#socket.on('close', () => this.#ended(1006));
  }

  /** Sends frames that `asWire` made, in one go. */
  send(wires: readonly Buffer[]): void {
    if (this.#closed) return;
    const [only] = wires;
    if (only) this.#socket.write(wires.length === 1 ? only : Buffer.concat(wires));
  }
  /** Cuts the connection, as a lost network does. */
  cut(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #ended(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    this.listener.closed(code);
  }

  #heard(chunk: Buffer): void {
    let bytes = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk]);
    if (!this.#upgraded) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return void (this.#left = bytes);
      if (!bytes.subarray(0, 12).toString('latin1').startsWith('HTTP/1.1 101')) return this.#ended(1002);
      this.#upgraded = true;
      bytes = bytes.subarray(end + 4);
      this.opened();
    }
    let at = 0;
    while (!this.#closed && bytes.length - at >= 2) {
      const short = (bytes[at + 1] as number) & 0x7f;
      const head = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (bytes.length - at < head) break;
      const length = short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short === 126 ? bytes.readUInt16BE(at + 2) : short;
      if (bytes.length - at < head + length) break;
      this.#take((bytes[at] as number) & 0x0f, bytes.subarray(at + head, at + head + length));
      at += head + length;
    }
    this.#left = at === bytes.length ? Buffer.alloc(0) : bytes.subarray(at);
    this.listener.rest();
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === binary) this.listener.frame(payload);
    else if (opcode === ping) this.#socket.write(asWire(payload, pong));
    else if (opcode === close) this.#ended(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
  }
}
