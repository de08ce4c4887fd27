/** One connection's life: what it has open, what it says and hears, and how it ends. */
import type { Logger } from 'pino';
import { may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { decodeFromClient, splitSection, type ClientFrame } from '../../shared/crdt/frame.ts';
import { limits } from '../../shared/limits.ts';
import { closeCodes, type CloseName } from '../../shared/wire/close.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Attempt } from '../audit/refusals.ts';
import type { Clock } from '../ports.ts';
import { SectionChannel } from './channel.ts';
import { Hearing, type Said } from './hearing.ts';
import type { OpenPlan, PlanConnection, Waiting } from './openPlan.ts';
import type { LiveSocket } from './liveSocket.ts';
import { Outbox } from './outbox.ts';
import { Outgoing } from './outgoing.ts';
import type { Presence } from './presence.ts';
import type { Room } from './room.ts';
import { stateVectorFault } from './stateVector.ts';
import { readUpdate } from './updateReading.ts';

/** A line to one section: being opened (what it says meanwhile waits), or open. */
type Line =
  | { readonly kind: 'opening'; readonly waiting: ClientFrame[] }
  | { readonly kind: 'open'; readonly room: Room; readonly channel: SectionChannel };

type Life =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly by: 'us' | 'them' };

/** Frames that may wait while a section is read from the log. */
const waitingFramesMax = 256;
/** Sections that a plan has, and a few that do not exist. */
const linesMax = 64;

export interface SessionNeeds {
  readonly log: Logger;
  readonly clock: Clock;
  readonly presence: Presence;
  readonly submit: (plan: OpenPlan, item: Waiting) => boolean;
  /** Somebody wrote something: no keep-alive, no presence, no answer to a question. */
  readonly acted: () => void;
  /** Records that somebody was not let in. */
  readonly refused: (planId: PlanId, actor: Actor, attempt: Attempt) => void;
}

export class Session implements PlanConnection {
  #life: Life = { kind: 'open' };
  readonly #lines = new Map<string, Line>();
  readonly #hearing: Hearing;
  readonly #outbox: Outbox;
  #toldToSlowDownAtMs = 0;
  /** Answered the last ping. */
  #alive = true;

  constructor(
    readonly connection: string,
    public actor: Actor,
    private readonly plan: OpenPlan,
    /** The one section of a stock client's socket; `undefined` on the socket that carries them all. */
    private readonly onlySection: string | undefined,
    private readonly socket: LiveSocket,
    private readonly needs: SessionNeeds,
    readonly session?: string | undefined,
  ) {
    this.#hearing = new Hearing({ clock: needs.clock, socket, act: (said) => this.#take(said), resumed: () => { this.#alive = true; } });
    this.#outbox = new Outbox(socket, needs.clock, onlySection === undefined ? (frame) => frame.wrapped : (frame) => frame.plain, () => this.close('tryLater', 'this connection reads too slowly'));
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

  /** The other side has answered a ping. */
  answered(): void {
    this.#alive = true;
  }

  /** The other side pings: each is answered, so each counts like a message. */
  pinged(): void {
    this.#hearing.spend(1, 0);
  }

  /** Bytes that came over the socket. */
  heard(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    this.#alive = true;
    const split = this.onlySection === undefined ? splitSection(bytes) : { section: this.onlySection, frame: bytes };
    const messages = split && decodeFromClient(split.frame);
    if (!split || !messages) return this.close('badFrame', 'the frame could not be read');
    this.#hearing.heard(split.section, messages, bytes.length);
  }

  #take({ section, message }: Said): void {
    const line = this.isOpen ? this.#line(section) : undefined;
    if (line?.kind === 'open') this.#act(line.room, line.channel, message);
    else if (line && line.waiting.length < waitingFramesMax) line.waiting.push(message);
    else if (line) this.close('tryLater', 'too much was sent before the section was open');
  }

  #line(sectionId: string): Line | undefined {
    const known = this.#lines.get(sectionId);
    if (known) return known;
    if (this.#lines.size >= linesMax || !may(this.actor, 'view-section', { kind: 'section', plan: this.plan.head, section: sectionId }).ok) {
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
    const room = await this.plan.room(sectionId);
    if (!this.isOpen) return;
    if (this.plan.discarded) return this.close('tryLater', 'the plan is being read anew');
    const channel = new SectionChannel(sectionId, this);
    this.#lines.set(sectionId, { kind: 'open', room, channel });
    room.channels.add(channel);
    // The server's own question first: the answer brings whatever this client wrote while it was away.
    channel.send(room.question());
    const others = this.needs.presence.everybody(room, channel);
    if (others) channel.send(others);
    this.#hearing.goOnWith(waiting.map((message) => ({ section: sectionId, message })));
  }

  #act(room: Room, channel: SectionChannel, frame: ClientFrame): void {
    if (!this.isOpen) return;
    switch (frame.kind) {
      case 'step1':
        return this.#answerStep1(room, channel, frame.stateVector);
      case 'step2':
        return this.#takeStep2(room, channel, frame.update);
      case 'update':
        this.needs.acted();
        if (this.#waits(room, channel, frame)) return;
        return this.#submit({ kind: 'update', channel, room, update: frame.update, from: 'update' });
      case 'awareness':
        return this.needs.presence.heard(this.plan, room, channel, frame.update);
      case 'query-awareness': {
        const others = this.needs.presence.everybody(room, channel);
        return others && channel.send(others);
      }
      case 'barrier':
        channel.asked = true;
        if (this.#waits(room, channel, frame)) return;
        return this.#submit({ kind: 'barrier', channel, number: frame.number });
    }
  }

  #answerStep1(room: Room, channel: SectionChannel, stateVector: Uint8Array): void {
    const fault = stateVectorFault(room.owners.size, stateVector);
    if (fault === 'over-limit') return this.close('overLimit', 'the state vector names too many clients');
    if (fault) return this.close('badFrame', 'the state vector could not be read');
    const answer = room.answer(stateVector);
    channel.send(answer);
    this.#hearing.spend(0, room.bytesReadFor(answer));
  }

  /** Whether the frame waits for the client's answer to the server's question. */
  #waits(room: Room, channel: SectionChannel, frame: Extract<ClientFrame, { kind: 'update' | 'barrier' }>): boolean {
    const taken = channel.catchingUp?.take(room, frame) ?? 'pass';
    if (taken === 'too-much') this.close('tryLater', 'too much was sent before what it builds on');
    return taken !== 'pass';
  }

  #takeStep2(room: Room, channel: SectionChannel, update: Uint8Array): void {
    this.#takeAnswer(room, channel, update);
    const waiting = channel.catchingUp?.release() ?? [];
    channel.catchingUp = undefined;
    for (const frame of waiting) this.#act(room, channel, frame);
  }

  /** Every client that comes in repeats what it knows, all deletions too: mostly nothing of it is new, and no document is made for it. */
  #takeAnswer(room: Room, channel: SectionChannel, update: Uint8Array): void {
    if (saysNothing(update)) return;
    const read = readUpdate(update, limits.structsPerSyncReplyMax);
    // What repeats words is held against the words that stand: that is the gate's to do.
    if (typeof read !== 'string' && read.structs.length === 0 && room.alreadyHolds(read)) return;
    this.#submit({ kind: 'update', channel, room, update, from: 'sync-reply' });
  }

  #submit(item: Extract<Waiting, { channel: unknown }>): void {
    if (!this.needs.submit(this.plan, item)) return this.close('tryLater', 'too much is waiting to be saved');
    if (item.kind === 'update' && item.channel.asked && this.plan.waiting.length > limits.waitingBeforeSlowDown) this.#slowDown(item.channel as SectionChannel);
  }

  #slowDown(channel: SectionChannel): void {
    const nowMs = this.needs.clock.now().getTime();
    if (nowMs - this.#toldToSlowDownAtMs < limits.slowDownEveryMs) return;
    this.#toldToSlowDownAtMs = nowMs;
    channel.send(Outgoing.notice(channel.sectionId, { kind: 'slow-down' }));
  }

  /** Sends away whoever may no longer see what they have open. `actor` is who is signed in now. */
  recheck(actor: Actor): void {
    this.actor = actor;
    for (const sectionId of this.#lines.keys()) {
      if (!may(actor, 'view-section', { kind: 'section', plan: this.plan.head, section: sectionId }).ok) return this.close('refused', 'the right to this section was taken away');
    }
  }

  send(frame: Outgoing): void {
    if (this.isOpen) this.#outbox.send(frame);
  }

  /** Proves to the client that the line works, and to us that the client is there. */
  keepAlive(): void {
    if (!this.#alive && !this.#hearing.paused) {
      this.#ended('them');
      return this.socket.terminate();
    }
    this.#alive = false;
    this.socket.ping();
    const [first] = this.#lines.keys();
    // An awareness update that says nothing.
    this.send(Outgoing.frame(this.onlySection ?? first ?? '', { kind: 'awareness', update: Uint8Array.of(0) }));
  }

  close(name: CloseName, because: string): void {
    if (!this.isOpen) {
      // Whoever is gone already and turns out to be signed out: what they said last does not count either.
      if (name === 'notSignedIn') this.#life = { kind: 'closed', by: 'us' };
      return;
    }
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
    // What they wrote last counts, though they were not read for a moment.
    for (const said of this.#hearing.end()) if (said.message.kind === 'update' || said.message.kind === 'step2') this.#take(said);
    if (this.isOpen) this.#ended('them');
  }

  #ended(by: 'us' | 'them'): void {
    this.#life = { kind: 'closed', by };
    this.#outbox.end();
    this.#hearing.end();
    for (const line of this.#lines.values()) {
      if (line.kind !== 'open') continue;
      line.room.channels.delete(line.channel);
      this.needs.presence.left(this.plan, line.room, line.channel);
    }
    this.plan.connections.delete(this);
    this.needs.presence.departed(this.plan.id, this);
  }
}

/** No structs and no deletions: what somebody says who has just come in. */
const saysNothing = (update: Uint8Array): boolean => update.length === 2 && update[0] === 0 && update[1] === 0;
