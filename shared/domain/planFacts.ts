/** What of a plan decides about access, as it holds at the moment of reading. Small, since every node reads it for each open plan every second and a half. */
import type { OrganisationId, PersonId, PlanId } from '../ids.ts';
import type { SharingLimit } from './sharing.ts';

/** What one person by themselves can be to a plan; each for a time only. */
export const tieKinds = ['member', 'meeting', 'own', 'inspection', 'break-glass'] as const;
export type TieKind = (typeof tieKinds)[number];
export type PersonTie = readonly [person: PersonId, kind: TieKind];

export interface PlanFacts {
  readonly id: PlanId;
  readonly open: boolean;
  /** A date of death is recorded, rightly or by mistake. */
  readonly died: boolean;
  /** Organisations that have a relationship with the person now. */
  readonly team: readonly OrganisationId[];
  /** Those of them that keep the plan when agreement to share is taken back: the one that began it, and the registered practice. */
  readonly keepers: readonly OrganisationId[];
  /** People who stand in a relationship of their own now. */
  readonly people: readonly PersonTie[];
  /** What the person asked to have withheld, and from whom. */
  readonly limits: readonly SharingLimit[];
  /** The person has taken back, or refused, agreement to share. */
  readonly withdrawn: boolean;
}

/** An open plan with this care team about which nothing else is to be said. */
export const plainFacts = (id: PlanId, team: readonly OrganisationId[]): PlanFacts =>
  ({ id, open: true, died: false, team, keepers: team.slice(0, 1), people: [], limits: [], withdrawn: false });

/** Whether the same people may do the same things, as far as the plan decides it. */
export const sameFacts = (one: PlanFacts, other: PlanFacts): boolean => one.died === other.died && sameSight(one, other);

/** Whether the same people may see the same things: nobody loses sight of anything by a death. */
export const sameSight = (one: PlanFacts, other: PlanFacts): boolean => spelledSight(one) === spelledSight(other);

function spelledSight({ open, team, keepers, people, limits, withdrawn }: PlanFacts): string {
  if (people.length === 0 && limits.length === 0) return `${open} ${withdrawn} ${team.join()} ${keepers.join()}`;
  return JSON.stringify([open, withdrawn, team, keepers, people, limits]);
}
