/** Bytes on a line, exactly as an attacker would put them there: plain TCP, HTTP by hand, WebSocket frames that no library would send. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { eventually } from './eventually.ts';

export interface Line {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** All that was answered so far. */
  bytes(): Buffer;
  text(): string;
  /** Resolves once what was answered fits; fails with what was said instead. */
  answers(pattern: RegExp): Promise<string>;
  readonly isClosed: boolean;
  closed(deadlineMs?: number): Promise<void>;
  end(): void;
}

/** Opens a connection and says `first`. */
export function openLine(port: number, first: string | Uint8Array = ''): Line {
  const chunks: Buffer[] = [];
  let isClosed = false;
  const socket = connect(port, '127.0.0.1');
  if (first.length > 0) socket.write(first);
  socket.on('data', (chunk) => chunks.push(chunk));
  // The other side may break off at any moment: that is what is being tried.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => { isClosed = true; });
  const text = (): string => Buffer.concat(chunks).toString('latin1');
  return {
    socket,
    write: (bytes) => { if (socket.writable) socket.write(bytes); },
    bytes: () => Buffer.concat(chunks),
    text,
    answers: (pattern) => eventually(() => {
      if (!pattern.test(text())) throw new Error(`answered ${JSON.stringify(text().slice(0, 300))}${isClosed ? ' and closed' : ''}`);
      return text();
    }, 20_000),
    get isClosed() { return isClosed; },
    closed: (deadlineMs = 20_000) => eventually(() => { if (!isClosed) throw new Error('still open'); }, deadlineMs),
    end: () => void socket.destroy(),
  };
}

/** A request by hand; `headers` stand as given, in order. */
export const request = (method: string, path: string, headers: readonly string[], body = ''): string =>
  [`${method} ${path} HTTP/1.1`, ...headers, '', body].join('\r\n');

/** The request that turns a connection into a WebSocket. */
export const upgrade = (path: string, port: number, headers: readonly string[] = []): string =>
  request('GET', path, [`Host: 127.0.0.1:${port}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`, ...headers]);

export interface FrameOptions {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly masked?: boolean;
  /** Says this length instead of the true one. */
  readonly claims?: bigint;
}

/** One WebSocket frame of a client (RFC 6455, section 5.2), well-formed unless told otherwise. The mask is zero. */
export function clientFrame(opcode: number, payload: Uint8Array = new Uint8Array(), { fin = true, rsv = 0, masked = true, claims }: FrameOptions = {}): Buffer {
  const length = claims ?? BigInt(payload.length);
  const mask = masked ? 0x80 : 0;
  const head = length < 126n ? Buffer.of(0, mask | Number(length)) : length < 65_536n ? Buffer.of(0, mask | 126, 0, 0) : Buffer.concat([Buffer.of(0, mask | 127), Buffer.alloc(8)]);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  if (head.length === 4) head.writeUInt16BE(Number(length), 2);
  if (head.length === 10) head.writeBigUInt64BE(length, 2);
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

/** The close code that the service said on this line, once it has. */
export const closeCode = (line: Line): Promise<number> => eventually(() => {
  const code = closeCodeIn(line.bytes());
  if (code === undefined) throw new Error(`no close frame${line.isClosed ? ', and the line is closed' : ''}`);
  return code;
}, 20_000);

function closeCodeIn(bytes: Buffer): number | undefined {
  const start = bytes.indexOf('\r\n\r\n');
  if (start < 0) return undefined;
  for (let at = start + 4; at + 2 <= bytes.length;) {
    const opcode = (bytes[at] ?? 0) & 0x0f;
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + head > bytes.length) return undefined;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (at + head + length > bytes.length) return undefined;
    if (opcode === 8) return length >= 2 ? bytes.readUInt16BE(at + head) : 1005;
    at += head + length;
  }
  return undefined;
}
