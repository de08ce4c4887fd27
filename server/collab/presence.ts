/** Who is where: awareness states stamped by the server, kept in memory and on the bus with an expiry, never stored. */
import type { Logger } from 'pino';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { whereabouts, type PresenceState, type PresentUser } from '../../shared/wire/presence.ts';
import type { Bus, Clock } from '../ports.ts';
import { readAwareness, writeAwareness } from './awarenessFrame.ts';
import type { Channel } from './channel.ts';
import type { OpenPlan, PlanConnection } from './openPlan.ts';
import { Outgoing } from './outgoing.ts';
import { presentUser } from './person.ts';
import type { PresenceHint } from './planMessage.ts';
import type { Room } from './room.ts';
import { Sightings } from './sightings.ts';

/** Cursors that move within this time go out together. */
const gatherMs = 60;

interface Standing {
  readonly id: number;
  state: PresenceState;
  /** The channel that speaks for it; `undefined` for somebody on another node. */
  channel: Channel | undefined;
  readonly connection: string;
  expiresAtMs: number;
}
interface Board {
  readonly standing: Map<number, Standing>;
  readonly changed: Set<number>;
  /** Every id that a line has spoken for, whether it still stands or not. */
  readonly spokenFor: WeakMap<Channel, Set<number>>;
  gathering: boolean;
}

export interface PresenceNeeds {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly say: (planId: PlanId, states: readonly PresenceHint[]) => void;
}

const peopleKey = (planId: string): string => `people:${planId}`;
const statesKey = (planId: string): string => `presence:${planId}`;
const memberOf = (hint: { readonly connection: string; readonly section: string; readonly id: number }): string => `${hint.connection} ${hint.section} ${hint.id}`;
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

export class Presence {
  readonly #boards = new WeakMap<Room, Board>();
  readonly #sightings = new Sightings();
  /** By plan, what the other nodes have not been told yet. */
  readonly #toShare = new Map<PlanId, Map<string, PresenceHint>>();
  /** Connections of this node that have ended: a word of theirs that comes late must not bring them back. */
  readonly #ended = new Set<string>();
  #lastClock = 0;

  constructor(private readonly needs: PresenceNeeds) {}

  /** A state that a client sent of itself. Ids that are somebody else's, states too large or of another shape are dropped. */
  heard(plan: OpenPlan, room: Room, channel: Channel, update: Uint8Array): void {
    const hints: PresenceHint[] = [];
    for (const entry of readAwareness(update) ?? []) {
      if (!this.#owns(room, channel, entry.id)) continue;
      if (entry.state === null) {
        if (this.#remove(room, entry.id)) hints.push({ connection: channel.connection, section: channel.sectionId, id: entry.id, state: null });
        continue;
      }
      const where = whereabouts.safeParse(entry.state);
      if (!where.success || repeatsAnother(entry.state, channel.actor.id)) continue;
      const state = { ...where.data, user: presentUser(channel.actor, channel.connection) } as PresenceState;
      this.#set(room, { id: entry.id, state, channel, connection: channel.connection, expiresAtMs: Infinity });
      hints.push({ connection: channel.connection, section: channel.sectionId, id: entry.id, state });
    }
    this.#share(plan.id, hints);
  }

  /** An id belongs to the person whose client id it is, or who spoke for it first, here still or not; a person may take it with them to a new line. */
  #owns(room: Room, channel: Channel, id: number): boolean {
    if ((this.#ownerOf(room, id) ?? channel.actor.id) !== channel.actor.id) return false;
    const { spokenFor } = this.#board(room);
    const ids = spokenFor.get(channel) ?? new Set();
    spokenFor.set(channel, ids);
    return ids.has(id) || (ids.size < idsPerChannelMax && ids.add(id) !== undefined);
  }

  #ownerOf(room: Room, id: number): string | undefined {
    return room.owners.get(id) ?? this.#board(room).standing.get(id)?.state.user.id ?? room.seen.ownerOf(id);
  }

  /** Everybody in the section but the channel itself: what somebody who comes in, or asks, is told. */
  everybody(room: Room, except: Channel): Outgoing | undefined {
    const entries = [...this.#board(room).standing.values()].filter((each) => each.channel !== except)
      .map((each) => ({ id: each.id, clock: this.#nextClock(), state: each.state }));
    return entries.length > 0 ? Outgoing.frame(room.section.id, { kind: 'awareness', update: writeAwareness(entries) }) : undefined;
  }

  /** The line is closed: its states go at once. */
  left(plan: OpenPlan, room: Room, channel: Channel): void {
    const board = this.#board(room);
    const gone = [...board.standing.values()].filter((standing) => standing.channel === channel);
    for (const { id } of gone) this.#remove(room, id);
    this.#flush(room, board);
    this.#share(plan.id, gone.map(({ id }) => ({ connection: channel.connection, section: channel.sectionId, id, state: null })));
  }

  /** What another node says. */
  heardFromNode(plan: OpenPlan, hints: readonly PresenceHint[]): void {
    for (const hint of hints) {
      const room = plan.rooms.get(hint.section);
      if (room) this.#takeHint(room, hint);
    }
  }

  #takeHint(room: Room, hint: PresenceHint): void {
    const known = this.#board(room).standing.get(hint.id);
    if (known?.channel) return;
    if (hint.state === null) return void (known?.connection === hint.connection && this.#remove(room, hint.id));
    const { user } = hint.state as PresenceState;
    if ((this.#ownerOf(room, hint.id) ?? user.id) !== user.id) return;
    const expiresAtMs = this.needs.clock.now().getTime() + limits.presenceExpiryMs;
    this.#set(room, { id: hint.id, state: hint.state as PresenceState, channel: undefined, connection: hint.connection, expiresAtMs });
  }

  /** Rooms have been opened here: remembers who was seen in them, and asks who stands in them on other nodes. */
  async welcome(planId: PlanId, rooms: readonly Room[]): Promise<void> {
    for (const room of rooms) room.seen = this.#sightings.of(planId, room.section.id);
    try {
      for (const value of (await this.needs.bus.list(statesKey(planId))).values()) {
        const hint = JSON.parse(new TextDecoder().decode(value)) as PresenceHint;
        const room = rooms.find(({ section }) => section.id === hint.section);
        if (room) this.#takeHint(room, hint);
      }
    } catch (error) {
      this.needs.log.warn({ err: error }, 'who is on other nodes cannot be read; they appear when they next move');
    }
  }

  /** Says again who is here, and forgets people of other nodes that have not been heard of. To be called every keep-alive interval. */
  renew(plan: OpenPlan): void {
    const nowMs = this.needs.clock.now().getTime();
    const hints: PresenceHint[] = [];
    for (const room of plan.rooms.values()) {
      for (const each of this.#board(room).standing.values()) {
        if (each.expiresAtMs <= nowMs) this.#remove(room, each.id);
        else if (each.channel) {
          hints.push({ connection: each.connection, section: room.section.id, id: each.id, state: each.state });
          this.#change(room, each.id);
        }
      }
    }
    this.#share(plan.id, hints);
    for (const connection of plan.connections) this.arrived(plan.id, connection);
  }

  arrived(planId: PlanId, { actor, connection }: PlanConnection): void {
    this.#quietly(this.needs.bus.put(peopleKey(planId), connection, bytesOf(presentUser(actor, connection)), limits.presenceExpiryMs));
  }
  departed(planId: PlanId, { connection }: PlanConnection): void {
    this.#ended.add(connection);
    this.needs.clock.after(limits.presenceExpiryMs, () => this.#ended.delete(connection));
    this.#quietly(this.needs.bus.remove(peopleKey(planId), connection));
  }

  /** Everybody who has the plan open on any node, each person once. */
  async presentOn(planId: PlanId): Promise<PresentUser[]> {
    const people = new Map<PersonId, PresentUser>();
    for (const value of (await this.needs.bus.list(peopleKey(planId))).values()) {
      const user = JSON.parse(new TextDecoder().decode(value)) as PresentUser;
      people.set(user.id as PersonId, user);
    }
    return [...people.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  }

  /** Tells the other nodes: the latest of each within the time in which the people here are told it too; that somebody has left at once. */
  #share(planId: PlanId, hints: readonly PresenceHint[]): void {
    if (hints.length === 0 || this.needs.bus.alone) return;
    const known = this.#toShare.get(planId);
    const waiting = known ?? new Map<string, PresenceHint>();
    this.#toShare.set(planId, waiting);
    for (const hint of hints) waiting.set(memberOf(hint), hint);
    if (hints.some(({ state }) => state === null)) this.#shareNow(planId);
    else if (!known) this.needs.clock.after(gatherMs, () => this.#shareNow(planId));
  }
  #shareNow(planId: PlanId): void {
    const waiting = this.#toShare.get(planId);
    if (!waiting) return;
    this.#toShare.delete(planId);
    this.needs.say(planId, [...waiting.values()]);
    for (const [member, hint] of waiting) {
      this.#quietly(hint.state === null
        ? this.needs.bus.remove(statesKey(planId), member)
        : this.needs.bus.put(statesKey(planId), member, bytesOf(hint), limits.presenceExpiryMs));
    }
  }

  /** Presence may be late; it may not stop anything. */
  #quietly(work: Promise<void>): void {
    work.catch((error: unknown) => this.needs.log.debug({ err: error }, 'presence could not be shared'));
  }

  #board(room: Room): Board {
    let board = this.#boards.get(room);
    if (!board) {
      board = { standing: new Map(), changed: new Set(), spokenFor: new WeakMap(), gathering: false };
      this.#boards.set(room, board);
    }
    return board;
  }
  #set(room: Room, standing: Standing): void {
    if (this.#ended.has(standing.connection)) return;
    this.#board(room).standing.set(standing.id, standing);
    room.seen.saw(standing.id, standing.state.user.id);
    this.#change(room, standing.id);
  }
  #remove(room: Room, id: number): boolean {
    const was = this.#board(room).standing.delete(id);
    if (was) this.#change(room, id);
    return was;
  }
  #change(room: Room, id: number): void {
    const board = this.#board(room);
    board.changed.add(id);
    if (board.gathering) return;
    board.gathering = true;
    this.needs.clock.after(gatherMs, () => {
      board.gathering = false;
      this.#flush(room, board);
    });
  }

  /** Says at once what was gathered: something else goes to everybody in the room now, and both leave in one write. */
  goAlong(room: Room): void {
    const board = this.#boards.get(room);
    if (board) this.#flush(room, board);
  }

  #flush(room: Room, board: Board): void {
    const ids = [...board.changed];
    board.changed.clear();
    if (ids.length === 0) return;
    const entries = ids.map((id) => ({ id, clock: this.#nextClock(), state: board.standing.get(id)?.state ?? null }));
    const toAll = awarenessOf(room, entries);
    for (const channel of room.channels) {
      // Nobody is told about themselves: their own browser knows better.
      const others = entries.filter(({ id }) => board.standing.get(id)?.channel !== channel);
      if (others.length === entries.length) channel.send(toAll);
      else if (others.length > 0) channel.send(awarenessOf(room, others));
    }
  }

  /** Rises across nodes and restarts, so that a state seen on one node never outranks a later one from another. */
  #nextClock(): number {
    this.#lastClock = Math.max(this.#lastClock + 1, this.needs.clock.now().getTime());
    return this.#lastClock;
  }
}

/**
 * Stock clients send back whatever they hear of others. What carries our stamp of another person is such an echo: taken for the sender's own, it would give
 * them the place of somebody who has just left. One's own stamp comes back from a line that was lost.
 */
function repeatsAnother(state: unknown, person: PersonId): boolean {
  const user = (state as { user?: { id?: unknown; connection?: unknown } } | null)?.user;
  return typeof user?.connection === 'string' && user.id !== person;
}

/** A document opened afresh on a line that stands speaks under a new id. */
const idsPerChannelMax = 16;
const awarenessOf = (room: Room, entries: readonly { id: number; clock: number; state: unknown }[]): Outgoing =>
  Outgoing.frame(room.section.id, { kind: 'awareness', update: writeAwareness(entries) });
