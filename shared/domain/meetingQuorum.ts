/** Are the people here who must be here? Simulated colleagues never count. */
import type { Role } from './roles.ts';

export interface Somebody {
  readonly role: Role;
  /** A registered doctor who may act as senior responsible clinician. */
  readonly seniorClinician: boolean;
  readonly simulated: boolean;
}

export interface Quorum {
  readonly met: boolean;
  /** Who is missing, in words that finish the sentence "needs …". */
  readonly missing: readonly string[];
}

/** Stages at which hospice or specialist palliative care has to be at the table. */
export const needsHospice = (stage: string | undefined): boolean => stage === 'yellow' || stage === 'red';

/** A doctor, a community nurse and the coordinator; somebody from the hospice as well when a patient is at stage C or D. */
export function quorumOf(people: readonly Somebody[], stages: readonly (string | undefined)[]): Quorum {
  const real = people.filter((person) => !person.simulated);
  const has = (test: (person: Somebody) => boolean) => real.some(test);
  const missing = [
    ...(has((person) => person.role === 'gp' || person.seniorClinician) ? [] : ['a doctor']),
    ...(has((person) => person.role === 'community-nurse') ? [] : ['a community nurse']),
    ...(has((person) => person.role === 'coordinator') ? [] : ['the coordinator']),
    ...(stages.some(needsHospice) && !has((person) => person.role === 'hospice-clinician') ? ['the hospice'] : []),
  ];
  return { met: missing.length === 0, missing };
}
