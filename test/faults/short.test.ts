/** The short set of fault runs: two real nodes under the faults that hurt most, a few people each. `npm run faults` runs all of them, longer. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runScenario } from '../support/faultRun.ts';
import { FaultWorld } from '../support/faultWorld.ts';
import { scenarios } from './scenarios.ts';

const slow = 5 * 60_000;
let world: FaultWorld;
beforeAll(async () => { world = await FaultWorld.start(); }, slow);
afterAll(() => world.dispose(), slow);

async function holds(id: string): Promise<void> {
  const scenario = scenarios.find((one) => one.id === id);
  if (!scenario) throw new Error(`there is no scenario ${id}`);
  const figures = await runScenario(world, scenario, true);
  const { acknowledged, findings, healSeconds, worstMemoryMb, notes } = figures;
  process.stdout.write(`${id}: ${acknowledged} words saved, ${figures.lost} lost, first saved after ${healSeconds?.toFixed(1) ?? '-'} s, ${worstMemoryMb} MB; ${notes.join('; ')}\n`);
  expect(findings).toEqual([]);
  expect(acknowledged).toBeGreaterThan(0);
}

describe('faults', () => {
  test('[FR1] F01 HAZ-04 a node is killed while people type', () => holds('F01'), slow);
  test('[FR1] F02 HAZ-04 HAZ-27 a node is killed before its rows and after its commit', () => holds('F02'), slow);
  test('[FR1] F07 HAZ-04 the line to PostgreSQL is cut after the rows, while it commits, and before the answer', () => holds('F07'), slow);
});
