/** Does long work step by step, with a turn for everything else between two steps. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Steps } from '../../shared/crdt/steps.ts';

export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await turn();
  }
}
