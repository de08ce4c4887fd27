/** Two separate agreements, to hold the record and to share it, and their limits. */
import { careTeam, choiceColumn, creation, entry, GP, HOSPICE, noteColumn, NURSE, oneOf, optional, organisationColumn, pastDate, person, prose, required, retiredColumn, rows, section, signOff } from './entry.ts';
import { consentBases, copyAnswers } from './personSets.ts';
import type { Section } from './kinds.ts';
import { limitParts, limitRoles } from './sharingSets.ts';

const takers = [GP, NURSE, HOSPICE] as const;

export const consent: readonly Section[] = [
  section('consent', 'consent', 'Consent', takers, [
    entry('consentRecord', 'Agreement to hold a record', 'Who agreed that this record may exist, and on what basis.', oneOf(consentBases), 'X', creation, takers,
      { ask: 'have they agreed to a record being held?', items: [1], fhir: 'Consent.category' }),
    entry('consentShare', 'Agreement to share', 'Who agreed that it may be shared with the services involved, and on what basis.', oneOf(consentBases), 'X', creation, takers,
      { ask: 'have they agreed to sharing?', items: [1], fhir: 'Consent.provision' }),
    entry('consentBasisDetail', 'Basis and discussion', 'What was explained, who was there, what was said.', prose, 'T', required, takers, { fhir: 'Consent.extension' }),
    entry('consentDate', 'Date of consent decision', 'The day on which it was decided.', pastDate, 'X', creation, takers,
      { ask: 'on which day was consent decided?', fhir: 'Consent.dateTime' }),
    entry('consentTakenBy', 'Recorded by', 'Who recorded the agreement; kept by the service.', person, 'A', creation, takers, { fhir: 'Consent.performer' }),
  ]),
  section('sharing', 'consent', 'Limits to sharing', [GP, HOSPICE], [
    entry('sharingLimits', 'Do not share with', 'Who must not see which part, and why. Takes effect at once, for everybody of the role and everybody of the organisation.',
      rows(
        'limit', choiceColumn('role', 'From a role', limitRoles), organisationColumn('organisation', 'From an organisation'), choiceColumn('section!', 'What is withheld', limitParts),
        noteColumn('because!', 'Reason'), retiredColumn('who', 'Written as text, not applied by the service: choose a role or an organisation. Was'),
        retiredColumn('part', 'Written as text, not applied by the service: choose what is withheld. Was'),
      ), 'G', optional, [GP, HOSPICE],
      { safetyCritical: true, fhir: 'Consent.provision' }),
  ]),
  section('patient-copy', 'consent', 'The person’s own copy', careTeam, [
    entry('patientCopyOffered', 'Copy offered to the person', 'Whether they were offered a copy of this plan.', oneOf(copyAnswers), 'L', signOff, careTeam,
      { ask: 'were they offered a copy?', fhir: 'Communication' }),
  ]),
];
