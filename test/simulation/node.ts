/** One simulated node: a real `LiveNode` on a simulated database, bus and clock, that can die between any two statements and start again. */
import type { Logger } from 'pino';
import { LiveNode } from '../../server/collab/liveNode.ts';
import type { PlanLog } from '../../server/collab/planLog.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { closeCodes } from '../../shared/wire/close.ts';
import { memoryLog } from '../support/memoryLog.ts';
import type { Holder } from '../support/memoryLocks.ts';
import type { MemoryTables } from '../support/memoryTables.ts';
import type { Dice } from './dice.ts';
import type { Hub } from './hub.ts';
import type { Schedule } from './schedule.ts';
import { NodeLine, type Server, type StorageFaults } from './storage.ts';
import type { Wire } from './wire.ts';

export interface NodeSurroundings {
  readonly schedule: Schedule;
  readonly dice: Dice;
  readonly tables: MemoryTables;
  readonly server: Server;
  readonly hub: Hub;
  readonly signedOut: ReadonlySet<PersonId>;
  readonly faults: () => StorageFaults;
}

export class SimulatedNode {
  live: LiveNode | undefined;
  store: PlanLog | undefined;
  line: NodeLine | undefined;
  readonly #wires = new Set<Wire>();
  #lives = 0;

  constructor(readonly name: string, private readonly around: NodeSurroundings, private readonly skewMs: number) {}

  start(): void {
    const { schedule, dice, tables, server, hub, signedOut, faults } = this.around;
    const time = schedule.clockOf('database', () => true);
    this.#lives += 1;
    const name = `${this.name}.${this.#lives}`;
    const line = new NodeLine(name, schedule, dice, server);
    line.faults = faults();
    const isAlive = (): boolean => this.line === line;
    const clock = schedule.clockOf(name, isAlive, this.skewMs);
    const store = memoryLog(tables, line, clock);
    this.line = line;
    this.store = store;
    this.live = new LiveNode({
      store, clock, bus: hub.busOf(name, isAlive), random: (bytes) => dice.bytes(bytes), log: this.#log(name), nodeId: name,
      actorOf: (credential) => line.ask('who', () => (credential === undefined || signedOut.has(credential as PersonId) ? undefined : tables.people.get(credential as PersonId))),
      refused: (planId, actor, attempt) => {
        const plan = tables.plans.get(planId);
        const holder: Holder = { name };
        if (plan) {
          line.ask('record refusal', async () => {
            await tables.locks.take(plan.id, holder, time);
            tables.record(plan, [{ ...attempt, actor: actor.id, outcome: 'refused', reason: 'not-found' }]);
            tables.locks.release(holder);
          }).catch(() => undefined);
        }
      },
    });
  }

  #log(name: string): Logger {
    const note = (level: string) => (...said: readonly unknown[]): void => {
      const [first, second] = said;
      const error = (first as { err?: unknown } | undefined)?.err;
      const because = (first as { because?: unknown } | undefined)?.because;
      this.around.schedule.note(`${name} ${level}: ${String(second ?? first)}${error === undefined ? '' : ` (${error instanceof Error ? error.message : String(error)})`}${because === undefined ? '' : ` (${String(because)})`}`);
    };
    return { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') } as unknown as Logger;
  }

  /** What the gateway does with a socket, without HTTP. */
  receive(wire: Wire, person: PersonId, planId: PlanId, sectionId: string | undefined): void {
    const { live, line } = this;
    if (!live || !line) throw new Error('this node is down');
    this.#wires.add(wire);
    wire.server.onceClosed(() => void this.#wires.delete(wire));
    this.#admit(live, line, wire, person, planId, sectionId).catch((error: unknown) => {
      this.around.schedule.note(`${this.name} could not let ${person} in (${error instanceof Error ? error.message : String(error)})`);
      wire.server.close(closeCodes.tryLater, '');
    });
  }

  async #admit(live: LiveNode, line: NodeLine, wire: Wire, person: PersonId, planId: PlanId, sectionId: string | undefined): Promise<void> {
    const actor = await line.ask<Actor | undefined>('who', () => (this.around.signedOut.has(person) ? undefined : this.around.tables.people.get(person)));
    if (!actor) return wire.server.close(closeCodes.notSignedIn, '');
    const admission = await live.admit({ socket: wire.server, actor, credential: person, planId, sectionId });
    if (admission.kind === 'away') return wire.server.close(closeCodes[admission.name], '');
    if (admission.kind === 'gone') return;
    const { session } = admission;
    wire.accept({ heard: (bytes) => session.heard(bytes), pong: () => session.answered() });
  }

  /** The process is killed: its memory is gone, what it had asked the database for is done or not. */
  crash(): void {
    this.line?.die();
    this.#leave();
    for (const wire of this.#wires) wire.die();
    this.#wires.clear();
  }
  /** Asked to stop: finishes what is in hand and sends everybody away. */
  async stop(): Promise<void> {
    const { live } = this;
    if (!live) return;
    this.live = undefined;
    const { line } = this;
    await live.stop();
    if (this.line !== line) return;
    this.#leave();
  }
  #leave(): void {
    this.live = undefined;
    this.line = undefined;
    this.store = undefined;
  }
}
