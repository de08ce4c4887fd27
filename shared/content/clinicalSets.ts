/** Value sets about the illness: diagnoses, alerts, stage, prognosis and outcome measures. */
import { valueSet } from './valueSet.ts';

export const diagnosisGroups = valueSet('diagnosis-group', 'Group of main condition', [
  ['cancer', 'Cancer'], ['heart', 'Heart failure or other heart disease'], ['respiratory', 'Respiratory'], ['dementia', 'Dementia'],
  ['neurological', 'Other neurological'], ['kidney', 'Kidney'], ['liver', 'Liver'], ['stroke', 'Stroke'], ['frailty', 'Frailty or old age'],
  ['multiple', 'Several together'], ['other', 'Other'],
]);
/** Three states that must look different. There is no default: a blank is "not recorded" and is said so. */
export const allergyStatuses = valueSet('allergy-status', 'Allergy status', [
  ['no-known-allergies', 'No known allergies'], ['has-allergies', 'Has allergies'], ['not-checked', 'Not checked'],
]);
export const allergySeverities = valueSet('allergy-severity', 'Severity', [['mild', 'Mild'], ['moderate', 'Moderate'], ['severe', 'Severe'], ['not-known', 'Not known']]);
export const allergyCertainties = valueSet('allergy-certainty', 'Certainty', [['confirmed', 'Confirmed'], ['likely', 'Likely'], ['possible', 'Possible']]);
export const deviceKinds = valueSet('implanted-device', 'Device', [
  ['icd', 'Implanted defibrillator (ICD)'], ['crt-d', 'Resynchronisation defibrillator (CRT-D)'], ['pacemaker', 'Pacemaker'], ['lvad', 'Left ventricular assist device'],
  ['spinal-pump', 'Spinal pump'], ['peg', 'Feeding tube (PEG)'], ['catheter', 'Catheter'], ['stoma', 'Stoma'], ['drain', 'Drain'],
  ['central-line', 'Central line or PICC'], ['none-known', 'None known'],
]);
export const shockFunctions = valueSet('shock-function', 'Shock function', [
  ['active', 'Active'], ['off', 'Switched off'], ['to-be-discussed', 'To be discussed'], ['not-applicable', 'Not a shock device'],
]);
export const emergencyRisks = valueSet('emergency-risk', 'Known emergency risks', [
  ['major-bleed', 'Major bleed'], ['cord-compression', 'Spinal cord compression'], ['airway-obstruction', 'Airway obstruction'], ['seizures', 'Seizures'],
  ['hypercalcaemia', 'Hypercalcaemia'], ['svc-obstruction', 'Superior vena cava obstruction'], ['neutropenic-sepsis', 'Neutropenic sepsis'],
  ['choking', 'Choking or aspiration'], ['falls', 'Falls'], ['delirium', 'Delirium'], ['adrenal-crisis', 'Adrenal crisis'], ['opioid-toxicity', 'Opioid toxicity'],
  ['parkinsons', 'Parkinson’s: never stop medicines, avoid certain anti-sickness drugs'], ['other', 'Other'],
]);

export const registerAnswers = valueSet('palliative-register', 'On palliative register', [
  ['on-register', 'On the register', '526631000000108'], ['removed', 'Removed (say why)'], ['not-on-register', 'Not on the register'],
]);
export const frameworks = valueSet('framework', 'Framework in use', [
  ['gsf', 'Gold Standards Framework'], ['preferred-priorities', 'Preferred Priorities for Care'], ['local', 'A local framework'], ['none', 'None'],
]);
/** Letter, colour and words together: never colour alone. */
export const gsfStages = valueSet('gsf-stage', 'Stage', [
  ['blue', 'A blue: a year or more', '845701000000104', '', 'blue'], ['green', 'B green: months', '845721000000108', '', 'green'],
  ['yellow', 'C yellow: weeks', '845751000000103', '', 'yellow'], ['red', 'D red: days', '845771000000107', '', 'red'], ['after-care', 'After care (navy)', '', '', 'navy'],
]);
export const prognoses = valueSet('prognosis', 'Likely prognosis', [
  ['more-than-a-year', 'More than a year', '1413121000000106'], ['about-a-year', 'About a year', '767503006'], ['months', 'Months (less than a year)', '968211000000101'],
  ['weeks', 'Weeks (less than a month)', '955231000000109'], ['days', 'Days (less than a week)', '511401000000102'], ['uncertain', 'Uncertain'],
]);
export const phases = valueSet('phase-of-illness', 'Phase of illness', [
  ['stable', 'Stable: the present plan works'], ['unstable', 'Unstable: the plan needs urgent change'], ['deteriorating', 'Deteriorating: worse as expected, plan adjusted'],
  ['dying', 'Dying: death is likely within days'], ['deceased', 'Deceased'],
]);
export const akpsScores = valueSet('akps', 'Australia-modified Karnofsky score', [
  ['100', '100: no complaints'], ['90', '90: minor signs'], ['80', '80: normal activity with effort'], ['70', '70: cares for self, no work'], ['60', '60: occasional help'],
  ['50', '50: considerable help'], ['40', '40: in bed over half the time'], ['30', '30: almost bedfast'], ['20', '20: bedfast, full nursing'], ['10', '10: barely rousable'], ['0', '0: dead'],
]);
export const iposItems = valueSet('ipos-item', 'What was scored', [
  ['pain', 'Pain'], ['breathlessness', 'Breathlessness'], ['weakness', 'Weakness'], ['nausea', 'Nausea'], ['vomiting', 'Vomiting'], ['poor-appetite', 'Poor appetite'],
  ['constipation', 'Constipation'], ['mouth', 'Sore or dry mouth'], ['drowsiness', 'Drowsiness'], ['mobility', 'Poor mobility'], ['own-anxiety', 'Own anxiety'],
  ['family-anxiety', 'Family’s anxiety'], ['depression', 'Depression'], ['at-peace', 'At peace'], ['sharing-feelings', 'Sharing feelings'],
  ['information', 'Information'], ['practical-matters', 'Practical matters'],
]);
export const iposScores = valueSet('ipos-score', 'Score', [
  ['0', '0 none'], ['1', '1 slight'], ['2', '2 moderate'], ['3', '3 severe'], ['4', '4 overwhelming'], ['cannot-assess', 'Cannot assess'],
]);
export const iposVersions = valueSet('ipos-version', 'Version used', [
  ['patient-3-day', 'Patient, 3 days'], ['staff-3-day', 'Staff, 3 days'], ['patient-7-day', 'Patient, 7 days'], ['staff-7-day', 'Staff, 7 days'],
]);
export const trends = valueSet('trend', 'Change since last meeting', [
  ['improved', 'Improved'], ['same', 'The same'], ['slower-decline', 'Slower decline'], ['rapid-decline', 'Rapid decline'], ['first-meeting', 'First time discussed'],
]);
