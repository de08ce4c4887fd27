/** The one place that joins features to each other and to the world: routes, live parts, and the order in which they start and stop. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { limits } from '../shared/limits.ts';
import { auditRoutes } from './audit/routes.ts';
import { attachSync } from './collab/gateway.ts';
import { practiceRoutes } from './demo/practice.ts';
import { Rehearsals } from './demo/rehearsals.ts';
import { seedDemo } from './demo/seed.ts';
import { historyRoutes } from './history/routes.ts';
import { createFrame } from './http/frame.ts';
import { forgetOldAnswers } from './http/idempotency.ts';
import { PlansOpened } from './http/plansOpened.ts';
import { refuseUpgrade } from './http/door.ts';
import { createHttpServer } from './http/server.ts';
import { identityRoutes } from './identity/routes.ts';
import { actorOf } from './identity/sessions.ts';
import { joinMeeting } from './meetings/attendance.ts';
import { peopleOfMeeting } from './meetings/attendanceStore.ts';
import { createMeeting } from './meetings/commands.ts';
import { carryOut } from './meetings/events.ts';
import { attachMeetings } from './meetings/gateway.ts';
import { payNotes } from './meetings/planNote.ts';
import { openMeeting } from './meetings/record.ts';
import { meetingRoutes } from './meetings/routes.ts';
import { offlineRoutes } from './offline/routes.ts';
import { forgetOldSecrets } from './offline/store.ts';
import { planRoutes } from './plans/routes.ts';
import { rememberOpenings } from './plans/seen.ts';
import type { Deps } from './ports.ts';
import { signVersion } from './versions/commands.ts';
import { reviewPlan } from './versions/review.ts';
import { urgentRoutes, versionRoutes } from './versions/routes.ts';

export type AppOptions = Omit<Deps, 'text'> & {
  /** How many migrations the database has. */
  readonly migrations: number;
  readonly version: string;
};

export interface App {
  readonly server: Server;
  readonly deps: Deps;
  /** Makes what is missing of the demo community and its patients. Throws outside demo mode. */
  seedDemo(): Promise<void>;
  /** Starts to accept; answers the port. Throws when the port is taken. */
  listen(): Promise<number>;
  /** Sends everyone away in order: no new work, sockets told to come back, requests in hand finished. */
  close(): Promise<void>;
}

const pages = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'client', 'dist');
const hourMs = 60 * 60 * 1000;

export async function createApp(options: AppOptions): Promise<App> {
  const { db, settings, log, clock } = options;
  const server = createHttpServer();
  const plansOpened = new PlansOpened(clock, log, settings);
  const actor = (cookieHeader: string | undefined) => actorOf(db, cookieHeader);
  const sync = attachSync({ server, deps: options, actorOf: actor, mayOpen: (person, planId) => plansOpened.admits(person, planId) });
  const deps: Deps = { db, settings, log, clock, bus: options.bus, random: options.random, text: sync.text };
  const rehearsals = new Rehearsals(deps, {
    address: () => `http://${settings.host === '0.0.0.0' ? '127.0.0.1' : settings.host}:${(server.address() as AddressInfo).port}`,
    presentOn: (planId) => sync.presence.presentOn(planId),
    presentIn: async (meetingId) => (await peopleOfMeeting(db, meetingId)).filter(({ present, simulated }) => present && !simulated).length,
  });
  const openings = rememberOpenings(clock);
  const routes = [
    ...identityRoutes(deps),
    ...planRoutes(deps, (planId) => sync.presence.presentOn(planId), openings),
    ...historyRoutes(deps, openings),
    ...offlineRoutes(deps),
    ...versionRoutes(deps),
    ...urgentRoutes(deps),
    ...auditRoutes(deps),
    ...meetingRoutes(deps),
    ...practiceRoutes(deps, rehearsals),
  ];
  const { app, health } = createFrame({ ...options, routes, pages, actorOf: actor, plansOpened });
  server.on('request', app);
  // After the pages: Socket.IO puts itself before whatever answers requests already.
  const meetings = attachMeetings({ server, deps, actorOf: actor });
  server.on('upgrade', refuseUnknownUpgrade);

  let cleaning = clock.after(hourMs, clean);
  function clean(): void {
    forgetOldAnswers(db).catch((error: unknown) => log.warn({ err: error }, 'old answers were not forgotten'));
    forgetOldSecrets(db).catch((error: unknown) => log.warn({ err: error }, 'secrets of old offline copies were not forgotten'));
    cleaning = clock.after(hourMs, clean);
  }

  return {
    server,
    deps,
    seedDemo: () => seedDemo(deps, demoCommands),
    listen: () => listen(server, settings.host, settings.port),
    close: async () => {
      health.startDraining();
      // While they can still be heard taking back what they wrote.
      await rehearsals.close();
      cleaning.cancel();
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeIdleConnections();
      await meetings.close();
      await sync.close();
      const overdue = clock.after(limits.drainMs, () => server.closeAllConnections());
      await closed;
      overdue.cancel();
    },
  };
}

/** What the demo is made with: the very commands that people's own clicks lead to. */
export const demoCommands: Parameters<typeof seedDemo>[1] = {
  reviewPlan,
  signVersion,
  createMeeting,
  joinMeeting,
  carryOut: (deps, actor, event, order) => carryOut(deps, actor, event, order),
  agendaOf: async (deps, actor, meetingId) => {
    const record = await openMeeting(deps.db, actor, meetingId);
    return record.ok ? record.value.items : [];
  },
  payNotes,
};

/** Throws one plain line when nobody could listen there: better said before anything is started than after. */
export async function checkAddress(host: string, port: number): Promise<void> {
  const trial = createServer();
  await listen(trial, host, port);
  await new Promise<void>((resolve) => void trial.close(() => resolve()));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' ? new Error(`PORT ${port} on ${host} is taken by another program: stop that one, or set PORT to a free one.`) : error;
      reject(error.code === 'EADDRNOTAVAIL' ? new Error(`HOST ${host} is no address of this computer.`) : taken);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Sockets are opened at two addresses; anywhere else the visitor is told at once instead of left waiting. */
function refuseUnknownUpgrade(request: { readonly url?: string | undefined }, socket: Duplex): void {
  if (/^\/(sync|socket\.io)([/?]|$)/.test(request.url ?? '')) return;
  refuseUpgrade(socket, '404 Not Found');
}
