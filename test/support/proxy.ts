/** A faulty network of a test's own: a TCP proxy that delays, slows down, blocks, freezes, cuts and heals the connections that go through it. */
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';

/** `up` goes from whoever connected to whom they wanted; `down` comes back. */
export type Direction = 'up' | 'down';
export const directions: readonly Direction[] = ['up', 'down'];

/** How the network is for every connection that has no weather of its own. */
export interface Weather {
  readonly latencyMs: number;
  /** Each piece is late by up to this much more or less; order is kept, as TCP keeps it. */
  readonly jitterMs: number;
  /** Bytes a second in each direction; `undefined` is as fast as it goes. */
  readonly bytesPerSecond: Readonly<Record<Direction, number | undefined>>;
}
export const fairWeather: Weather = { latencyMs: 0, jitterMs: 0, bytesPerSecond: { up: undefined, down: undefined } };

/** Sees every chunk of one direction in order and passes on what may go on, now or later. */
export type Filter = (chunk: Buffer, pass: (bytes: Buffer) => void) => void | Promise<void>;
export interface ProxyOptions {
  readonly target: NetConnectOpts;
  readonly random?: () => number;
  /** Made anew for each connection. */
  readonly filters?: (link: Link) => Partial<Record<Direction, Filter>>;
}

/** Enough that a fast line is fast, little enough that a slow one is felt at its other end. */
const heldBytesMax = 64 * 1024;
/** A slowed-down direction moves this often. */
const stepMs = 20;

/** One direction of one connection. */
class Pipe {
  readonly #held: { readonly bytes: Buffer; readonly dueMs: number }[] = [];
  #heldBytes = 0;
  #passedBytes = 0;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  #draining = false;
  #lastDueMs = 0;
  #work: Promise<void> = Promise.resolve();
  blocked = false;
  /** The connection is cut once this many bytes went through. */
  cutAfter: number | undefined;

  constructor(private readonly from: Socket, private readonly to: Socket, private readonly link: Link, private readonly direction: Direction, filter: Filter | undefined) {
    const pass = (bytes: Buffer): void => this.#hold(bytes);
    from.on('data', (chunk: Buffer) => {
      if (!filter) return pass(chunk);
      this.#work = this.#work.then(() => filter(chunk, pass)).catch(() => link.cut());
    });
    from.on('end', () => void this.#work.then(() => {
      this.#ended = true;
      this.pump();
    }));
    to.on('drain', () => {
      this.#draining = false;
      this.pump();
    });
  }

  get passed(): number {
    return this.#passedBytes;
  }

  #hold(bytes: Buffer): void {
    const { latencyMs, jitterMs } = this.link.weather;
    const late = latencyMs === 0 && jitterMs === 0 ? 0 : Math.max(0, latencyMs + (this.link.random() * 2 - 1) * jitterMs);
    this.#lastDueMs = Math.max(this.#lastDueMs, performance.now() + late);
    this.#held.push({ bytes, dueMs: this.#lastDueMs });
    this.#heldBytes += bytes.length;
    this.pump();
  }

  /** Moves what may move now. */
  pump(): void {
    if (this.blocked || this.#heldBytes > heldBytesMax) this.from.pause();
    else this.from.resume();
    if (this.blocked || this.#draining || this.#timer || this.to.destroyed) return;
    const rate = this.link.weather.bytesPerSecond[this.direction];
    const first = this.#held[0];
    if (!first) {
      if (this.#ended && !this.to.writableEnded) this.to.end();
      return;
    }
    const waitMs = first.dueMs - performance.now();
    if (waitMs > 0) return this.#later(waitMs);
    const piece = rate === undefined ? first.bytes.length : Math.max(1, Math.floor((rate * stepMs) / 1_000));
    this.#move(first.bytes.subarray(0, piece));
    if (first.bytes.length > piece) this.#held[0] = { ...first, bytes: first.bytes.subarray(piece) };
    else this.#held.shift();
    if (rate !== undefined) return this.#later(stepMs);
    this.pump();
  }

  #later(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.pump();
    }, ms);
  }

  #move(bytes: Buffer): void {
    this.#heldBytes -= bytes.length;
    const left = this.cutAfter === undefined ? Infinity : this.cutAfter - this.#passedBytes;
    const moved = bytes.length > left ? bytes.subarray(0, left) : bytes;
    this.#passedBytes += moved.length;
    const last = bytes.length >= left ? () => this.link.cut() : undefined;
    this.#draining = !this.to.write(moved, last);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#held.length = 0;
  }
}

/** One connection through the proxy. */
export class Link {
  readonly #pipes: Readonly<Record<Direction, Pipe>>;
  #ownWeather: Weather | undefined;
  readonly openedAtMs = performance.now();

  constructor(private readonly near: Socket, private readonly far: Socket, private readonly proxy: Proxy, readonly random: () => number, filters: ProxyOptions['filters'], gone: () => void) {
    const own = filters?.(this) ?? {};
    this.#pipes = { up: new Pipe(near, far, this, 'up', own.up), down: new Pipe(far, near, this, 'down', own.down) };
    for (const socket of [near, far]) {
      socket.on('error', () => this.cut());
      socket.on('close', () => {
        // A frozen line tells neither end that the other has gone.
        if (this.frozen) return;
        if (near.destroyed && far.destroyed) gone();
        else if (socket.errored ?? !socket.readableEnded) this.cut();
      });
    }
  }

  get weather(): Weather {
    return this.#ownWeather ?? this.proxy.weather;
  }
  /** Weather of this connection alone. */
  set ownWeather(weather: Weather | undefined) {
    this.#ownWeather = weather;
    this.pump();
  }
  get frozen(): boolean {
    return directions.every((direction) => this.#pipes[direction].blocked);
  }
  /** Bytes that went through so far. */
  passed(direction: Direction): number {
    return this.#pipes[direction].passed;
  }
  /** Stops reading and writing in these directions; both sockets stay open. All of them: a half-open connection. */
  block(which: readonly Direction[] = directions): void {
    for (const direction of which) this.#pipes[direction].blocked = true;
    this.pump();
  }
  /** Goes on with what was held, and is not cut any more. */
  heal(): void {
    for (const direction of directions) {
      this.#pipes[direction].blocked = false;
      this.#pipes[direction].cutAfter = undefined;
    }
    this.pump();
    // Whoever has gone meanwhile is told of now.
    if (this.near.destroyed !== this.far.destroyed) this.cut();
  }
  /** Cuts the connection once so many more bytes went through. */
  cutAfter(bytes: number, direction: Direction): void {
    this.#pipes[direction].cutAfter = this.#pipes[direction].passed + bytes;
  }
  /** Ends the connection at once, at both ends, with a reset. */
  cut(): void {
    for (const socket of [this.near, this.far]) {
      if (socket.destroyed) continue;
      // A socket in a folder knows no reset; its end is as sudden.
      if (socket.remoteAddress === undefined) socket.destroy();
      else socket.resetAndDestroy();
    }
    for (const direction of directions) this.#pipes[direction].stop();
    this.proxy.links.delete(this);
  }
  pump(): void {
    for (const direction of directions) this.#pipes[direction].pump();
  }
}

export class Proxy {
  readonly links = new Set<Link>();
  #weather: Weather = fairWeather;
  #blocked: readonly Direction[] = [];
  #refusing = false;

  private constructor(private readonly server: Server, readonly port: number, options: ProxyOptions) {
    server.on('connection', (near) => {
      near.setNoDelay(true);
      near.on('error', () => near.destroy());
      if (this.#refusing) return void near.resetAndDestroy();
      const far = connect({ ...options.target, noDelay: true } as NetConnectOpts);
      const link: Link = new Link(near, far, this, options.random ?? Math.random, options.filters, () => void this.links.delete(link));
      this.links.add(link);
      if (this.#blocked.length > 0) link.block(this.#blocked);
    });
  }

  /** Listens on a port of its own on the loopback and passes on to `target`. */
  static start(options: ProxyOptions): Promise<Proxy> {
    const server = createServer({ allowHalfOpen: true });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address && typeof address === 'object') resolve(new Proxy(server, address.port, options));
        else reject(new Error('no port'));
      });
    });
  }

  get weather(): Weather {
    return this.#weather;
  }
  set weather(weather: Weather) {
    this.#weather = weather;
    for (const link of this.links) link.pump();
  }
  /** Blocks these directions of every connection, and of those that come. */
  block(which: readonly Direction[] = directions): void {
    this.#blocked = which;
    for (const link of this.links) link.block(which);
  }
  /** Resets every connection, and those that come. */
  refuse(): void {
    this.#refusing = true;
    this.reset();
  }
  /** Resets every connection once. */
  reset(): void {
    for (const link of [...this.links]) link.cut();
  }
  /** Fair weather, nothing blocked, everybody let in. */
  heal(): void {
    this.#refusing = false;
    this.#blocked = [];
    this.weather = fairWeather;
    for (const link of [...this.links]) {
      link.ownWeather = undefined;
      link.heal();
    }
  }
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.server.close(() => resolve()));
    this.refuse();
    await closed;
  }
}
