/** Liver cancer in prison: keys, officers and release on compassionate grounds. Signed once. */
import { identity, leads, listed, notForCpr, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, adjustment, assessed, boxed, condition, contact, decided, decider, hazard, intervention, limit, medicine, phone, risk, scenario, service, told } from '../rows.ts';

const team: DemoTeam = { gp: 'hartley', nurse: 'okoro', hospice: 'forsberg', coordinator: 'rahim' };

export const kevinMarsh: MakePatient = ({ day, moment }) => ({
  planId: planId('kevin-marsh'),
  team,
  answers: {
    ...identity('hartley', '999952965', {
      family: 'Marsh', given: 'Kevin Paul', called: 'Kev', born: '1967-03-30', gender: 'male', address: 'HMP Stonebeck, Healthcare Wing\nStonebeck\nNM9 8ZZ', ethnicity: 'C', phones: [phone('other', '01632 960189', 'Healthcare wing; gate log before 20:00')],
    }),
    livingSituation: 'secure-setting', accessMethod: ['other'], homeHazards: [hazard('other', 'Gate clearance needed: telephone ahead, identity card, no telephones inside; crew is met and escorted')], homeOxygen: 'none', interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['easy-read'],
    reasonableAdjustments: [adjustment('Read aloud, then leave easy-read sheet', 'Reads slowly and hides it'), adjustment('See him without officers in earshot', 'Agreed with the governor, door ajar')],
    ...ownConsent(day(-26), 'accepted', 'Agrees to the record and to sharing with healthcare staff. Custody staff are told only what they need in an emergency.'), sharingLimits: [limit({ role: 'care-home-nurse' }, 'everything', 'His own wish: nurses of the custody wing, who sign in as care-home nurses, are told what to do in an emergency by letter')],
    carerStatus: 'no-carer', patientAware: 'aware', contacts: [contact('Donna Marsh', 'Sister', '07700 900211', { nextOfKin: true, emergencyRank: '1' }), contact('Prison chaplain', 'Chaplain', '01632 960188', { emergencyRank: '2' })], decisionPersons: [decider('Donna Marsh', '07700 900211', 'Sister'), decider('Healthcare manager, Stonebeck', '01632 960189', 'Responsible for his care in prison')],
    ...leads(team, 'forsberg', 'hartley'), teamMembers: [service('other', 'Healthcare wing', 'HMP Stonebeck', '01632 960189', '01632 960189'), service('palliative-nurse', 'Grace Forsberg', 'Lantern House Hospice', '01632 960153', '01632 960150'), service('social-worker', 'Daniel Moss', 'Northmere Council', '01632 960162')],
    primaryDiagnosis: 'Primary liver cancer with cirrhosis', diagnosisCategory: 'liver', otherDiagnoses: [condition('Hepatitis C, treated'), condition('Past heroin use', 'None for nine years; on methadone')], allergyStatus: 'no-known-allergies', clinicalAlerts: [risk('major-bleed', 'Swollen veins in the gullet'), risk('delirium', 'Confusion from liver failure'), risk('opioid-toxicity', 'Already takes methadone')],
    clinicalSummary: prose('Belly tight again a week after draining. Sleepy by day, awake by night: early confusion from the liver. Eats in the wing kitchen with two friends who look out for him.'),
    onRegister: 'on-register', registerDate: day(-26), tool: ['gsf'], gsfStage: 'yellow', prognosis: 'weeks', phaseOfIllness: 'deteriorating', phaseDate: day(-5), akps: '50', trend: 'rapid-decline',
    whatMatters: prose('Seeing Donna without the table between us. Dying as Kev, not as a number.'), fearsAvoid: prose('Being chained to an officer when I go. Being refused pain relief because of what I used to do.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-20) }, preferredPlaceOfCare: { code: 'hospice', note: 'If release on compassionate grounds comes in time' }, ppd1: 'hospice', ppd1Place: 'Lantern House Hospice', ppd1Usual: false, ppd2: { code: 'other', note: 'Palliative room on the healthcare wing' }, ppd2Place: 'HMP Stonebeck', ppd2Usual: true, religion: 'spiritual', organDonation: 'no-decision',
    ...notForCpr(moment(-19, '13:30'), people.hartley, 'Emergency card, wing office; copy in the gate file', ['person'], 'Liver failure cannot be reversed and CPR would not change the course. He decided this himself, in private, and has told his sister.'),
    focusOfCare: 'comfort', ceiling: 'hospital-reversible-only', interventions: [intervention('iv-antibiotics', 'would-have', 'Infected fluid in the belly'), intervention('blood-products', 'discuss-first'), intervention('critical-care', 'would-not-have')], hospitalAdmission: 'listed-reasons', respectForm: 'yes',
    emergencyScenarios: [scenario('Vomits blood', 'Stay, dark towels, on his side', 'Healthcare wing 01632 960189, then Lantern House 01632 960150', 'Midazolam 10 mg, once, held by the wing nurse'), scenario('Drowsy and muddled', 'Check bowels and sugar; lactulose; no extra sedatives', 'Wing nurse, then Dr Hartley'), scenario('Ambulance needed at night', 'Wing radios the gate at once; escort waits at the inner gate; cuffs only if the governor says so in writing', '999 and gate 01632 960190')],
    cprAwareness: [told('person-informed'), told('family-informed', 'Donna'), told('carer-informed', 'Wing staff, through the card')], adrt: 'none-known', lpa: 'none-known', capacity: [assessed('Resuscitation; applying for release', 'fluctuates', people.hartley, day(-5), 'Clear in the mornings; not when the liver confuses him')],
    jicStatus: { code: 'issued', date: day(-8), note: 'Wing controlled drugs cupboard; nurses only' }, jicLocation: 'Healthcare wing, controlled drugs cupboard', jicAuthorisation: { code: 'yes', date: day(-8), note: 'Dr Hartley' },
    jicDrugs: [boxed('Pain', 'Morphine sulfate', '5 mg, no oftener than 2-hourly, beside his methadone', 'Under the skin', 'Ring for advice after 3 doses', '10 ampoules of 10 mg', day(200)), boxed('Agitation', 'Midazolam', '2.5 mg, no oftener than 2-hourly', 'Under the skin', 'Ring for advice after 3 doses', '10 ampoules of 10 mg', day(200)), boxed('Nausea', 'Haloperidol', '0.5 mg, no oftener than 8-hourly', 'Under the skin', '1.5 mg', '5 ampoules of 5 mg', day(220))],
    currentMedicines: [medicine('Methadone oral solution', '40 mg once a day, supervised', 'Never stop suddenly'), medicine('Lactulose', '20 ml three times a day', 'Prevents confusion'), medicine('Spironolactone', '100 mg each morning', 'Fluid')],
    chcStatus: 'not-considered', benefitsForm: 'to-do', socialWorkPlan: prose('Daniel Moss prepares the care part of the application for release: Lantern House has agreed to a bed if the order comes.'),
    urgentSummary: listed('Liver cancer, weeks. In prison healthcare wing: crew is met at the gate, 01632 960190.', 'Not for CPR: card in the wing office.', 'On methadone 40 mg a day: needs more, not less, for pain.', 'Bleeding risk. Hospital only for infection or something quickly put right.', 'Speak to him in private.'),
    oohNotified: { code: 'yes', date: day(-18) }, ambulanceNotified: { code: 'yes', date: day(-18) }, expectedDeath: 'doctor-verifies', reviewDue: day(8),
    discussion: prose('Grace: settled on the wing, friends kind. Tom: application for release signed and sent. Daniel: hospice bed agreed in principle. All: an open visit for Donna meanwhile.'), decisions: [decided('Apply for release on compassionate grounds now', people.hartley, 'It takes weeks, and weeks are what he has')], actions: [act('Chase the release application every second day', people.moss, day(2), 'urgent'), act('Open visit for his sister', people.rahim, day(4), 'soon')],
  },
  steps: [{ kind: 'sign' }],
});
