/** Dementia in a care home: best interests, welfare attorney, no spoken preference left to hear. Signed three times. */
import { bestInterestsConsent, identity, leads, listed, notForCpr, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, adjustment, assessed, attorney, boxed, condition, contact, decided, decider, disability, equipment, intervention, medicine, phone, risk, scenario, service, told } from '../rows.ts';

const team: DemoTeam = { gp: 'osei', nurse: 'reid', hospice: 'forsberg', coordinator: 'carter', careHome: 'costa' };

export const winifredHale: MakePatient = ({ day, moment }) => ({
  planId: planId('winifred-hale'),
  team,
  answers: {
    ...identity('osei', '999136758', {
      family: 'Hale', given: 'Winifred', called: 'Winnie', born: '1935-12-03', gender: 'female', address: 'Larkfield House Care Home, Room 12\nLarkfield Lane\nNorthmere\nNM3 1LH', ethnicity: 'A',
      phones: [phone('other', '01632 960170', 'Care home, day and night')],
    }),
    livingSituation: 'care-home', accessMethod: ['care-home-reception'], homeOxygen: 'none',
    interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['audio'],
    disabilities: [disability('impaired-cognition', 'Says single words; smiles at music'), disability('difficulty-communicating', 'Pain shows as a frown and rubbing the left knee'), disability('cannot-summon-help')],
    reasonableAdjustments: [adjustment('Come in quietly and say your name', 'Startles at voices from behind'), adjustment('Use the pain chart for people who cannot say', 'In the bedside folder')],
    ...bestInterestsConsent(day(-210), 'She cannot weigh up what the record is for. Her daughter Margaret, who is her attorney for welfare, her key nurse Maria Costa and Dr Osei agreed that sharing it is best for her.'),
    carerStatus: 'has-carer', mainCarerAware: 'relative-aware', patientAware: { code: 'not-assessed', note: 'Cannot be asked in a way that she understands' },
    contacts: [contact('Margaret Dunn', 'Daughter', '07700 900203', { mainCarer: true, nextOfKin: true, emergencyRank: '1' }), contact('Alan Hale', 'Son', '07700 900213', { emergencyRank: '2' })],
    carerNeeds: prose('Margaret visits daily and worries about being too late. She wants to be rung at night.'),
    decisionPersons: [decider('Margaret Dunn', '07700 900203', 'Daughter and attorney'), decider('Alan Hale', '07700 900213', 'Son')],
    ...leads(team, 'costa', 'osei'),
    teamMembers: [service('care-home', 'Maria Costa', 'Larkfield House Care Home', '01632 960170', '01632 960170'), service('district-nurse', 'Ann Reid', 'Northmere Community Nursing Trust', '01632 960130', '01632 960131'), service('speech-therapist', 'Community team', 'Northmere Community Nursing Trust', '01632 960133')],
    primaryDiagnosis: 'Advanced Alzheimer’s dementia', diagnosisCategory: 'dementia',
    otherDiagnoses: [condition('Recurrent aspiration pneumonia', 'Three courses of antibiotics since the spring'), condition('Osteoarthritis of both knees')],
    allergyStatus: 'has-allergies', allergies: [{ substance: 'Trimethoprim', reaction: 'Rash', severity: 'moderate', certainty: 'likely' }],
    clinicalAlerts: [risk('choking', 'Upright for meals and thirty minutes after; thickened fluids'), risk('delirium')],
    clinicalSummary: prose('Now in bed or a tilting chair. Eats a few spoonfuls, pockets food in the cheek, has lost nine kilograms in six months. Chest infections come closer together and each leaves her weaker.'),
    onRegister: 'on-register', registerDate: day(-210), tool: ['gsf'], gsfStage: 'green', prognosis: 'months',
    phaseOfIllness: 'stable', phaseDate: day(-30), akps: '30', trend: 'slower-decline',
    whatMatters: prose('Her family says: hymns in the morning, her blue cardigan, a warm hand. She was a school cook and liked to see plates go back empty.', 'She is calm when Maria hums.'),
    fearsAvoid: prose('Years ago, after her sister died in hospital, she told Margaret: “Never let them put me through that.”'),
    acpDiscussion: { code: 'not-appropriate', note: 'Held with her attorney and family instead' }, advanceStatement: 'no', preferredPlaceOfCare: 'care-home',
    ppd1: { code: 'usual-residence', note: 'Agreed in her best interests, from what she said when well' }, ppd1Place: 'Larkfield House', ppd1Usual: true, religion: 'christian', organDonation: 'no-decision',
    ...notForCpr(moment(-205, '10:30'), people.osei, 'Front of the care-home file, Room 12 folder', ['family', 'attorney'],
      'With advanced dementia and frailty CPR would not bring back a life that she would recognise, and the attempt would be undignified and painful. Her attorney was consulted and agrees.'),
    focusOfCare: 'comfort', ceiling: 'home-oral',
    interventions: [intervention('oral-antibiotics', 'would-have', 'If she swallows them and they ease her'), intervention('iv-antibiotics', 'would-not-have'), intervention('tube-feeding', 'would-not-have', 'Decided in her best interests with her attorney'), intervention('fracture-surgery', 'discuss-first', 'Only for pain')],
    hospitalAdmission: 'if-symptoms-unmanaged',
    emergencyScenarios: [
      scenario('Fever, fast breathing, chest infection', 'Upright, cool, offer sips; antibiotics by mouth if she swallows', 'Elm Street Surgery; other hours 01632 960131'),
      scenario('Choking that does not clear', 'Back blows and suction as trained', '999, and say there is a plan'),
      scenario('Fall with a possible broken hip', 'Keep still, ease the pain first, then decide together', 'Lantern House 01632 960150', 'Morphine from the box once prescribed'),
    ],
    cprAwareness: [told('family-informed'), told('care-home', 'All shifts'), told('person-not-aware', 'Could not understand')], respectForm: 'yes',
    adrt: 'none-known', lpa: 'welfare-attorney-life-sustaining', lpaPeople: [attorney('Margaret Dunn', '07700 900203', 'sole', 'DEMO-7712-0041', true)],
    capacity: [assessed('Treatment of infection, feeding by tube', 'lacks', people.osei, day(-205), 'Cannot keep or weigh the information, even in short sentences with pictures')],
    jicStatus: 'discussed', jicAuthorisation: 'no', currentMedicines: [medicine('Paracetamol oral suspension', '1 g up to four times a day', 'Knee pain'), medicine('Donepezil', '10 mg at night', 'No longer helping', true)],
    equipment: [equipment('pressure-mattress', 'in-place', day(-150)), equipment('hoist', 'in-place', day(-150)), equipment('suction', 'needed', day(-30))],
    chcStatus: 'checklist', benefitsForm: 'not-needed', socialWorkPlan: prose('Funded by the council. Daniel Moss reviews the placement each quarter; authority for the present care arrangements is in date.'),
    urgentSummary: listed('Advanced dementia in nursing care. Lacks capacity; daughter Margaret Dunn is her attorney, ring her first, also at night.', 'Not for CPR. Stay in the care home; hospital only if she cannot be made comfortable.', 'Choking risk: thickened fluids.', 'Trimethoprim: rash.'),
    oohNotified: { code: 'yes', date: day(-203) }, ambulanceNotified: { code: 'yes', date: day(-203) }, expectedDeath: 'nurse-verifies', reviewDue: day(60),
    discussion: prose('Maria: three infections since the spring, sleeping more. Family meeting held; all agree to care for her where she is.'),
    decisions: [decided('Treat infection at the home by mouth only', people.osei, 'Hospital would frighten her and has not changed the outcome before')],
    actions: [act('Suction machine for Room 12', people.costa, day(10), 'soon')],
  },
  steps: [
    { kind: 'sign' },
    { kind: 'write', by: 'costa', answers: { trend: 'rapid-decline', discussion: prose('Maria: fourth chest infection, not finishing the antibiotics. Awake for perhaps an hour a day. Margaret asks whether this is the time; the team thinks so.') } },
    { kind: 'write', by: 'osei', answers: { gsfStage: 'yellow', prognosis: 'weeks', jicStatus: { code: 'prescribed', date: day(-9) } } },
    { kind: 'sign' },
    { kind: 'write', by: 'osei', answers: {
      jicDrugs: [
        boxed('Pain or breathlessness', 'Morphine sulfate', '1 mg to 2.5 mg, no oftener than 2-hourly', 'Under the skin', 'Ring for advice after 3 doses', '5 ampoules of 10 mg', day(200)),
        boxed('Agitation', 'Midazolam', '2.5 mg, no oftener than 2-hourly', 'Under the skin', 'Ring for advice after 3 doses', '5 ampoules of 10 mg', day(190)),
        boxed('Noisy secretions', 'Glycopyrronium', '200 micrograms, no oftener than 4-hourly', 'Under the skin', '1,200 micrograms', '5 ampoules of 200 micrograms', day(180)),
      ],
      jicAuthorisation: { code: 'yes', date: day(-5), note: 'Dr Osei' }, jicStatus: { code: 'issued', date: day(-5) },
    } },
    { kind: 'write', by: 'reid', answers: { jicLocation: 'Controlled drugs cupboard, ground-floor treatment room', phaseOfIllness: 'deteriorating', phaseDate: day(-5), akps: '20' } },
    { kind: 'write', by: 'carter', answers: { reviewDue: day(5) } },
    { kind: 'sign' },
  ],
});
