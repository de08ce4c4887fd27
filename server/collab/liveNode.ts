/** Live editing on one node: the plans that are open here, everybody who is connected, and what keeps them together. Knows no HTTP. */
import type { Logger } from 'pino';
import { may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { sections } from '../../shared/content/standard.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { CloseName } from '../../shared/wire/close.ts';
import type { Attempt } from '../audit/refusals.ts';
import type { Bus, Clock, Random } from '../ports.ts';
import { Checkpoints } from './checkpoints.ts';
import { Committer } from './committer.ts';
import { every } from './every.ts';
import { Fanout } from './fanout.ts';
import { Openings } from './openings.ts';
import type { OpenPlan } from './openPlan.ts';
import { OpenPlans } from './openPlans.ts';
import type { LiveSocket } from './liveSocket.ts';
import type { PlanLog } from './planLog.ts';
import { Presence } from './presence.ts';
import { Session } from './session.ts';

/** What somebody said before they left waits no longer than this for its commit. */
const leftKeptMs = 15_000;
/** How long a node that stops waits for what is in hand: longer than any commit takes that will still be answered. */
const finishMs = 6_000;
/** How long a client may take to say goodbye when this node stops. */
const goodbyeMs = 2_000;

export interface LiveNodeNeeds {
  readonly store: PlanLog;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly nodeId: string;
  /** Who is signed in with this credential, asked afresh; `undefined` when nobody is. */
  readonly actorOf: (credential: string | undefined) => Promise<Actor | undefined>;
  /** Whoever holds this credential wrote something. */
  readonly acted?: (credential: string | undefined) => void;
  /** Records that somebody was not let in. */
  readonly refused: (planId: PlanId, actor: Actor, attempt: Attempt) => void;
}

export interface Visit {
  readonly socket: LiveSocket;
  readonly actor: Actor;
  readonly credential: string | undefined;
  /** Name of the session, as storage knows it; `undefined` where the credential is none. */
  readonly session?: string | undefined;
  readonly planId: PlanId;
  /** The one section of a stock client's socket; `undefined` for the socket that carries them all. */
  readonly sectionId: string | undefined;
}
/** Let in with a session; turned away; or gone (or sent away) before it was decided, and nothing more is to be said. */
export type Admission =
  | { readonly kind: 'in'; readonly session: Session }
  | { readonly kind: 'away'; readonly name: CloseName }
  | { readonly kind: 'gone' };

/** Whether the same may be done, as far as that follows from who somebody is. */
const standsAlike = (now: Actor, before: Actor): boolean =>
  now.id === before.id && now.role === before.role && now.organisationId === before.organisationId && now.seniorClinician === before.seniorClinician;

interface Held {
  readonly session: Session;
  readonly plan: OpenPlan;
  readonly credential: string | undefined;
  /** Resolves when the socket is closed. */
  readonly gone: Promise<void>;
}

export class LiveNode {
  readonly plans: OpenPlans;
  readonly committer: Committer;
  readonly fanout: Fanout;
  readonly presence: Presence;
  readonly #openings: Openings;
  readonly #checkpoints: Checkpoints;
  readonly #held = new Set<Held>();
  /** Connections that have closed a moment ago, by their ids: what they said last may still wait for its commit. */
  readonly #left = new Map<string, Held>();
  /** How many connections each person has here. */
  readonly #connections = new Map<PersonId, number>();
  readonly #timers: readonly { cancel(): void }[];
  #checking: Promise<void> | undefined;
  /** Asked to stop: nobody is let in any more. */
  #stopping = false;

  constructor(private readonly needs: LiveNodeNeeds) {
    const { store, bus, clock, log, nodeId } = needs;
    const accessChanged = (plan: OpenPlan): void => {
      for (const each of this.#held) if (each.plan === plan) each.session.recheck(each.session.actor);
    };
    const sendAway = (plan: OpenPlan): void => {
      plan.closeAll('tryLater', 'storage cannot be reached just now');
      this.plans.letGo(plan);
    };
    this.#checkpoints = new Checkpoints({ store, clock, log });
    this.plans = new OpenPlans({
      store, clock, opened: (plan) => this.fanout.follow(plan),
      loaded: (plan, rooms) => {
        for (const room of rooms) this.#checkpoints.consider(plan, room);
        void this.presence.welcome(plan.id, rooms);
      },
    });
    this.fanout = new Fanout({
      store, bus, clock, log, plans: this.plans, nodeId, accessChanged, presence: (plan, states) => this.presence.heardFromNode(plan, states),
      leaving: (plan, room) => this.#checkpoints.atRest(plan, room),
      storageSilent: () => { for (const plan of this.plans.all()) sendAway(plan); },
    });
    this.presence = new Presence({ bus, clock, log, say: (planId, states) => this.fanout.sayPresence(planId, states) });
    this.committer = new Committer({
      store, clock, log, askWho: (plan) => this.checkSessions((each) => each.plan === plan, this.#left.values()),
      discard: sendAway,
      // Other nodes would learn of it from the next reading of heads only.
      accessChanged: (plan) => {
        accessChanged(plan);
        this.fanout.announce(plan.id, { kind: 'access-changed' });
      },
      committed: (plan, rows) => {
        this.fanout.committed(plan, rows);
        for (const sectionId of new Set(rows.map((row) => row.sectionId))) {
          const room = plan.rooms.get(sectionId);
          if (!room) continue;
          this.presence.goAlong(room);
          this.#checkpoints.consider(plan, room);
        }
      },
    });
    this.#openings = new Openings((plan, actor) => new Promise((recorded) => {
      if (!this.committer.submit(plan, { kind: 'opening', actor, recorded })) recorded(false);
    }));
    this.#timers = [
      every(clock, limits.keepAliveIntervalMs, () => {
        for (const { session } of this.#held) session.keepAlive();
        for (const plan of this.plans.all()) this.presence.renew(plan);
      }),
      every(clock, limits.sessionCheckMs, () => {
        this.#checking ??= this.checkSessions(() => true)
          .catch((error: unknown) => log.warn({ err: error }, 'sessions could not be checked; asked again soon'))
          .finally(() => { this.#checking = undefined; });
      }),
    ];
  }

  /** Lets somebody in to a plan, once their opening of it stands in its audit chain. Throws when storage cannot be asked. */
  async admit({ socket, actor, credential, session: sessionName, planId, sectionId }: Visit): Promise<Admission> {
    const { clock, log, random, refused } = this.needs;
    const plan = await this.plans.open(planId);
    // Who knocked before the node was asked to stop, and is known only now, would be forgotten here.
    if (this.#stopping) return { kind: 'away', name: 'restarting' };
    if (!plan) return { kind: 'away', name: 'notFound' };
    const attempt = hiddenAttempt(actor, plan, sectionId);
    if (attempt) {
      refused(plan.id, actor, attempt);
      return { kind: 'away', name: 'notFound' };
    }
    const connections = this.#connections.get(actor.id) ?? 0;
    if (connections >= limits.connectionsPerPersonMax) return { kind: 'away', name: 'tryLater' };
    // Gone while it was looked up who this is: there will be no other word of it.
    if (!socket.isOpen) return { kind: 'gone' };
    const session = new Session(Buffer.from(random(9)).toString('base64url'), actor, plan, sectionId, socket, {
      log, clock, presence: this.presence, refused, acted: () => this.needs.acted?.(credential), submit: (to, item) => this.committer.submit(to, item),
    }, sessionName);
    plan.connections.add(session);
    const gone = new Promise<void>((resolve) => socket.onceClosed(resolve));
    const held: Held = { session, plan, credential, gone };
    this.#held.add(held);
    this.#connections.set(actor.id, connections + 1);
    socket.onceClosed(() => {
      session.gone();
      this.#openings.left(plan, actor.id);
      this.#held.delete(held);
      this.#left.set(session.connection, held);
      clock.after(leftKeptMs, () => this.#left.delete(session.connection));
      const left = (this.#connections.get(actor.id) ?? 1) - 1;
      if (left === 0) this.#connections.delete(actor.id);
      else this.#connections.set(actor.id, left);
    });
    // Read while the opening is being recorded; shown only once that stands.
    readAhead(plan, actor, sectionId);
    if (!(await this.#openings.stands(plan, actor))) session.close('tryLater', 'storage cannot be reached just now');
    // Sent away or gone meanwhile.
    if (!session.isOpen) return { kind: 'gone' };
    this.presence.arrived(plan.id, session);
    session.begin();
    return { kind: 'in', session };
  }

  /** Asks once for each credential, however many sockets it has, whether it still signs somebody in. */
  async checkSessions(concerned: (held: Held) => boolean, left: Iterable<Held> = []): Promise<void> {
    const byCredential = new Map<string | undefined, Held[]>();
    for (const each of [...this.#held, ...left]) {
      if (!concerned(each)) continue;
      const own = byCredential.get(each.credential);
      if (own) own.push(each);
      else byCredential.set(each.credential, [each]);
    }
    await Promise.all([...byCredential].map(async ([credential, held]) => {
      const actor = await this.needs.actorOf(credential);
      for (const { session } of held) {
        // What changes about the plan is looked at when it changes.
        if (actor && !standsAlike(actor, session.actor)) session.recheck(actor);
        else if (!actor) session.close('notSignedIn', 'signed out');
      }
    }));
  }

  /** Sends away whoever is connected in one of these sessions, by their names: it no longer signs anybody in. */
  signedOut(isEnded: (session: string | undefined) => boolean): void {
    for (const { session } of this.#held) if (isEnded(session.session)) session.close('notSignedIn', 'signed out');
  }

  /** Resolves when nothing waits to be committed, or storage takes too long about it: then nobody is told that it is saved. */
  #inHand(): Promise<void> {
    return new Promise((resolve) => {
      const overdue = this.needs.clock.after(finishMs, resolve);
      void this.committer.idle().finally(() => {
        overdue.cancel();
        resolve();
      });
    });
  }

  /** Finishes what is in hand, then sends everybody away to another node. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) timer.cancel();
    await this.#inHand();
    for (const { session } of this.#held) session.close('restarting', 'this node is stopping');
    const overdue = this.needs.clock.after(goodbyeMs, () => { for (const { session } of this.#held) session.cut(); });
    await Promise.all([...this.#held].map((each) => each.gone));
    overdue.cancel();
    await this.fanout.stop();
    await this.committer.idle();
    await this.#checking;
    for (const plan of this.plans.all()) {
      for (const room of plan.rooms.values()) this.#checkpoints.atRest(plan, room);
    }
    await this.#checkpoints.idle();
    for (const plan of this.plans.all()) this.plans.letGo(plan);
  }
}

/** Reads what the person is about to ask for. One who never asks has cost a reading; what could not be read is read again when it is asked for. */
function readAhead(plan: OpenPlan, actor: Actor, sectionId: string | undefined): void {
  const wanted = sectionId === undefined ? sections.map(({ id }) => id).filter((id) => may(actor, 'view-section', { kind: 'section', plan: plan.head, section: id }).ok) : [sectionId];
  for (const id of wanted) plan.room(id).catch(() => undefined);
}

/** What of the plan is hidden from the person; undefined when nothing is. */
function hiddenAttempt(actor: Actor, { head }: OpenPlan, sectionId: string | undefined): Attempt | undefined {
  if (!may(actor, 'read-draft', { kind: 'plan', plan: head }).ok) return { action: 'open-plan' };
  return sectionId === undefined || may(actor, 'view-section', { kind: 'section', plan: head, section: sectionId }).ok ? undefined : { action: 'open-section', section: sectionId };
}
