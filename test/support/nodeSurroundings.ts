/** The client's surroundings outside a browser: real time and real sockets, every timer cleared at the end, and a network that goes when a test says so. */
import { WebSocket as NodeSocket } from 'ws';
import type { SocketLike, Surroundings } from '../../client/collab/surroundings.ts';

export interface NodeSurroundings extends Surroundings {
  /** Says what a browser says when the device loses its network (false) or has one again (true). Sockets are left as they are. */
  network(there: boolean): void;
  /** Lets so much time pass at once: what is due by then happens now, in order. */
  advance(ms: number): void;
  end(): void;
}

interface Due {
  at: number;
  readonly work: () => void;
  timer: ReturnType<typeof setTimeout>;
}

export function nodeSurroundings(): NodeSurroundings {
  const timers = new Set<Due>();
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const run = (due: Due): void => {
    clearTimeout(due.timer);
    if (timers.delete(due)) due.work();
  };
  const listeners = new Set<(there: boolean) => void>();
  return {
    now,
    random: () => 0.5,
    after: (ms, work) => {
      const due: Due = { at: now() + ms, work, timer: setTimeout(() => run(due), ms) };
      timers.add(due);
      return () => {
        clearTimeout(due.timer);
        timers.delete(due);
      };
    },
    advance: (ms) => {
      ahead += ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= now()).toSorted((a, b) => a.at - b.at);
        if (next === undefined) return;
        run(next);
      }
    },
    openSocket: (url) => new NodeSocket(url) as unknown as SocketLike,
    onNetwork: (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    network: (there) => { for (const heard of [...listeners]) heard(there); },
    end: () => timers.forEach(({ timer }) => clearTimeout(timer)),
  };
}
