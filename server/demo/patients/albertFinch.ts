/** Died in hospital although he wished to die at home: variance recorded, bereavement care under way. Signed twice, the second time after his death. */
import { identity, leads, listed, notForCpr, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, assessed, bereaved, carePackage, condition, contact, decided, decider, equipment, feedback, intervention, medicine, phone, risk, scenario, service, told } from '../rows.ts';

const team: DemoTeam = { gp: 'hartley', nurse: 'okoro', hospice: 'forsberg', coordinator: 'rahim' };

export const albertFinch: MakePatient = ({ day, moment }) => ({
  planId: planId('albert-finch'),
  team,
  answers: {
    ...identity('hartley', '999271952', {
      family: 'Finch', given: 'Albert', called: 'Bert', born: '1940-10-12', gender: 'male', address: '33 Harbour View\nNorthmere\nNM6 1GT', ethnicity: 'A', phones: [phone('home', '01632 960215')],
    }),
    livingSituation: 'with-partner', accessMethod: ['opens-own-door'], homeOxygen: 'none', interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['standard-print'],
    ...ownConsent(day(-130), 'accepted', 'Agreed to the record and to sharing at his kitchen table, wife beside him.'),
    carerStatus: 'has-carer', mainCarerAware: 'relative-aware', patientAware: 'aware', contacts: [contact('Joyce Finch', 'Wife', '01632 960215', { mainCarer: true, nextOfKin: true, emergencyRank: '1', livesWith: true }), contact('Steven Finch', 'Son', '07700 900225', { emergencyRank: '2' })], carerNeeds: prose('Joyce is 84 and frail herself; lifts him alone between care calls.'), decisionPersons: [decider('Joyce Finch', '01632 960215', 'Wife'), decider('Steven Finch', '07700 900225', 'Son')],
    ...leads(team, 'okoro', 'hartley'), teamMembers: [service('community-nurse', 'Samuel Okoro', 'Northmere Community Nursing Trust', '01632 960132', '01632 960131'), service('palliative-nurse', 'Grace Forsberg', 'Lantern House Hospice', '01632 960153', '01632 960150')],
    primaryDiagnosis: 'Prostate cancer with spread to the bones', diagnosisCategory: 'cancer', otherDiagnoses: [condition('Chronic kidney disease stage 3')], allergyStatus: 'no-known-allergies', clinicalAlerts: [risk('cord-compression')],
    clinicalSummary: prose('Pain well held. Weaker each week, needs help to stand. Eats little.'),
    onRegister: 'on-register', registerDate: day(-130), tool: ['gsf'], gsfStage: 'yellow', prognosis: 'weeks', phaseOfIllness: 'deteriorating', phaseDate: day(-24), akps: '40', trend: 'slower-decline',
    whatMatters: prose('The harbour from my chair. Sixty years married in June.'), fearsAvoid: prose('Joyce hurting herself lifting me.'), acpDiscussion: { code: 'offered-accepted', date: day(-120) }, preferredPlaceOfCare: 'own-home', ppd1: 'own-home', ppd1Place: '33 Harbour View', ppd1Usual: true, ppd2: 'hospice', ppd2Place: 'Lantern House Hospice', religion: 'christian', organDonation: 'no-decision',
    ...notForCpr(moment(-118, '11:30'), people.hartley, 'Folder under the television', ['person', 'family'], 'Advanced cancer; CPR would not restore a life he wants. He decided this with his wife.'),
    focusOfCare: 'comfort', ceiling: 'home-oral', interventions: [intervention('oral-antibiotics', 'would-have'), intervention('iv-antibiotics', 'would-not-have')], hospitalAdmission: 'avoid', respectForm: 'yes',
    emergencyScenarios: [scenario('Legs suddenly weak or numb', 'Keep flat, same-day call', 'Lantern House 01632 960150', 'Dexamethasone 8 mg by mouth, as agreed'), scenario('Fall', 'Do not lift alone', 'Falls team 01632 960134')],
    cprAwareness: [told('person-informed'), told('family-informed')], adrt: 'none-known', lpa: 'none-known', capacity: [assessed('Place of care', 'has', people.hartley, day(-118))], jicStatus: 'prescribed', currentMedicines: [medicine('Morphine sulfate modified release', '10 mg twice a day', 'Bone pain'), medicine('Dexamethasone', '4 mg each morning', 'Bone pain')],
    carePackage: [carePackage('Northmere Home Care', '2', { start: day(-90), contact: '01632 960160' })], equipment: [equipment('hospital-bed', 'ordered', day(-24)), equipment('commode', 'in-place', day(-60))], chcStatus: { code: 'checklist', date: day(-24) }, benefitsForm: { code: 'completed', date: day(-118) }, socialWorkPlan: prose('More calls asked for; the agency has nobody before the end of the month.'),
    urgentSummary: listed('Prostate cancer in the bones, weeks. Not for CPR: folder under the television.', 'Home; avoid hospital. Wife is frail and cannot lift.', 'Weak legs: cord compression, ring Lantern House at once.'),
    oohNotified: { code: 'yes', date: day(-117) }, ambulanceNotified: { code: 'yes', date: day(-117) }, reviewDue: day(10),
    discussion: prose('Samuel: Joyce is struggling. Bed not yet there. Tom: asks for the box this week.'), decisions: [decided('Ask for continuing healthcare by the fast track', people.hartley)], actions: [act('Hospital bed: chase delivery', people.okoro, day(-20), 'urgent', { on: day(-16), evidence: 'Promised for the following day; came after his admission' })],
  },
  steps: [
    { kind: 'sign' },
    { kind: 'write', by: 'rahim', answers: {
      urgentFeedback: [feedback(day(-15), 'Northmere Ambulance Service', true, 'used', 'Plan found and followed as far as could be; nobody could stay with him at home that night')],
    } },
    { kind: 'write', by: 'forsberg', answers: {
      clinicalSummary: prose('Fell in the night twelve to fifteen days ago, could not be got up, taken in by ambulance. Chest infection on the ward; treated for comfort. Died there with his wife and son beside him.'),
    } },
    { kind: 'write', by: 'okoro', answers: { phaseOfIllness: 'deceased', phaseDate: day(-12), akps: '0', trend: 'rapid-decline' } },
    { kind: 'write', by: 'hartley', answers: { gsfStage: 'after-care', onRegister: { code: 'removed', note: 'Died' } } },
    // From here on only what belongs to the death and to the team's review can be written.
    { kind: 'write', by: 'hartley', answers: { dateOfDeath: moment(-12, '04:20'), placeOfDeath: 'hospital-acute' } },
    { kind: 'write', by: 'rahim', answers: { diedUsualResidence: false, preferenceMet: 'not-met', reviewDue: day(40) } },
    { kind: 'write', by: 'okoro', answers: {
      varianceReason: { code: 'carer-could-not-continue', note: 'Fell at night with Joyce alone; no night care to be had, bed not delivered' },
      deathReview: listed('What the team learned.', 'The plan was clear and the crew used it; what was missing was a pair of hands at night.', 'A bed ordered for somebody in stage yellow has to come within a day: raised with the equipment store.', 'Joyce says that he was never alone on the ward, and that the nurses knew his name.'),
    } },
    { kind: 'write', by: 'forsberg', answers: {
      bereavementPlan: [bereaved('Joyce Finch', 'high', '01632 960215', people.forsberg, day(9)), bereaved('Steven Finch', 'low', '07700 900225', people.forsberg, day(30))],
    } },
    { kind: 'sign' },
    { kind: 'write', by: 'moss', answers: { discussion: prose('Joyce has accepted a weekly visit and help with the house. Daniel Moss sees her on Thursday about money and the tenancy.') } },
  ],
});
