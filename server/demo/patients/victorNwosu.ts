/** Lung fibrosis. Since the plan was signed, two doctors have recorded different CPR recommendations without seeing each other's. */
import { identity, leads, listed, named, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, assessed, condition, contact, decided, decider, equipment, intervention, ipos, medicine, phone, risk, scenario, service } from '../rows.ts';

const team: DemoTeam = { gp: 'osei', nurse: 'reid', hospice: 'nair', coordinator: 'carter' };

export const victorNwosu: MakePatient = ({ day, moment }) => ({
  planId: planId('victor-nwosu'),
  team,
  answers: {
    ...identity('osei', '999013807', {
      family: 'Nwosu', given: 'Victor Chidi', born: '1954-06-25', gender: 'male', address: '77 Hawthorn Avenue\nNorthmere\nNM4 2KS', ethnicity: 'N', phones: [phone('home', '01632 960210'), phone('mobile', '07700 900210', 'His own, after lunch')],
    }),
    livingSituation: 'with-partner', accessMethod: ['someone-in-opens'], homeOxygen: 'concentrator-and-cylinders', interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['standard-print'],
    ...ownConsent(day(-64), 'accepted', 'Agrees to the record and to sharing. A retired headmaster: wants to read every word himself.'),
    carerStatus: 'has-carer', mainCarerAware: 'relative-aware', patientAware: 'aware', contacts: [contact('Grace Nwosu', 'Wife', '01632 960210', { mainCarer: true, nextOfKin: true, emergencyRank: '1', livesWith: true }), contact('Emeka Nwosu', 'Son', '07700 900220', { emergencyRank: '2' })],
    carerNeeds: prose('Grace works mornings at the library, the only time to herself, and would like to keep that.'), decisionPersons: [decider('Grace Nwosu', '01632 960210', 'Wife'), decider('Emeka Nwosu', '07700 900220', 'Son')],
    ...leads(team, 'forsberg', 'nair'), teamMembers: [service('respiratory', 'Interstitial lung clinic', 'Northmere General Hospital', '01632 960187'), service('palliative-nurse', 'Grace Forsberg', 'Lantern House Hospice', '01632 960153', '01632 960150')],
    primaryDiagnosis: 'Idiopathic pulmonary fibrosis', diagnosisCategory: 'respiratory', otherDiagnoses: [condition('Acid reflux'), condition('Prostate cancer, under watch')], allergyStatus: 'no-known-allergies', clinicalAlerts: [risk('other', 'Sudden collapse of oxygen level on the least effort')],
    clinicalSummary: prose('Needs 6 litres of oxygen a minute to sit and cannot get to the bathroom without a rest. Cough exhausts him. No longer on antifibrotic treatment, which had stopped helping.'),
    onRegister: 'on-register', registerDate: day(-64), tool: ['gsf'], gsfStage: 'yellow', prognosis: 'weeks', phaseOfIllness: 'unstable', phaseDate: day(-2), akps: '40', trend: 'rapid-decline', ipos: ipos(day(-2), 'patient-3-day', { breathlessness: '4', weakness: '3', 'own-anxiety': '3', 'family-anxiety': '3', 'at-peace': '2' }),
    whatMatters: prose('Finishing the family history for the grandchildren; two chapters are left. Church by video on Sundays.'), fearsAvoid: prose('Fighting for breath. Decisions made behind my back.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-60) }, preferredPlaceOfCare: 'own-home', ppd1: 'hospice', ppd1Place: 'Lantern House Hospice', ppd1Usual: false, ppd2: 'own-home', ppd2Usual: true, religion: 'christian', organDonation: 'no-decision',
    cprDecision: 'for-attempted-cpr', cprDate: moment(-58, '10:15'), cprReviewDate: day(2), cprReason: prose('When asked two months ago he wanted everything tried while he finishes his book. To be looked at again as things change.'), cprDecisionMaker: named(people.osei), cprDiscussedWith: ['person', 'family'], cprFormLocation: 'Study, top of the desk',
    focusOfCare: 'balance', ceiling: 'hospital-no-critical-care', interventions: [intervention('non-invasive-ventilation', 'discuss-first'), intervention('ventilation', 'would-not-have'), intervention('iv-antibiotics', 'would-have')], hospitalAdmission: 'if-symptoms-unmanaged', respectForm: 'yes',
    emergencyScenarios: [scenario('Sudden severe breathlessness', 'Upright, oxygen up to the mark on the dial, fan, calm voice', 'Lantern House 01632 960150; if no relief 999', 'Morphine oral solution 2.5 mg, lorazepam 0.5 mg under the tongue')],
    adrt: 'being-prepared', lpa: 'registered-not-seen', capacity: [assessed('Resuscitation', 'has', people.osei, day(-58))], jicStatus: { code: 'issued', date: day(-15) }, jicLocation: 'Study, locked drawer of the desk', jicAuthorisation: { code: 'yes', date: day(-15), note: 'Dr Osei' },
    currentMedicines: [medicine('Morphine sulfate oral solution', '2.5 mg up to six times a day', 'Breathlessness and cough'), medicine('Prednisolone', '10 mg each morning', 'Cough'), medicine('Omeprazole', '20 mg each morning', 'Reflux')],
    equipment: [equipment('oxygen', 'in-place', day(-120)), equipment('commode', 'in-place', day(-10)), equipment('wheelchair', 'in-place', day(-60))], chcStatus: 'checklist', benefitsForm: { code: 'completed', date: day(-55) }, socialWorkPlan: prose('Sitting service for three mornings, so that Grace can work.'),
    urgentSummary: listed('Lung fibrosis, very low reserve. Signed plan: FOR attempted CPR, under review.', 'Oxygen 6 litres a minute at rest.', 'Lantern House is his first choice at the end.', 'Box in the study desk. Wife Grace, son Emeka.'),
    oohNotified: { code: 'yes', date: day(-57) }, ambulanceNotified: { code: 'yes', date: day(-57) }, reviewDue: day(2),
    discussion: prose('Grace F: worse in a fortnight. Amara and Priya will each see him this week about CPR.'), decisions: [decided('Look again at the CPR recommendation this week', people.osei)], actions: [act('Talk with Victor about CPR', people.osei, day(1), 'urgent'), act('Sitting service for three mornings', people.moss, day(4), 'soon')],
  },
  steps: [
    { kind: 'sign' },
    { kind: 'apart', field: 'cprDecision',
      one: { by: 'nair', value: { code: 'not-for-attempted-cpr', note: 'Spoke with him and Grace at the hospice clinic; he no longer wants it tried' } },
      other: { by: 'osei', value: { code: 'for-attempted-cpr', note: 'Asked at the surgery yesterday: wishes it tried until the book is done' } } },
  ],
});
