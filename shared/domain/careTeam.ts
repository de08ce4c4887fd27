/** In what way an organisation is there for the person. */

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
