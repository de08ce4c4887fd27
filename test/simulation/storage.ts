/** The way from one node to the simulated database: every statement takes its time, and may break off before it is heard or before its answer is. */
import { limits } from '../../shared/limits.ts';
import type { Connection, Line } from '../support/memoryLog.ts';
import type { Dice } from './dice.ts';
import type { Schedule } from './schedule.ts';

/** How likely each mishap is, for each statement. */
export interface StorageFaults {
  /** The line breaks before the statement is heard. */
  readonly unheard: number;
  /** It is done and the answer is lost. */
  readonly unanswered: number;
  /** The client gives up, and it is done all the same some time later. */
  readonly late: number;
  /** It takes long. */
  readonly slow: number;
}
export const faultless: StorageFaults = { unheard: 0, unanswered: 0, late: 0, slow: 0 };

/** The database server, as far as it can be away. */
export class Server {
  isUp = true;
  /** Changed by every restart: what was under way before is lost. */
  epoch = 0;
  readonly #undo = new Set<() => void>();

  constructor(private readonly schedule: Schedule) {}

  connected(undo: () => void): () => void {
    this.#undo.add(undo);
    return () => {
      if (!this.#undo.delete(undo)) return;
      undo();
    };
  }
  /** Crashes: every transaction that has not committed is undone. What has is kept. */
  crash(forMs: number): void {
    this.isUp = false;
    this.epoch += 1;
    for (const undo of [...this.#undo]) {
      this.#undo.delete(undo);
      undo();
    }
    this.schedule.after(forMs, 'database is back', () => { this.isUp = true; });
  }
}

class Lost extends Error {
  constructor(what: string) {
    super(`the database did not answer (${what})`);
  }
}

export class NodeLine implements Line {
  faults: StorageFaults = faultless;
  /** Cut off from the database by itself. */
  isCut = false;
  #isAlive = true;
  readonly #ends = new Set<() => void>();

  constructor(private readonly name: string, private readonly schedule: Schedule, private readonly dice: Dice, private readonly server: Server) {}

  /** The node is gone. What it had asked for may still be done; its transactions are undone once the server notices. */
  die(): void {
    this.#isAlive = false;
    for (const end of this.#ends) this.schedule.after(this.dice.between(0, 300), `${this.name} transaction ends`, end);
  }

  ask<T>(what: string, statement: () => T | Promise<T>): Promise<T> {
    return this.#ask(what, statement, () => undefined);
  }

  connect(undo: () => void): Connection {
    const end = this.server.connected(undo);
    this.#ends.add(end);
    let lastLateMs = 0;
    return {
      ask: (what, statement) => this.#ask(what, statement, (lateMs) => { lastLateMs = lateMs; }),
      close: () => {
        if (!this.#isAlive) return;
        this.#ends.delete(end);
        // A statement that is still under way there ends first.
        if (lastLateMs > this.schedule.nowMs) this.schedule.after(lastLateMs - this.schedule.nowMs + 1, `${this.name} transaction ends`, end);
        else end();
      },
    };
  }

  #ask<T>(what: string, statement: () => T | Promise<T>, late: (untilMs: number) => void): Promise<T> {
    const { dice, schedule, server } = this;
    const fate = this.#fate();
    return new Promise((resolve, reject) => {
      const tell = (delayMs: number, how: string, work: () => void): void => void schedule.after(delayMs, `${this.name} ${what} ${how}`, () => { if (this.#isAlive) work(); });
      const fail = (delayMs: number): void => tell(delayMs, 'fails', () => reject(new Lost(what)));
      const epoch = server.epoch;
      schedule.after(this.#delay(), `${this.name} ${what}`, () => {
        if (!server.isUp || server.epoch !== epoch || this.isCut) return fail(dice.chance(0.5) ? dice.between(0, 5) : limits.queryTimeoutMs);
        // A node that died meanwhile: what it asked for was on its way or was not.
        if (!this.#isAlive && dice.chance(0.5)) return;
        if (fate === 'unheard') return fail(dice.chance(0.7) ? dice.between(0, 20) : limits.queryTimeoutMs);
        if (fate === 'late') {
          const delayMs = dice.between(50, 1_500);
          late(schedule.nowMs + delayMs);
          fail(dice.between(0, 40));
          schedule.after(delayMs, `${this.name} ${what} done late`, () => { if (server.isUp && server.epoch === epoch) void Promise.resolve().then(statement).catch(() => undefined); });
          return;
        }
        void Promise.resolve().then(statement).then(
          (value) => {
            schedule.note(`${this.name} ${what} done`);
            if (fate === 'unanswered' || server.epoch !== epoch) fail(dice.between(0, 40));
            else tell(this.#delay(), 'answered', () => resolve(value));
          },
          (error: unknown) => tell(this.#delay(), 'refused', () => reject(error)),
        );
      });
    });
  }

  #fate(): 'ok' | 'unheard' | 'unanswered' | 'late' {
    const { unheard, unanswered, late } = this.faults;
    const part = this.dice.part();
    if (part < unheard) return 'unheard';
    if (part < unheard + unanswered) return 'unanswered';
    return part < unheard + unanswered + late ? 'late' : 'ok';
  }
  #delay(): number {
    return this.dice.chance(0.03 + this.faults.slow) ? this.dice.between(5, 300) : this.dice.between(0.1, 3);
  }
}
