/** What matters to the person, and where they would like to be. */
import { blank, careTeam, entry, GP, HOSPICE, line, NURSE, oneOf, optional, prose, sct, section, signOff, signOffIf, signOffUnless, SOCIAL, yesNo } from './entry.ts';
import { conversationAnswers, donationDecisions, noPreferenceReasons, preferredPlaces, religions } from './decisionSets.ts';
import type { Section } from './kinds.ts';

const askers = [GP, NURSE, HOSPICE, SOCIAL] as const;
const usualResidence = sct('819211000000102');

export const wishes: readonly Section[] = [
  section('wishes', 'wishes', 'What matters and preferences', careTeam, [
    entry('whatMatters', 'What matters to me', 'In their own words where possible.', prose, 'T', signOff, careTeam,
      { ask: 'what matters most to them?', fhir: 'Composition.section' }),
    entry('fearsAvoid', 'What I fear or want to avoid', 'In their own words where possible.', prose, 'T', optional, careTeam, { fhir: 'QuestionnaireResponse.item' }),
    entry('acpDiscussion', 'Planning-ahead conversation', 'Whether they were offered one, and what came of it.', oneOf(conversationAnswers, 'note', 'date'), 'L', signOff, [GP, NURSE, HOSPICE],
      { ask: 'were they offered a conversation about the future?', fhir: 'Procedure' }),
    entry('preferredPlaceOfCare', 'Preferred place of care', 'Where they would like to be looked after.', oneOf(preferredPlaces), 'L', signOff, careTeam,
      { ask: 'where would they like to be cared for?', fhir: 'Observation' }),
    entry('ppdReasonNotRecorded', 'Why no preferred place of death is recorded', 'Needed only when the first choice is blank.', oneOf(noPreferenceReasons), 'L',
      signOffIf(blank('ppd1')), careTeam, { ask: 'why is there no preferred place of death?', fhir: 'Observation.dataAbsentReason' }),
    entry('religion', 'Religion or belief', 'As they describe it.', oneOf(religions), 'L', optional, careTeam, { fhir: 'Patient.extension' }),
    entry('otherPreferences', 'Other instructions about care', 'Anything else they want to be known.', prose, 'T', optional, careTeam, { items: [58], fhir: 'QuestionnaireResponse.item' }),
  ]),
  section('place-of-death', 'wishes', 'Preferred place of death', askers, [
    entry('ppd1', 'Preferred place of death, 1st choice', 'Where they would like to be at the end.', oneOf(preferredPlaces), 'X', signOffUnless('ppdReasonNotRecorded'), askers,
      { ask: 'where would they like to be?', items: [36], code: sct('395091006'), fhir: 'Observation' }),
    entry('ppd1Place', '1st choice: name and address', 'Which home, hospice or hospital.', line, 'L', optional, careTeam, { items: [37, 38], fhir: 'Location' }),
    entry('ppd1Usual', '1st choice is usual residence', 'Yes if that is where they live now.', yesNo, 'L', optional, careTeam, { items: [39], code: usualResidence, fhir: 'Observation.component' }),
    entry('ppd2', 'Preferred place of death, 2nd choice', 'If the first turns out to be impossible.', oneOf(preferredPlaces), 'X', optional, askers,
      { items: [40], code: sct('395091006'), fhir: 'Observation' }),
    entry('ppd2Place', '2nd choice: name and address', 'Which home, hospice or hospital.', line, 'L', optional, careTeam, { items: [41, 42], fhir: 'Location' }),
    entry('ppd2Usual', '2nd choice is usual residence', 'Yes if that is where they live now.', yesNo, 'L', optional, careTeam, { items: [43], code: usualResidence, fhir: 'Observation.component' }),
  ]),
  section('donation', 'wishes', 'Donation', [GP, HOSPICE], [
    entry('organDonation', 'Organ, tissue or body donation', 'Their decision, if they made one.', oneOf(donationDecisions), 'X', optional, [GP, HOSPICE], { fhir: 'Observation' }),
  ]),
];
