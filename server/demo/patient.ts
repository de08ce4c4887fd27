/** What a demo patient is made of: answers by field id, who is on the team, and what happened to the plan after the first writing. */
import type { PersonValue, ProseBlock } from '../../shared/content/kinds.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Days } from './days.ts';
import { organisationName, organisations, people, type DemoPerson, type StaffKey } from './people.ts';

/** Field id → value as the content standard stores it. Rows carry no id yet, or one of their own when a later step edits them. */
export type Answers = Readonly<Record<string, unknown>>;

/** Something that happens to the plan after its first writing, in order. */
export type Step =
  /** The coordinator reviews and signs. */
  | { readonly kind: 'sign' }
  /** Somebody writes; left out, each section is written by whoever on the team usually does. */
  | { readonly kind: 'write'; readonly answers: Answers; readonly by?: StaffKey }
  /** Two people write different values without having seen each other's. */
  | { readonly kind: 'apart'; readonly field: string; readonly one: { readonly by: StaffKey; readonly value: unknown }; readonly other: { readonly by: StaffKey; readonly value: unknown } };

export interface DemoTeam {
  readonly gp: 'osei' | 'hartley';
  readonly nurse: 'reid' | 'okoro';
  readonly hospice: 'forsberg' | 'nair';
  readonly coordinator: 'carter' | 'rahim';
  readonly careHome?: 'costa';
}

export interface DemoPatient {
  readonly planId: PlanId;
  readonly team: DemoTeam;
  readonly answers: Answers;
  readonly steps: readonly Step[];
}
export type MakePatient = (days: Days) => DemoPatient;

export const planId = (slug: string): PlanId => `plan_${slug}` as PlanId;

/** A member of staff as the standard's person value. */
export function named(person: DemoPerson, phone?: string): PersonValue {
  return {
    name: person.name, personId: person.id, role: person.jobTitle, organisation: organisationName(person.organisationId),
    ...(phone ? { phone } : {}), ...(person.registration ? { registration: person.registration } : {}),
  };
}

/** Paragraphs of prose. */
export const prose = (...paragraphs: readonly string[]): ProseBlock[] => paragraphs.map((text) => ({ type: 'paragraph', text }));
/** A line of prose and a list under it. */
export const listed = (lead: string, ...items: readonly string[]): ProseBlock[] =>
  [...prose(lead), ...items.map((text): ProseBlock => ({ type: 'bulletItem', text }))];

export const notDiscussed = (reason: string) => ({ notDiscussed: reason });

const practices = {
  osei: `${organisations.elm.name}, 14 Elm Street, Northmere. Demo practice code Y90001. 01632 960110`,
  hartley: `${organisations.fern.name}, 2 Fern Lane, Northmere. Demo practice code Y90002. 01632 960120`,
} as const;

/** Who the person is. `nine` are the first nine digits of a number reserved for tests; the check digit is added. */
export function identity(gp: DemoTeam['gp'], nine: string, who: {
  readonly family: string; readonly given: string; readonly called?: string; readonly born: string; readonly gender: 'male' | 'female';
  readonly address: string; readonly ethnicity: string; readonly phones?: readonly unknown[];
}): Answers {
  const nhsNumber = makeNhsNumber(nine);
  if (!nhsNumber) throw new Error(`No NHS number can begin with ${nine}`);
  return {
    nhsNumber, familyName: who.family, givenName: who.given, ...(who.called ? { preferredName: who.called } : {}), birthDate: who.born,
    gender: who.gender, address: who.address, ethnicity: who.ethnicity, ...(who.phones ? { phones: who.phones } : {}),
    gpName: named(people[gp]), gpPractice: practices[gp],
  };
}

/** Agreement given by the person themselves, to the record and to sharing it. */
export const ownConsent = (date: string, copy: 'accepted' | 'declined' | 'not-yet', ...said: readonly string[]): Answers => ({
  consentRecord: 'own-consent', consentShare: 'own-consent', consentDate: date, patientCopyOffered: copy, consentBasisDetail: prose(...said),
});
/** A decision in the person's best interests, to the record and to sharing it. */
export const bestInterestsConsent = (date: string, ...said: readonly string[]): Answers => ({
  consentRecord: 'best-interests', consentShare: 'best-interests', consentDate: date, patientCopyOffered: 'accepted', consentBasisDetail: prose(...said),
});

/** Who leads, and whom to ring for advice at any hour. */
export function leads(team: DemoTeam, keyWorker: StaffKey, senior: StaffKey): Answers {
  return {
    keyWorker: named(people[keyWorker], '01632 960140'), keyGp: named(people[team.gp]), seniorClinician: named(people[senior]),
    advice24h: 'Lantern House advice line, day and night: 01632 960150',
  };
}

/** A recommendation not to attempt resuscitation, with all that belongs to it. */
export function notForCpr(decided: string, by: DemoPerson, form: string, discussed: readonly string[], ...reason: readonly string[]): Answers {
  return {
    cprDecision: 'not-for-attempted-cpr', cprDate: decided, cprReviewDate: 'indefinite', cprReason: prose(...reason), cprDecisionMaker: named(by),
    cprDiscussedWith: discussed, cprFormLocation: form,
  };
}
