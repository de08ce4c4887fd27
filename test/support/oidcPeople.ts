/** Invented people of the test provider, with claims in the shape of NHS Care Identity and of a plain provider, and the roles file that goes with them. */

export interface ProviderOrder {
  readonly port: number;
  readonly publicUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const nationalRole = (person_roleid: string, org_code: string, role_code: string, role_name: string) => ({ person_orgid: `5550000${person_roleid}`, person_roleid, org_code, role_code, role_name });

export interface ProviderPerson {
  readonly sub: string;
  readonly claims: Readonly<Record<string, unknown>>;
}
export const providerPeople: readonly ProviderPerson[] = [
  {
    sub: '555000000101',
    claims: {
      name: 'Tess Marlow', nhsid_useruid: '555000000101',
      nhsid_nrbac_roles: [
        nationalRole('1001', 'Y99901', 'S8000:G8000:R8000', '"Clinical":"Clinical Provision":"Clinical Practitioner Access Role"'),
        nationalRole('1002', 'Y99903', 'S8000:G8000:R8000', '"Clinical":"Clinical Provision":"Clinical Practitioner Access Role"'),
        nationalRole('1003', 'Z99999', 'S8000:G8000:R8000', '"Clinical":"Clinical Provision":"Clinical Practitioner Access Role"'),
      ],
    },
  },
  {
    sub: '555000000102',
    claims: { name: 'Bela Quist', nhsid_useruid: '555000000102', nhsid_nrbac_roles: [nationalRole('2001', 'Y99902', 'S8000:G8001:R8001', '"Clinical":"Clinical Provision":"Nurse Access Role"')] },
  },
  { sub: 'cora', claims: { name: 'Cora Dunmore', given_name: 'Cora', family_name: 'Dunmore', groups: ['staff', 'accord-coordinators'] } },
  { sub: 'nat', claims: { name: 'Nat Nobody', groups: ['staff'] } },
];

/** As an organisation would write it. */
export const providerRoles = {
  provider: 'Test Care Identity',
  askWhom: 'the service desk, 0000 000 000',
  scopes: ['openid', 'profile', 'nhsperson', 'nationalrbacaccess', 'selectedrole', 'groups'],
  organisations: {
    Y99901: { name: 'Larch Surgery', kind: 'gp' },
    Y99902: { name: 'Weir Community Nursing', kind: 'community' },
    Y99903: { name: 'St Brannock’s Hospice', kind: 'hospice' },
  },
  roles: [
    { claim: 'nhsid_nrbac_roles', where: { role_code: '*:R8000', org_code: 'Y99901' }, organisation: { from: 'org_code' }, role: 'gp', jobTitle: 'GP', seniorClinician: true },
    { claim: 'nhsid_nrbac_roles', where: { role_code: '*:R8000', org_code: 'Y99903' }, organisation: { from: 'org_code' }, role: 'hospice-clinician', jobTitle: 'Hospice doctor' },
    { claim: 'nhsid_nrbac_roles', where: { role_code: '*:R8001' }, organisation: { from: 'org_code' }, role: 'community-nurse', jobTitle: 'District nurse' },
    { claim: 'groups', equals: 'accord-coordinators', organisation: 'Y99903', role: 'coordinator', jobTitle: 'Palliative care coordinator' },
  ],
};
