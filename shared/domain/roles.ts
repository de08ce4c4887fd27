/** Who can be at the table, and who looks after it from outside. Role names are the field's words; the label is what people read. */
import type { OrganisationId, PersonId } from '../ids.ts';

export const roles = [
  'gp', 'community-nurse', 'hospice-clinician', 'social-worker', 'care-home-nurse', 'coordinator', 'urgent-care', 'privacy-officer',
  'patient', 'organisation-admin', 'inspector',
] as const;
export type Role = (typeof roles)[number];

export const roleLabels: Readonly<Record<Role, string>> = {
  'gp': 'GP',
  'community-nurse': 'Community nurse',
  'hospice-clinician': 'Hospice clinician',
  'social-worker': 'Social worker',
  'care-home-nurse': 'Care-home nurse',
  'coordinator': 'Coordinator',
  'urgent-care': 'Urgent care',
  'privacy-officer': 'Privacy officer',
  'patient': 'Patient or proxy',
  'organisation-admin': 'Organisation administrator',
  'inspector': 'Inspector',
};

/** Who may write: a role, or any registered doctor who may act as senior responsible clinician. */
export type WriterGroup = Role | 'senior-clinician';

/** The person behind a request, as signed in; never as claimed by the client. */
export interface Actor {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
  /** What the person calls their job: "Hospice consultant". */
  readonly jobTitle: string;
  readonly organisationId: OrganisationId;
  readonly organisation: string;
  readonly seniorClinician: boolean;
  readonly simulated: boolean;
}
