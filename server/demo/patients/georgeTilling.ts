/** Heart failure with an implanted defibrillator whose shocks are still on. Signed once; since then the team has been writing. */
import { identity, leads, listed, notForCpr, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, allergy, assessed, carePackage, condition, contact, decided, decider, device, disability, equipment, intervention, ipos, medicine, phone, risk, scenario, service, told } from '../rows.ts';

const team: DemoTeam = { gp: 'hartley', nurse: 'okoro', hospice: 'forsberg', coordinator: 'rahim' };

export const georgeTilling: MakePatient = ({ day, moment }) => ({
  planId: planId('george-tilling'),
  team,
  answers: {
    ...identity('hartley', '999570665', {
      family: 'Tilling', given: 'George Edward', born: '1946-08-30', gender: 'male', address: 'Flat 9, Mill Court\nNorthmere\nNM1 7BD', ethnicity: 'A',
      phones: [phone('home', '01632 960202', 'Mornings; lets it ring long')],
    }),
    livingSituation: 'alone', accessMethod: ['opens-own-door', 'warden'], homeOxygen: 'none',
    interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['standard-print'],
    disabilities: [disability('hearing-loss', 'Two hearing aids; keep the left one in for the night'), disability('mobility', 'Four or five steps, then a chair')],
    ...ownConsent(day(-140), 'accepted', 'Samuel Okoro went through the leaflet with him. He agrees to the record and to sharing it with the hospital heart team as well.'),
    carerStatus: 'has-carer', mainCarerAware: 'relative-aware', patientAware: 'aware',
    contacts: [contact('Peter Tilling', 'Son', '07700 900202', { mainCarer: true, nextOfKin: true, emergencyRank: '1', holdsKey: true }), contact('Mrs Jean Abbot', 'Warden, Mill Court', '01632 960292', { emergencyRank: '2', holdsKey: true })],
    carerNeeds: prose('Peter drives an hour each way and works shifts. He would like one number to ring, and a warning before a weekend if things look poor.'),
    decisionPersons: [decider('Peter Tilling', '07700 900202', 'Son'), decider('Karen Tilling', '07700 900212', 'Daughter-in-law')],
    ...leads(team, 'okoro', 'hartley'),
    teamMembers: [service('community-nurse', 'Samuel Okoro', 'Northmere Community Nursing Trust', '01632 960132', '01632 960131'), service('cardiology', 'Heart failure clinic', 'Northmere General Hospital', '01632 960180'), service('palliative-nurse', 'Grace Forsberg', 'Lantern House Hospice', '01632 960153', '01632 960150')],
    primaryDiagnosis: 'Advanced heart failure with reduced ejection fraction', diagnosisCategory: 'heart',
    otherDiagnoses: [condition('Ischaemic heart disease', 'Two heart attacks, bypass surgery'), condition('Chronic kidney disease stage 4'), condition('Type 2 diabetes')],
    allergyStatus: 'has-allergies', allergies: [allergy('Penicillin', 'Widespread rash and swelling of the lips', 'severe', 'confirmed', '1998-05-04')],
    implantedDevices: [device('icd', 'active', true, 'Left chest. Device clinic 01632 960181; magnet in the bedside drawer')],
    clinicalAlerts: [risk('other', 'Repeated shocks from the defibrillator'), risk('falls')],
    clinicalSummary: prose('Third spell of fluid overload in four months; two kilograms above target, legs leaking. Sleeps in the recliner. Breathless washing himself.', 'Kidneys no longer tolerate higher doses of diuretic. The heart team agrees that no further device or operation would help.'),
    onRegister: 'on-register', registerDate: day(-140), tool: ['gsf'], gsfStage: 'yellow', prognosis: 'weeks',
    phaseOfIllness: 'deteriorating', phaseDate: day(-4), akps: '40', trend: 'slower-decline',
    ipos: ipos(day(-4), 'patient-7-day', { breathlessness: '3', weakness: '3', 'poor-appetite': '2', mobility: '4', 'own-anxiety': '2', 'at-peace': '2' }),
    whatMatters: prose('Staying in my flat where I can see the canal. The Sunday match on the radio with Peter.', 'Being told things straight.'),
    fearsAvoid: prose('The thing in my chest going off when I am dying. A man on my ward had that.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-40) }, advanceStatement: 'yes', preferredPlaceOfCare: 'own-home',
    ppd1: 'own-home', ppd1Place: 'Flat 9, Mill Court', ppd1Usual: true, ppd2: 'hospice', ppd2Place: 'Lantern House Hospice', religion: 'none', organDonation: 'not-eligible',
    ...notForCpr(moment(-38, '11:00'), people.hartley, 'Inside the flat door, in the message-in-a-bottle pocket', ['person', 'family'],
      'His heart is failing beyond repair. CPR would be very unlikely to restart it and, if it did, he would be left in a worse state than he would accept. He understands that this is a separate matter from his defibrillator.'),
    focusOfCare: 'comfort', ceiling: 'hospital-reversible-only',
    interventions: [intervention('icd-shocks', 'discuss-first', 'Shocks are still ON. He wants them switched off before the last days; visit by the device clinic is booked'), intervention('iv-antibiotics', 'discuss-first', 'Not penicillin'), intervention('dialysis', 'would-not-have'), intervention('critical-care', 'would-not-have')],
    hospitalAdmission: 'listed-reasons',
    emergencyScenarios: [
      scenario('More than one shock from the defibrillator', 'If dying or distressed: tape the magnet from the bedside drawer over the device, left chest. It stops shocks, not pacing', 'Device clinic in hours 01632 960181; Lantern House 01632 960150'),
      scenario('Suddenly more breathless, weight up 2 kg or more', 'Sit upright, extra furosemide as on the heart failure plan', 'Samuel Okoro 01632 960132; other hours 01632 960131', 'Furosemide 40 mg by mouth, once'),
    ],
    cprAwareness: [told('person-informed'), told('family-informed', 'Peter'), told('carer-informed', 'Warden')], respectForm: 'yes',
    adrt: 'none-known', lpa: 'property-only', capacity: [assessed('Switching off the shocks of his defibrillator', 'has', people.hartley, day(-38))],
    jicStatus: { code: 'prescribed', date: day(-4), note: 'Chemist delivers tomorrow' }, jicAuthorisation: 'no',
    currentMedicines: [medicine('Furosemide', '80 mg morning, 40 mg at noon', 'Fluid'), medicine('Bisoprolol', '2.5 mg once a day', 'Heart rate'), medicine('Morphine sulfate oral solution', '1 mg up to four times a day', 'Breathlessness; low dose because of the kidneys'), medicine('Ramipril', '1.25 mg', 'Kidney function falling', true)],
    carePackage: [carePackage('Mill Court care team', '2', { start: day(-60), contact: '01632 960292' })], equipment: [equipment('pendant-alarm', 'in-place', day(-200)), equipment('hospital-bed', 'needed', day(-4), 'He asks to keep the recliner beside it')],
    chcStatus: 'not-considered', benefitsForm: { code: 'completed', date: day(-39) },
    socialWorkPlan: prose('Two calls a day can go up to four within a day’s notice. Peter has the number of the duty desk.'),
    urgentSummary: listed('End-stage heart failure, lives alone in sheltered flat, warden has the key. Not for CPR.', 'DEFIBRILLATOR SHOCKS STILL ON: magnet in the bedside drawer.', 'Severe penicillin allergy.', 'Hospital only for something quickly put right.', 'Hearing aids: speak to his face.'),
    oohNotified: { code: 'yes', date: day(-37) }, ambulanceNotified: { code: 'yes', date: day(-37) }, expectedDeath: 'doctor-verifies',
    reviewDue: day(12),
    discussion: prose('Samuel: legs weeping, needs dressings twice a week. Tom: no room left in the kidneys. All: the defibrillator must be settled before it becomes urgent.'),
    decisions: [decided('Ask the device clinic to switch off the shocks at home', people.hartley, 'His own request, repeated twice')],
    actions: [act('Book the device clinic for a home visit', people.okoro, day(2), 'urgent'), act('Order hospital bed', people.okoro, day(3), 'soon')],
  },
  steps: [
    { kind: 'sign' },
    { kind: 'write', by: 'forsberg', answers: {
      whatMatters: prose('Staying in my flat where I can see the canal. The Sunday match on the radio with Peter.', 'Being told things straight.', 'I want to be the one who says when the box in my chest is switched off, and I want Peter there.'),
    } },
    { kind: 'write', by: 'okoro', answers: { akps: '30' } },
  ],
});
