/** The way in to `/sync`: who may connect, and to what. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { parseId, type PersonId, type PlanId } from '../../shared/ids.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { limits } from '../../shared/limits.ts';
import type { PresentUser } from '../../shared/wire/presence.ts';
import type { CloseName } from '../../shared/wire/close.ts';
import { recordRefusal } from '../audit/refusals.ts';
import { openDoor, refuseUpgrade } from '../http/door.ts';
import { sessionEndedChannel, sessionNameOf } from '../identity/sessions.ts';
import type { Deps, PlanText } from '../ports.ts';
import { bytesOf, gather, turnAway, type Early } from './early.ts';
import { LiveNode } from './liveNode.ts';
import { liveSocketOf } from './liveSocket.ts';
import { planText } from './planText.ts';
import { postgresLog } from './postgresLog.ts';

/** The library knows this bound, its types do not yet. */
const pieces = { maxFragments: limits.fragmentsMax };
/** Room for the type, the step and the lengths around a sync reply. */
const envelopeBytes = 256;

export interface SyncOptions {
  readonly server: Server;
  readonly deps: Omit<Deps, 'text' | 'recordAccess'>;
  /** Who is signed in with this Cookie header, asked afresh; `undefined` when nobody is. */
  readonly actorOf: (cookieHeader: string | undefined) => Promise<Actor | undefined>;
  /** Whoever sent this Cookie header wrote something just now. */
  readonly acted?: (cookieHeader: string | undefined) => void;
  /** Counts that the person opens the plan; false when they have opened too many lately. */
  readonly mayOpen?: (person: PersonId, planId: PlanId) => boolean;
}
export interface Sync {
  readonly text: PlanText;
  /** Who has the plan open now, on any node. */
  readonly presence: { presentOn(planId: PlanId): Promise<readonly PresentUser[]> };
  /** Finishes what is in hand, then sends everybody away to another node. */
  close(): Promise<void>;
}

/** Puts `/sync` on the server. */
export function attachSync({ server, deps, actorOf, acted, mayOpen = () => true }: SyncOptions): Sync {
  const { db, bus, clock, log, random, settings } = deps;
  const door = openDoor(deps);
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: limits.syncReplyBytesMax + envelopeBytes, clientTracking: false, ...pieces });
  const node = new LiveNode({
    store: postgresLog(db, log), bus, clock, random, log, nodeId: settings.nodeId, actorOf, ...(acted ? { acted } : {}),
    refused: (planId, actor, attempt) => void recordRefusal({ db, log }, actor, planId, attempt, 'not-found'),
  });
  let closing = false;

  async function welcome(socket: WebSocket, line: Duplex, early: Early, request: IncomingMessage, target: Target, onScreen: string | null): Promise<void> {
    const away = (name: CloseName): void => {
      early.drop();
      turnAway(socket, name, clock);
    };
    const credential = request.headers.cookie;
    const actor = await actorOf(credential);
    door.told(request, actor);
    // A screen that shows one person never writes as another: the browser's cookie may have been replaced by a later sign-in.
    if (!actor || (onScreen !== null && onScreen !== actor.id)) return away('notSignedIn');
    if (!target) return away('notFound');
    if (!mayOpen(actor.id, target.planId)) return away('overLimit');
    const admission = await node.admit({ socket: liveSocketOf(socket, line), actor, credential, session: sessionNameOf(credential), ...target });
    if (admission.kind === 'away') return away(admission.name);
    if (admission.kind === 'gone') return early.drop();
    const { session } = admission;
    socket.on('pong', () => session.answered());
    socket.on('ping', () => session.pinged());
    early.release((data, isBinary) => {
      if (isBinary) session.heard(bytesOf(data));
      else session.close('badFrame', 'text frames are not part of the protocol');
    });
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    if (path !== '/sync' && !path.startsWith('/sync/')) return;
    const refusal = door.refusal(request);
    if (refusal !== undefined) return refuseUpgrade(socket, refusal);
    if (closing) return refuseUpgrade(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (opened) => {
      // A frame that breaks the protocol or is too large: the library closes the socket with the right code by itself.
      opened.on('error', (error) => log.info({ err: error.message }, 'a live connection broke the protocol'));
      const early = gather(opened, () => turnAway(opened, 'tryLater', clock));
      welcome(opened, socket, early, request, targetOf(path), new URLSearchParams(query).get('person')).catch((error: unknown) => {
        log.warn({ err: error }, 'a live connection could not be opened');
        early.drop();
        turnAway(opened, 'tryLater', clock);
      });
    });
  };
  server.on('upgrade', onUpgrade);

  const unsubscribe = bus.subscribe(sessionEndedChannel, (message) => {
    const ended = Buffer.from(message).toString();
    node.signedOut((session) => session === ended);
  }).catch((error: unknown) => {
    log.warn({ err: error }, 'sign-outs on other nodes cannot be heard; sessions are asked for instead');
    return async () => undefined;
  });

  return {
    text: planText({ clock, random, plans: node.plans, committer: node.committer, announce: (planId, notice) => node.fanout.announce(planId, notice) }),
    presence: { presentOn: (planId) => node.presence.presentOn(planId) },
    close: async () => {
      closing = true;
      server.off('upgrade', onUpgrade);
      await node.stop();
      await (await unsubscribe)();
    },
  };
}

type Target = { readonly planId: PlanId; readonly sectionId: string | undefined } | undefined;

function targetOf(path: string): Target {
  const [, , planText, sectionId, ...rest] = path.split('/');
  const planId = parseId('plan', planText);
  return planId && rest.length === 0 && sectionId !== '' ? { planId, sectionId } : undefined;
}
