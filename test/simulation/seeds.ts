/** Seeds that show a fault which the service once had, found again with that fault put back; they are played with every run. */

export const namedSeeds: readonly { readonly seed: number; readonly showed: string }[] = [
  { seed: 497, showed: 'somebody who had knocked before a node was asked to stop was let in afterwards, and stayed with a node that heard nothing any more' },
  { seed: 488, showed: 'what a senior clinician had written was committed after they were none any more' },
];
/** Seeds of the test command, in two halves so that two processes share them. */
export const seedsOfTheTest = { from: 1, each: 100 } as const;
