/** Value sets about the person, their home, their people and the professionals round them. */
import { valueSet } from './valueSet.ts';

export const nhsNumberStatuses = valueSet('nhs-number-status', 'NHS number status', [
  ['01', 'Number present and verified', '', '01'], ['02', 'Number present, not traced', '', '02'], ['03', 'Trace required', '', '03'],
  ['04', 'Traced, no match or several', '', '04'], ['05', 'Conflict to resolve', '', '05'], ['06', 'Trace in progress', '', '06'],
]);
export const genders = valueSet('administrative-gender', 'Administrative gender', [
  ['male', 'Male', '248153007', '1'], ['female', 'Female', '248152002', '2'], ['indeterminate', 'Indeterminate', '', '9'], ['not-known', 'Not known', '', 'X'],
]);
export const ethnicCategories = valueSet('ethnic-category', 'Ethnic category', [
  ['A', 'White: British', '', 'A'], ['B', 'White: Irish', '', 'B'], ['C', 'White: any other background', '', 'C'],
  ['D', 'Mixed: White and Black Caribbean', '', 'D'], ['E', 'Mixed: White and Black African', '', 'E'], ['F', 'Mixed: White and Asian', '', 'F'],
  ['G', 'Mixed: any other background', '', 'G'], ['H', 'Asian: Indian', '', 'H'], ['J', 'Asian: Pakistani', '', 'J'],
  ['K', 'Asian: Bangladeshi', '', 'K'], ['L', 'Asian: any other background', '', 'L'], ['M', 'Black: Caribbean', '', 'M'],
  ['N', 'Black: African', '', 'N'], ['P', 'Black: any other background', '', 'P'], ['R', 'Chinese', '', 'R'],
  ['S', 'Any other ethnic group', '', 'S'], ['Z', 'Not stated', '', 'Z'],
]);
export const phoneKinds = valueSet('phone-kind', 'Kind of telephone', [
  ['home', 'Home'], ['mobile', 'Mobile'], ['work', 'Work'], ['relative', 'A relative’s'], ['text-relay', 'Text relay'], ['other', 'Other'],
]);

export const livingSituations = valueSet('living-situation', 'Living situation', [
  ['alone', 'Lives alone'], ['with-partner', 'With partner'], ['with-family', 'With family'], ['with-friend', 'With a friend or lodger'],
  ['care-home', 'Care home'], ['supported-living', 'Supported living'], ['no-fixed-abode', 'No fixed abode'],
  ['secure-setting', 'Prison or other secure setting'], ['other', 'Other'],
]);
export const accessMethods = valueSet('access-method', 'How to get in', [
  ['opens-own-door', 'Opens own door'], ['someone-in-opens', 'Somebody who lives there opens'], ['key-safe', 'Key-safe'],
  ['neighbour-has-key', 'A neighbour has a key'], ['warden', 'Warden'], ['care-home-reception', 'Care-home reception'], ['other', 'Other'],
]);
export const homeHazardKinds = valueSet('home-hazard', 'Hazards to visiting staff', [
  ['animal', 'Dog or other animal'], ['smoking-with-oxygen', 'Smoking with oxygen'], ['weapons', 'Weapons'], ['threatening-person', 'Threatening person'],
  ['blocked-route', 'Hoarding or blocked route'], ['poor-lighting', 'Poor lighting'], ['no-phone-signal', 'No phone signal'],
  ['needle-risk', 'Needle risk'], ['infection', 'Infection'], ['other', 'Other'],
]);
export const oxygenSupplies = valueSet('home-oxygen', 'Oxygen at home', [
  ['none', 'None'], ['concentrator', 'Concentrator'], ['cylinders', 'Cylinders'], ['concentrator-and-cylinders', 'Concentrator and cylinders'], ['ordered', 'Ordered'],
]);

export const interpreterAnswers = valueSet('interpreter-needed', 'Interpreter needed', [
  ['yes', 'Yes', '315594003'], ['no', 'No', '315595002'], ['not-asked', 'Not asked'],
]);
export const disabilityKinds = valueSet('disability', 'Disabilities affecting care', [
  ['hearing-loss', 'Hearing loss', '15188001'], ['visual-impairment', 'Visual impairment', '397540003'], ['difficulty-communicating', 'Difficulty communicating', '288579009'],
  ['impaired-cognition', 'Impaired cognition', '386806002'], ['cannot-summon-help', 'Cannot summon help', '325541000000106'],
  ['poor-recognition-of-risk', 'Poor recognition of safety risks', '914271000000103'], ['learning-disability', 'Learning disability'], ['mobility', 'Mobility'],
  ['no-known-disability', 'No known disability', '750691000000106'], ['reports-none', 'Says they have none', '703154009'], ['other', 'Other'],
]);
export const informationFormats = valueSet('information-format', 'Needs information as', [
  ['standard-print', 'Standard print'], ['large-print', 'Large print'], ['easy-read', 'Easy read'], ['braille', 'Braille'], ['audio', 'Audio'],
  ['bsl-video', 'British Sign Language video'], ['email-screen-reader', 'Email for a screen reader'],
]);

/** One list for both agreements. The codes describe sharing; two answers have no published code. */
export const consentBases = valueSet('consent-basis', 'Agreement and its basis', [
  ['own-consent', 'Own explicit consent', '882921000000109'], ['withdrawn', 'Consent withdrawn', '882941000000102'],
  ['best-interests', 'Best-interests decision (Mental Capacity Act)', '882961000000101'], ['welfare-attorney', 'Agreed by an attorney for personal welfare', '883001000000106'],
  ['declined', 'Declined'], ['not-yet-asked', 'Not yet asked'],
]);
export const copyAnswers = valueSet('patient-copy', 'Copy offered', [['accepted', 'Accepted'], ['declined', 'Declined'], ['not-yet', 'Not yet']]);

export const carerAnswers = valueSet('carer-status', 'Has an unpaid carer', [
  ['has-carer', 'Has a carer', '184156005'], ['no-carer', 'Does not have a carer', '414041006'], ['unknown', 'Not known'],
]);
export const emergencyRanks = valueSet('emergency-rank', 'Order to call in an emergency', [['1', 'First'], ['2', 'Second'], ['3', 'Third'], ['no', 'Not to be called']]);
export const carerAwareness = valueSet('carer-awareness', 'Main carer aware of prognosis', [
  ['relative-aware', 'Relative is aware', '751961000000104'], ['relative-unaware', 'Relative is not aware', '760101000000101'],
  ['carer-aware', 'Carer is aware', '473301001'], ['carer-unaware', 'Carer is not aware', '711951000000105'],
]);
export const personAwareness = valueSet('person-awareness', 'Person aware of diagnosis and prognosis', [
  ['aware', 'Aware'], ['partly-aware', 'Partly aware'], ['unaware', 'Not aware'], ['prefers-not-to-know', 'Does not wish to know'], ['not-assessed', 'Not assessed'],
]);

export const services = valueSet('service', 'Service', [
  ['district-nurse', 'District nurse', '305578001'], ['community-nurse', 'Community nurse', '305574004'], ['palliative-nurse', 'Palliative care specialist nurse', '850951000000107'],
  ['palliative-physician', 'Palliative care physician', '305496007'], ['palliative-service', 'Palliative care service', '201511000000105'],
  ['hospice-at-home', 'Hospice at home', '1092551000000109'], ['clinical-nurse-specialist', 'Clinical nurse specialist', '305556008'], ['social-worker', 'Social worker', '405775000'],
  ['social-care-manager', 'Social care manager', '850931000000100'], ['direct-care-worker', 'Direct care worker', '853721000000106'],
  ['social-care-assessor', 'Social care assessor', '851851000000105'], ['healthcare-support-worker', 'Healthcare support worker', '853741000000104'],
  ['occupational-therapist', 'Occupational therapist', '305605005'], ['physiotherapist', 'Physiotherapist', '305613006'], ['speech-therapist', 'Speech and language therapist', '305616003'],
  ['dietitian', 'Dietitian', '305602008'], ['oncologist', 'Oncologist', '851011000000103'], ['pain', 'Pain service', '305469009'], ['elderly-care', 'Care of the elderly', '305490001'],
  ['respiratory', 'Respiratory', '305476004'], ['cardiology', 'Cardiology', '305472002'], ['neurology', 'Neurology', '305494005'], ['renal', 'Renal', '305493004'], ['surgeon', 'Surgeon', '305525000'],
  ['spiritual-care', 'Spiritual or cultural support', '851821000000100'], ['care-home', 'Care home'], ['community-pharmacist', 'Community pharmacist'],
  ['mental-health', 'Mental health'], ['volunteer', 'Volunteer'], ['other', 'Other'],
]);
