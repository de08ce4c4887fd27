/** Ovarian cancer; speaks Sylheti, needs an interpreter who is not her family. Signed once. */
import { identity, leads, listed, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, adjustment, assessed, condition, contact, decided, decider, device, equipment, intervention, ipos, medicine, phone, risk, scenario, service } from '../rows.ts';

const team: DemoTeam = { gp: 'osei', nurse: 'reid', hospice: 'forsberg', coordinator: 'carter' };

export const hasinaChoudhury: MakePatient = ({ day }) => ({
  planId: planId('hasina-choudhury'),
  team,
  answers: {
    ...identity('osei', '999068711', {
      family: 'Choudhury', given: 'Hasina Begum', born: '1958-01-01', gender: 'female', address: '112 Station Street\nNorthmere\nNM1 4LA', ethnicity: 'K', phones: [phone('mobile', '07700 900208', 'Her son Rafiq’s; ask for her')],
    }),
    livingSituation: 'with-family', accessMethod: ['someone-in-opens'], homeOxygen: 'none',
    interpreterNeeded: { code: 'yes', note: 'Woman interpreter, by video if nobody can come; not her children' }, spokenLanguage: 'syl', infoFormat: ['audio'],
    reasonableAdjustments: [adjustment('Book the interpreter for twice the usual time', 'Line 01632 960196, ask for Sylheti'), adjustment('Woman nurse or doctor for examination')],
    ...ownConsent(day(-33), 'accepted', 'Explained through a telephone interpreter, recorded in Sylheti for her to keep. She agrees to sharing with everyone who looks after her.'),
    carerStatus: 'has-carer', mainCarerAware: 'relative-aware', patientAware: { code: 'partly-aware', note: 'Wishes to hear a little at a time, with the interpreter, not from her sons' },
    contacts: [contact('Rafiq Choudhury', 'Son', '07700 900208', { nextOfKin: true, emergencyRank: '1', livesWith: true }), contact('Nasima Choudhury', 'Daughter-in-law', '07700 900218', { mainCarer: true, emergencyRank: '2', livesWith: true })],
    carerNeeds: prose('Nasima has a baby of four months and does nearly all the care. A bath seat would spare her back; she would like one afternoon to herself.'), decisionPersons: [decider('Rafiq Choudhury', '07700 900208', 'Son'), decider('Nasima Choudhury', '07700 900218', 'Daughter-in-law')],
    ...leads(team, 'forsberg', 'osei'), teamMembers: [service('palliative-nurse', 'Grace Forsberg', 'Lantern House Hospice', '01632 960153', '01632 960150'), service('spiritual-care', 'Imam of Station Street mosque', 'Northmere', '01632 960296')],
    primaryDiagnosis: 'Ovarian cancer spread to the lining of the abdomen', diagnosisCategory: 'cancer', otherDiagnoses: [condition('Type 2 diabetes'), condition('High blood pressure')], allergyStatus: 'no-known-allergies', implantedDevices: [device('drain', 'not-applicable', undefined, 'Abdominal drain, left side; nurses empty it twice a week')],
    clinicalAlerts: [risk('other', 'Blocked bowel: colic, vomiting')],
    clinicalSummary: prose('Chemotherapy stopped at her wish. The drain keeps her belly comfortable. Eats small meals, walks to the mosque on good days. Tired in the afternoon.'),
    onRegister: 'on-register', registerDate: day(-33), tool: ['gsf'], gsfStage: 'green', prognosis: 'months', phaseOfIllness: 'stable', phaseDate: day(-8), akps: '60', trend: 'same', ipos: ipos(day(-8), 'patient-7-day', { pain: '1', nausea: '1', weakness: '2', 'family-anxiety': '3', 'sharing-feelings': '2', information: '2' }),
    whatMatters: prose('Praying at the proper times, washed. My grandson in my lap. Not being a weight on Nasima.', 'Told to the interpreter: “I know it is serious. I will ask when I want to know more.”'), fearsAvoid: prose('Being examined by men. Bad news through my children.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-8), note: 'First conversation with the interpreter' }, preferredPlaceOfCare: 'own-home', ppdReasonNotRecorded: { code: 'undecided', note: 'Would like to speak with her sister in Sylhet first' }, religion: 'muslim', organDonation: 'no-decision',
    otherPreferences: prose('If she is close to death: turned towards Mecca, family reciting. Burial as soon as can be, so the certificate must not wait.'),
    cprDecision: { code: 'not-yet-decided', note: 'To be spoken of with the interpreter at her own pace' }, focusOfCare: 'balance', ceiling: 'hospital-no-critical-care',
    interventions: [intervention('iv-fluids', 'would-have'), intervention('blood-products', 'would-have')], hospitalAdmission: 'willing', respectForm: 'no',
    emergencyScenarios: [scenario('Vomiting and belly cramp', 'Nothing by mouth but sips; same-day call', 'Lantern House 01632 960150, ask for the interpreter line', 'Cyclizine 50 mg as prescribed'), scenario('Drain leaks or the skin round it is red', 'Dry dressing, do not pull', 'District nurses 01632 960130')],
    adrt: 'none-known', lpa: 'none-known', capacity: [assessed('Stopping chemotherapy', 'has', people.osei, day(-33))], jicStatus: 'not-needed-yet', currentMedicines: [medicine('Paracetamol', '1 g up to four times a day', 'Pain'), medicine('Metformin', '500 mg twice a day', 'Diabetes'), medicine('Cyclizine', '50 mg up to three times a day', 'Sickness')],
    equipment: [equipment('commode', 'in-place', day(-20)), equipment('other', 'ordered', day(-8), 'Bath seat')], chcStatus: 'not-considered', benefitsForm: { code: 'completed', date: day(-28) }, socialWorkPlan: prose('Carer’s assessment for Nasima next week, with an interpreter. Direct payment would let her choose a woman helper.'),
    urgentSummary: listed('Ovarian cancer, months. CPR not yet decided: treat accordingly.', 'SYLHETI INTERPRETER, a woman, 01632 960196. Do not use family to break news.', 'Woman clinician for examination if at all possible.', 'Abdominal drain on the left. Vomiting with cramp: blocked bowel.', 'Willing to go into hospital.'),
    oohNotified: { code: 'yes', date: day(-7) }, ambulanceNotified: { code: 'yes', date: day(-7) }, reviewDue: day(30),
    discussion: prose('Grace: trust is growing, one topic a visit. Ann: drain works. Daniel: Nasima at the end of her strength by evening.'), decisions: [decided('Talk about place of care and CPR over the next two visits, same interpreter', people.forsberg, 'She sets the pace')], actions: [act('Book the same interpreter for both visits', people.carter, day(2), 'soon'), act('Bath seat', people.reid, day(7), 'routine')],
  },
  steps: [{ kind: 'sign' }],
});
