/** Learning disability, heart disease and early dementia, in supported living. Signed once; the social worker has written since. */
import { bestInterestsConsent, identity, leads, listed, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, adjustment, allergy, assessed, carePackage, condition, contact, decided, decider, device, disability, equipment, intervention, medicine, phone, risk, scenario, service } from '../rows.ts';

const team: DemoTeam = { gp: 'hartley', nurse: 'okoro', hospice: 'forsberg', coordinator: 'rahim' };

export const jamieHolloway: MakePatient = ({ day }) => ({
  planId: planId('jamie-holloway'),
  team,
  answers: {
    ...identity('hartley', '999878149', {
      family: 'Holloway', given: 'James Robert', called: 'Jamie', born: '1972-11-19', gender: 'male', address: 'Flat 2, Beech House\n8 Park Road\nNorthmere\nNM3 5WE', ethnicity: 'A', phones: [phone('home', '01632 960213', 'Staff answer; Jamie likes to be put on')],
    }),
    livingSituation: 'supported-living', accessMethod: ['someone-in-opens'], homeOxygen: 'none', interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['easy-read', 'audio'],
    disabilities: [disability('learning-disability', 'Down’s syndrome; understands short sentences with pictures'), disability('impaired-cognition', 'Forgets new faces within a day'), disability('hearing-loss', 'Stand on his left')],
    reasonableAdjustments: [adjustment('Send the photo card of who is coming', 'The day before, on the fridge'), adjustment('First appointment of the day, no waiting room'), adjustment('Hospital passport goes with him', 'Blue folder; includes what his pain looks like')],
    ...bestInterestsConsent(day(-48), 'Jamie was asked with pictures. He likes that “my nurses know my stuff”, but cannot weigh what sharing means. Agreed as best for him by his sister Claire, his key worker and Dr Hartley.'),
    carerStatus: 'has-carer', mainCarerAware: 'relative-aware', patientAware: { code: 'partly-aware', note: 'Knows that his heart is poorly and that Dad died of his heart' }, contacts: [contact('Claire Holloway', 'Sister', '07700 900223', { mainCarer: true, nextOfKin: true, emergencyRank: '1' }), contact('Denise Okafor', 'Key worker, Beech House', '01632 960213', { emergencyRank: '2', holdsKey: true })],
    carerNeeds: prose('Claire fears that he will be sent to hospital because staff lose their nerve. Staff ask for teaching and a number that is answered.'), decisionPersons: [decider('Claire Holloway', '07700 900223', 'Sister'), decider('Denise Okafor', '01632 960213', 'Key worker')],
    ...leads(team, 'okoro', 'hartley'), teamMembers: [service('community-nurse', 'Samuel Okoro', 'Northmere Community Nursing Trust', '01632 960132', '01632 960131'), service('mental-health', 'Learning disability team', 'Northmere Community Nursing Trust', '01632 960135'), service('social-worker', 'Daniel Moss', 'Northmere Council', '01632 960162')],
    primaryDiagnosis: 'Congenital heart disease with failing right heart', diagnosisCategory: 'heart', otherDiagnoses: [condition('Down’s syndrome'), condition('Early dementia'), condition('Underactive thyroid')], allergyStatus: 'has-allergies', allergies: [allergy('Latex', 'Blisters', 'moderate', 'confirmed'), allergy('Ibuprofen', 'Wheeze', 'moderate', 'likely')], implantedDevices: [device('pacemaker', 'not-applicable')],
    clinicalAlerts: [risk('choking', 'Cuts food small; eats too fast when excited'), risk('seizures', 'Two, this year')],
    clinicalSummary: prose('Ankles and belly swollen in the evening, blue lips on the stairs. Sleeps after lunch, which is new. Still goes to Friday disco in his chair.'),
    onRegister: 'on-register', registerDate: day(-48), tool: ['gsf'], gsfStage: 'green', prognosis: 'months', phaseOfIllness: 'stable', phaseDate: day(-11), akps: '50', trend: 'slower-decline',
    whatMatters: prose('Disco. My room. Claire on Sundays. Chips.', 'Staff add: his Elvis jacket goes wherever he goes.'), fearsAvoid: prose('Needles. Hospital. Shouting.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-44), note: 'With pictures, over four short visits' }, preferredPlaceOfCare: 'usual-residence', ppd1: { code: 'usual-residence', note: '“My room”, said on three different days' }, ppd1Place: 'Beech House', ppd1Usual: true, ppd2: 'hospice', ppd2Place: 'Lantern House; he has visited and liked the fish tank', religion: 'none', organDonation: 'no-decision',
    cprDecision: { code: 'not-yet-decided', note: 'His disability is no reason; meeting with Claire, heart team and advocate next week' }, focusOfCare: 'balance', ceiling: 'hospital-no-critical-care',
    interventions: [intervention('oral-antibiotics', 'would-have'), intervention('iv-antibiotics', 'would-have', 'With Denise or Claire beside him'), intervention('fracture-surgery', 'would-have'), intervention('ventilation', 'discuss-first')], hospitalAdmission: 'if-symptoms-unmanaged', respectForm: 'no',
    emergencyScenarios: [scenario('More breathless, blue', 'Sit up, Elvis on, one person talks; extra water tablet as charted', 'Samuel Okoro 01632 960132; other hours 01632 960131', 'Furosemide 40 mg by mouth, once'), scenario('Seizure over five minutes', 'On his side, time it', '999; blue folder goes too', 'Buccal midazolam 10 mg')],
    adrt: 'none-known', lpa: 'none-known', capacity: [assessed('Where to live', 'has', people.moss, day(-44)), assessed('Resuscitation', 'not-assessed', people.hartley, day(-11)), assessed('Sharing his record', 'lacks', people.hartley, day(-48), 'Could not say what might go wrong')],
    jicStatus: 'discussed', currentMedicines: [medicine('Furosemide', '40 mg each morning', 'Fluid'), medicine('Levothyroxine', '75 micrograms each morning', 'Thyroid'), medicine('Levetiracetam', '500 mg twice a day', 'Seizures')],
    carePackage: [carePackage('Beech House supported living', 'Staff day and night', { nightCare: true, start: '2014-06-01', contact: '01632 960213' })], equipment: [equipment('wheelchair', 'in-place', day(-30)), equipment('hospital-bed', 'ordered', day(-9))], chcStatus: { code: 'checklist', date: day(-9) }, benefitsForm: { code: 'completed', date: day(-40) },
    socialWorkPlan: prose('Waking night staff instead of sleeping ones from next month. An independent advocate has been asked for.'),
    urgentSummary: listed('Down’s syndrome with failing heart. CPR not yet decided: treat as for anyone else.', 'Blue folder (hospital passport) travels with him. LATEX allergy; ibuprofen makes him wheeze.', 'Stand on his left, short sentences, show before you touch. Elvis calms him.', 'Sister Claire first, day or night.', 'Prefers his own room; hospital only if he cannot be made comfortable.'),
    oohNotified: { code: 'yes', date: day(-10) }, ambulanceNotified: { code: 'yes', date: day(-10) }, reviewDue: day(14),
    discussion: prose('Samuel: staff taught to spot breathlessness. Daniel: advocate asked for. Tom: decision about CPR only after the joint meeting.'), decisions: [decided('Joint meeting on CPR with an advocate', people.hartley, 'He must be represented, and his view heard in his own way')], actions: [act('Advocate appointed', people.moss, day(3), 'urgent'), act('Teaching for night staff', people.forsberg, day(9), 'soon')],
  },
  steps: [
    { kind: 'sign' },
    { kind: 'write', by: 'moss', answers: { socialWorkPlan: prose('Waking night staff instead of sleeping ones from Monday; the council has agreed the money.', 'The independent advocate, Ms Fraser, meets Jamie on Wednesday with Denise.'), contacts: [contact('Ms Fraser', 'Independent advocate', '01632 960297', { emergencyRank: 'no' })] } },
  ],
});
