/**
 * Which of a provider's roles are which here: a file of the organisation that runs the service. Whoever holds no role that the file names
 * does not get in. An example for NHS Care Identity and for a plain provider: server/identity/roles.example.json.
 */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { roleLabels, roles, type Role } from '../../shared/domain/roles.ts';
import type { OrganisationId } from '../../shared/ids.ts';

const odsCode = z.string().regex(/^[A-Z0-9]{3,12}$/, { error: 'should be an ODS code: letters and digits' });
const words = z.string().trim().min(1).max(200);

const organisationKinds = ['gp', 'community', 'hospice', 'social', 'care-home', 'ambulance', 'coordination'] as const;

const rule = z.object({
  /** Name of the claim: a text, a list of texts, or a list of objects such as NHS Care Identity's `nhsid_nrbac_roles`. */
  claim: words,
  /** What the text is. */
  equals: words.optional(),
  /** What members of the object are: `{"role_code": "*:R8001"}`. A star at the front stands for any beginning. */
  where: z.record(z.string(), words).optional(),
  role: z.enum(roles),
  /** Given, or read from the member of the object that is named: `{"from": "org_code"}`. */
  organisation: z.union([odsCode, z.object({ from: words }).strict()]),
  jobTitle: words,
  /** True for registered doctors who may act as senior responsible clinician. */
  seniorClinician: z.boolean().default(false),
}).strict().refine(({ equals, where }) => (equals === undefined) !== (where === undefined), { error: 'should have either "equals" or "where"' });

const rolesFile = z.object({
  /** What people read on the button: "NHS Care Identity". */
  provider: words.default(() => ownProvider),
  /** Whom to ask who has no role here: "the service desk, 0000 000 000". */
  askWhom: words.default(() => ownService),
  scopes: z.array(z.string().regex(/^[\w:./-]+$/)).min(1).default(['openid', 'profile']),
  acrValues: words.optional(),
  /** Organisations whose people may come in, by ODS code. A role in any other is no role here. */
  organisations: z.record(odsCode, z.object({ name: words, kind: z.enum(organisationKinds) }).strict()),
  roles: z.array(rule).min(1),
}).strict().superRefine((file, context) => {
  for (const [index, { organisation }] of file.roles.entries()) {
    if (typeof organisation === 'string' && !file.organisations[organisation]) context.addIssue({ code: 'custom', path: ['roles', index, 'organisation'], message: `names ${organisation}, which is not among "organisations"` });
  }
});
export type RoleMap = z.infer<typeof rolesFile>;
type Rule = RoleMap['roles'][number];

/** A role that a provider vouches for, in this service's words. */
export interface HeldRole {
  readonly role: Role;
  readonly odsCode: string;
  readonly organisationId: OrganisationId;
  readonly organisation: string;
  readonly kind: string;
  readonly jobTitle: string;
  readonly seniorClinician: boolean;
}
/** Names one of a person's roles: what it is and where. */
export const roleKey = ({ role, organisationId }: Pick<HeldRole, 'role' | 'organisationId'>): string => `${role}@${organisationId}`;

const ownProvider = 'your organisation’s sign-in service';
const ownService = 'whoever looks after Accord in your organisation';
/** Where no file was given and none lies in the data folder: nobody has a role. */
export const noRoles: RoleMap = { provider: ownProvider, askWhom: ownService, scopes: ['openid', 'profile'], organisations: {}, roles: [] };

/** Reads the file. Throws one plain line when it cannot be used; undefined when it is not there. */
export function readRoleMap(file: string): RoleMap | undefined {
  if (!existsSync(file)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`OIDC_ROLES should name a file of JSON: ${file} cannot be read as such.`);
  }
  const read = rolesFile.safeParse(content);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`OIDC_ROLES: in ${file}, ${issue?.path.join('.') || 'the file'} ${issue?.message ?? 'is wrong'}.`);
}

type Claims = Readonly<Record<string, unknown>>;

/** The roles that these claims give here, each once, in the file's order. Where the provider says which one was chosen there, only that. Pure. */
export function rolesOf(map: RoleMap, claims: Claims): readonly HeldRole[] {
  const held = new Map<string, HeldRole>();
  for (const each of map.roles) {
    for (const object of objectsOf(claims[each.claim])) {
      const role = matches(each, object) && notChosenAway(claims, object) ? inWords(map, each, object) : undefined;
      if (role && !held.has(roleKey(role))) held.set(roleKey(role), role);
    }
  }
  return [...held.values()];
}

/** A text stands for an object with nothing but itself. */
const objectsOf = (claim: unknown): readonly Claims[] =>
  (Array.isArray(claim) ? claim : [claim]).flatMap((one: unknown) => (typeof one === 'string' ? [{ '': one }] : typeof one === 'object' && one !== null && !Array.isArray(one) ? [one as Claims] : []));

function matches({ equals, where }: Rule, object: Claims): boolean {
  if (equals !== undefined) return object[''] === equals;
  return Object.entries(where ?? {}).every(([member, wanted]) => {
    const said = Object.hasOwn(object, member) ? object[member] : undefined;
    return (Array.isArray(said) ? said : [said]).some((one) => typeof one === 'string' && (wanted.startsWith('*') ? one.endsWith(wanted.slice(1)) : one === wanted));
  });
}

/** NHS Care Identity may let the person choose a role already: then the others count for nothing. */
const notChosenAway = (claims: Claims, object: Claims): boolean =>
  typeof claims['selected_roleid'] !== 'string' || !Object.hasOwn(object, 'person_roleid') || object['person_roleid'] === claims['selected_roleid'];

function inWords(map: RoleMap, { role, organisation, jobTitle, seniorClinician }: Rule, object: Claims): HeldRole | undefined {
  const code = typeof organisation === 'string' ? organisation : object[organisation.from];
  const known = typeof code === 'string' && Object.hasOwn(map.organisations, code) ? map.organisations[code] : undefined;
  if (typeof code !== 'string' || !known) return undefined;
  return { role, odsCode: code, organisationId: `org_${code.toLowerCase()}` as OrganisationId, organisation: known.name, kind: known.kind, jobTitle, seniorClinician };
}

/** "Community nurse, Riverside Community Nursing" and so on, for a list to choose from. */
export const presentRole = (held: HeldRole) => ({ key: roleKey(held), role: held.role, roleLabel: roleLabels[held.role], jobTitle: held.jobTitle, organisation: held.organisation });
