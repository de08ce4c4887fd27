/** The short set of fault runs: two real nodes under the faults that hurt most, a few people each. `npm run faults` runs all of them, longer. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { runScenario } from '../support/faultRun.ts';
import { FaultWorld } from '../support/faultWorld.ts';
import { scenarios } from './scenarios.ts';
import { held, tableOf, type Row } from './table.ts';

const slow = 5 * 60_000;
let world: FaultWorld | undefined;
beforeAll(async () => { world = await FaultWorld.start(); }, slow);
afterAll(() => world?.dispose(), slow);

const run: string[] = [];
async function holds(id: string): Promise<void> {
  run.push(id);
  const scenario = scenarios.find((one) => one.id === id);
  if (!scenario) throw new Error(`there is no scenario ${id}`);
  world ??= await FaultWorld.start();
  const figures = await runScenario(world, scenario, true).catch(async (error: unknown) => {
    // What a failed scenario left behind is nobody's to build on.
    await world?.dispose();
    world = undefined;
    throw error;
  });
  const { acknowledged, findings, healSeconds, worstMemoryMb, notes } = figures;
  process.stdout.write(`${id}: ${acknowledged} words saved, ${figures.lost} lost, first saved after ${healSeconds?.toFixed(1) ?? '-'} s, ${worstMemoryMb} MB; ${notes.join('; ')}\n`);
  expect(findings).toEqual([]);
  expect(acknowledged).toBeGreaterThan(0);
}

describe('what survives', () => {
  test('[FR1] F01 HAZ-04 a node is killed while people type', () => holds('F01'), slow);
  test('[FR1] F02 HAZ-04 HAZ-27 a node is killed before its rows and after its commit', () => holds('F02'), slow);
  test('[FR1] F07 HAZ-04 HAZ-08 the line to PostgreSQL is cut after the rows, while it commits, and before the answer', () => holds('F07'), slow);
  test('[FR5] HAZ-23 two nodes lose one, the other, and Redis', () => holds('TWO'), slow);
  test('[FR6] F12 Redis is killed', () => holds('F12'), slow);
  test('[FR6] F15 HAZ-07 one node cannot reach Redis', () => holds('F15'), slow);
  test('[FR7] F16 HAZ-04 HAZ-23 one node cannot reach PostgreSQL', () => holds('F16'), slow);
  test('[FR8] F18 HAZ-04 half of the lines are half-open', () => holds('F18'), slow);
  test('[FR11] F24 HAZ-06 HAZ-15 back after a day away, to a plan signed meanwhile and to a right that is lost', () => holds('F24'), slow);
  test('[FR9] F25 HAZ-09 a client id that is somebody else’s', () => holds('F25'), slow);
});

describe('the list', () => {
  test('[FR10] every scenario has a number of its own, and those of the short set are among them', () => {
    const ids = scenarios.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(['F01', 'F02', 'F04', 'F05', 'F06', 'F07', 'F11', 'F12', 'F13', 'F14', 'F15', 'F16', 'F18', 'F19', 'F20', 'F21', 'F24', 'F25', 'F25-COPY', 'TWO']);
    expect(run.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('[FR10] the table has a line for each scenario, and says of which not everything held', () => {
    const figures = { acknowledged: 12, lost: 0, converged: true, healSeconds: 0.25, worstMemoryMb: 200, notes: [], findings: [] };
    const rows: Row[] = [
      { id: 'F01', title: 'first', figures }, { id: 'F02', title: 'second', figures: { ...figures, lost: 1, healSeconds: undefined, findings: [{ invariant: 'I1', what: 'u0-000001 was saved and is missing' }] } },
      { id: 'F03', title: 'third', failed: 'never began\nat all' },
    ];
    expect(rows.map(held)).toEqual([true, false, false]);
    expect(tableOf(rows).slice(1).map((line) => line.split(/ +/).slice(0, 8).join(' '))).toEqual(['F01 12 0 yes 0.3 200 yes first', 'F02 12 1 yes - 200 NO second', 'F03 - - - - - NO third:']);
  });

  test('[FR10] a scenario that does not exist is named in one line, and nothing is started', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/faults/run.ts', 'F99'], { cwd: path.join(__dirname, '..', '..'), stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    const [code] = (await once(child, 'close')) as [number];
    expect([code, said]).toEqual([1, expect.stringMatching(/^There is no scenario called F99; there are F01, .*\.\n$/)]);
  }, slow);
});
