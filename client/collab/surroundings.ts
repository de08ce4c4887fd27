/** What live editing asks of the world: time, chance, sockets and word of the network arrive from outside, so that tests decide them. */

/** The part of a WebSocket that is used; browsers' own and `ws` both fit. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
}

export interface Surroundings {
  /** Milliseconds since 1970. */
  now(): number;
  /** A number from 0 up to 1. */
  random(): number;
  /** Calls back once after `ms`; the answer cancels it. */
  after(ms: number, work: () => void): () => void;
  openSocket(url: string): SocketLike;
  /** Calls back whenever this device says that it lost its network (false) or has one again (true); the answer ends it. */
  onNetwork(heard: (there: boolean) => void): () => void;
}

export const browserSurroundings: Surroundings = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  openSocket: (url) => new WebSocket(url) as unknown as SocketLike,
  onNetwork: (heard) => {
    const gone = (): void => heard(false);
    const back = (): void => heard(true);
    window.addEventListener('offline', gone);
    window.addEventListener('online', back);
    return () => {
      window.removeEventListener('offline', gone);
      window.removeEventListener('online', back);
    };
  },
};
