/** Kidney failure: he has decided to stop dialysis. Signed twice; stage red, medicines chosen for failed kidneys. */
import { identity, leads, listed, notForCpr, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, assessed, boxed, carePackage, condition, contact, decided, decider, device, equipment, intervention, ipos, medicine, phone, risk, scenario, service, struck, told, withId } from '../rows.ts';

const team: DemoTeam = { gp: 'osei', nurse: 'reid', hospice: 'nair', coordinator: 'carter' };

export const mohinderGill: MakePatient = ({ day, moment }) => ({
  planId: planId('mohinder-gill'),
  team,
  answers: {
    ...identity('osei', '999492025', {
      family: 'Gill', given: 'Mohinder Singh', born: '1944-02-28', gender: 'male', address: '9 Temple Row\nNorthmere\nNM2 8HG', ethnicity: 'H', phones: [phone('home', '01632 960214')],
    }),
    livingSituation: 'with-family', accessMethod: ['someone-in-opens'], homeOxygen: 'none', interpreterNeeded: { code: 'no', note: 'English good; Punjabi for the hardest talks' }, spokenLanguage: 'pa', infoFormat: ['large-print'],
    ...ownConsent(day(-75), 'accepted', 'Agrees to the record and to sharing with the kidney unit, the hospice and everyone at home.'),
    carerStatus: 'has-carer', mainCarerAware: 'relative-aware', patientAware: 'aware',
    contacts: [contact('Balbir Kaur Gill', 'Wife', '01632 960214', { mainCarer: true, nextOfKin: true, emergencyRank: '2', livesWith: true }), contact('Dr Simran Gill', 'Daughter, a dentist', '07700 900224', { emergencyRank: '1', livesWith: true }), contact('Harjit Gill', 'Son, in Toronto', undefined, { emergencyRank: 'no' })],
    carerNeeds: prose('The house is full of relatives and Balbir is glad of it, but tired. One visitor at a time after supper has been agreed.'), decisionPersons: [decider('Dr Simran Gill', '07700 900224', 'Daughter'), decider('Balbir Kaur Gill', '01632 960214', 'Wife')],
    ...leads(team, 'reid', 'nair'), teamMembers: [service('renal', 'Kidney palliative nurse', 'Northmere General Hospital', '01632 960191'), service('district-nurse', 'Ann Reid', 'Northmere Community Nursing Trust', '01632 960130', '01632 960131'), service('spiritual-care', 'Granthi, Temple Row', 'Northmere', '01632 960298')],
    primaryDiagnosis: 'End-stage kidney disease', diagnosisCategory: 'kidney', otherDiagnoses: [condition('Type 2 diabetes with poor circulation', 'Toes lost on the left foot'), condition('Ischaemic heart disease')], allergyStatus: 'no-known-allergies', implantedDevices: [device('central-line', 'not-applicable', undefined, 'Dialysis line, right chest; not to be used')],
    clinicalAlerts: [risk('opioid-toxicity', 'Kidneys do not clear morphine: twitching, drowsiness'), risk('other', 'High potassium: sudden death is possible')],
    clinicalSummary: prose('On dialysis three times a week for six years. Each session now ends in low blood pressure and a day in bed. He has told the kidney team, the family and us that he will stop after his grandson’s name-giving on Saturday.'),
    onRegister: 'on-register', registerDate: day(-75), tool: ['gsf'], gsfStage: 'yellow', prognosis: 'weeks', phaseOfIllness: 'unstable', phaseDate: day(-9), akps: '40', trend: 'rapid-decline', ipos: ipos(day(-9), 'patient-3-day', { weakness: '4', drowsiness: '2', nausea: '2', 'at-peace': '0', 'family-anxiety': '3' }),
    whatMatters: prose('Saturday: my grandson’s naming. After that, prayers, my family, and no more needles.', 'Turban on, beard uncut, always.'), fearsAvoid: prose('Losing my dignity. My children quarrelling over what I chose.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-20) }, preferredPlaceOfCare: 'own-home', ppd1: 'own-home', ppd1Place: '9 Temple Row', ppd1Usual: true, ppd2: 'hospice', ppd2Place: 'Lantern House Hospice', religion: 'sikh', organDonation: 'not-eligible', otherPreferences: prose('The five articles of faith stay on him, also after death. Family washes the body.'),
    ...notForCpr(moment(-18, '15:00'), people.nair, 'Beside the telephone in the hall', ['person', 'family'], 'Once dialysis stops, death follows from kidney failure. CPR would not work and he does not want it.'),
    focusOfCare: 'comfort', ceiling: 'comfort-only', interventions: [intervention('dialysis', 'would-not-have', 'His own decision, with full capacity'), intervention('blood-tests', 'would-not-have'), intervention('iv-antibiotics', 'would-not-have'), intervention('critical-care', 'would-not-have')], hospitalAdmission: 'avoid',
    emergencyScenarios: [scenario('Twitching and drowsy', 'May be building up of medicines or of waste; hold the next opioid and ring', 'Lantern House 01632 960150'), scenario('Breathless with wet chest', 'Sit up, fan, window; oxygen does not help much', 'Lantern House 01632 960150', 'Alfentanil and midazolam from the box'), scenario('Itching or hiccups', 'Cool cloth, cream', 'District nurses 01632 960131')],
    cprAwareness: [told('person-informed'), told('family-informed', 'All at home; son by telephone')], respectForm: 'yes', adrt: 'none-known', lpa: 'none-known', capacity: [assessed('Stopping dialysis', 'has', people.nair, day(-18))],
    jicStatus: { code: 'issued', date: day(-7) }, jicLocation: 'Prayer-room cupboard, top shelf; Simran has the key', jicAuthorisation: { code: 'yes', date: day(-7), note: 'Dr Nair' },
    jicDrugs: [boxed('Pain or breathlessness', 'Alfentanil', '100 micrograms to 250 micrograms, no oftener than hourly; NOT morphine', 'Under the skin', 'Ring for advice after 4 doses', '10 ampoules of 1 mg', day(320)), boxed('Agitation', 'Midazolam', '2.5 mg, no oftener than 2-hourly', 'Under the skin', 'Ring for advice after 3 doses', '10 ampoules of 10 mg', day(250)), boxed('Nausea', 'Haloperidol', '0.5 mg, no oftener than 8-hourly', 'Under the skin', '1.5 mg', '5 ampoules of 5 mg', day(260)), boxed('Noisy secretions', 'Glycopyrronium', '100 micrograms, no oftener than 4-hourly', 'Under the skin', '600 micrograms', '10 ampoules of 200 micrograms', day(250))],
    currentMedicines: [withId('rx-insulin', medicine('Insulin, long-acting', '6 units each morning', 'Diabetes')), medicine('Fentanyl patch', '12 micrograms an hour, changed every 72 hours', 'Pain'), withId('rx-alfacalcidol', medicine('Alfacalcidol', '0.25 micrograms once a day', 'Bones'))],
    carePackage: [carePackage('Family; night sitter from Lantern House', '0', { nightCare: true, start: day(-3), contact: '01632 960152' })], equipment: [equipment('hospital-bed', 'in-place', day(-8)), equipment('pressure-mattress', 'in-place', day(-8))], chcStatus: { code: 'agreed', date: day(-6) }, benefitsForm: { code: 'completed', date: day(-17) }, socialWorkPlan: prose('Family does the care and wishes to. Night sitter three nights so that Balbir sleeps.'),
    urgentSummary: listed('Kidney failure, has chosen to stop dialysis; expected to die within days to two weeks of the last session. Home, family present.', 'Not for CPR: form beside the hall telephone. Avoid hospital.', 'NO MORPHINE: alfentanil is in the box, prayer-room cupboard.', 'Turban and articles of faith stay on, also after death.', 'Ring daughter Simran first.'),
    oohNotified: { code: 'yes', date: day(-17) }, ambulanceNotified: { code: 'yes', date: day(-17) }, expectedDeath: 'nurse-verifies', reviewDue: day(5),
    discussion: prose('Priya: clear, steady decision, no depression. Ann: box in the house and checked. Family meeting held with the son on the screen: all understand.'), decisions: [decided('Support him in stopping dialysis after Saturday', people.nair, 'His decision, with capacity, over many months')], actions: [act('Tell the kidney unit the last date', people.carter, day(-6), 'urgent', { on: day(-7), evidence: 'E-mail confirmed' })],
  },
  steps: [
    { kind: 'sign' },
    { kind: 'write', by: 'nair', answers: {
      gsfStage: 'red', prognosis: 'days', clinicalSummary: prose('Last dialysis was five days ago. Sleeps most of the time, wakes for prayers and for his grandson. Slight twitching since yesterday, no pain. Sips of water and sweet tea.'),
      currentMedicines: [struck('rx-insulin', 'Hardly eating; sugar no longer measured'), struck('rx-alfacalcidol', 'No longer of use')], jicStatus: { code: 'in-use', date: day(-1) },
    } },
    { kind: 'write', by: 'reid', answers: { phaseOfIllness: 'dying', phaseDate: day(-1), akps: '20' } },
    { kind: 'write', by: 'carter', answers: { reviewDue: day(2), discussion: prose('Stopped dialysis after the naming, as he had planned. Comfortable. Visits twice a day, hospice on call. Granthi comes each evening.') } },
    { kind: 'sign' },
  ],
});
