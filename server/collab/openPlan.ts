/** One plan, open on this node: its rooms, what waits to be committed, and how far the log is known. */
import { sectionById } from '../../shared/content/standard.ts';
import { sameSight } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { AlsoInTransaction, Clock } from '../ports.ts';
import type { Result } from '../../shared/refusal.ts';
import type { CloseName } from '../../shared/wire/close.ts';
import type { Notice } from '../../shared/wire/notice.ts';
import type * as Y from 'yjs';
import { AskedTogether } from '../db/askedTogether.ts';
import type { Channel } from './channel.ts';
import { Outgoing } from './outgoing.ts';
import type { LogRow, PlanHead, PlanLog } from './planLog.ts';
import { Room } from './room.ts';

/** Something that waits for the plan's next commit. */
export type Waiting =
  | { readonly kind: 'update'; readonly channel: Channel; readonly room: Room; readonly update: Uint8Array; readonly from: 'update' | 'sync-reply' }
  | WaitingBarrier
  | { readonly kind: 'opening'; readonly actor: Actor; readonly recorded: (ok: boolean) => void }
  | WaitingWrite;

/** Saved barriers of one channel with no change of it between them: what answers the first answers them all, each by its number. */
export interface WaitingBarrier {
  readonly kind: 'barrier';
  readonly channel: Channel;
  readonly number: number;
  /** Numbers of those that came behind it. */
  readonly more?: number[];
}

/** A change by the service itself. */
export interface WaitingWrite {
  readonly kind: 'write';
  readonly room: Room;
  readonly actor: Actor;
  readonly isService: boolean;
  readonly change: (doc: Y.Doc) => void;
  readonly also: AlsoInTransaction | undefined;
  readonly answer: (result: Result<{ readonly position: number }>) => void;
  readonly failed: (error: unknown) => void;
}

export interface PlanConnection {
  readonly connection: string;
  readonly actor: Actor;
  close(name: CloseName, because: string): void;
}

/** Bytes that may wait for one plan's commits before writers are asked to come back later. */
const waitingBytesMax = 4 * limits.syncReplyBytesMax;
const waitingMax = 5_000;
/** One person may fill half of that, with however many connections: whoever floods is sent away before there is no room for the others. */
const shareOfOne = 0.5;

export interface OpenPlanNeeds {
  readonly store: PlanLog;
  readonly clock: Clock;
  /** Called when sections have been read from the log. */
  readonly loaded: (plan: OpenPlan, rooms: readonly Room[]) => void;
}

export class OpenPlan {
  readonly rooms = new Map<string, Room>();
  readonly connections = new Set<PlanConnection>();
  /** Everything that waits for the next commit, in order of arrival. */
  waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Of whom, by person. */
  readonly #waitingOf = new Map<PersonId, { readonly count: number; readonly bytes: number }>();
  /** Of each channel that said nothing else since: the numbers behind its last saved barrier that waits. */
  readonly #lastBarriers = new Map<Channel, number[]>();
  /** A commit is under way. */
  busy = false;
  /** Must be committed by itself: its head was held by somebody else, or a commit that it was part of failed. */
  alone = false;
  /** What was tried was in vain: nothing is tried again before its time. */
  resting = false;
  /** Milliseconds since 1970 until which another node is expected to write in this plan too. */
  contestedUntilMs = 0;
  /** Milliseconds since 1970 at which commits of this plan began to fail. */
  failingSinceMs: number | undefined;
  /** Given up: whoever holds on to this object opens the plan anew. */
  discarded = false;
  wantedAtMs: number;
  /** Every row up to here has been seen by every open room. */
  seenTo: number;
  /** Everything asked for in the same breath is read together: a client opens all sections of a plan at once. */
  readonly #wanted: AskedTogether<string, Room>;

  /** Number of the latest version that people here were told of. */
  versionTold: number;

  constructor(public head: PlanHead, private readonly needs: OpenPlanNeeds) {
    this.seenTo = head.position;
    this.versionTold = head.latestVersion;
    this.wantedAtMs = needs.clock.now().getTime();
    this.#wanted = new AskedTogether(async (sectionIds) => {
      // Somebody may have asked while the reading before this one was bringing the section. Nothing of a failed reading is kept: the next who asks reads again.
      const missing = sectionIds.filter((id) => !this.rooms.has(id));
      if (missing.length > 0) await this.#load(missing);
      return this.rooms;
    });
  }

  get id(): PlanId {
    return this.head.id;
  }

  /** The section's room, loaded from the log by the first who wants it. Throws when the log cannot be read, or the plan was given up. */
  async room(sectionId: string): Promise<Room> {
    const open = this.rooms.get(sectionId);
    if (open) {
      open.wantedAtMs = this.needs.clock.now().getTime();
      return open;
    }
    if (!sectionById(sectionId)) throw new Error('no such section');
    const room = await this.#wanted.of(sectionId);
    if (!room) throw new Error('the section is not open any more');
    return room;
  }

  async #load(sectionIds: readonly string[]): Promise<void> {
    const stored = await this.needs.store.sections(this.id, sectionIds);
    if (!stored) throw new Error('no such plan');
    const rooms = [...stored.sections].flatMap(([id, section]) => {
      const known = sectionById(id);
      return known ? [new Room(known, section, stored.head.position)] : [];
    });
    // While this was read the plan may have moved on; rows that passed by before the rooms stood here are read once more.
    for (let upTo = stored.head.position; upTo < this.seenTo;) {
      const from = upTo;
      upTo = this.seenTo;
      for (const row of await this.needs.store.rows(this.id, sectionIds, from, upTo)) rooms.find(({ section }) => section.id === row.sectionId)?.takeOther(row);
      for (const room of rooms) room.upTo = upTo;
    }
    if (this.discarded) throw new Error('the plan was given up on this node');
    for (const room of rooms) {
      room.wantedAtMs = this.needs.clock.now().getTime();
      this.rooms.set(room.section.id, room);
    }
    this.needs.loaded(this, rooms);
  }

  /** Adds to what waits; false when too much waits already. */
  enqueue(item: Waiting): boolean {
    const behind = item.kind === 'barrier' ? this.#lastBarriers.get(item.channel) : undefined;
    if (behind && item.kind === 'barrier') {
      if (behind.length + 1 >= limits.barriersTogetherMax) return false;
      behind.push(item.number);
      return true;
    }
    const person = personOf(item);
    if (person !== undefined) {
      const bytes = bytesOf(item);
      const own = this.#waitingOf.get(person) ?? { count: 0, bytes: 0 };
      if (this.#waitingBytes + bytes > waitingBytesMax || this.waiting.length >= waitingMax) return false;
      if (own.bytes + bytes > waitingBytesMax * shareOfOne || own.count >= waitingMax * shareOfOne) return false;
      this.#count(item, 1);
    }
    this.#add(item.kind === 'barrier' ? { ...item, more: [] } : item);
    return true;
  }

  #add(item: Waiting): void {
    this.waiting.push(item);
    if (item.kind === 'barrier' && item.more) this.#lastBarriers.set(item.channel, item.more);
    else if (item.kind === 'update') this.#lastBarriers.delete(item.channel);
  }

  /** Everything that waits from now on. */
  #wait(items: readonly Waiting[]): void {
    this.waiting = [];
    this.#lastBarriers.clear();
    for (const item of items) this.#add(item);
  }

  /** Takes what goes into the next commit. A write of the service is committed by itself, since what goes with it may refuse. */
  take(): Waiting[] {
    const firstWrite = this.waiting.findIndex((item) => item.kind === 'write');
    const count = firstWrite < 0 ? this.waiting.length : Math.max(firstWrite, 1);
    const taken = this.waiting.slice(0, count);
    this.#wait(this.waiting.slice(count));
    for (const item of taken) this.#count(item, -1);
    return taken;
  }

  /** Puts back what could not be committed now, before whatever came since. */
  putBack(items: readonly Waiting[]): void {
    if (this.discarded) return failAll(items);
    this.#wait([...items, ...this.waiting]);
    for (const item of items) this.#count(item, 1);
  }

  #count(item: Waiting, sign: 1 | -1): void {
    const person = personOf(item);
    if (person === undefined) return;
    const bytes = sign * bytesOf(item);
    this.#waitingBytes += bytes;
    const own = this.#waitingOf.get(person);
    if (own && own.count + sign === 0) this.#waitingOf.delete(person);
    else this.#waitingOf.set(person, { count: (own?.count ?? 0) + sign, bytes: (own?.bytes ?? 0) + bytes });
  }

  /** Reads and takes everything up to a position that this node has missed. */
  async catchUp(log: Pick<PlanLog, 'rows'>, upTo: number): Promise<void> {
    while (this.seenTo < upTo && !this.discarded) {
      const sections = [...this.rooms.keys()];
      const rows = sections.length > 0 ? await log.rows(this.id, sections, this.seenTo, upTo) : [];
      // A room that was opened meanwhile was not asked for.
      if (this.discarded || [...this.rooms.keys()].some((id) => !sections.includes(id))) continue;
      for (const row of rows) this.takeOther(row);
      this.seenTo = Math.max(this.seenTo, upTo);
    }
  }

  /** Takes a row that another node committed. */
  takeOther(row: LogRow): void {
    const room = this.rooms.get(row.sectionId);
    if (!room?.takeOther(row)) return;
    room.broadcast(row.bytes);
    room.notify(changedNotice(row, row.fields));
  }

  /** True while the person has any other connection to the plan on this node. */
  hasPerson(person: PersonId): boolean {
    return [...this.connections].some((connection) => connection.actor.id === person);
  }

  /** Takes what the database says of the plan. Answers whether who may see it has changed. */
  takeHead(head: PlanHead): boolean {
    const before = this.head;
    // Everything that happens moves the audit chain: what was read before is older than what is known.
    if (head.auditSeq < before.auditSeq) return false;
    this.head = head;
    // Nobody loses sight of anything by a death; screens ask again what may still be written.
    if (before.died !== head.died) this.notifyAll({ kind: 'access-changed' });
    return !sameSight(before, head);
  }

  /** A notice that concerns the whole plan: once to each connection that asked for notices. */
  notifyAll(notice: Notice): void {
    const told = new Set<string>();
    for (const room of this.rooms.values()) {
      const frame = Outgoing.notice(room.section.id, notice);
      for (const channel of room.channels) {
        if (!channel.asked || told.has(channel.connection)) continue;
        told.add(channel.connection);
        channel.send(frame);
      }
    }
  }

  closeAll(name: CloseName, because: string): void {
    for (const connection of [...this.connections]) connection.close(name, because);
  }

  /** Gives the plan up on this node. What still waits is answered with a failure. */
  destroy(): void {
    this.discarded = true;
    failAll(this.waiting);
    this.#wait([]);
    for (const room of this.rooms.values()) room.destroy();
    this.rooms.clear();
  }
}

/** Whose share of the room it takes; what the service writes takes nobody's. */
function personOf(item: Waiting): PersonId | undefined {
  if (item.kind === 'write') return undefined;
  return item.kind === 'opening' ? item.actor.id : item.channel.actor.id;
}
const bytesOf = (item: Waiting): number => (item.kind === 'update' ? item.update.length : 0);

/** Whoever waits for an answer hears that there is none; the others were sent away and say it again. */
function failAll(items: readonly Waiting[]): void {
  for (const item of items) {
    if (item.kind === 'opening') item.recorded(false);
    if (item.kind === 'write') item.failed(new Error('the plan was given up on this node'));
  }
}

/** What others hear of a row that was committed. */
export const changedNotice = (row: LogRow, fields: readonly string[]): Notice =>
  ({ kind: 'changed', section: row.sectionId, fields: [...fields], position: row.position, at: row.at.toISOString(), by: { ...row.author } });
