/** Takes the contestants in turn, round after round, and keeps every figure that was measured. */
import type { Bench } from './bench.ts';
import type { ContestantName } from './contestants.ts';
import type { Reading, Sizes, Workload } from './workloads.ts';

export interface Sample extends Reading {
  readonly contestant: ContestantName;
  readonly round: number;
}
export interface Plan {
  readonly workloads: readonly Workload[];
  readonly rounds: number;
  readonly sizes: Sizes;
  /** Whether a contestant takes part. */
  readonly takesPart: (name: ContestantName) => boolean;
}
export interface Measurements {
  readonly samples: readonly Sample[];
  /** Measurements that could not be made, in words. */
  readonly failures: readonly string[];
}

/** Measures all of it. What cannot be measured is said and left out; the others go on. */
export async function measureAll(bench: Bench, { workloads, rounds, sizes, takesPart }: Plan, say: (line: string) => void): Promise<Measurements> {
  const samples: Sample[] = [];
  const failures: string[] = [];
  for (const { parts, rounds: roundsMax = rounds, contestants } of workloads) {
    const own = Math.min(rounds, roundsMax);
    for (const { label, run } of parts(sizes)) {
      for (let round = 1; round <= own; round += 1) {
        for (const contestant of contestants.filter(takesPart)) {
          const what = `${label}, round ${round} of ${own}, ${contestant}`;
          const began = performance.now();
          try {
            samples.push(...(await run(bench, contestant)).map((reading) => ({ ...reading, contestant, round })));
            say(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
          } catch (error) {
            failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
            say(`${what} FAILED: ${error instanceof Error ? error.message : String(error)}`);
          }
        }
      }
    }
  }
  return { samples, failures };
}
