/** Meetings live: Socket.IO namespace /meetings. Every event is checked against its schema, committed, and only then acknowledged and shown. */
import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { house, may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { newId, type MeetingId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { refuse, type Refusal } from '../../shared/refusal.ts';
import { clientEvents, serverEvents, type Acknowledgement, type ClientEvent, type Order } from '../../shared/wire/meetings.ts';
import { DatabaseUnavailable } from '../db/failure.ts';
import { openDoor, refuseUpgrade } from '../http/door.ts';
import type { Acting } from '../identity/stillStands.ts';
import { sessionEndedChannel, sessionNameOf } from '../identity/sessions.ts';
import type { Deps } from '../ports.ts';
import { joinMeeting, leaveMeeting } from './attendance.ts';
import { carryOut, leavesPatient } from './events.ts';
import { keepWatch } from './watch.ts';
import { payNotes } from './planNote.ts';
import { presentMeeting } from './present.ts';
import { boundPackets, forbidPages, rateOf } from './packets.ts';
import { openMeeting, type MeetingRecord } from './record.ts';
import { createSpread, type Seat, type Spread } from './spread.ts';

export interface GatewayOptions {
  readonly server: HttpServer;
  readonly deps: Deps;
  /** Who is signed in with this Cookie header, asked afresh each time. */
  readonly actorOf: (cookieHeader: string | undefined) => Promise<Actor | undefined>;
  /** Whoever sent this Cookie header gave an order just now. */
  readonly acted?: (cookieHeader: string | undefined) => void;
}
export interface MeetingGateway {
  /** Shows a change that came about otherwise than through the gateway. */
  changed(id: MeetingId): Promise<void>;
  /** Records that everybody of this node left, then closes the sockets; clients come back by themselves. */
  close(): Promise<void>;
}
type Answer = (acknowledgement: Acknowledgement) => void;

export function attachMeetings({ server, deps, actorOf, acted }: GatewayOptions): MeetingGateway {
  const door = openDoor(deps);
  const io = new Server(server, {
    path: '/socket.io', transports: ['websocket'], serveClient: false, destroyUpgrade: false, perMessageDeflate: false, httpCompression: false,
    maxHttpBufferSize: limits.bodyBytesMax, pingInterval: limits.keepAliveIntervalMs, pingTimeout: limits.socketSilenceMs - limits.keepAliveIntervalMs,
    // Not put off by anything but a namespace that lets its caller in.
    connectTimeout: limits.meetingSilenceMs,
    allowRequest: (request, decide) => {
      const refusal = door.refusal(request);
      // The library would say 400 and nothing more; answered here, there is nothing left for it to decide.
      if (refusal !== undefined) refuseUpgrade(request.socket, refusal);
      else decide(null, true);
    },
  });
  boundPackets(io, deps);
  forbidPages(io);
  io.use((_socket, next) => next(new Error('There is nothing at this address.')));
  const meetings = io.of('/meetings');
  const spread = createSpread(deps, meetings);
  const watch = keepWatch(deps, spread, actorOf);
  let closing = false;

  meetings.use((socket, next) => {
    actorOf(socket.request.headers.cookie).then((actor) => {
      door.told(socket.request, actor);
      const onScreen: unknown = socket.handshake.auth['person'];
      const another = actor && onScreen !== undefined && onScreen !== actor.id;
      const permit = another ? refuse('not-signed-in', 'Somebody else signed in in this browser. Sign in again to go on.')
        : actor ? may(actor, 'see-meetings', house) : refuse('not-signed-in', 'Sign in to take part in meetings.');
      if (!permit.ok || !actor) return next(permit.ok ? undefined : withRefusal(permit.refusal));
      const open = [...meetings.sockets.values()].filter((each) => each.data['person'] === actor.id).length;
      if (open >= limits.connectionsPerPersonMax) return next(withRefusal({ code: 'too-many', detail: 'You are in meetings on too many screens already.' }));
      socket.data['person'] = actor.id;
      next();
    }, (error: unknown) => {
      deps.log.warn({ err: error }, 'a socket could not be let in');
      next(withRefusal(unavailable));
    });
  });
  meetings.on('connection', (socket) => serve(socket));

  function serve(socket: Socket): void {
    const cookie = socket.request.headers.cookie;
    const acting = (actor: Actor): Acting => ({ actor, ...(cookie === undefined ? {} : { cookieHeader: cookie }) });
    let seat: Seat | undefined;
    let waiting = 0;
    let before: Promise<void> = Promise.resolve();
    const allowance = rateOf(deps.clock, limits.meetingEventsPerTenSeconds);

    const standUp = async (): Promise<void> => {
      const left = seat;
      seat = undefined;
      if (!left) return;
      await spread.unseat(left);
      if (!closing && (await leaveMeeting(deps, left.actor, left.meetingId, left.connectionId))) await spread.changed(left.meetingId);
    };
    const sitDown = async (actor: Actor, meetingId: string): Promise<ReturnType<typeof refuse> | undefined> => {
      if (seat?.meetingId === meetingId) return undefined;
      await standUp();
      const connectionId = newId('connection', deps.random);
      const joined = await joinMeeting(deps, acting(actor), meetingId, connectionId);
      if (!joined.ok) return joined;
      seat = { meetingId: joined.value, socket, actor, connectionId };
      await spread.seat(seat);
      await spread.changed(joined.value);
      return undefined;
    };

    async function handle(event: ClientEvent, order: Order<ClientEvent>): Promise<Acknowledgement> {
      const actor = await actorOf(cookie);
      if (!actor) {
        setImmediate(() => socket.disconnect(true));
        return refuse('not-signed-in', 'You are signed out; nothing was recorded.');
      }
      if (event === 'join') {
        const refused = await sitDown(actor, order.meetingId);
        if (refused) return refused;
      } else if (event === 'leave') {
        if (seat?.meetingId === order.meetingId) await standUp();
      } else {
        acted?.(cookie);
        const done = await carryOut(deps, acting(actor), event, order as never);
        if (!done.ok) return done;
        const record = done.value ? await afterChange(deps, spread, event, order.meetingId as MeetingId) : undefined;
        if (record) return { ok: true, state: presentMeeting(record, actor) };
      }
      const opened = await openMeeting(deps.db, actor, order.meetingId);
      return opened.ok ? { ok: true, state: presentMeeting(opened.value, actor) } : opened;
    }

    socket.onAny((name: unknown, ...args: readonly unknown[]) => {
      const last = args.at(-1);
      const answer: Answer = typeof last === 'function' ? (last as Answer) : () => undefined;
      if (!allowance()) return answer(tooMany);
      if (typeof name === 'string' && Object.hasOwn(serverEvents, name)) {
        // Only the service says how a meeting stands: no program of ours sends this.
        deps.log.warn({ event: 'server-event' }, 'a meeting’s connection claimed to be the service');
        return void socket.disconnect(true);
      }
      const read = readOrder(name, typeof last === 'function' ? args.slice(0, -1) : args);
      if (!read.ok) return answer(read);
      if (waiting >= limits.meetingEventsWaitingMax) return answer(tooMany);
      waiting += 1;
      // One after the other: leaving must not overtake joining.
      before = before.then(() => handle(read.event, read.order)).catch((error: unknown): Acknowledgement => {
        deps.log.error({ err: error, event: read.event, known: error instanceof DatabaseUnavailable }, 'an order of a meeting failed');
        return { ok: false, refusal: unavailable };
      }).then((acknowledgement) => {
        waiting -= 1;
        answer(acknowledgement);
      });
    });
    socket.on('disconnect', () => {
      before = before.then(standUp).catch((error: unknown) => deps.log.warn({ err: error }, 'a departure was not recorded at once; it will be when the silence is noticed'));
    });
  }

  const endSession = deps.bus.subscribe(sessionEndedChannel, (message) => {
    const ended = Buffer.from(message).toString('utf8');
    for (const socket of meetings.sockets.values()) if (sessionNameOf(socket.request.headers.cookie) === ended) socket.disconnect(true);
  });
  endSession.catch((error: unknown) => deps.log.warn({ err: error }, 'sessions that end elsewhere are noticed at their next order'));

  return {
    changed: async (id) => void (await spread.changed(id)),
    close: async () => {
      closing = true;
      watch.close();
      for (const seat of spread.seats) {
        await leaveMeeting(deps, seat.actor, seat.meetingId, seat.connectionId).catch((error: unknown) => deps.log.warn({ err: error }, 'a departure was not recorded'));
      }
      await spread.close();
      await endSession.then((stop) => stop(), () => undefined);
      // Closing the transport, not the namespace: a client that is told to go would not come back by itself.
      io.engine.close();
    },
  };
}

async function afterChange(deps: Deps, spread: Spread, event: ClientEvent, id: MeetingId): Promise<MeetingRecord | undefined> {
  const record = await spread.changed(id);
  if (leavesPatient(event)) payNotes(deps, id).catch((error: unknown) => deps.log.warn({ err: error, meeting: id }, 'a plan is still owed the meeting’s note'));
  return record;
}

const tooMany = refuse('too-many', 'Too many orders at once; wait a moment.');
const unavailable: Refusal = { code: 'unavailable', detail: 'The storage did not answer. What was recorded will show; send it again if it does not.' };
const withRefusal = (refusal: Refusal): Error => Object.assign(new Error(refusal.detail), { data: refusal });

type Read = { readonly ok: true; readonly event: ClientEvent; readonly order: Order<ClientEvent> } | { readonly ok: false; readonly refusal: Refusal };

/** The order, if there is such an event and it says exactly what it should. */
export function readOrder(name: unknown, args: readonly unknown[]): Read {
  if (typeof name !== 'string' || !Object.hasOwn(clientEvents, name)) return refuse('bad-request', 'There is no such event.');
  const event = name as ClientEvent;
  const parsed = clientEvents[event].safeParse(args[0]);
  if (args.length !== 1 || !parsed.success) {
    const problems = parsed.success ? [] : parsed.error.issues.map((issue) => ({ field: issue.path.map(String).join('.'), message: issue.message }));
    return refuse('invalid', 'The order cannot be read like this.', { problems });
  }
  return { ok: true, event, order: parsed.data };
}
