/** The one place that joins features to each other and to the world: routes, live parts, and the order in which they start and stop. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { limits } from '../shared/limits.ts';
import { openAccess } from './audit/access.ts';
import { auditRoutes } from './audit/routes.ts';
import { keepAudit, type Standing } from './audit/standing.ts';
import { breakGlassRoutes } from './breakGlass/routes.ts';
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
import { identityRoutes, type IdentityOptions } from './identity/routes.ts';
import { watchActivity } from './identity/activity.ts';
import { openProvider } from './identity/provider.ts';
import { noRoles, readRoleMap } from './identity/roleMap.ts';
import { standingOf } from './identity/sessions.ts';
import { askWho } from './identity/whoIs.ts';
import type { RecordSignIn } from './identity/signInRecord.ts';
import { endDemoSessions } from './identity/store.ts';
import { forgetOldSignIns } from './identity/signInStore.ts';
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
import { knowsPlan } from './plans/known.ts';
import { peopleRoutes } from './plans/peopleRoutes.ts';
import { planRoutes } from './plans/routes.ts';
import { rememberOpenings } from './plans/seen.ts';
import type { Deps } from './ports.ts';
import { signVersion } from './versions/commands.ts';
import { reviewPlan } from './versions/review.ts';
import { urgentRoutes, versionRoutes } from './versions/routes.ts';

export type AppOptions = Omit<Deps, 'text' | 'recordAccess'> & {
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
  const actor = askWho(db);
  const acted = watchActivity(options);
  const sync = attachSync({ server, deps: options, actorOf: actor, acted, mayOpen: (person, planId) => plansOpened.admits(person, planId) });
  const access = openAccess(options);
  const deps: Deps = { db, settings, log, clock, bus: options.bus, random: options.random, text: sync.text, recordAccess: access.record };
  const rehearsals = new Rehearsals(deps, {
    address: () => `http://${settings.host === '0.0.0.0' ? '127.0.0.1' : settings.host}:${(server.address() as AddressInfo).port}`,
    presentOn: (planId) => sync.presence.presentOn(planId),
    presentIn: async (meetingId) => (await peopleOfMeeting(db, meetingId)).filter(({ present, simulated }) => present && !simulated).length,
  });
  const identity = identityOf(deps);
  if (identity.provider) await endDemoSessions(db);
  const openings = rememberOpenings(clock);
  const routes = [
    ...identityRoutes(deps, identity),
    ...planRoutes(deps, (planId) => sync.presence.presentOn(planId), openings),
    ...peopleRoutes(deps),
    ...historyRoutes(deps, openings),
    ...offlineRoutes(deps),
    ...versionRoutes(deps),
    ...urgentRoutes(deps),
    ...auditRoutes(deps),
    ...breakGlassRoutes(deps),
    ...meetingRoutes(deps),
    ...practiceRoutes(deps, rehearsals),
  ];
  const { app, health } = createFrame({ ...options, routes, pages, plansOpened, knowsPlan: (actor, planId) => knowsPlan(db, actor, planId), standingOf: (cookieHeader, byPerson) => standingOf(db, cookieHeader, byPerson) });
  server.on('request', app);
  // After the pages: Socket.IO puts itself before whatever answers requests already.
  const meetings = attachMeetings({ server, deps, actorOf: actor, acted });
  server.on('upgrade', refuseUnknownUpgrade);

  let cleaning = clock.after(hourMs, clean);
  function clean(): void {
    forgetOldAnswers(db).catch((error: unknown) => log.warn({ err: error }, 'old answers were not forgotten'));
    forgetOldSignIns(db).catch((error: unknown) => log.warn({ err: error }, 'old sign-ins were not forgotten'));
    forgetOldSecrets(db).catch((error: unknown) => log.warn({ err: error }, 'secrets of old offline copies were not forgotten'));
    cleaning = clock.after(hourMs, clean);
  }

  let standing: Standing | undefined;
  return {
    server,
    deps,
    seedDemo: () => seedDemo(deps, demoCommands),
    listen: async () => {
      const port = await listen(server, settings.host, settings.port);
      standing = keepAudit(options);
      return port;
    },
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
      await access.close();
      await standing?.close();
    },
  };
}

/** How people sign in here, from the settings. Throws one plain line when the file of roles cannot be used. */
function identityOf({ settings, log, recordAccess }: Pick<Deps, 'settings' | 'log' | 'recordAccess'>): IdentityOptions {
  // Nobody is let in unrecorded; nobody is kept from leaving, and a flood of refusals waits for nothing.
  const record: RecordSignIn = ({ actor, role, organisation, action, outcome, reason }) => {
    const entry = { actor: actor ?? 'unknown', action, outcome, ...(role ? { role } : {}), ...(organisation ? { organisation } : {}), ...(reason ? { reason } : {}) } as const;
    if (outcome === 'done' && action.startsWith('sign-in')) return recordAccess(entry);
    void recordAccess(entry, { soon: true }).catch(() => undefined);
    return Promise.resolve();
  };
  if (!settings.provider) return { provider: undefined, roles: noRoles, record };
  const { rolesFile, rolesFileNamed } = settings.provider;
  const roles = readRoleMap(rolesFile);
  if (!roles && rolesFileNamed) throw new Error(`OIDC_ROLES should name a file that is there; ${rolesFile} is not.`);
  if (!roles) log.warn({ file: rolesFile }, 'OIDC_ROLES should name the file that says which roles of the provider are which here: without it nobody has a role, so nobody gets in');
  const { scopes, acrValues } = roles ?? noRoles;
  return { provider: openProvider({ settings: settings.provider, publicUrl: settings.publicUrl, scopes, acrValues }), roles: roles ?? noRoles, record };
}

/** What the demo is made with: the very commands that people's own clicks lead to. */
export const demoCommands: Parameters<typeof seedDemo>[1] = {
  reviewPlan,
  signVersion,
  createMeeting,
  joinMeeting,
  carryOut: (deps, acting, event, order) => carryOut(deps, acting, event, order),
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
