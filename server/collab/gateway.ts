/** The way in to `/sync`: who may connect, to what, and how long a connection is believed. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { mayPlan, maySection } from '../../shared/domain/access.ts';
import { parseId, type PlanId } from '../../shared/ids.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { limits } from '../../shared/limits.ts';
import type { PresentUser } from '../../shared/wire/presence.ts';
import type { CloseName } from '../../shared/wire/close.ts';
import { appendPlansAudit } from '../audit/chain.ts';
import { recordRefusal, type Attempt } from '../audit/refusals.ts';
import { sessionEndedChannel, sessionNameOf } from '../identity/sessions.ts';
import type { Deps, PlanText } from '../ports.ts';
import { Committer } from './committer.ts';
import { bytesOf, gather, turnAway, type Early } from './early.ts';
import { Fanout } from './fanout.ts';
import { Openings } from './openings.ts';
import type { OpenPlan } from './openPlan.ts';
import { OpenPlans } from './openPlans.ts';
import { planText } from './planText.ts';
import { Presence } from './presence.ts';
import { Session } from './session.ts';

/** How long a session that ended elsewhere may still read, should the hint be lost. */
const sessionCheckMs = 5_000;
/** How long a client may take to say goodbye when this node stops. */
const goodbyeMs = 2_000;
/** Room for the type, the step and the lengths around a sync reply. */
const envelopeBytes = 256;

export interface SyncOptions {
  readonly server: Server;
  readonly deps: Omit<Deps, 'text'>;
  /** Who is signed in with this Cookie header, asked afresh; `undefined` when nobody is. */
  readonly actorOf: (cookieHeader: string | undefined) => Promise<Actor | undefined>;
}
export interface Sync {
  readonly text: PlanText;
  /** Who has the plan open now, on any node. */
  readonly presence: { presentOn(planId: PlanId): Promise<readonly PresentUser[]> };
  /** Finishes what is in hand, then sends everybody away to another node. */
  close(): Promise<void>;
}

interface Held {
  readonly session: Session;
  readonly plan: OpenPlan;
  readonly cookie: string | undefined;
  /** Resolves when the socket is closed. */
  readonly gone: Promise<void>;
}

/** Puts `/sync` on the server. */
export function attachSync({ server, deps, actorOf }: SyncOptions): Sync {
  const { db, bus, clock, log, random, settings } = deps;
  const held = new Set<Held>();
  const origin = new URL(settings.publicUrl).origin;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: limits.syncReplyBytesMax + envelopeBytes, clientTracking: false });
  let closing = false;

  const accessChanged = (plan: OpenPlan): void => {
    for (const each of held) if (each.plan === plan) each.session.recheck(each.session.actor);
  };
  const plans: OpenPlans = new OpenPlans({ db, clock, opened: (plan) => fanout.follow(plan) });
  const fanout: Fanout = new Fanout({
    db, bus, clock, log, plans, nodeId: settings.nodeId, accessChanged, presence: (plan, states) => presence.heardFromNode(plan, states),
  });
  const presence = new Presence({ bus, clock, log, say: (planId, states) => fanout.sayPresence(planId, states) });
  const discard = (plan: OpenPlan): void => {
    plan.closeAll('tryLater', 'storage cannot be reached just now');
    plans.letGo(plan);
  };
  const committer = new Committer({ db, clock, log, audit: appendPlansAudit, accessChanged, discard, committed: (plan, rows) => fanout.committed(plan, rows) });

  const openings = new Openings((plan, actor) => new Promise((recorded) => {
    if (!committer.submit(plan, { kind: 'opening', actor, recorded })) recorded(false);
  }));

  const refused = (planId: PlanId, actor: Actor, attempt: Attempt): void => void recordRefusal({ db, log }, actor, planId, attempt, 'not-found');

  async function welcome(socket: WebSocket, early: Early, request: IncomingMessage, target: Target, onScreen: string | null): Promise<void> {
    const away = (name: CloseName): void => {
      early.drop();
      turnAway(socket, name, clock);
    };
    const cookie = request.headers.cookie;
    const actor = await actorOf(cookie);
    // A screen that shows one person never writes as another: the browser's cookie may have been replaced by a later sign-in.
    if (!actor || (onScreen !== null && onScreen !== actor.id)) return away('notSignedIn');
    const plan = target && (await plans.open(target.planId));
    if (!target || !plan) return away('notFound');
    const attempt = hiddenAttempt(actor, plan, target);
    if (attempt) {
      away('notFound');
      return refused(plan.id, actor, attempt);
    }
    const session = new Session(newConnectionId(random), actor, plan, target.sectionId, socket, { log, clock, presence, submit: (to, item) => committer.submit(to, item), refused });
    // Gone while it was looked up who this is: there will be no other word of it.
    if (socket.readyState !== socket.OPEN) return;
    plan.connections.add(session);
    const gone = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
    const one: Held = { session, plan, cookie, gone };
    held.add(one);
    socket.once('close', () => {
      session.gone();
      openings.left(plan, actor.id);
      held.delete(one);
    });
    socket.on('pong', () => { session.alive = true; });
    if (!(await openings.stands(plan, actor))) session.close('tryLater', 'storage cannot be reached just now');
    // Sent away or gone meanwhile.
    if (!session.isOpen) return early.drop();
    presence.arrived(plan.id, session);
    session.begin();
    early.release((data, isBinary) => {
      session.alive = true;
      if (isBinary) session.heard(bytesOf(data));
      else session.close('badFrame', 'text frames are not part of the protocol');
    });
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    if (path !== '/sync' && !path.startsWith('/sync/')) return;
    const claimed = request.headers.origin;
    if (claimed !== undefined && claimed !== origin) return refuseUpgrade(socket, '403 Forbidden');
    if (closing) return refuseUpgrade(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (opened) => {
      // A frame that breaks the protocol or is too large: the library closes the socket with the right code by itself.
      opened.on('error', (error) => log.info({ err: error.message }, 'a live connection broke the protocol'));
      const early = gather(opened, () => turnAway(opened, 'tryLater', clock));
      welcome(opened, early, request, targetOf(path), new URLSearchParams(query).get('person')).catch((error: unknown) => {
        log.warn({ err: error }, 'a live connection could not be opened');
        early.drop();
        turnAway(opened, 'tryLater', clock);
      });
    });
  };
  server.on('upgrade', onUpgrade);

  const keepAlive = every(clock, limits.keepAliveIntervalMs, () => {
    for (const { session } of held) session.keepAlive();
    for (const plan of plans.all()) presence.renew(plan);
  });

  /** Asks once for each cookie, however many sockets it has, whether it still signs somebody in. */
  async function checkSessions(): Promise<void> {
    const byCookie = new Map<string | undefined, Held[]>();
    for (const each of held) byCookie.set(each.cookie, [...(byCookie.get(each.cookie) ?? []), each]);
    for (const [cookie, sessions] of byCookie) {
      const actor = await actorOf(cookie);
      for (const { session } of sessions) {
        if (actor) session.recheck(actor);
        else session.close('notSignedIn', 'signed out');
      }
    }
  }
  let checking = false;
  const sessionCheck = every(clock, sessionCheckMs, () => {
    if (checking) return;
    checking = true;
    checkSessions()
      .catch((error: unknown) => log.warn({ err: error }, 'sessions could not be checked; asked again soon'))
      .finally(() => { checking = false; });
  });
  const unsubscribe = bus.subscribe(sessionEndedChannel, (message) => {
    const ended = Buffer.from(message).toString();
    for (const { session, cookie } of held) if (sessionNameOf(cookie) === ended) session.close('notSignedIn', 'signed out');
  }).catch((error: unknown) => {
    log.warn({ err: error }, 'sign-outs on other nodes cannot be heard; sessions are asked for instead');
    return async () => undefined;
  });

  return {
    text: planText({ clock, random, plans, committer, announce: (planId, notice) => fanout.announce(planId, notice) }),
    presence: { presentOn: (planId) => presence.presentOn(planId) },
    close: async () => {
      closing = true;
      server.off('upgrade', onUpgrade);
      keepAlive.cancel();
      sessionCheck.cancel();
      await committer.idle();
      for (const { session } of held) session.close('restarting', 'this node is stopping');
      const overdue = clock.after(goodbyeMs, () => { for (const { session } of held) session.cut(); });
      await Promise.all([...held].map((each) => each.gone));
      overdue.cancel();
      await (await unsubscribe)();
      await fanout.stop();
      await committer.idle();
      for (const plan of plans.all()) plans.letGo(plan);
    },
  };
}

type Target = { readonly planId: PlanId; readonly sectionId: string | undefined } | undefined;

function targetOf(path: string): Target {
  const [, , planText, sectionId, ...rest] = path.split('/');
  const planId = parseId('plan', planText);
  return planId && rest.length === 0 && sectionId !== '' ? { planId, sectionId } : undefined;
}

/** What of the address is hidden from the person; undefined when nothing is. */
function hiddenAttempt(actor: Actor, { head }: OpenPlan, { sectionId }: NonNullable<Target>): Attempt | undefined {
  if (!mayPlan(actor, 'read-draft', head).ok) return { action: 'open-plan' };
  return sectionId === undefined || maySection(actor, 'view-section', head, sectionId).ok ? undefined : { action: 'open-section', section: sectionId };
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const newConnectionId = (random: (bytes: number) => Uint8Array): string => Buffer.from(random(9)).toString('base64url');

/** Calls `work` again and again. `work` must not throw. */
function every(clock: Deps['clock'], intervalMs: number, work: () => void): { cancel(): void } {
  let next: { cancel(): void };
  const again = (): void => {
    next = clock.after(intervalMs, () => {
      again();
      work();
    });
  };
  again();
  return { cancel: () => next.cancel() };
}
