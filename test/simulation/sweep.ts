/** Plays a run of seeds inside a test and adds up what they did. */
import { simulate, type Outcome } from './simulate.ts';

/** Every outcome, up to the first that fails; that one is told with how to play it again. */
export async function sweep(from: number, count: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let seed = from; seed < from + count; seed += 1) outcomes.push(await playWell(seed));
  return outcomes;
}

/** Plays one seed and throws if anything did not hold. */
export async function playWell(seed: number): Promise<Outcome> {
  const outcome = await simulate(seed);
  if (outcome.violation !== undefined) {
    throw new Error(`seed ${seed}: ${outcome.violation}\nplay it again with: npm run simulate -- --from ${seed} --seeds 1 --trace\n${outcome.lines.slice(-40).join('\n')}`);
  }
  return outcome;
}
