/** One node of live editing without HTTP: a real database, a clock that the test moves, and sockets whose other side the test plays. */
import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { LiveNode } from '../../server/collab/liveNode.ts';
import type { LiveSocket } from '../../server/collab/liveSocket.ts';
import { postgresLog } from '../../server/collab/postgresLog.ts';
import type { PlanLog } from '../../server/collab/planLog.ts';
import type { Session } from '../../server/collab/session.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { decodeFrames, encodeFrame, splitSection, withSection, type ClientFrame, type ServerFrame } from '../../shared/crdt/frame.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Database } from '../../server/ports.ts';
import { eventually } from './eventually.ts';
import { handClock, type HandClock } from './handClock.ts';
import { people, type PersonName } from './provider.ts';

export interface Said {
  readonly section: string;
  readonly frame: ServerFrame;
}

/** The server's end of a socket. What is sent counts as flushed at once unless `stuck`. */
export class PlayedSocket implements LiveSocket {
  readonly heard: Said[] = [];
  isOpen = true;
  bufferedAmount = 0;
  paused = false;
  closedWith: number | undefined;
  /** While true, nothing that is sent leaves. */
  stuck = false;
  readonly #waiting: (() => void)[] = [];
  readonly #closed: (() => void)[] = [];

  send(bytes: Uint8Array, flushed: () => void): void {
    const split = splitSection(bytes);
    for (const frame of (split && decodeFrames(split.frame)) || []) this.heard.push({ section: split?.section ?? '', frame });
    if (!this.stuck) return flushed();
    this.bufferedAmount += bytes.length;
    this.#waiting.push(flushed);
  }
  /** Everything that waited leaves. */
  flush(): void {
    this.stuck = false;
    this.bufferedAmount = 0;
    for (const flushed of this.#waiting.splice(0)) flushed();
  }
  ping(): void {}
  pause(): void { this.paused = true; }
  resume(): void { this.paused = false; }
  close(code: number): void {
    this.closedWith ??= code;
    this.terminate();
  }
  terminate(): void {
    this.isOpen = false;
    for (const work of this.#closed.splice(0)) work();
  }
  onceClosed(work: () => void): void { this.#closed.push(work); }

  /** The frames of one kind, in order. */
  of<Kind extends ServerFrame['kind']>(kind: Kind): Extract<ServerFrame, { kind: Kind }>[] {
    return this.heard.map(({ frame }) => frame).filter((frame): frame is Extract<ServerFrame, { kind: Kind }> => frame.kind === kind);
  }
}

export interface Guest {
  readonly socket: PlayedSocket;
  readonly session: Session;
  say(section: string, frame: ClientFrame): void;
  /** Waits for the answer to a saved barrier. */
  saved(section: string): Promise<number>;
}

export interface LiveWorld {
  readonly node: LiveNode;
  readonly clock: HandClock;
  readonly store: PlanLog;
  admit(planId: PlanId, name: PersonName): Promise<Guest>;
  /** Lets time pass in which storage answers what it is asked, and these guests answer pings. */
  passing(ms: number, guests: readonly Guest[]): Promise<void>;
  /** Stops the node; again is nothing new. */
  stop(): Promise<void>;
}

/** `wrap` may put something between the node and its log. `actors` says who is signed in now. */
export function liveWorld(db: Database, options: { readonly wrap?: (store: PlanLog) => PlanLog; readonly actorOf?: (name: PersonName) => Actor | undefined; readonly level?: string } = {}): LiveWorld {
  const clock = handClock();
  const log = pino({ level: options.level ?? 'silent' });
  const wrapped = (options.wrap ?? ((plain) => plain))(postgresLog(db, log));
  let asked = 0;
  const store: PlanLog = {
    ...wrapped,
    heads: async (planIds) => {
      asked += 1;
      try {
        return await wrapped.heads(planIds);
      } finally {
        asked -= 1;
      }
    },
  };
  const actorOf = options.actorOf ?? ((name) => people[name]);
  const node = new LiveNode({
    store, bus: inProcessBus(clock), clock, random: (bytes) => randomBytes(bytes), log, nodeId: 'played', actorOf: async (name) => actorOf(name as PersonName), refused: () => undefined,
  });
  let barriers = 0;
  let stopping: Promise<void> | undefined;
  return {
    node, clock, store,
    admit: async (planId, name) => {
      const socket = new PlayedSocket();
      const admission = await node.admit({ socket, actor: actorOf(name) ?? people[name], credential: name, planId, sectionId: undefined });
      if (admission.kind !== 'in') throw new Error(`not let in: ${admission.kind === 'away' ? admission.name : 'gone'}`);
      const say = (section: string, frame: ClientFrame): void => admission.session.heard(withSection(section, encodeFrame(frame)));
      return {
        socket, session: admission.session, say,
        saved: (section) => {
          const number = (barriers += 1);
          say(section, { kind: 'barrier', number });
          return eventually(() => {
            const answer = socket.of('barrier-answer').find((each) => each.number === number);
            if (!answer) throw new Error(`not saved; closed with ${socket.closedWith}`);
            return answer.position;
          });
        },
      };
    },
    passing: async (ms, guests) => {
      for (let passed = 0; passed < ms; passed += 1_000) {
        for (const { session } of guests) session.answered();
        clock.pass(Math.min(1_000, ms - passed));
        await eventually(() => {
          if (asked > 0) throw new Error('storage does not answer');
        });
        // What the answer leads to is done in the turns after it.
        await new Promise((resolve) => void setImmediate(resolve));
      }
    },
    stop: () => {
      stopping ??= (async () => {
        // Copies are made in a turn of their own, which only this clock gives.
        const turning = setInterval(() => clock.pass(1), 5);
        await node.stop().finally(() => clearInterval(turning));
      })();
      return stopping;
    },
  };
}
