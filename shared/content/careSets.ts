/** Value sets about medicines, support, handover, the meeting and death. */
import { valueSet } from './valueSet.ts';

export const anticipatoryStatuses = valueSet('anticipatory-medicines', 'Anticipatory medicines', [
  ['not-needed-yet', 'Not needed yet'], ['discussed', 'Discussed'], ['prescribed', 'Prescribed', '871021000000106'], ['issued', 'Box issued', '376201000000102'],
  ['in-use', 'In use'], ['returned', 'Returned or destroyed'], ['declined', 'Declined'],
]);
export const yesNoAnswers = valueSet('yes-no', 'Yes or no', [['yes', 'Yes'], ['no', 'No']]);

export const equipmentKinds = valueSet('equipment', 'Equipment', [
  ['hospital-bed', 'Hospital bed'], ['pressure-mattress', 'Pressure mattress'], ['slide-sheets', 'Slide sheets'], ['commode', 'Commode'], ['hoist', 'Hoist'],
  ['wheelchair', 'Wheelchair'], ['ramp', 'Ramp'], ['pendant-alarm', 'Pendant alarm'], ['suction', 'Suction'], ['oxygen', 'Oxygen'], ['syringe-driver', 'Syringe driver'],
  ['continence', 'Continence supplies'], ['other', 'Other'],
]);
export const equipmentStatuses = valueSet('equipment-status', 'State', [['needed', 'Needed'], ['ordered', 'Ordered'], ['in-place', 'In place'], ['to-collect', 'To be collected']]);
export const continuingCareStatuses = valueSet('continuing-healthcare', 'NHS continuing healthcare', [
  ['not-considered', 'Not considered'], ['checklist', 'Checklist'], ['fast-track-submitted', 'Fast-track submitted'], ['agreed', 'Agreed'], ['declined', 'Declined'],
  ['review-due', 'Review due'], ['other-funding', 'Other funding: self, council or personal budget'],
]);
export const specialRulesForm = valueSet('special-rules-form', 'Special rules form', [
  ['not-needed', 'Not needed'], ['to-do', 'To do'], ['completed', 'Completed'], ['declined', 'Declined'],
]);

export const toldAnswers = valueSet('told', 'Told', [['yes', 'Yes'], ['pending', 'Pending'], ['no', 'No']]);
export const expectedDeathAnswers = valueSet('expected-death', 'Death expected', [
  ['nurse-verifies', 'Expected: a nurse may verify'], ['doctor-verifies', 'Expected: a doctor verifies'], ['not-expected', 'Not expected'],
]);
export const planUse = valueSet('plan-use', 'Was the plan used', [['used', 'Found and used'], ['not-used', 'Found, not used'], ['not-found', 'Not found']]);

export const priorities = valueSet('priority', 'Priority', [['urgent', 'Urgent'], ['soon', 'Soon'], ['routine', 'Routine']]);
export const actionStatuses = valueSet('action-status', 'State', [['open', 'Open'], ['done', 'Done'], ['cancelled', 'No longer needed']]);
export const attendanceKinds = valueSet('attendance', 'Attendance', [['present', 'Present'], ['apologies', 'Apologies']]);
export const signOffStates = valueSet('sign-off', 'Sign-off', [
  ['draft', 'Draft'], ['in-meeting', 'In a meeting'], ['ready', 'Ready to sign'], ['signed', 'Signed'], ['superseded', 'Replaced by a newer version'], ['withdrawn', 'Withdrawn'],
]);

export const preferenceOutcomes = valueSet('preference-met', 'Preference met', [
  ['first', 'First choice'], ['second', 'Second choice'], ['not-met', 'Not met'], ['no-preference-known', 'No preference known'],
]);
export const varianceReasons = valueSet('variance-reason', 'Why not met', [
  ['sudden-change', 'Sudden change'], ['symptoms', 'Symptoms not controlled'], ['carer-could-not-continue', 'Carer could not continue'], ['no-care-package', 'No care package'],
  ['no-bed', 'No bed'], ['medicines-not-available', 'Medicines not available'], ['plan-not-seen', 'Plan not seen by urgent care'], ['changed-mind', 'Changed their mind'],
  ['family-wish', 'Family’s wish'], ['clinical-emergency', 'Clinical emergency'], ['not-known', 'Not known'],
]);
export const bereavementRisks = valueSet('bereavement-risk', 'Risk', [['low', 'Low'], ['some', 'Some concern'], ['high', 'High']]);
