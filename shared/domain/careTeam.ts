/** In what way an organisation is there for the person. */
import type { Role } from './roles.ts';

export const teamKinds = ['registered-practice', 'caseload', 'referral', 'coordination', 'care-home', 'other'] as const;
export type TeamKind = (typeof teamKinds)[number];

export const teamKindLabels: Readonly<Record<TeamKind, string>> = {
  'registered-practice': 'Registered practice',
  'caseload': 'On its caseload',
  'referral': 'Referred to it',
  'coordination': 'Coordinates the care',
  'care-home': 'Care home',
  'other': 'Other',
};

/** How the organisation of whoever begins a plan is there for the person: a practice registers, the others have them on their caseload. Grants nothing by itself. */
export const kindOfBeginner = (role: Role): TeamKind => (role === 'gp' ? 'registered-practice' : 'caseload');
