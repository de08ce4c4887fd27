/** Frailty, living alone behind a key-safe. Signed once, nothing since. */
import { identity, leads, listed, notForCpr, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, adjustment, allergy, assessed, carePackage, condition, contact, decided, decider, device, disability, equipment, hazard, intervention, medicine, phone, risk, scenario, service, told } from '../rows.ts';

const team: DemoTeam = { gp: 'osei', nurse: 'reid', hospice: 'forsberg', coordinator: 'carter' };

export const ednaBrightwell: MakePatient = ({ day, moment }) => ({
  planId: planId('edna-brightwell'),
  team,
  answers: {
    ...identity('osei', '999960437', {
      family: 'Brightwell', given: 'Edna', born: '1931-04-22', gender: 'female', address: '61 Weaver Street\nNorthmere\nNM2 1AB', ethnicity: 'A', phones: [phone('home', '01632 960205', 'After 10:00, let it ring')],
    }),
    livingSituation: 'alone', accessMethod: ['key-safe', 'opens-own-door'], keySafeLocation: 'Right of the porch at knee height', keySafeCode: '1931',
    homeHazards: [hazard('animal', 'Old terrier, noisy, does not bite'), hazard('poor-lighting', 'No light on the back stairs')], homeOxygen: 'none',
    interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['large-print'], disabilities: [disability('visual-impairment', 'Macular degeneration, sees shapes'), disability('mobility', 'Frame indoors')],
    reasonableAdjustments: [adjustment('Read letters aloud', 'Post goes unread otherwise', day(-80))],
    ...ownConsent(day(-80), 'accepted', 'Ann Reid read the leaflet to her. She agrees, and asks that her niece in Leeds is not told about money.'),
    carerStatus: 'no-carer', patientAware: 'aware',
    contacts: [contact('Mr Iqbal Sharma', 'Next-door neighbour', '01632 960295', { emergencyRank: '1', holdsKey: true }), contact('Christine Brightwell', 'Niece', '07700 900205', { nextOfKin: true, emergencyRank: '2' })],
    decisionPersons: [decider('Christine Brightwell', '07700 900205', 'Niece'), decider('Mr Iqbal Sharma', '01632 960295', 'Neighbour and friend')],
    ...leads(team, 'reid', 'osei'), teamMembers: [service('district-nurse', 'Ann Reid', 'Northmere Community Nursing Trust', '01632 960130', '01632 960131'), service('social-worker', 'Daniel Moss', 'Northmere Council', '01632 960162')],
    primaryDiagnosis: 'Severe frailty', diagnosisCategory: 'frailty', otherDiagnoses: [condition('Atrial fibrillation', 'Blood thinner stopped after a bleed'), condition('Macular degeneration')],
    allergyStatus: 'has-allergies', allergies: [allergy('Codeine', 'Confusion and vomiting', 'moderate', 'confirmed')], implantedDevices: [device('pacemaker', 'not-applicable', undefined, 'Fitted eleven years ago')], clinicalAlerts: [risk('falls', 'Four in three months'), risk('delirium', 'With every infection')],
    clinicalSummary: prose('Slowing over the past year: four falls, six kilograms lost, no longer gets to the shop. Thinks clearly except when she has an infection.', 'She has had enough of hospitals and says so to each of us.'),
    onRegister: 'on-register', registerDate: day(-80), tool: ['gsf'], gsfStage: 'green', prognosis: 'months', phaseOfIllness: 'stable', phaseDate: day(-9), akps: '50', trend: 'slower-decline',
    whatMatters: prose('Patch, my dog. My own front door. A drop of sherry on Sundays.'), fearsAvoid: prose('Lying on the floor all night again. Going into a home.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-70) }, advanceStatement: 'yes', preferredPlaceOfCare: 'own-home', ppd1: 'own-home', ppd1Place: '61 Weaver Street', ppd1Usual: true, ppd2: 'care-home', ppd2Place: 'Larkfield House, because her friend lives there', religion: 'christian', organDonation: 'no-decision',
    ...notForCpr(moment(-69, '12:10'), people.osei, 'Key-safe folder, kitchen drawer nearest the door', ['person'], 'At her level of frailty CPR would be very unlikely to succeed and likely to leave her broken and dependent. She asked for it not to be tried before we raised it.'),
    focusOfCare: 'balance', ceiling: 'hospital-reversible-only',
    interventions: [intervention('iv-antibiotics', 'discuss-first'), intervention('fracture-surgery', 'would-have', 'If it gets her back on her frame'), intervention('critical-care', 'would-not-have')], hospitalAdmission: 'listed-reasons',
    emergencyScenarios: [scenario('Found on the floor', 'Check hips and head; if unhurt, lift with the cushion from the ambulance and stay home', 'Falls team 01632 960134; neighbour Mr Sharma'), scenario('Suddenly confused', 'Look for infection, drink, full bladder; nobody leaves her alone', 'Elm Street Surgery; other hours 111 with this plan')],
    cprAwareness: [told('person-informed'), told('carer-informed', 'Mr Sharma')], respectForm: 'yes', adrt: 'none-known', lpa: 'none-known', capacity: [assessed('Where to live and what treatment to have', 'has', people.osei, day(-69))],
    jicStatus: 'not-needed-yet', currentMedicines: [medicine('Bisoprolol', '1.25 mg once a day', 'Heart rate'), medicine('Paracetamol', '1 g up to three times a day', 'Aches')],
    carePackage: [carePackage('Weaver Street Home Care', '2', { start: day(-60), contact: '01632 960163' })], equipment: [equipment('pendant-alarm', 'in-place', day(-76)), equipment('commode', 'ordered', day(-7))], chcStatus: 'not-considered', benefitsForm: 'not-needed',
    socialWorkPlan: prose('Two calls a day, third when she asks. A volunteer walks Patch. Care home only if she herself comes round to it.'),
    urgentSummary: listed('Severe frailty, lives alone, poor sight. Key-safe right of the porch; noisy dog, harmless.', 'Not for CPR. Prefers to be treated at home; hospital for something quickly put right, a broken hip included.', 'Codeine makes her confused.', 'Neighbour Mr Sharma 01632 960295 has a key and will sit with her.'),
    oohNotified: { code: 'yes', date: day(-68) }, ambulanceNotified: { code: 'yes', date: day(-68) }, reviewDue: day(3),
    discussion: prose('Ann: fourth fall, unhurt. Daniel: she accepts a second call. Amara: blood pressure tablets stopped.'), decisions: [decided('Stop tablets that lower the blood pressure', people.osei, 'Falls on standing')],
    actions: [act('Light for the back stairs', people.moss, day(8), 'routine'), act('Third care call if she agrees', people.moss, day(14), 'routine')],
  },
  steps: [{ kind: 'sign' }],
});
