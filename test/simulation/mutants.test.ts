/** That the simulation can notice anything at all: two of the broken builds here, all of them with `npm run mutants`. */
import { describe, expect, test } from '@jest/globals';
import path from 'node:path';
import { brokenSource, tryOut } from './brokenBuild.ts';
import { mutants } from './mutantList.ts';

const root = path.join(__dirname, '../..');

describe('broken builds', () => {
  test('[SI8] each of at least fifteen still breaks what it says it breaks', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(15);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    for (const mutant of mutants) expect(brokenSource(root, mutant)).toContain(mutant.put);
  });

  test.each(['shows before the commit', 'acknowledges before the commit'])('[SI8] a build that %s is caught', async (name) => {
    const mutant = mutants.find((each) => each.name === name);
    if (!mutant) throw new Error(`there is no broken build that ${name}`);
    expect(await tryOut(root, mutant, 20)).toMatchObject({ by: 'simulation' });
  }, 300_000);
});
