/** The second hundred seeds. */
import { expect, test } from '@jest/globals';
import { seedsOfTheTest } from './seeds.ts';
import { sweep } from './sweep.ts';

test('[SI2] [SI3] [SI4] [SI5] [SI6] [SI7] holds with every seed of the second half', async () => {
  const outcomes = await sweep(seedsOfTheTest.from + seedsOfTheTest.each, seedsOfTheTest.each);
  expect(outcomes).toHaveLength(seedsOfTheTest.each);
}, 300_000);
