/** Value sets about wishes, resuscitation and escalation, capacity and the law. */
import { valueSet, type OptionTuple } from './valueSet.ts';

export const conversationAnswers = valueSet('planning-conversation', 'Planning-ahead conversation', [
  ['offered-accepted', 'Offered and accepted'], ['declined', 'Declined'], ['not-yet', 'Not yet'], ['not-appropriate', 'Not appropriate'],
]);
export const advanceStatementAnswers = valueSet('advance-statement', 'Advance statement made', [
  ['yes', 'Yes', '816281000000101'], ['no', 'No'], ['unknown', 'Not known'],
]);
const placeTuples: readonly OptionTuple[] = [
  ['own-home', 'Own home', '', '21'], ['care-home', 'Care home', '', '40'], ['hospice', 'Hospice', '', '30'], ['hospital', 'Hospital', '', '10'],
  ['hospital-acute', 'Hospital: acute', '', '10'], ['hospital-community', 'Hospital: community', '', '10'], ['private-residence', 'Private residence', '', '20'],
  ['other-private-residence', 'Another private residence', '', '22'], ['other', 'Other (say where)', '', '50'],
];
/** Where somebody died: the data dictionary's list. */
export const places = valueSet('place', 'Place of death', placeTuples);
/** Where somebody would like to be: the same list and "where I usually live". */
export const preferredPlaces = valueSet('preferred-place', 'Preferred place', [
  ['usual-residence', 'Usual place of residence', '819211000000102'], ...placeTuples,
]);
export const noPreferenceReasons = valueSet('no-preference-reason', 'Why no preference is recorded', [
  ['unable-to-express', 'Unable to express a preference', '517111000000103'], ['not-appropriate', 'Discussion not appropriate', '517131000000106'],
  ['declined', 'Declined to discuss', '766391000000108'], ['undecided', 'Undecided', '517161000000101'], ['not-yet-discussed', 'Not yet discussed'],
]);
export const religions = valueSet('religion', 'Religion or belief', [
  ['none', 'No religion'], ['buddhist', 'Buddhist'], ['christian', 'Christian'], ['hindu', 'Hindu'], ['humanist', 'Humanist'], ['jehovahs-witness', 'Jehovah’s Witness'],
  ['jewish', 'Jewish'], ['muslim', 'Muslim'], ['pagan', 'Pagan'], ['sikh', 'Sikh'], ['spiritual', 'Spiritual, no religion'], ['other', 'Other (say which)'], ['prefers-not-to-say', 'Prefers not to say'],
]);
export const donationDecisions = valueSet('donation', 'Donation decision', [
  ['opted-in', 'Opted in'], ['opted-out', 'Opted out'], ['no-decision', 'No decision recorded'], ['nominated-representative', 'Named somebody to decide'],
  ['not-eligible', 'Not eligible'], ['tissue-only', 'Tissue or corneas only'], ['body-donation', 'Body to a medical school'],
]);

/** "Unknown" has to be chosen deliberately; a blank never means it. */
export const cprDecisions = valueSet('cpr-decision', 'CPR recommendation', [
  ['for-attempted-cpr', 'For attempted CPR', '450475007'], ['not-for-attempted-cpr', 'Not for attempted CPR', '450476008'],
  ['not-yet-decided', 'Not yet decided'], ['unknown', 'Not known'],
]);
export const discussedWith = valueSet('discussed-with', 'Discussed with', [
  ['person', 'The person'], ['family', 'Family or those close'], ['attorney', 'Welfare attorney or deputy'], ['imca', 'Independent mental capacity advocate'],
]);
export const cprAwareness = valueSet('cpr-awareness', 'Who knows the decision', [
  ['person-informed', 'The person has been told'], ['person-not-aware', 'The person is not aware', '845151000000104'], ['family-informed', 'Family told'],
  ['carer-informed', 'Carer told'], ['care-home', 'Care home told'], ['out-of-hours', 'Out-of-hours told'], ['ambulance', 'Ambulance service told'],
]);
export const respectAnswers = valueSet('respect-form', 'ReSPECT form exists', [['yes', 'Yes', '1107891000000106'], ['no', 'No'], ['unknown', 'Not known']]);
export const focuses = valueSet('focus-of-care', 'Focus of emergency care', [
  ['prolong-life', 'Prolonging life'], ['balance', 'A balance of both'], ['comfort', 'Comfort'],
]);
export const ceilings = valueSet('ceiling', 'Ceiling of treatment', [
  ['full', 'Full treatment including critical care'], ['hospital-no-critical-care', 'Hospital, but no critical care'], ['hospital-reversible-only', 'Hospital for reversible problems only'],
  ['home-oral', 'Care at home or care home, treatment by mouth allowed'], ['comfort-only', 'Comfort only'],
]);
export const interventionKinds = valueSet('intervention', 'Intervention', [
  ['iv-fluids', 'Fluids into a vein'], ['iv-antibiotics', 'Antibiotics into a vein'], ['oral-antibiotics', 'Antibiotics by mouth'], ['blood-products', 'Blood products'],
  ['non-invasive-ventilation', 'Non-invasive ventilation'], ['ventilation', 'Ventilation'], ['dialysis', 'Dialysis'], ['tube-feeding', 'Tube feeding'],
  ['critical-care', 'Critical care'], ['fracture-surgery', 'Surgery for a fracture'], ['blood-tests', 'Blood tests'], ['icd-shocks', 'Shocks from an implanted defibrillator'],
]);
export const interventionAnswers = valueSet('intervention-answer', 'Recommendation', [
  ['would-have', 'Would have'], ['would-not-have', 'Would not have'], ['discuss-first', 'Discuss first'],
]);
export const admissionPreferences = valueSet('hospital-admission', 'Hospital admission preference', [
  ['avoid', 'Wishes to avoid'], ['if-symptoms-unmanaged', 'Only if symptoms cannot be managed'], ['listed-reasons', 'For listed reasons'],
  ['willing', 'Willing'], ['hospice-instead', 'Hospice instead'],
]);

export const adrtAnswers = valueSet('adrt', 'Advance decision to refuse treatment', [
  ['none-known', 'None known'], ['has-adrt', 'Has an advance decision', '816301000000100'],
  ['has-adrt-life-sustaining', 'Has one that includes life-sustaining treatment', '816321000000109'], ['refuses-blood', 'Refuses blood products', '892021000000107'],
  ['being-prepared', 'Being prepared'], ['withdrawn', 'Withdrawn'],
]);
export const adrtChecks = valueSet('adrt-checked', 'What was checked', [['written', 'In writing'], ['signed', 'Signed'], ['witnessed', 'Witnessed'], ['original-seen', 'Original seen']]);
export const capacityAnswers = valueSet('capacity', 'Capacity', [
  ['has', 'Has capacity'], ['lacks', 'Lacks capacity'], ['fluctuates', 'Fluctuates'], ['not-assessed', 'Not assessed'],
]);
export const attorneyAnswers = valueSet('attorney', 'Welfare attorney or deputy', [
  ['none-known', 'None known'], ['welfare-attorney', 'Welfare attorney', '816361000000101'],
  ['welfare-attorney-life-sustaining', 'Welfare attorney who may decide on life-sustaining treatment', '816381000000105'], ['court-deputy', 'Deputy of the court'],
  ['registered-not-seen', 'Registered, document not seen'], ['property-only', 'Property and money only: no authority over care'],
]);
export const attorneyPowers = valueSet('attorney-power', 'How they decide', [['sole', 'Alone'], ['jointly', 'Jointly'], ['severally', 'Jointly and severally']]);
