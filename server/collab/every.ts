/** Something that is done again and again, by the clock that is handed in. */
import type { Clock } from '../ports.ts';

/** Calls `work` every `intervalMs` until cancelled. `work` must not throw. */
export function every(clock: Clock, intervalMs: number, work: () => void): { cancel(): void } {
  let next: { cancel(): void };
  const again = (): void => {
    next = clock.after(intervalMs, () => {
      again();
      work();
    });
  };
  again();
  return { cancel: () => next.cancel() };
}
