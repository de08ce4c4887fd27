/**
 * Who of this node is in which meeting, and how each is shown a change: the state is read from the database after the commit and cut down
 * to what its reader may see. Nodes tell each other only that a meeting changed, so that no patient's data ever passes through Redis.
 */
import type { Namespace, Socket } from 'socket.io';
import type { Actor } from '../../shared/domain/roles.ts';
import { parseId, type MeetingId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import type { Deps } from '../ports.ts';
import { presentMeeting, readerKey } from './present.ts';
import { loadMeeting, type MeetingRecord } from './record.ts';
import { revisionsOf } from './store.ts';

/** One connection's place in a meeting. */
export interface Seat {
  readonly meetingId: MeetingId;
  readonly socket: Socket;
  readonly actor: Actor;
  /** Changes when the database had given the connection up and it is recorded anew. */
  connectionId: string;
}

export interface Spread {
  readonly seats: ReadonlySet<Seat>;
  seat(seat: Seat): Promise<void>;
  unseat(seat: Seat): Promise<void>;
  /** Shows a committed change to everyone here and tells the other nodes. Answers what was read. */
  changed(id: MeetingId): Promise<MeetingRecord | undefined>;
  close(): Promise<void>;
}

const channel = 'meetings';
const room = (id: MeetingId, reader: Actor): string => `${id} ${readerKey(reader)}`;

export function createSpread(deps: Pick<Deps, 'db' | 'bus' | 'clock' | 'log'>, meetings: Namespace): Spread {
  const { db, bus, clock, log } = deps;
  const seats = new Set<Seat>();
  const shown = new Map<MeetingId, number>();
  const flights = new Map<MeetingId, { running: Promise<MeetingRecord | undefined>; queued?: Promise<MeetingRecord | undefined> }>();
  let closed = false;

  const here = (id: MeetingId): Seat[] => [...seats].filter((seat) => seat.meetingId === id);
  const openHere = (): MeetingId[] => [...new Set([...seats].map(({ meetingId }) => meetingId))];

  /** Reads and shows. Calls that come while one reads share the next reading, which is surely newer than they are. */
  function show(id: MeetingId): Promise<MeetingRecord | undefined> {
    const flight = flights.get(id);
    if (!flight) return begin(id);
    flight.queued ??= flight.running.then(() => begin(id), () => begin(id));
    return flight.queued;
  }

  function begin(id: MeetingId): Promise<MeetingRecord | undefined> {
    const running = readAndShow(id);
    const flight = { running };
    flights.set(id, flight);
    const done = () => { if (flights.get(id) === flight) flights.delete(id); };
    // A second reader may wait for the next turn: the turn is handed on by `begin`, which replaces the flight.
    running.then(done, done);
    return running;
  }

  async function readAndShow(id: MeetingId): Promise<MeetingRecord | undefined> {
    const record = await loadMeeting(db, id);
    if (!record) return undefined;
    if (record.meeting.revision < (shown.get(id) ?? 0)) return record;
    shown.set(id, record.meeting.revision);
    const states = new Map<string, MeetingState>();
    for (const seat of here(id)) {
      const key = room(id, seat.actor);
      if (states.has(key)) continue;
      const state = presentMeeting(record, seat.actor);
      states.set(key, state);
      meetings.to(key).emit('state', state);
    }
    // Over for everybody, whichever node ended it; the database has ended the connections already.
    if (record.meeting.status === 'ended') for (const seat of here(id)) await unseat(seat);
    return record;
  }

  async function unseat(seat: Seat): Promise<void> {
    seats.delete(seat);
    if (here(seat.meetingId).length === 0) shown.delete(seat.meetingId);
    await seat.socket.leave(room(seat.meetingId, seat.actor));
  }

  const showOrWarn = (id: MeetingId): void => {
    show(id).catch((error: unknown) => log.warn({ err: error, meeting: id }, 'a meeting’s change could not be shown yet'));
  };
  const hear = (message: Uint8Array): void => {
    const id = parseId('meeting', Buffer.from(message).toString('utf8'));
    if (id && here(id).length > 0) showOrWarn(id);
  };
  const listening = bus.subscribe(channel, hear);
  listening.catch((error: unknown) => log.warn({ err: error }, 'meetings are not heard of from other nodes at once; the database is asked instead'));
  bus.onReconnect(() => { if (!closed) openHere().forEach(showOrWarn); });

  /** A hint can be lost: every node asks for the revisions of the meetings it has open. */
  async function catchUp(): Promise<void> {
    const open = openHere();
    if (open.length === 0) return;
    for (const { id, revision } of await revisionsOf(db, open)) if (revision > (shown.get(id) ?? 0)) await show(id);
  }
  let poll = clock.after(limits.meetingPollMs, again);
  function again(): void {
    catchUp()
      .catch((error: unknown) => log.warn({ err: error }, 'meetings could not be compared with the database'))
      .finally(() => { if (!closed) poll = clock.after(limits.meetingPollMs, again); });
  }

  return {
    seats,
    seat: async (seat) => {
      seats.add(seat);
      await seat.socket.join(room(seat.meetingId, seat.actor));
    },
    unseat,
    changed: async (id) => {
      bus.publish(channel, Buffer.from(id));
      return show(id);
    },
    close: async () => {
      closed = true;
      poll.cancel();
      const stop = await listening.catch(() => undefined);
      await stop?.();
    },
  };
}
