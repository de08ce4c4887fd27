/** Who takes part in a simulation, and where they write. Everybody is invented. */
import type { Field, Section } from '../../shared/content/kinds.ts';
import { sectionById } from '../../shared/content/standard.ts';
import type { Actor, Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId } from '../../shared/ids.ts';

const roles: Readonly<Record<string, readonly [Role, string]>> = {
  gp: ['gp', 'elm'], nurse: ['community-nurse', 'hub'], hospice: ['hospice-clinician', 'hospice'], social: ['social-worker', 'council'],
  home: ['care-home-nurse', 'home'], coordinator: ['coordinator', 'hub'], secondnurse: ['community-nurse', 'hub'], outsider: ['gp', 'elsewhere'],
};

export const cast: readonly Actor[] = Object.entries(roles).map(([name, [role, organisation]]) => ({
  id: `person_${name}` as PersonId, name: `Someone ${name}`, role, jobTitle: role, organisationId: `org_${organisation}` as OrganisationId,
  organisation: `The ${organisation}`, seniorClinician: name === 'gp', simulated: false,
}));
export const team = ['org_elm', 'org_hub', 'org_hospice', 'org_council', 'org_home'] as OrganisationId[];

/** Sections that people in a simulation open; `keysafe` and `prognosis` are not for everybody. */
export const stage: readonly Section[] = ['wishes', 'situation', 'keysafe', 'prognosis', 'status', 'home', 'mdt', 'resuscitation', 'death'].map((id) => {
  const section = sectionById(id);
  if (!section) throw new Error(`the content standard has no section ${id}`);
  return section;
});

/** Values that an exclusive or ordinary field takes; where it is free text, one that nobody else writes. */
export function valueFor(field: Field, token: string, pick: (from: readonly string[]) => string): unknown {
  switch (field.of.kind) {
    case 'text': return token;
    case 'choice': return pick(field.of.valueSet.options.map((option) => option.value));
    case 'yes-no': return pick(['yes', 'no']) === 'yes';
    case 'date': case 'date-time': return pick(['2026-05-20', '2026-05-21', '2026-05-22']);
    default: return undefined;
  }
}

/** Words that can be found again: the section they belong to, who wrote them, and the how-manieth of theirs. */
export const tokenOf = (section: string, writer: string, number: number): string => `(${section}:${writer}.${number})`;
export const tokensIn = (text: string): string[] => [...text.matchAll(/\([a-z]+:[a-z0-9]+\.\d+\)/g)].map(([token]) => token);
