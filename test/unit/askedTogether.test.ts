/** Questions that many ask at once: one journey, and never an answer from before the question. */
import { expect, test } from '@jest/globals';
import { AskedTogether } from '../../server/db/askedTogether.ts';

interface Journey {
  readonly keys: readonly string[];
  readonly answer: (answers: ReadonlyMap<string, number>) => void;
  readonly fail: (error: Error) => void;
}
function asking(): { together: AskedTogether<string, number>; journeys: Journey[] } {
  const journeys: Journey[] = [];
  const together = new AskedTogether<string, number>((keys) => new Promise((answer, fail) => void journeys.push({ keys, answer, fail })));
  return { together, journeys };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('[CO53] what is asked in one breath goes together, each key once; what has no answer is undefined', async () => {
  const { together, journeys } = asking();
  const answers = Promise.all([together.of('a'), together.of('b'), together.of('a'), together.of('c')]);
  await turn();
  expect(journeys.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
  journeys[0]?.answer(new Map([['a', 1], ['b', 2]]));
  expect(await answers).toEqual([1, 2, 1, undefined]);
});

test('[CO53] whoever asks while a journey is under way is answered by the next, so that no answer is older than its question', async () => {
  const { together, journeys } = asking();
  const before = together.of('a');
  await turn();
  const after = together.of('a');
  await turn();
  expect(journeys).toHaveLength(1);
  journeys[0]?.answer(new Map([['a', 1]]));
  expect(await before).toBe(1);
  await turn();
  expect(journeys.map(({ keys }) => keys)).toEqual([['a'], ['a']]);
  journeys[1]?.answer(new Map([['a', 2]]));
  expect(await after).toBe(2);
});

test('[CO53] a journey that fails fails whoever went along, and nobody who asks later', async () => {
  const { together, journeys } = asking();
  const lost = [together.of('a'), together.of('b')];
  const refused = Promise.allSettled(lost);
  await turn();
  journeys[0]?.fail(new Error('the line is down'));
  expect((await refused).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = together.of('a');
  await turn();
  journeys[1]?.answer(new Map([['a', 3]]));
  expect(await again).toBe(3);
});

test('[CO53] no more go together than fit in one journey; who has waited longest goes first', async () => {
  const journeys: string[][] = [];
  const together = new AskedTogether<string, string>(async (keys) => {
    journeys.push([...keys]);
    return new Map(keys.map((key) => [key, key.toUpperCase()]));
  }, 2);
  expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => together.of(key)))).toEqual(['A', 'B', 'C', 'D', 'E']);
  expect(journeys).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});
