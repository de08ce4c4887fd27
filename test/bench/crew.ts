/** The simulated people: each with a connection to a plan, typing what was made before, and counting exactly what reaches them. */
import * as Y from 'yjs';
import { asWire, Line, type LineListener } from './line.ts';
import type { Person, Target } from './orders.ts';
import { Times } from './spread.ts';
import type { Stream } from './typing.ts';
import { answerMessage, barrierMessage, openingFrames, presenceMessage, readHeard, updateMessage, wrapped } from './wire.ts';

/** Edits `from` to `to` (not included) of one person. */
interface Range {
  readonly person: number;
  readonly from: number;
  readonly to: number;
}

/** Frames of a room that are remembered, so that what twenty people receive is read once. */
const rememberedMax = 256;
const nearMax = 16;
const nothing = Uint8Array.of(0, 0);

/** Closes that ask for another attempt, and how often and how soon that is made. */
const comeBack: readonly number[] = [1001, 1012, 1013];
const attemptsMax = 10;
const backOffMs = 250;

/** Everybody who is connected, or about to be. */
const connected = new Set<Member>();
/** Ends whatever an order that failed has left behind. */
export function cutEverybody(): void {
  for (const member of connected) member.cut();
}

/** What all rooms of a run have in common. */
export class Tally {
  sent = 0;
  delivered = 0;
  disorder = 0;
  closed = 0;
  /** Frames of presence that came while it was measured. */
  presence = 0;
  recording = false;
  lastDeliveryMs = 0;
  others = new Times();
  saved = new Times();
}

export class Room {
  readonly members: Member[] = [];
  /** When edit `n` of a person was sent. */
  readonly sentAt: Float64Array[] = [];
  readonly #persons: ReadonlyMap<number, number>;
  readonly #recent: { readonly bytes: Buffer; readonly ranges: readonly Range[] }[] = [];
  #first = 0;

  constructor(readonly plan: string, readonly number: number, readonly target: Target, readonly streams: readonly Stream[], readonly tally: Tally) {
    this.#persons = new Map(streams.map((stream, person) => [stream.client, person]));
    for (const stream of streams) this.sentAt.push(new Float64Array(stream.edits.length));
  }

  /** Whose edits an update brings. `seen` counts the updates that its receiver has had: everybody mostly gets the same ones. */
  rangesOf(payload: Buffer, seen: number): readonly Range[] {
    const known = this.#recent[seen - this.#first];
    if (known?.bytes.equals(payload)) return known.ranges;
    // Whoever is not told of themselves, or missed one, has had fewer.
    const found = this.#recent.slice(-nearMax).find((each) => each.bytes.equals(payload));
    if (found) return found.ranges;
    const { from, to } = Y.parseUpdateMeta(payload);
    const ranges = [...from].flatMap(([client, first]) => {
      const person = this.#persons.get(client);
      return person === undefined ? [] : [{ person, from: first, to: to.get(client) ?? first }];
    });
    this.#recent.push({ bytes: Buffer.from(payload), ranges });
    if (this.#recent.length > rememberedMax) {
      this.#recent.shift();
      this.#first += 1;
    }
    return ranges;
  }
}

/** What somebody who comes back has already: by section, or under '' for the plan in one document. */
export interface Brought {
  readonly vectors: ReadonlyMap<string, Uint8Array>;
  /** What they answer when the server asks what they have: nothing new, but all that was ever deleted, as clients do. */
  readonly answers: ReadonlyMap<string, Uint8Array>;
}

export interface MemberOptions {
  /** Ask after each edit whether it is saved. */
  readonly barriers: boolean;
  readonly presence: boolean;
  readonly timed: boolean;
  /** Answer the server's questions for what this side has. */
  readonly answers: boolean;
}

export class Member implements LineListener {
  #line: Line | undefined;
  #sections = new Set<string>();
  #bytesLeft = 0;
  #brought: Brought | undefined;
  /** Answers to what came in one go. */
  readonly #outbox: Buffer[] = [];
  #in: { readonly bytesMin: number; readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  readonly #next: Int32Array;
  readonly #asked = new Map<number, number>();
  #attempts = 0;
  #barrier = 0;
  #answered = 0;
  #seen = 0;
  /** Edits sent, and how many of them came back. */
  sent = 0;
  echoed = 0;
  /** Called when everything that came in one go was taken. */
  atRest: (() => void) | undefined;

  constructor(readonly room: Room, readonly index: number, readonly person: Person, private readonly options: MemberOptions) {
    this.#next = new Int32Array(room.streams.length);
    room.members.push(this);
  }

  /**
   * Connects and opens the plan; resolves once every part of it is here, and `bytesMin` bytes of it. Asked to come back later it does, as
   * clients do, and the time counts.
   */
  open(bytesMin = 0, brought?: Brought): Promise<void> {
    this.#brought = brought;
    connected.add(this);
    return new Promise((resolve, reject) => {
      this.#in = { bytesMin, resolve, reject };
      this.#connect();
    });
  }
  #connect(): void {
    const { room: { target, plan, number }, person } = this;
    this.#sections = new Set(target.dialect === 'sections' ? person.opens : ['']);
    this.#bytesLeft = this.#in?.bytesMin ?? 0;
    const path = target.dialect === 'named' ? target.path : `${target.path}${plan}`;
    this.#line = new Line(target.port, path, person.cookies[number % person.cookies.length] ?? '', this, () => {
      this.#line?.send(openingFrames(target, plan, person, this.#brought?.vectors).map((frame) => asWire(frame)));
    });
  }

  /** Loses the connection. */
  cut(): void {
    connected.delete(this);
    this.#line?.cut();
  }

  /** Types the next `count` characters, in one go. */
  type(count: number): void {
    const { room: { target, streams, sentAt, tally }, person, index, options } = this;
    const stream = streams[index] as Stream;
    const wires: Buffer[] = [];
    const say = (message: Uint8Array): void => void wires.push(this.#wire(person.section, message));
    for (let left = Math.min(count, stream.edits.length - this.sent); left > 0; left -= 1) {
      (sentAt[index] as Float64Array)[this.sent] = performance.now();
      say(updateMessage(stream.edits[this.sent] as Uint8Array));
      this.sent += 1;
      tally.sent += 1;
      if (options.barriers) {
        this.#barrier += 1;
        this.#asked.set(this.#barrier, performance.now());
        if (target.dialect === 'sections') say(barrierMessage(this.#barrier));
      }
      if (options.presence) say(presenceMessage(stream.client, this.sent, person, stream.origin));
    }
    this.#line?.send(wires);
  }

  /** Sends any update, as one who brings content. */
  fill(update: Uint8Array): void {
    this.#line?.send([this.#wire(this.person.section, updateMessage(update))]);
  }
  #wire(section: string, message: Uint8Array): Buffer {
    const { target, plan } = this.room;
    return asWire(wrapped(target.dialect, plan, section, message));
  }

  frame(bytes: Buffer): void {
    const heard = readHeard(this.room.target.dialect, bytes);
    switch (heard.kind) {
      case 'question':
        if (this.options.answers) this.#outbox.push(this.#wire(heard.section, answerMessage(this.#brought?.answers.get(heard.section) ?? nothing)));
        return;
      case 'state':
        this.#bytesLeft -= heard.payload.length;
        this.#sections.delete(heard.section);
        return this.#arrived();
      case 'update':
        this.#bytesLeft -= heard.payload.length;
        this.#took(heard.payload);
        return this.#arrived();
      case 'saved': {
        const { tally } = this.room;
        this.#answered += 1;
        const number = heard.number ?? this.#answered;
        const asked = this.#asked.get(number);
        this.#asked.delete(number);
        if (tally.recording && asked !== undefined) tally.saved.add(performance.now() - asked);
        return;
      }
      case 'presence':
        if (this.room.tally.recording) this.room.tally.presence += 1;
        return;
      case 'other':
    }
  }
  rest(): void {
    if (this.#outbox.length > 0) this.#line?.send(this.#outbox.splice(0));
    this.atRest?.();
  }
  closed(code: number): void {
    this.room.tally.closed += 1;
    if (!connected.has(this)) return;
    if (this.#in && comeBack.includes(code) && this.#attempts < attemptsMax) {
      this.#attempts += 1;
      setTimeout(() => { if (connected.has(this)) this.#connect(); }, this.#attempts * backOffMs);
      return;
    }
    connected.delete(this);
    this.#in?.reject(new Error(`the server closed a connection to ${this.room.plan} with ${code}`));
    this.#in = undefined;
  }

  #arrived(): void {
    if (!this.#in || this.#sections.size > 0 || this.#bytesLeft > 0) return;
    this.#in.resolve();
    this.#in = undefined;
  }

  #took(payload: Buffer): void {
    if (payload.length <= nothing.length || this.room.streams.length === 0) return;
    const { tally, sentAt } = this.room;
    const ranges = this.room.rangesOf(payload, this.#seen);
    this.#seen += 1;
    if (ranges.length === 0) return;
    const nowMs = performance.now();
    for (const { person, from, to } of ranges) {
      const next = this.#next[person] as number;
      if (from !== next) tally.disorder += 1;
      const first = Math.max(from, next);
      if (to <= first) continue;
      this.#next[person] = to;
      if (person === this.index) {
        this.echoed += to - first;
        continue;
      }
      tally.delivered += to - first;
      tally.lastDeliveryMs = nowMs;
      if (!this.options.timed || !tally.recording) continue;
      for (let edit = first; edit < to; edit += 1) tally.others.add(nowMs - ((sentAt[person] as Float64Array)[edit] as number));
    }
  }
}
