/** The first hundred seeds, and those that once showed a fault. */
import { describe, expect, test } from '@jest/globals';
import { namedSeeds, seedsOfTheTest } from './seeds.ts';
import { simulate } from './simulate.ts';
import { playWell, sweep } from './sweep.ts';

describe('a simulation', () => {
  test('[SI1] told again from its seed is the same story to the last byte, and another seed tells another', async () => {
    const [first, again, other] = [await simulate(4), await simulate(4), await simulate(5)];
    expect(again.hash).toBe(first.hash);
    expect(again.events).toBe(first.events);
    expect(other.hash).not.toBe(first.hash);
  }, 60_000);

  test('[SI2] [SI3] [SI4] [SI5] [SI6] [SI7] holds with every seed of the first half, and much happens in them', async () => {
    const outcomes = await sweep(seedsOfTheTest.from, seedsOfTheTest.each);
    const sum = (of: (outcome: (typeof outcomes)[number]) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0);
    // A world in which nothing happens proves nothing.
    expect(sum(({ rows }) => rows)).toBeGreaterThan(1_000);
    expect(sum(({ acknowledged }) => acknowledged)).toBeGreaterThan(1_000);
    expect(sum(({ refusals }) => refusals)).toBeGreaterThan(5);
    expect(sum(({ versions }) => versions)).toBeGreaterThan(10);
    expect(new Set(outcomes.flatMap(({ happened }) => [...happened.keys()])).size).toBeGreaterThan(15);
  }, 300_000);

  test.each(namedSeeds)('[SI2] [SI3] holds with seed $seed, which once showed that $showed', async ({ seed }) => {
    expect((await playWell(seed)).violation).toBeUndefined();
  }, 60_000);
});
