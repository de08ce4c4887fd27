/** The client's surroundings outside a browser: real time and real sockets, every timer cleared at the end, and a network that goes when a test says so. */
import { WebSocket as NodeSocket } from 'ws';
import type { SocketLike, Surroundings } from '../../client/collab/surroundings.ts';

export interface NodeSurroundings extends Surroundings {
  /** Says what a browser says when the device loses its network (false) or has one again (true). Sockets are left as they are. */
  network(there: boolean): void;
  end(): void;
}

export function nodeSurroundings(): NodeSurroundings {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const listeners = new Set<(there: boolean) => void>();
  return {
    now: () => Date.now(),
    random: () => 0.5,
    after: (ms, work) => {
      const timer = setTimeout(work, ms);
      timers.add(timer);
      return () => clearTimeout(timer);
    },
    openSocket: (url) => new NodeSocket(url) as unknown as SocketLike,
    onNetwork: (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    network: (there) => { for (const heard of [...listeners]) heard(there); },
    end: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}
