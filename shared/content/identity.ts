/** Who the person is. */
import { careTeam, COORDINATOR, creation, choiceColumn, entry, GP, line, lines, nhsNumberText, oneOf, optional, pastDate, pastMoment, person, rows, section, textColumn, NURSE } from './entry.ts';
import { ethnicCategories, genders, nhsNumberStatuses, phoneKinds } from './personSets.ts';
import type { Section } from './kinds.ts';

export const identity: readonly Section[] = [
  section('identity', 'identity', 'Person', careTeam, [
    entry('nhsNumber', 'NHS number', 'Ten digits; the last one checks the others.', nhsNumberText, 'X', creation, [COORDINATOR, GP],
      { fixed: true, items: [9], fhir: 'Patient.identifier' }),
    entry('nhsNumberStatus', 'NHS number status', 'Whether the number was traced and verified.', oneOf(nhsNumberStatuses), 'A', creation, [COORDINATOR],
      { items: [10], fhir: 'Patient.identifier.extension' }),
    entry('familyName', 'Family name', 'As registered with the NHS.', line, 'L', creation, [COORDINATOR, GP],
      { fixed: true, ask: 'what is their family name?', items: [5], fhir: 'Patient.name.family' }),
    entry('givenName', 'First names', 'As registered with the NHS.', line, 'L', creation, [COORDINATOR, GP],
      { fixed: true, ask: 'what are their first names?', items: [6], fhir: 'Patient.name.given' }),
    entry('preferredName', 'Likes to be called', 'The name to use when you speak to them.', line, 'L', optional, careTeam,
      { items: [7], fhir: 'Patient.name' }),
    entry('birthDate', 'Date of birth', 'As registered with the NHS.', pastDate, 'X', creation, [COORDINATOR, GP],
      { fixed: true, items: [8], fhir: 'Patient.birthDate' }),
    entry('gender', 'Administrative gender', 'As registered with the NHS.', oneOf(genders), 'L', optional, [COORDINATOR],
      { fixed: true, items: [11], fhir: 'Patient.gender' }),
    entry('address', 'Usual residence', 'Address lines and postcode of where they usually live.', lines, 'L', creation, [COORDINATOR],
      { ask: 'where do they usually live?', items: [12], fhir: 'Patient.address' }),
    entry('phones', 'Telephone numbers', 'How to reach the person, and when it is best to ring.',
      rows('number', choiceColumn('type', 'Type', phoneKinds), textColumn('number!', 'Number'), textColumn('bestTime', 'Best time')),
      'G', optional, [COORDINATOR, NURSE], { items: [13], fhir: 'Patient.telecom' }),
    entry('ethnicity', 'Ethnic category', 'As the person describes themselves.', oneOf(ethnicCategories), 'L', optional, [COORDINATOR],
      { fhir: 'Patient.extension' }),
    entry('gpName', 'Usual GP', 'The GP who knows the person best.', person, 'L', creation, [COORDINATOR, GP],
      { ask: 'who is their usual GP?', items: [19], fhir: 'Patient.generalPractitioner' }),
    entry('gpPractice', 'GP practice', 'Practice code, name and telephone number.', lines, 'L', creation, [COORDINATOR],
      { ask: 'which practice are they registered with?', items: [20], fhir: 'Organization' }),
    entry('recordCreated', 'Record created', 'When this plan was begun; kept by the service.', pastMoment, 'A', creation, [],
      { items: [2], fhir: 'CarePlan.created' }),
    entry('lastAmended', 'Last amended', 'When anything in this plan last changed; kept by the service.', pastMoment, 'A', creation, [],
      { items: [4], fhir: 'Provenance.recorded' }),
  ]),
];
