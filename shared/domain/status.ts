/** Where a plan stands between draft and signed, from numbers that the database keeps. */

export type PlanStatus = 'draft' | 'signed' | 'changed' | 'closed';

export interface StatusFacts {
  readonly closed: boolean;
  /** Log position of the last change of text. */
  readonly contentPosition: number;
  /** Log position that the latest version was taken at; undefined when never signed. */
  readonly signedPosition: number | undefined;
}

/** Closed wins; then never signed is a draft; then text written after the signed position makes it changed. */
export function planStatus({ closed, contentPosition, signedPosition }: StatusFacts): PlanStatus {
  if (closed) return 'closed';
  if (signedPosition === undefined) return 'draft';
  return hasNewerDraft(contentPosition, signedPosition) ? 'changed' : 'signed';
}

/** True when somebody wrote after the version was taken. */
export const hasNewerDraft = (contentPosition: number, signedPosition: number): boolean => contentPosition > signedPosition;
