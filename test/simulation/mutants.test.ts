/** That the simulation can notice anything at all: two of the broken builds here, all of them with `npm run mutants`. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brokenSource, failsUnbroken, tryOut } from './brokenBuild.ts';
import { mutants } from './mutantList.ts';

const root = path.join(__dirname, '../..');

describe('broken builds', () => {
  test('[SI8] each of at least fifteen still breaks what it says it breaks', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(15);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    for (const mutant of mutants) {
      const broken = brokenSource(root, mutant);
      expect(broken).not.toBe(readFileSync(path.join(root, mutant.file), 'utf8'));
      expect(broken.split(mutant.find).length - 1).toBe(mutant.put.split(mutant.find).length - 1);
    }
  });

  test('[SI8] without a defect nothing fails: what fails anyway would say nothing of a broken build', async () => {
    expect(await failsUnbroken(root, ['test/unit/outbox.test.ts'], 20)).toBeUndefined();
    expect(await failsUnbroken(root, ['test/unit/no-such-suite.test.ts'], 1)).toMatch(/No tests found|0 matches/);
  }, 300_000);

  test.each(['shows before the commit', 'acknowledges before the commit'])('[SI8] a build that %s is caught', async (name) => {
    const mutant = mutants.find((each) => each.name === name);
    if (!mutant) throw new Error(`there is no broken build that ${name}`);
    expect(await tryOut(root, mutant, 20)).toMatchObject({ by: 'simulation' });
  }, 300_000);
});
