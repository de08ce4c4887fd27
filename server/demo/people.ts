/** The invented community: organisations, staff and the simulated colleagues of practice mode. Nobody here exists. */
import type { Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId } from '../../shared/ids.ts';

export interface DemoOrganisation {
  readonly id: OrganisationId;
  readonly name: string;
  readonly kind: 'gp' | 'community' | 'hospice' | 'social' | 'care-home' | 'ambulance' | 'coordination' | 'inspectorate' | 'people';
}
export interface DemoPerson {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
  readonly jobTitle: string;
  readonly organisationId: OrganisationId;
  readonly seniorClinician: boolean;
  /** Invented; begins with DEMO so that nobody looks it up in a real register. */
  readonly registration: string | undefined;
  readonly simulated: boolean;
}

const org = (slug: string, name: string, kind: DemoOrganisation['kind']): DemoOrganisation => ({ id: `org_${slug}` as OrganisationId, name, kind });

export const organisations = {
  elm: org('elm-street', 'Elm Street Surgery', 'gp'),
  fern: org('fern-lane', 'Fern Lane Medical Practice', 'gp'),
  nursing: org('northmere-nursing', 'Northmere Community Nursing Trust', 'community'),
  hospice: org('lantern-house', 'Lantern House Hospice', 'hospice'),
  council: org('northmere-council', 'Northmere Council Adult Social Care', 'social'),
  larkfield: org('larkfield', 'Larkfield House Care Home', 'care-home'),
  ambulance: org('northmere-ambulance', 'Northmere Ambulance Service', 'ambulance'),
  hub: org('northmere-hub', 'Northmere Palliative Coordination Hub', 'coordination'),
  inspectorate: org('northmere-inspectorate', 'Northmere Inspectorate of Care', 'inspectorate'),
  // Patients and those who act for them work nowhere; they are never on a care team.
  themselves: org('themselves', 'People themselves', 'people'),
} as const;

type OrganisationKey = keyof typeof organisations;
interface Extras { readonly senior?: boolean; readonly registration?: string; readonly simulated?: boolean }
const staff = (slug: string, name: string, role: Role, jobTitle: string, at: OrganisationKey, extras: Extras = {}): DemoPerson => ({
  id: `person_${slug}` as PersonId, name, role, jobTitle, organisationId: organisations[at].id,
  seniorClinician: extras.senior ?? false, registration: extras.registration, simulated: extras.simulated ?? false,
});

export const people = {
  osei: staff('amara-osei', 'Dr Amara Osei', 'gp', 'GP', 'elm', { senior: true, registration: 'DEMO-GMC-0001' }),
  hartley: staff('thomas-hartley', 'Dr Thomas Hartley', 'gp', 'GP', 'fern', { senior: true, registration: 'DEMO-GMC-0002' }),
  nair: staff('priya-nair', 'Dr Priya Nair', 'hospice-clinician', 'Hospice consultant', 'hospice', { senior: true, registration: 'DEMO-GMC-0003' }),
  forsberg: staff('grace-forsberg', 'Grace Forsberg', 'hospice-clinician', 'Hospice clinical nurse specialist', 'hospice', { registration: 'DEMO-NMC-0004' }),
  reid: staff('ann-reid', 'Ann Reid', 'community-nurse', 'District nurse team lead', 'nursing', { registration: 'DEMO-NMC-0005' }),
  okoro: staff('samuel-okoro', 'Samuel Okoro', 'community-nurse', 'Community matron', 'nursing', { registration: 'DEMO-NMC-0006' }),
  moss: staff('daniel-moss', 'Daniel Moss', 'social-worker', 'Social worker', 'council', { registration: 'DEMO-SWE-0007' }),
  carter: staff('helen-carter', 'Helen Carter', 'coordinator', 'Palliative care coordinator', 'hub'),
  rahim: staff('nadia-rahim', 'Nadia Rahim', 'coordinator', 'MDT coordinator', 'hub'),
  costa: staff('maria-costa', 'Maria Costa', 'care-home-nurse', 'Lead nurse, care home', 'larkfield', { registration: 'DEMO-NMC-0008' }),
  price: staff('owen-price', 'Owen Price', 'urgent-care', 'Paramedic', 'ambulance', { registration: 'DEMO-HCPC-0009' }),
  walsh: staff('ciara-walsh', 'Ciara Walsh', 'urgent-care', 'Clinical adviser, emergency operations', 'ambulance', { registration: 'DEMO-HCPC-0010' }),
  lowe: staff('edith-lowe', 'Edith Lowe', 'privacy-officer', 'Privacy officer', 'hub'),
  ashby: staff('maureen-ashby', 'Maureen Ashby', 'patient', 'Patient', 'themselves'),
  dunn: staff('margaret-dunn', 'Margaret Dunn', 'patient', 'Daughter and attorney of Winifred Hale', 'themselves'),
  brook: staff('julian-brook', 'Julian Brook', 'organisation-admin', 'Practice manager', 'elm'),
  keane: staff('orla-keane', 'Orla Keane', 'inspector', 'Inspector', 'inspectorate'),
} as const;
export type StaffKey = keyof typeof people;

/** Colleagues of practice mode: they join a plan only when somebody asks for them, and can never be signed in as. */
export const simulatedPeople: readonly DemoPerson[] = [
  staff('practice-nurse', 'Robin Vale (simulated)', 'community-nurse', 'Practice colleague: community nurse', 'nursing', { simulated: true }),
  staff('practice-hospice', 'Kit Marlow (simulated)', 'hospice-clinician', 'Practice colleague: hospice nurse', 'hospice', { simulated: true }),
  staff('practice-social', 'Sam Dale (simulated)', 'social-worker', 'Practice colleague: social worker', 'council', { simulated: true }),
  staff('practice-medic', 'Alex Fenn (simulated)', 'gp', 'Practice colleague: GP at the hub', 'hub', { simulated: true }),
];

export const demoOrganisations: readonly DemoOrganisation[] = Object.values(organisations);
export const demoStaff: readonly DemoPerson[] = Object.values(people);

export const organisationName = (id: OrganisationId): string => demoOrganisations.find((found) => found.id === id)?.name ?? id;
