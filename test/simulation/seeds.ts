/** Seeds that once showed a fault, each with what it showed; they are played with every run. */

export const namedSeeds: readonly { readonly seed: number; readonly showed: string }[] = [
  { seed: 127, showed: 'somebody who had knocked before a node was asked to stop was let in afterwards, and stayed with a node that heard nothing any more' },
];
/** Seeds of the test command, in two halves so that two processes share them. */
export const seedsOfTheTest = { from: 1, each: 100 } as const;
