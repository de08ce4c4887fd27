/** Family, carers and others who matter. */
import { careTeam, choiceColumn, creation, entry, GP, HOSPICE, NURSE, oneOf, optional, prose, required, rows, rowsAtLeast, section, SOCIAL, textColumn, yesNoColumn } from './entry.ts';
import { carerAnswers, carerAwareness, emergencyRanks, personAwareness } from './personSets.ts';
import type { Section } from './kinds.ts';

export const people: readonly Section[] = [
  section('people', 'people', 'Family, carers and others', careTeam, [
    entry('carerStatus', 'Has an unpaid carer', 'A relative or friend who looks after them without pay.', oneOf(carerAnswers), 'L', creation, [NURSE, SOCIAL, GP],
      { ask: 'does a relative or friend look after them?', items: [16], fhir: 'Observation' }),
    entry('contacts', 'Important people', 'Family, friends and neighbours, and what each of them does.',
      rows('person', textColumn('name!', 'Name'), textColumn('relationship!', 'Relationship'), textColumn('phone', 'Telephone'), yesNoColumn('mainCarer', 'Main carer'),
        yesNoColumn('nextOfKin', 'Next of kin'), choiceColumn('emergencyRank', 'Call in an emergency', emergencyRanks), yesNoColumn('livesWith', 'Lives with them'),
        yesNoColumn('holdsKey', 'Holds a key')),
      'G', required, careTeam, { ask: 'who should be called?', items: [16, 17], fhir: 'RelatedPerson' }),
    entry('mainCarerAware', 'Main carer aware of prognosis', 'What the main carer or a relative has been told.', oneOf(carerAwareness), 'L', optional, [GP, HOSPICE, NURSE],
      { items: [18], fhir: 'ClinicalImpression.extension' }),
    entry('patientAware', 'Person aware of diagnosis and prognosis', 'What they know, and whether they wish to know more.', oneOf(personAwareness), 'L', optional, [GP, HOSPICE],
      { fhir: 'Observation' }),
    entry('carerNeeds', 'The carer’s own needs', 'Health, work, rest, money: what the carer needs to go on.', prose, 'T', optional, [SOCIAL, NURSE], { fhir: 'QuestionnaireResponse.item' }),
    entry('decisionPersons', 'People to involve in decisions', 'At least two, so that one can always be reached.',
      rowsAtLeast(2, 'person', textColumn('name!', 'Name'), textColumn('phone', 'Telephone'), textColumn('relationship', 'Relationship')), 'G', optional, careTeam,
      { items: [54, 55, 56, 57], fhir: 'RelatedPerson' }),
  ]),
];
