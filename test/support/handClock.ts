/** A clock that a test moves: nothing happens by itself. */
import type { Clock } from '../../server/ports.ts';

export interface HandClock extends Clock {
  /** Moves the clock on, doing what falls due on the way, in order. */
  pass(ms: number): void;
}

export function handClock(startMs = Date.UTC(2026, 5, 1, 12)): HandClock {
  let nowMs = startMs;
  const due = new Set<{ readonly atMs: number; readonly work: () => void }>();
  return {
    now: () => new Date(nowMs),
    after: (ms, work) => {
      const one = { atMs: nowMs + ms, work };
      due.add(one);
      return { cancel: () => void due.delete(one) };
    },
    pass: (ms) => {
      const endMs = nowMs + ms;
      for (;;) {
        const [next] = [...due].filter(({ atMs }) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs);
        if (!next) break;
        due.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.work();
      }
      nowMs = endMs;
    },
  };
}
