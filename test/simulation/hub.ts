/** The simulated Redis: messages between nodes that come late, twice, in another order or not at all, and facts that expire. */
import type { Bus } from '../../server/ports.ts';
import type { Dice } from './dice.ts';
import type { Schedule } from './schedule.ts';

export interface HubFaults {
  readonly lost: number;
  readonly twice: number;
  /** Messages that take so long that later ones pass them. */
  readonly slow: number;
}

interface Listener {
  readonly node: string;
  readonly channel: string;
  readonly heard: (message: Uint8Array) => void;
  readonly isAlive: () => boolean;
}

export class Hub {
  faults: HubFaults = { lost: 0, twice: 0, slow: 0 };
  isUp = true;
  readonly #listeners = new Set<Listener>();
  readonly #facts = new Map<string, Map<string, { readonly value: Uint8Array; readonly untilMs: number }>>();
  readonly #reconnected = new Set<{ readonly isAlive: () => boolean; readonly heard: () => void }>();

  constructor(private readonly schedule: Schedule, private readonly dice: Dice) {}

  goDown(forMs: number, forgetting: boolean): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.schedule.after(forMs, 'bus is back', () => {
      if (forgetting) this.#facts.clear();
      this.isUp = true;
      for (const each of this.#reconnected) this.schedule.after(this.dice.between(0, 50), 'bus reconnected', () => { if (each.isAlive()) each.heard(); });
    });
  }
  forget(): void {
    this.#facts.clear();
  }

  busOf(node: string, isAlive: () => boolean): Bus {
    const { schedule, dice } = this;
    const soon = <T>(what: string, work: () => T): Promise<T> => new Promise((resolve, reject) => {
      schedule.after(dice.between(0.1, 4), `${node} bus ${what}`, () => {
        if (!isAlive()) return;
        if (this.isUp) resolve(work());
        else reject(new Error('the bus is away'));
      });
    });
    const isUp = (): boolean => this.isUp;
    return {
      publish: (channel, message) => this.#publish(channel, Uint8Array.from(message)),
      subscribe: async (channel, heard) => {
        const listener: Listener = { node, channel, heard, isAlive };
        await new Promise<void>((resolve) => void schedule.after(dice.between(0.1, 30), `${node} subscribes`, resolve));
        this.#listeners.add(listener);
        return async () => void this.#listeners.delete(listener);
      },
      onReconnect: (heard) => void this.#reconnected.add({ isAlive, heard }),
      put: (key, member, value, expiryMs) => soon('put', () => {
        const facts = this.#facts.get(key) ?? new Map<string, { value: Uint8Array; untilMs: number }>();
        this.#facts.set(key, facts);
        facts.set(member, { value: Uint8Array.from(value), untilMs: schedule.nowMs + expiryMs });
      }),
      remove: (key, member) => soon('remove', () => void this.#facts.get(key)?.delete(member)),
      list: (key) => soon('list', () => new Map([...(this.#facts.get(key) ?? [])].filter(([, { untilMs }]) => untilMs > schedule.nowMs).map(([member, { value }]) => [member, value]))),
      get connected() { return isUp(); },
      close: async () => undefined,
    };
  }

  #publish(channel: string, message: Uint8Array): void {
    const { schedule, dice, faults } = this;
    if (!this.isUp) return;
    for (const listener of this.#listeners) {
      if (listener.channel !== channel || dice.chance(faults.lost)) continue;
      const times = dice.chance(faults.twice) ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        const delayMs = dice.chance(faults.slow) ? dice.between(5, 800) : dice.between(0.3, 5);
        schedule.after(delayMs, `${listener.node} hint ${message.length}`, () => { if (this.isUp && listener.isAlive() && this.#listeners.has(listener)) listener.heard(message); });
      }
    }
  }
}
