/** Severe COPD with oxygen in a house where people smoke. Signed once; a visit has been written up since. */
import { identity, leads, listed, ownConsent, planId, prose, named, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, assessed, carePackage, condition, contact, decided, decider, equipment, hazard, intervention, ipos, medicine, phone, risk, scenario, service } from '../rows.ts';

const team: DemoTeam = { gp: 'hartley', nurse: 'okoro', hospice: 'forsberg', coordinator: 'rahim' };

export const ronaldKeeble: MakePatient = ({ day, moment }) => ({
  planId: planId('ronald-keeble'),
  team,
  answers: {
    ...identity('hartley', '999656115', {
      family: 'Keeble', given: 'Ronald', called: 'Ron', born: '1951-10-09', gender: 'male', address: '18 Foundry Close\nNorthmere\nNM1 9RE', ethnicity: 'A', phones: [phone('mobile', '07700 900206')],
    }),
    livingSituation: 'with-partner', accessMethod: ['someone-in-opens'], homeOxygen: 'concentrator-and-cylinders',
    homeHazards: [hazard('smoking-with-oxygen', 'Wife smokes in the kitchen; fire service has visited, alarms fitted. Ask before switching oxygen on')],
    interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['standard-print'],
    ...ownConsent(day(-55), 'declined', 'Agrees to the record and to sharing. Does not want paper in the house.'),
    carerStatus: 'has-carer', mainCarerAware: 'relative-unaware', patientAware: 'partly-aware',
    contacts: [contact('Sheila Keeble', 'Wife', '07700 900216', { mainCarer: true, nextOfKin: true, emergencyRank: '1', livesWith: true })], carerNeeds: prose('Sheila has arthritis and is frightened by his attacks. She dials 999 because she does not know what else to do.'),
    decisionPersons: [decider('Sheila Keeble', '07700 900216', 'Wife'), decider('Mark Keeble', '07700 900226', 'Son')],
    ...leads(team, 'okoro', 'hartley'), teamMembers: [service('respiratory', 'COPD nurse', 'Northmere General Hospital', '01632 960184'), service('community-nurse', 'Samuel Okoro', 'Northmere Community Nursing Trust', '01632 960132', '01632 960131')],
    primaryDiagnosis: 'Very severe chronic obstructive pulmonary disease', diagnosisCategory: 'respiratory', otherDiagnoses: [condition('Right heart failure caused by lung disease'), condition('Anxiety')], allergyStatus: 'no-known-allergies',
    clinicalAlerts: [risk('other', 'Keeps carbon dioxide: oxygen to a saturation of 88 to 92 per cent only')],
    clinicalSummary: prose('Five admissions in a year, mask ventilation in two of them. Between attacks he can cross a room. Panic feeds the breathlessness and breathlessness the panic.'),
    onRegister: 'on-register', registerDate: day(-55), tool: ['gsf'], gsfStage: 'green', prognosis: 'uncertain', phaseOfIllness: 'unstable', phaseDate: day(-6), akps: '50', trend: 'slower-decline',
    ipos: ipos(day(-6), 'patient-7-day', { breathlessness: '4', 'own-anxiety': '3', 'family-anxiety': '4', weakness: '2' }),
    whatMatters: prose('Snooker on the telly, a proper breakfast, Sheila not being scared.'), fearsAvoid: prose('That mask, strapped on tight. I would have it once more if it gets me home, not for days.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-6), note: 'First part; more next week' }, preferredPlaceOfCare: 'own-home', ppd1: 'own-home', ppd1Usual: true, ppd2: 'hospital', religion: 'none',
    cprDecision: 'for-attempted-cpr', cprDate: moment(-6, '14:00'), cprReviewDate: day(40), cprReason: prose('He understands that it would seldom work with his lungs. For now he wants it tried, and asks to talk again after the holidays.'), cprDecisionMaker: named(people.hartley), cprDiscussedWith: ['person'],
    focusOfCare: 'balance', ceiling: 'hospital-no-critical-care', interventions: [intervention('non-invasive-ventilation', 'would-have', 'One trial, reviewed after 24 hours'), intervention('ventilation', 'would-not-have'), intervention('iv-antibiotics', 'would-have')], hospitalAdmission: 'willing', respectForm: 'yes',
    emergencyScenarios: [scenario('Attack of breathlessness', 'Sit leaning forward, fan, slow out-breath with Sheila counting; two puffs of the blue inhaler through the spacer', 'Samuel Okoro 01632 960132; other hours 01632 960131', 'Rescue pack in the bread bin: prednisolone and doxycycline'), scenario('Drowsy with headache', 'Turn the oxygen down to 1 litre a minute, do not switch off', '999')],
    adrt: 'none-known', lpa: 'none-known', capacity: [assessed('Resuscitation and mask ventilation', 'has', people.hartley, day(-6))], jicStatus: 'discussed',
    currentMedicines: [medicine('Prednisolone rescue course', '30 mg each morning for 5 days', 'Attack'), medicine('Morphine sulfate oral solution', '1 mg to 2 mg up to four times a day', 'Breathlessness'), medicine('Lorazepam', '0.5 mg under the tongue, at most twice a day', 'Panic')],
    carePackage: [carePackage('None at present; Sheila manages', '0')], equipment: [equipment('oxygen', 'in-place', day(-300)), equipment('wheelchair', 'ordered', day(-6))], chcStatus: 'not-considered', benefitsForm: 'to-do', socialWorkPlan: prose('Carer’s assessment offered to Sheila; she will think about it. Benefits check booked.'),
    urgentSummary: listed('Very severe COPD. FOR attempted CPR at present.', 'Oxygen to 88 to 92 per cent only; keeps carbon dioxide.', 'Smoking in the house: oxygen fire risk.', 'Would have mask ventilation once; no intubation.', 'Wife panics: speak calmly, she knows the breathing exercise.'),
    oohNotified: { code: 'yes', date: day(-5) }, ambulanceNotified: { code: 'pending', date: day(-5) }, reviewDue: day(20),
    discussion: prose('Samuel: crisis calls have halved since the hand-held fan and the breathing card. Grace will see them both together. Tom: CPR conversation begun, to be picked up again.'), decisions: [decided('Joint visit, hospice nurse and matron', people.okoro, 'His fear and hers need the same answer')], actions: [act('Special rules form', people.hartley, day(4), 'soon'), act('Joint home visit', people.forsberg, day(6), 'soon')],
  },
  steps: [
    { kind: 'sign' },
    { kind: 'write', by: 'forsberg', answers: { fearsAvoid: prose('That mask, strapped on tight. I would have it once more if it gets me home, not for days.', 'Suffocating. Grace explained that breathlessness at the very end can be eased, and he said that nobody had ever told him.') } },
  ],
});
