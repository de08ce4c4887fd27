/** Pancreatic cancer with jaundice coming back. Signed once. */
import { identity, leads, listed, notForCpr, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { organisations, people } from '../people.ts';
import { act, allergy, assessed, boxed, condition, contact, decided, decider, device, equipment, intervention, ipos, limit, medicine, phone, risk, scenario, service, told } from '../rows.ts';

const team: DemoTeam = { gp: 'osei', nurse: 'reid', hospice: 'nair', coordinator: 'carter' };

export const susanFairley: MakePatient = ({ day, moment }) => ({
  planId: planId('susan-fairley'),
  team,
  answers: {
    ...identity('osei', '999609067', {
      family: 'Fairley', given: 'Susan Margaret', called: 'Sue', born: '1960-07-01', gender: 'female', address: '5 Orchard Rise\nNorthmere\nNM4 6JP', ethnicity: 'A', phones: [phone('mobile', '07700 900207', 'Text first')],
    }),
    livingSituation: 'with-partner', accessMethod: ['opens-own-door', 'someone-in-opens'], homeOxygen: 'none', interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['standard-print'],
    ...ownConsent(day(-45), 'accepted', 'Agrees to the record and to sharing with one limit: her former husband works at the council and must not know which medicines are in the house.'), sharingLimits: [limit({ organisation: organisations.council }, 'medicines', 'A former husband works for the council: which medicines are in the house is not for anybody there')],
    carerStatus: 'has-carer', mainCarerAware: 'relative-aware', patientAware: 'aware', contacts: [contact('Jo Mbeki', 'Wife', '07700 900217', { mainCarer: true, nextOfKin: true, emergencyRank: '1', livesWith: true }), contact('Ellie Fairley', 'Daughter, at university', '07700 900227', { emergencyRank: '2' })],
    carerNeeds: prose('Jo has taken unpaid leave. Money is tight; benefits advice asked for.'), decisionPersons: [decider('Jo Mbeki', '07700 900217', 'Wife'), decider('Ellie Fairley', '07700 900227', 'Daughter')],
    ...leads(team, 'forsberg', 'nair'), teamMembers: [service('palliative-nurse', 'Grace Forsberg', 'Lantern House Hospice', '01632 960153', '01632 960150'), service('oncologist', 'Upper GI team', 'Northmere General Hospital', '01632 960185'), service('district-nurse', 'Ann Reid', 'Northmere Community Nursing Trust', '01632 960130', '01632 960131')],
    primaryDiagnosis: 'Cancer of the head of the pancreas with liver metastases', diagnosisCategory: 'cancer', otherDiagnoses: [condition('Diabetes caused by the pancreatic disease')], allergyStatus: 'has-allergies', allergies: [allergy('Metoclopramide', 'Locked jaw, restless limbs', 'severe', 'confirmed', '2019-03-12')],
    implantedDevices: [device('drain', 'not-applicable', undefined, 'Metal stent in the bile duct; no external part')], clinicalAlerts: [risk('neutropenic-sepsis', 'Chemotherapy stopped five weeks ago; risk passing'), risk('other', 'Blocked stent: fever, shivering, deeper yellow')],
    clinicalSummary: prose('Yellow again for four days, itching, dark urine. Bilirubin rising; the stent team thinks that a second stent could help once, for some weeks, and she is deciding.', 'Pain in the back and upper belly, worse after food, now better on a higher dose.'),
    onRegister: 'on-register', registerDate: day(-45), tool: ['gsf'], gsfStage: 'yellow', prognosis: 'weeks', phaseOfIllness: 'unstable', phaseDate: day(-1), akps: '50', trend: 'rapid-decline', ipos: ipos(day(-1), 'patient-3-day', { pain: '3', nausea: '2', 'poor-appetite': '4', weakness: '3', 'own-anxiety': '2', 'practical-matters': '3' }),
    whatMatters: prose('Ellie’s graduation, nine weeks from now. If I cannot get there, I want to have written her the letter.', 'Being touched by Jo without pumps and tubes in between.'), fearsAvoid: prose('Itching until I go mad. Being sick in front of people.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-30) }, preferredPlaceOfCare: 'own-home', ppd1: 'hospice', ppd1Place: 'Lantern House Hospice', ppd1Usual: false, ppd2: 'own-home', ppd2Usual: true, religion: 'spiritual', organDonation: 'tissue-only',
    ...notForCpr(moment(-29, '17:05'), people.nair, 'Kitchen noticeboard, yellow envelope', ['person', 'family'], 'The cancer cannot be cured and will stop her heart when it has run its course. CPR would not change that. She asked that comfort comes first.'),
    focusOfCare: 'balance', ceiling: 'hospital-reversible-only', interventions: [intervention('iv-antibiotics', 'would-have', 'For an infected stent, once'), intervention('blood-tests', 'would-have', 'If they change something'), intervention('critical-care', 'would-not-have')], hospitalAdmission: 'listed-reasons',
    emergencyScenarios: [scenario('Fever and shivering with deeper yellow', 'Temperature, fluids; same-day call about the stent', 'Upper GI team 01632 960185; other hours 01632 960150', 'Antibiotics as the hospital advises'), scenario('Pain out of control', 'Breakthrough dose, repeat once after 30 minutes', 'Lantern House 01632 960150', 'Oxycodone oral solution 5 mg')],
    cprAwareness: [told('person-informed'), told('family-informed', 'Jo')], respectForm: 'yes', adrt: 'none-known', lpa: 'none-known', capacity: [assessed('A second stent', 'has', people.nair, day(-1))],
    jicStatus: { code: 'issued', date: day(-12) }, jicLocation: 'Bedroom, top drawer of Jo’s desk', jicAuthorisation: { code: 'yes', date: day(-12), note: 'Dr Nair' },
    jicDrugs: [boxed('Pain', 'Oxycodone', '2.5 mg to 5 mg, no oftener than hourly', 'Under the skin', 'Ring for advice after 4 doses', '10 ampoules of 10 mg', day(280)), boxed('Nausea', 'Levomepromazine', '6.25 mg, no oftener than 6-hourly; NOT metoclopramide', 'Under the skin', '25 mg', '5 ampoules of 25 mg', day(250)), boxed('Agitation', 'Midazolam', '2.5 mg to 5 mg, no oftener than hourly', 'Under the skin', 'Ring for advice after 4 doses', '10 ampoules of 10 mg', day(240)), boxed('Colic', 'Hyoscine butylbromide', '20 mg, no oftener than 4-hourly', 'Under the skin', '120 mg', '10 ampoules of 20 mg', day(230))],
    currentMedicines: [medicine('Oxycodone modified release', '20 mg twice a day', 'Pain'), medicine('Pancreatic enzymes', 'With every meal and snack', 'Digestion'), medicine('Insulin glargine', '8 units each morning', 'Diabetes')],
    equipment: [equipment('hospital-bed', 'needed', day(-1))], chcStatus: { code: 'fast-track-submitted', date: day(-1) }, benefitsForm: { code: 'completed', date: day(-40) }, socialWorkPlan: prose('Benefits adviser rings Jo on Thursday. Care calls not wanted yet; can start within two days.'),
    urgentSummary: listed('Pancreatic cancer, weeks. Not for CPR: yellow envelope on the kitchen noticeboard.', 'NO METOCLOPRAMIDE: locked jaw.', 'Fever with jaundice: may be a blocked stent, hospital is right for that.', 'Otherwise home or Lantern House. Box in the desk drawer, bedroom.', 'Insulin: check the sugar if drowsy.'),
    oohNotified: { code: 'yes', date: day(-11) }, ambulanceNotified: { code: 'yes', date: day(-11) }, expectedDeath: 'doctor-verifies', reviewDue: day(6),
    discussion: prose('Priya: a second stent is reasonable if she wants it, once. Grace: the letter to Ellie is begun. Ann: skin sore from scratching, cream and cool room help.'), decisions: [decided('Offer one more stent, then no further procedures', people.nair, 'Could give weeks with less itching; her choice')], actions: [act('Answer from Sue about the stent', people.forsberg, day(1), 'urgent'), act('Benefits adviser for Jo', people.moss, day(3), 'soon')],
  },
  steps: [{ kind: 'sign' }],
});
