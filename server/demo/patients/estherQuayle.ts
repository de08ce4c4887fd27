/** Bone-marrow disease; one of Jehovah's Witnesses, refuses blood in writing. Signed twice. */
import { identity, leads, listed, notForCpr, ownConsent, planId, prose, type DemoTeam, type MakePatient } from '../patient.ts';
import { people } from '../people.ts';
import { act, assessed, attorney, condition, contact, decided, decider, device, equipment, intervention, medicine, phone, risk, scenario, service, told } from '../rows.ts';

const team: DemoTeam = { gp: 'hartley', nurse: 'okoro', hospice: 'nair', coordinator: 'rahim' };

export const estherQuayle: MakePatient = ({ day, moment }) => ({
  planId: planId('esther-quayle'),
  team,
  answers: {
    ...identity('hartley', '999635017', {
      family: 'Quayle', given: 'Esther Ruth', born: '1949-09-14', gender: 'female', address: '40 Canal Walk\nNorthmere\nNM1 3PD', ethnicity: 'M', phones: [phone('home', '01632 960209')],
    }),
    livingSituation: 'with-partner', accessMethod: ['opens-own-door', 'someone-in-opens'], homeOxygen: 'none', interpreterNeeded: 'no', spokenLanguage: 'en', infoFormat: ['standard-print'],
    ...ownConsent(day(-100), 'accepted', 'Agrees to record and sharing, above all so that every hospital and crew knows of her refusal of blood.'),
    carerStatus: 'has-carer', mainCarerAware: 'relative-aware', patientAware: 'aware', contacts: [contact('Nathaniel Quayle', 'Husband', '01632 960209', { mainCarer: true, nextOfKin: true, emergencyRank: '1', livesWith: true }), contact('Samuel Brooks', 'Elder of the congregation, hospital liaison', '07700 900219', { emergencyRank: '3' })],
    carerNeeds: prose('Nathaniel is well and steady; the congregation cooks three days a week.'), decisionPersons: [decider('Nathaniel Quayle', '01632 960209', 'Husband and attorney'), decider('Samuel Brooks', '07700 900219', 'Elder')],
    ...leads(team, 'okoro', 'nair'), teamMembers: [service('palliative-physician', 'Dr Priya Nair', 'Lantern House Hospice', '01632 960151', '01632 960150'), service('other', 'Haematology day unit', 'Northmere General Hospital', '01632 960186')],
    primaryDiagnosis: 'Myelodysplastic syndrome with deepening anaemia', diagnosisCategory: 'cancer', otherDiagnoses: [condition('Angina', 'Comes on as the blood count falls')], allergyStatus: 'no-known-allergies', implantedDevices: [device('central-line', 'not-applicable', undefined, 'Right arm; for iron and antibiotics')],
    clinicalAlerts: [risk('major-bleed', 'Low platelets: nose, gut, brain'), risk('neutropenic-sepsis', 'Fever above 38 degrees: same hour')],
    clinicalSummary: prose('Haemoglobin 58 grams per litre and falling slowly. Breathless on the stairs, angina twice this week. Nosebleeds settle with packing and tranexamic acid. In good spirits; has refused blood again in clear words, alone with the consultant.'),
    onRegister: 'on-register', registerDate: day(-100), tool: ['gsf'], gsfStage: 'green', prognosis: 'months', phaseOfIllness: 'deteriorating', phaseDate: day(-10), akps: '50', trend: 'slower-decline',
    whatMatters: prose('My faith, and keeping faith to the end. Bible study on Thursdays, by telephone if I must.', 'That nobody argues with Nathaniel when I am too ill to speak.'), fearsAvoid: prose('Waking to find that someone gave me blood.'),
    acpDiscussion: { code: 'offered-accepted', date: day(-95) }, advanceStatement: 'yes', preferredPlaceOfCare: 'own-home', ppd1: 'own-home', ppd1Usual: true, ppd1Place: '40 Canal Walk', ppd2: 'hospice', religion: 'jehovahs-witness', organDonation: 'opted-out',
    ...notForCpr(moment(-92, '09:40'), people.nair, 'Hall drawer, with the advance decision', ['person', 'family'], 'Without transfusion her heart would not be restarted to any good purpose. She and her husband understand and agree.'),
    focusOfCare: 'comfort', ceiling: 'hospital-reversible-only',
    interventions: [intervention('blood-products', 'would-not-have', 'Red cells, platelets, plasma, white cells: none, even to save her life'), intervention('iv-antibiotics', 'would-have', 'For sepsis'), intervention('iv-fluids', 'would-have', 'Salt solutions accepted'), intervention('critical-care', 'would-not-have')], hospitalAdmission: 'listed-reasons',
    emergencyScenarios: [scenario('Nosebleed that does not stop', 'Pinch, lean forward, tranexamic acid on a swab; adrenaline swab if taught', 'Haematology 01632 960186; other hours 01632 960150', 'Tranexamic acid 1 g by mouth'), scenario('Fever above 38 degrees', 'Temperature again at once; do not wait', '999: antibiotics into a vein within the hour; NO BLOOD'), scenario('Large bleed at home', 'Stay, dark towel, hold her', 'Lantern House 01632 960150', 'Midazolam 10 mg, once, as on the signed chart')],
    cprAwareness: [told('person-informed'), told('family-informed'), told('ambulance')], respectForm: 'yes',
    adrt: { code: 'refuses-blood', note: 'Applies even if her life is at risk' }, adrtDate: '2019-11-02', adrtLocation: 'Card in her purse; original in the hall drawer; copies at Fern Lane and the hospital', adrtChecked: ['written', 'signed', 'witnessed', 'original-seen'],
    adrtDetail: prose('Refuses whole blood, red cells, white cells, platelets and plasma in every circumstance, even if refusal leads to death. Accepts salt solutions, iron, erythropoietin, tranexamic acid and dialysis equipment primed without blood. Would decide on albumin and clotting factors herself; if she cannot, they are refused.'),
    lpa: 'welfare-attorney-life-sustaining', lpaPeople: [attorney('Nathaniel Quayle', '01632 960209', 'sole', 'DEMO-7712-0043', true)], capacity: [assessed('Refusing blood products', 'has', people.nair, day(-92))],
    jicStatus: { code: 'prescribed', date: day(-3) }, jicAuthorisation: 'no', currentMedicines: [medicine('Erythropoietin', 'Once a week under the skin', 'Anaemia; acceptable to her'), medicine('Tranexamic acid', '1 g three times a day when bleeding', 'Bleeding'), medicine('Glyceryl trinitrate spray', '400 micrograms under the tongue', 'Angina'), medicine('Aspirin', '75 mg', 'Bleeding risk', true)],
    equipment: [equipment('wheelchair', 'in-place', day(-25))], chcStatus: 'not-considered', benefitsForm: { code: 'completed', date: day(-90) }, socialWorkPlan: prose('No care calls wanted; the congregation helps. Daniel Moss is the contact if Nathaniel falls ill.'),
    urgentSummary: listed('REFUSES ALL BLOOD PRODUCTS, in writing and witnessed, even if she may die: card in her purse, original in the hall drawer.', 'Not for CPR.', 'Fever above 38: sepsis, hospital for antibiotics at once, no blood.', 'Salt solutions and iron are accepted.', 'Husband Nathaniel is her attorney and speaks for her if she cannot.'),
    oohNotified: { code: 'yes', date: day(-91) }, ambulanceNotified: { code: 'yes', date: day(-91) }, expectedDeath: 'doctor-verifies', reviewDue: day(25),
    discussion: prose('Priya: saw her alone, no pressure from anyone, view unchanged in seven years. Tom: aspirin stopped. Samuel: nosebleed kit in the house.'), decisions: [decided('Send the advance decision to the ambulance flag and the hospital record', people.nair, 'A crew must know before the door opens')], actions: [act('Confirm that the ambulance flag shows the refusal of blood', people.rahim, day(-5), 'urgent', { on: day(-6), evidence: 'Read back by the control room' }), act('Deliver the box', people.okoro, day(2), 'soon')],
  },
  steps: [
    { kind: 'sign' },
    { kind: 'write', by: 'nair', answers: { gsfStage: 'yellow', prognosis: 'weeks' } },
    { kind: 'write', by: 'okoro', answers: { akps: '40', trend: 'rapid-decline', phaseDate: day(-1) } },
    { kind: 'write', by: 'rahim', answers: { reviewDue: day(9) } },
    { kind: 'sign' },
  ],
});
