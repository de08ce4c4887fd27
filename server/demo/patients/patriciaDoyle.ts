/** Breast cancer, well, a year or more. Known early; her review is overdue. Signed once, before the date slipped by. */
import { identity, leads, listed, named, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, assessed, condition, contact, decided, decider, intervention, medicine, phone, risk, scenario, service } from '../rows.ts';

const team: DemoTeam = { gp: 'osei', nurse: 'reid', hospice: 'forsberg', coordinator: 'carter' };

export const patriciaDoyle: MakePatient = ({ day, moment }) => ({
  planId: planId('patricia-doyle'),
  team,
  answers: {
    ...identity('osei', '999577539', {
      family: 'Doyle', given: 'Patricia Anne', called: 'Pat', born: '1962-12-20', gender: 'female', address: '4 Beacon Hill\nNorthmere\nNM4 3SQ', ethnicity: 'B', phones: [phone('mobile', '07700 900228', 'Not during school hours; she teaches')],
    }),
    livingSituation: 'with-family', accessMethod: ['opens-own-door'], homeOxygen: 'none', interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['standard-print'],
    ...ownConsent(day(-110), 'accepted', 'Agrees to the record and to sharing. Asks that her school is never rung.'), carerStatus: 'no-carer', patientAware: 'aware',
    contacts: [contact('Niamh Doyle', 'Daughter', '07700 900229', { nextOfKin: true, emergencyRank: '1', livesWith: true })], decisionPersons: [decider('Niamh Doyle', '07700 900229', 'Daughter'), decider('Father Conor Doyle', '07700 900230', 'Brother')],
    ...leads(team, 'reid', 'osei'), teamMembers: [service('oncologist', 'Breast unit', 'Northmere General Hospital', '01632 960192')],
    primaryDiagnosis: 'Breast cancer with bone metastases, stable on treatment', diagnosisCategory: 'cancer', otherDiagnoses: [condition('Migraine')], allergyStatus: 'not-checked', clinicalAlerts: [risk('hypercalcaemia'), risk('cord-compression', 'Knows the warning signs; has the card')],
    clinicalSummary: prose('Third year of hormone treatment, scan unchanged. Works four days a week. Aches in the hip after a day of standing.'),
    onRegister: 'on-register', registerDate: day(-110), tool: ['gsf', 'preferred-priorities'], gsfStage: 'blue', prognosis: 'more-than-a-year', phaseOfIllness: 'stable', phaseDate: day(-95), akps: '80', trend: 'same',
    whatMatters: prose('Teaching until the summer. Walking in Connemara with Niamh.'), acpDiscussion: { code: 'not-yet', note: 'Would like to leave it until the next scan' }, preferredPlaceOfCare: 'own-home', ppdReasonNotRecorded: 'not-yet-discussed', religion: 'christian', organDonation: 'opted-in',
    cprDecision: 'for-attempted-cpr', cprDate: moment(-95, '16:10'), cprDecisionMaker: named(people.osei), cprDiscussedWith: ['person'], focusOfCare: 'prolong-life', ceiling: 'full',
    interventions: [intervention('iv-antibiotics', 'would-have'), intervention('critical-care', 'would-have')], hospitalAdmission: 'willing', respectForm: 'no', emergencyScenarios: [scenario('New back pain with weak legs', 'Lie flat', 'Breast unit 01632 960192; other hours 999')],
    adrt: 'none-known', lpa: 'none-known', capacity: [assessed('Treatment and resuscitation', 'has', people.osei, day(-95))], jicStatus: 'not-needed-yet', currentMedicines: [medicine('Letrozole', '2.5 mg once a day', 'Cancer'), medicine('Calcium and vitamin D', 'One tablet twice a day', 'Bones')],
    chcStatus: 'not-considered', benefitsForm: 'declined', urgentSummary: listed('Breast cancer in the bones, well and working. FOR attempted CPR, full treatment.', 'Back pain with weak legs: cord compression.', 'Daughter Niamh.'),
    oohNotified: { code: 'yes', date: day(-94) }, ambulanceNotified: { code: 'yes', date: day(-94) }, reviewDue: day(1),
    discussion: prose('Known early, on purpose: she has the number of the team before she needs it.'), decisions: [decided('Review after the next scan', people.osei)], actions: [act('Check allergies at the next blood test', people.osei, day(-9), 'routine')],
  },
  steps: [
    { kind: 'sign' },
    // The scan was put off; the date that the coordinator then wrote down has gone by, and nobody has met about her since.
    { kind: 'write', by: 'carter', answers: { reviewDue: day(-4) } },
  ],
});
