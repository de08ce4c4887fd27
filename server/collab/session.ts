/** One connection's life: what it has open, what it says and hears, and how it ends. */
import * as Y from 'yjs';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { maySection } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { decodeFromClient, keepAliveFrame, splitSection, withSection, type ClientFrame } from '../../shared/crdt/frame.ts';
import { limits } from '../../shared/limits.ts';
import { closeCodes, type CloseName } from '../../shared/wire/close.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Attempt } from '../audit/refusals.ts';
import type { Clock } from '../ports.ts';
import type { Channel } from './channel.ts';
import type { OpenPlan, PlanConnection, Waiting } from './openPlan.ts';
import { Outgoing } from './outgoing.ts';
import type { Presence } from './presence.ts';
import type { Room } from './room.ts';

/** A line to one section: being opened (what it says meanwhile waits), or open. */
type Line =
  | { readonly kind: 'opening'; readonly waiting: ClientFrame[] }
  | { readonly kind: 'open'; readonly room: Room; readonly channel: SectionChannel };

type Life =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly by: 'us' | 'them' };

/** A bucket of frames that fills up again with time. */
class Allowance {
  #left: number = limits.framesBurstMax;
  #atMs: number;
  constructor(private readonly clock: Clock) {
    this.#atMs = clock.now().getTime();
  }
  /** Takes one; false when there is none. A clock that is set back gives nothing and takes nothing. */
  take(): boolean {
    const nowMs = this.clock.now().getTime();
    this.#left = Math.min(limits.framesBurstMax, this.#left + (Math.max(0, nowMs - this.#atMs) / 1000) * limits.framesPerSecondMax);
    this.#atMs = nowMs;
    this.#left -= 1;
    return this.#left >= 0;
  }
}

/** Frames that may wait while a section is read from the log. */
const waitingFramesMax = 256;
/** Sections that a plan has, and a few that do not exist. */
const linesMax = 64;

export interface SessionNeeds {
  readonly log: Logger;
  readonly clock: Clock;
  readonly presence: Presence;
  readonly submit: (plan: OpenPlan, item: Waiting) => boolean;
  /** Records that somebody was not let in. */
  readonly refused: (planId: PlanId, actor: Actor, attempt: Attempt) => void;
}

export class Session implements PlanConnection {
  #life: Life = { kind: 'open' };
  readonly #lines = new Map<string, Line>();
  readonly #allowance: Allowance;
  /** Answered the last ping. */
  alive = true;

  constructor(
    readonly connection: string,
    public actor: Actor,
    private readonly plan: OpenPlan,
    /** The one section of a stock client's socket; `undefined` on the socket that carries them all. */
    private readonly onlySection: string | undefined,
    private readonly socket: WebSocket,
    private readonly needs: SessionNeeds,
  ) {
    this.#allowance = new Allowance(needs.clock);
  }

  get isOpen(): boolean {
    return this.#life.kind === 'open';
  }
  /** Sent away for good by us: what it sent before no longer counts. */
  get barred(): boolean {
    return this.#life.kind === 'closed' && this.#life.by === 'us';
  }

  /** Opens the one section of a stock client's socket. */
  begin(): void {
    if (this.onlySection !== undefined) this.#line(this.onlySection);
  }

  /** Bytes that came over the socket. */
  heard(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    if (!this.#allowance.take()) return this.close('tryLater', 'too many frames');
    const split = this.onlySection === undefined ? splitSection(bytes) : { section: this.onlySection, frame: bytes };
    const frames = split && decodeFromClient(split.frame);
    if (!split || !frames) return this.close('badFrame', 'the frame could not be read');
    const line = this.#line(split.section);
    if (!line) return;
    for (const frame of frames) {
      if (line.kind === 'open') this.#act(line.room, line.channel, frame);
      else if (line.waiting.length < waitingFramesMax) line.waiting.push(frame);
      else this.close('tryLater', 'too much was sent before the section was open');
    }
  }

  #line(sectionId: string): Line | undefined {
    const known = this.#lines.get(sectionId);
    if (known) return known;
    if (this.#lines.size >= linesMax || !maySection(this.actor, 'view-section', this.plan.head, sectionId).ok) {
      this.close('notFound', 'no such section');
      this.needs.refused(this.plan.id, this.actor, { action: 'open-section', section: sectionId });
      return undefined;
    }
    const line: Line = { kind: 'opening', waiting: [] };
    this.#lines.set(sectionId, line);
    this.#open(sectionId, line.waiting).catch((error: unknown) => {
      this.needs.log.warn({ err: error, plan: this.plan.id }, 'a section could not be opened');
      this.close('tryLater', 'the section could not be read');
    });
    return line;
  }

  async #open(sectionId: string, waiting: ClientFrame[]): Promise<void> {
    const before = this.plan.rooms.has(sectionId);
    const room = await this.plan.room(sectionId);
    if (!this.isOpen) return;
    if (this.plan.discarded) return this.close('tryLater', 'the plan is being read anew');
    const channel = new SectionChannel(sectionId, this);
    this.#lines.set(sectionId, { kind: 'open', room, channel });
    room.channels.add(channel);
    // The server's own question first: the answer brings whatever this client wrote while it was away.
    channel.send(Outgoing.frame(sectionId, { kind: 'step1', stateVector: Y.encodeStateVector(room.live) }));
    const others = this.needs.presence.everybody(room, channel);
    if (others) channel.send(others);
    for (const frame of waiting) this.#act(room, channel, frame);
    if (!before) await this.needs.presence.welcome(this.plan.id, room);
  }

  #act(room: Room, channel: SectionChannel, frame: ClientFrame): void {
    if (!this.isOpen) return;
    switch (frame.kind) {
      case 'step1':
        return this.#answerStep1(room, channel, frame.stateVector);
      case 'step2':
        return this.#submit({ kind: 'update', channel, room, update: frame.update, from: 'sync-reply' });
      case 'update':
        return this.#submit({ kind: 'update', channel, room, update: frame.update, from: 'update' });
      case 'awareness':
        return this.needs.presence.heard(this.plan, room, channel, frame.update);
      case 'query-awareness': {
        const others = this.needs.presence.everybody(room, channel);
        return others && channel.send(others);
      }
      case 'barrier':
        channel.asked = true;
        return this.#submit({ kind: 'barrier', channel, number: frame.number });
    }
  }

  #answerStep1(room: Room, channel: SectionChannel, stateVector: Uint8Array): void {
    let update: Uint8Array;
    try {
      update = Y.encodeStateAsUpdate(room.live, stateVector);
    } catch {
      return this.close('badFrame', 'the state vector could not be read');
    }
    channel.send(Outgoing.frame(room.section.id, { kind: 'step2', update }));
  }

  #submit(item: Waiting): void {
    if (!this.needs.submit(this.plan, item)) this.close('tryLater', 'too much is waiting to be saved');
  }

  /** Sends away whoever may no longer see what they have open. `actor` is who is signed in now. */
  recheck(actor: Actor): void {
    this.actor = actor;
    for (const sectionId of this.#lines.keys()) {
      if (!maySection(actor, 'view-section', this.plan.head, sectionId).ok) return this.close('refused', 'the right to this section was taken away');
    }
  }

  send(frame: Outgoing): void {
    this.#write(this.onlySection === undefined ? frame.wrapped : frame.plain);
  }

  #write(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    if (this.socket.bufferedAmount > limits.socketBufferBytesMax) return this.close('tryLater', 'this connection reads too slowly');
    this.socket.send(bytes);
  }

  /** Proves to the client that the line works, and to us that the client is there. */
  keepAlive(): void {
    if (!this.alive) {
      this.#ended('them');
      return this.socket.terminate();
    }
    this.alive = false;
    this.socket.ping();
    const [first] = this.#lines.keys();
    if (this.onlySection !== undefined) this.#write(keepAliveFrame);
    else this.#write(withSection(first ?? '', keepAliveFrame));
  }

  close(name: CloseName, because: string): void {
    if (!this.isOpen) return;
    this.needs.log.info({ plan: this.plan.id, code: closeCodes[name], because }, 'a live connection was closed');
    // Who is only sent to another node, or asked to come back, has what they said before still counted.
    this.#ended(closeCodes[name] >= closeCodes.badFrame ? 'us' : 'them');
    this.socket.close(closeCodes[name], because.slice(0, 100));
  }

  /** Ends the socket without waiting for the other side. */
  cut(): void {
    this.socket.terminate();
  }

  /** The socket is gone. */
  gone(): void {
    if (this.isOpen) this.#ended('them');
  }

  #ended(by: 'us' | 'them'): void {
    this.#life = { kind: 'closed', by };
    for (const line of this.#lines.values()) {
      if (line.kind !== 'open') continue;
      line.room.channels.delete(line.channel);
      this.needs.presence.left(this.plan, line.room, line.channel);
    }
    this.plan.connections.delete(this);
    this.needs.presence.departed(this.plan.id, this);
  }
}

/** A session's line to one section, as rooms see it. */
class SectionChannel implements Channel {
  asked = false;
  constructor(readonly sectionId: string, private readonly session: Session) {}
  get connection(): string {
    return this.session.connection;
  }
  get actor(): Actor {
    return this.session.actor;
  }
  get barred(): boolean {
    return this.session.barred;
  }
  send(frame: Outgoing): void {
    this.session.send(frame);
  }
  close(name: CloseName, because: string): void {
    this.session.close(name, because);
  }
}
