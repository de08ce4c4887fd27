/** What has to be done again and again: say that our connections live, notice those of dead nodes, pay notes that are owed, let nobody stay who was signed out. */
import type { Actor } from '../../shared/domain/roles.ts';
import { newId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Deps } from '../ports.ts';
import { endSilent, joinMeeting } from './attendance.ts';
import { keepConnections } from './attendanceStore.ts';
import { payAllNotes } from './planNote.ts';
import type { Spread } from './spread.ts';

/** Begins at once and goes on until closed. A round that fails is logged and the next one tries again. */
export function keepWatch(deps: Deps, spread: Spread, actorOf: (cookie: string | undefined) => Promise<Actor | undefined>): { close(): void } {
  let closed = false;
  let timer = deps.clock.after(0, round);

  function round(): void {
    const again = () => { if (!closed) timer = deps.clock.after(limits.keepAliveIntervalMs, round); };
    once().catch((error: unknown) => deps.log.warn({ err: error }, 'the watch over meetings missed a round')).finally(again);
  }

  async function once(): Promise<void> {
    await keepOurs();
    for (const id of await endSilent(deps)) await spread.changed(id);
    await payAllNotes(deps);
  }

  async function keepOurs(): Promise<void> {
    const seats = [...spread.seats];
    if (seats.length === 0) return;
    for (const seat of seats) {
      const actor = await actorOf(seat.socket.request.headers.cookie);
      if (actor?.organisationId !== seat.actor.organisationId || actor.role !== seat.actor.role) seat.socket.disconnect(true);
    }
    const kept = new Set((await keepConnections(deps.db, seats.map(({ connectionId }) => connectionId))).map(({ id }) => id));
    for (const seat of seats) {
      if (kept.has(seat.connectionId) || !seat.socket.connected || !spread.seats.has(seat)) continue;
      // Another node took us for dead while the database was out of reach: the person is still here.
      const connectionId = newId('connection', deps.random);
      const { cookie } = seat.socket.request.headers;
      const joined = await joinMeeting(deps, { actor: seat.actor, ...(cookie === undefined ? {} : { cookieHeader: cookie }) }, seat.meetingId, connectionId);
      if (!joined.ok) continue;
      seat.connectionId = connectionId;
      await spread.changed(seat.meetingId);
    }
  }

  return {
    close: () => {
      closed = true;
      timer.cancel();
    },
  };
}
