/** Which of a provider's roles are which here: the file, and what claims come to with it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { noRoles, readRoleMap, roleKey, rolesOf, type RoleMap } from '../../server/identity/roleMap.ts';
import { providerPeople, providerRoles } from '../support/oidcPeople.ts';

let folder: string;
let map: RoleMap;
const write = async (content: unknown): Promise<string> => {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.json`);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'accord-roles-'));
  const read = readRoleMap(await write(providerRoles));
  if (!read) throw new Error('the roles of the tests cannot be read');
  map = read;
});
afterAll(() => rm(folder, { recursive: true }));
const claimsOf = (name: string) => providerPeople.find(({ claims }) => claims['name'] === name)?.claims ?? {};
const keysOf = (claims: Readonly<Record<string, unknown>>): string[] => rolesOf(map, claims).map(roleKey);

describe('claims', () => {
  test('[SN2] roles of NHS Care Identity are read from their objects, with the organisation that they name, in the file’s order', () => {
    expect(keysOf(claimsOf('Tess Marlow'))).toEqual(['gp@org_y99901', 'hospice-clinician@org_y99903']);
    expect(rolesOf(map, claimsOf('Tess Marlow'))[0]).toEqual({
      role: 'gp', odsCode: 'Y99901', organisationId: 'org_y99901', organisation: 'Larch Surgery', kind: 'gp', jobTitle: 'GP', seniorClinician: true,
    });
  });

  test('[SN2] a group of a plain provider is a role too; whoever has none of those named has none here', () => {
    expect(keysOf(claimsOf('Cora Dunmore'))).toEqual(['coordinator@org_y99903']);
    expect(keysOf({ groups: 'accord-coordinators' })).toEqual(['coordinator@org_y99903']);
    expect(keysOf(claimsOf('Nat Nobody'))).toEqual([]);
    expect(rolesOf(noRoles, claimsOf('Tess Marlow'))).toEqual([]);
  });

  test('[SN2] a role that was chosen at the provider is the only one', () => {
    expect(keysOf({ ...claimsOf('Tess Marlow'), selected_roleid: '1002' })).toEqual(['hospice-clinician@org_y99903']);
    expect(keysOf({ ...claimsOf('Tess Marlow'), selected_roleid: '1003' })).toEqual([]);
  });

  test.each([
    [{ nhsid_nrbac_roles: 'S8000:G8001:R8001' }], [{ nhsid_nrbac_roles: [null, 3, ['R8001'], { role_code: 'S8000:G8001:R8001' }] }],
    [{ nhsid_nrbac_roles: [{ role_code: 'S8000:G8001:R8001', org_code: 'constructor' }] }], [{ nhsid_nrbac_roles: [{ role_code: 'R8001X', org_code: 'Y99902' }] }],
    [{ nhsid_nrbac_roles: [{ role_code: ['S8000:G8001:R8001'], org_code: ['Y99902'] }] }], [{ groups: ['accord-coordinators '] }], [{ groups: { 'accord-coordinators': true } }], [{}],
  ])('[SN2] %j gives no role: wrong shapes, other organisations and near misses count for nothing', (claims) => {
    expect(keysOf(claims)).toEqual([]);
  });
});

describe('the file', () => {
  test('[SN3] the documented example is one that can be used', () => {
    const example = readRoleMap(path.join(__dirname, '..', '..', 'server', 'identity', 'roles.example.json'));
    expect(example?.roles.length).toBeGreaterThan(3);
    expect(Object.keys(example?.organisations ?? {}).length).toBeGreaterThan(2);
  });

  test('[SN3] a file that is not there is none', () => {
    expect(readRoleMap(path.join(folder, 'nowhere.json'))).toBeUndefined();
  });

  test.each([
    ['{', /^OIDC_ROLES should name a file of JSON: .* cannot be read as such\.$/],
    [{ ...providerRoles, roles: [] }, /roles/],
    [{ ...providerRoles, roles: [{ ...providerRoles.roles[3], role: 'director' }] }, /roles\.0\.role/],
    [{ ...providerRoles, roles: [{ ...providerRoles.roles[3], organisation: 'Y11111' }] }, /roles\.0\.organisation names Y11111, which is not among "organisations"/],
    [{ ...providerRoles, roles: [{ ...providerRoles.roles[3], where: { a: 'b' } }] }, /should have either "equals" or "where"/],
    [{ ...providerRoles, organisations: { 'y 1': { name: 'x', kind: 'gp' } } }, /organisations/],
    [{ ...providerRoles, surprise: true }, /surprise/],
  ])('[SN3] a wrong one is refused in one line that names the place (%#)', async (content, line) => {
    const file = await write(content);
    let message = '';
    try {
      readRoleMap(file);
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    expect(message).toMatch(line);
    expect(message).toMatch(/^OIDC_ROLES/);
    expect(message).not.toContain('\n');
  });
});
