/** Why a `/sync` socket was closed, as numbers on the wire. */
export const closeCodes = {
  goingAway: 1001,
  tooBigFrame: 1009,
  restarting: 1012,
  tryLater: 1013,
  badFrame: 4400,
  notSignedIn: 4401,
  refused: 4403,
  notFound: 4404,
  rebuilt: 4410,
  overLimit: 4413,
} as const;
export type CloseName = keyof typeof closeCodes;
export type CloseCode = (typeof closeCodes)[CloseName];
