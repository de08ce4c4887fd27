/** The content standard as data: nothing missing, nothing twice, nobody with more power than the entry gives. */
import { describe, expect, test } from '@jest/globals';
import { conformance } from '../../shared/content/conformance.ts';
import { isNeeded } from '../../shared/content/completeness.ts';
import type { Code, Column, Field, ValueSet } from '../../shared/content/kinds.ts';
import { fieldById, headings, sectionById, sectionOfField, sections } from '../../shared/content/standard.ts';
import { valueSetById, valueSets } from '../../shared/content/valueSets.ts';
import { emptyPlan } from '../support/completePlan.ts';

const coreFields = `
  nhsNumber nhsNumberStatus familyName givenName preferredName birthDate gender address phones ethnicity gpName gpPractice recordCreated lastAmended
  livingSituation accessMethod keySafeLocation keySafeCode homeHazards homeOxygen
  interpreterNeeded spokenLanguage disabilities infoFormat reasonableAdjustments
  consentRecord consentShare consentBasisDetail consentDate consentTakenBy sharingLimits patientCopyOffered
  carerStatus contacts mainCarerAware patientAware carerNeeds decisionPersons
  keyWorker keyGp seniorClinician teamMembers advice24h
  primaryDiagnosis diagnosisCategory otherDiagnoses clinicalSummary allergyStatus allergies implantedDevices clinicalAlerts
  onRegister registerDate tool gsfStage prognosis phaseOfIllness phaseDate akps ipos trend
  whatMatters fearsAvoid acpDiscussion advanceStatement preferredPlaceOfCare ppd1 ppd1Place ppd1Usual ppd2 ppd2Place ppd2Usual ppdReasonNotRecorded religion organDonation otherPreferences
  cprDecision cprDate cprReviewDate cprReason cprDecisionMaker cprDiscussedWith cprAwareness cprFormLocation respectForm focusOfCare ceiling interventions hospitalAdmission emergencyScenarios
  adrt adrtDetail adrtDate adrtLocation adrtChecked capacity lpa lpaPeople
  jicStatus jicLocation jicDrugs jicAuthorisation currentMedicines
  carePackage equipment chcStatus benefitsForm socialWorkPlan
  urgentSummary oohNotified ambulanceNotified expectedDeath urgentFeedback
  reviewDue meetingRef attendance discussion decisions actions signOff signOffStatement
  dateOfDeath placeOfDeath diedUsualResidence preferenceMet varianceReason bereavementPlan deathReview`.trim().split(/\s+/);
const exclusive = `
  nhsNumber birthDate keySafeCode consentRecord consentShare consentDate seniorClinician primaryDiagnosis allergyStatus gsfStage prognosis ppd1 ppd2 organDonation
  cprDecision cprDate cprReviewDate cprDecisionMaker cprDiscussedWith focusOfCare ceiling hospitalAdmission adrt adrtDate adrtChecked lpa jicStatus jicAuthorisation
  expectedDeath dateOfDeath placeOfDeath`.trim().split(/\s+/);
const exclusiveRows = 'sharingLimits allergies implantedDevices interventions capacity jicDrugs'.split(' ');
const byService = 'nhsNumberStatus recordCreated lastAmended consentTakenBy meetingRef attendance signOff signOffStatement'.split(' ');

/** Concept ids that were found in a published source. */
const publishedConcepts = new Set(`
  248152002 248153007 315594003 315595002 15188001 397540003 288579009 386806002 325541000000106 914271000000103 750691000000106 703154009
  882921000000109 882941000000102 882961000000101 883001000000106 184156005 414041006 751961000000104 760101000000101 473301001 711951000000105
  719240009 1034241000000106 305578001 305574004 850951000000107 305496007 201511000000105 1092551000000109 305556008 405775000 850931000000100 853721000000106
  851851000000105 853741000000104 305605005 305613006 305616003 305602008 851011000000103 305469009 305490001 305476004 305472002 305494005 305493004 305525000
  851821000000100 526631000000108 845701000000104 845721000000108 845751000000103 845771000000107 1413121000000106 767503006 968211000000101 955231000000109
  511401000000102 1092801000000106 901671000000100 816281000000101 395091006 819211000000102 517111000000103 517131000000106 766391000000108 517161000000101
  450475007 450476008 845151000000104 1107891000000106 702779007 816301000000100 816321000000109 892021000000107 816361000000101 816381000000105
  871021000000106 376201000000102 861421000000109 854021000000106 519451000000100 887801000000106`.trim().split(/\s+/));

const fields: readonly Field[] = sections.flatMap((section) => section.fields);
const columnsOf = (field: Field): readonly Column[] => (field.of.kind === 'rows' ? field.of.columns : []);
const concepts = (): Code[] => [...fields.flatMap((field) => field.code ?? []), ...valueSets.flatMap((set: ValueSet) => set.options.flatMap((option) => option.code ?? []))];

describe('fields', () => {
  test('[CS1] the standard has exactly the 128 core fields, each id once', () => {
    expect(fields.map((field) => field.id).toSorted()).toEqual(coreFields.toSorted());
    expect(new Set(fields.map((field) => field.id)).size).toBe(128);
  });

  test('[CS1] every field is found by its id, with the section that holds it, and nothing else is', () => {
    for (const section of sections) {
      expect(sectionById(section.id)).toBe(section);
      for (const field of section.fields) {
        expect(fieldById(field.id)).toBe(field);
        expect(sectionOfField(field.id)).toBe(section);
      }
    }
    expect([fieldById('whatmatters'), sectionById('Wishes'), sectionOfField('constructor'), fieldById('')]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('[CS1] every heading has sections, section ids are unique, and whole headings keep their id', () => {
    expect(headings).toHaveLength(16);
    expect(new Set(sections.map((section) => section.id)).size).toBe(sections.length);
    for (const heading of headings) expect(sectionById(heading.id)?.heading).toBe(heading.id);
    expect(sectionOfField('whatMatters')?.id).toBe('wishes');
    expect(sectionOfField('preferredName')?.id).toBe('identity');
  });

  test('[CS2] every field says in words what it is, and what to ask when it is needed', () => {
    for (const field of fields) {
      expect([field.id, field.label.length > 0, field.hint.endsWith('.')]).toEqual([field.id, true, true]);
      const asked = field.merge !== 'A' && field.fixed !== true && (field.requirement.when === 'creation' || field.requirement.when === 'sign-off');
      if (asked) expect([field.id, field.ask?.endsWith('?')]).toEqual([field.id, true]);
    }
  });

  test('[CS3] exclusive values, rows, prose and service fields merge as the standard says', () => {
    expect(fields.filter((field) => field.merge === 'X').map((field) => field.id).toSorted()).toEqual(exclusive.toSorted());
    expect(fields.filter((field) => field.merge === 'A').map((field) => field.id).toSorted()).toEqual(byService.toSorted());
    for (const field of fields) {
      if (field.merge === 'X') expect([field.id, field.safetyCritical]).toEqual([field.id, true]);
      if (field.merge === 'T' || field.of.kind === 'prose') expect([field.id, field.merge, field.of.kind]).toEqual([field.id, 'T', 'prose']);
      if (field.merge === 'G') expect([field.id, field.of.kind]).toEqual([field.id, 'rows']);
      if (field.of.kind === 'rows') expect(['G', 'A']).toContain(field.merge);
    }
    for (const id of exclusiveRows) expect([id, fieldById(id)?.merge, fieldById(id)?.safetyCritical]).toEqual([id, 'G', true]);
  });

  test('[CS3] columns of a row have unique ids that leave room for the row’s own members', () => {
    for (const field of fields.filter((one) => one.of.kind === 'rows')) {
      const ids = columnsOf(field).map((column) => column.id);
      expect([field.id, new Set(ids).size]).toEqual([field.id, ids.length]);
      for (const taken of ['id', 'removed', 'reason', 'disputed']) expect([field.id, ids.includes(taken)]).toEqual([field.id, false]);
    }
  });

  test('[CS3] conditions and stand-ins name fields and answers that exist', () => {
    for (const field of fields) {
      const { requirement } = field;
      if (requirement.when !== 'sign-off') continue;
      if (requirement.instead) expect(fieldById(requirement.instead)).toBeDefined();
      const asked = requirement.only && fieldById(requirement.only.field);
      if (requirement.only) expect([field.id, asked?.id]).toEqual([field.id, requirement.only.field]);
      const options = asked?.of.kind === 'choice' ? asked.of.valueSet.options.map((option) => option.value) : [];
      for (const slug of requirement.only?.in ?? []) expect([field.id, options]).toEqual([field.id, expect.arrayContaining([slug])]);
    }
  });
});

describe('permission', () => {
  test('[CS4] HAZ-10 no safety-critical field lies in a section that more people may write than may record it', () => {
    const loose = sections.flatMap((section) => section.fields
      .filter((field) => field.safetyCritical && field.merge !== 'A' && field.fixed !== true)
      .flatMap((field) => section.writers.filter((writer) => !field.recordedBy.includes(writer)).map((writer) => `${section.id}.${field.id}: ${writer}`)));
    expect(loose).toEqual([]);
  });

  test('[CS4] HAZ-10 the resuscitation recommendation is written by the senior clinician alone, the prognosis by a doctor', () => {
    const resuscitation = sectionById('resuscitation');
    expect(resuscitation?.writers).toEqual(['senior-clinician']);
    expect(resuscitation?.fields.map((field) => field.id)).toEqual(['cprDecision', 'cprDate', 'cprReviewDate', 'cprReason', 'cprDecisionMaker', 'cprDiscussedWith', 'focusOfCare', 'ceiling']);
    expect(sectionById('prognosis')?.writers).toEqual(['gp', 'senior-clinician']);
  });

  test('[CS4] nobody writes what they may not read, urgent care and the privacy officer write nothing', () => {
    for (const section of sections) {
      for (const writer of section.writers) if (writer !== 'senior-clinician') expect([section.id, section.readers.includes(writer)]).toEqual([section.id, true]);
      expect(section.writers).not.toContain('urgent-care');
      expect([...section.writers, ...section.readers]).not.toContain('privacy-officer');
    }
  });

  test('[CS5] HAZ-18 the key-safe code is hidden from the care home, the prognosis from social care, care home and urgent care', () => {
    expect(sectionById('keysafe')?.readers.toSorted()).toEqual(['community-nurse', 'coordinator', 'gp', 'hospice-clinician', 'social-worker', 'urgent-care']);
    expect(sectionById('prognosis')?.readers.toSorted()).toEqual(['community-nurse', 'coordinator', 'gp', 'hospice-clinician']);
    expect(sections.filter((section) => section.restricted).map((section) => section.id)).toEqual(['keysafe', 'prognosis']);
    for (const section of sections) expect([section.id, section.readers.length < 7]).toEqual([section.id, section.restricted]);
    expect(fieldById('keySafeCode')?.masked).toBe(true);
  });

  test('[CS6] the binding advance decision is shown above the advance statement', () => {
    const order = fields.map((field) => field.id);
    expect(order.indexOf('adrt')).toBeLessThan(order.indexOf('advanceStatement'));
  });
});

describe('value sets and codes', () => {
  test('[CS7] every value set has answers, and every answer a slug and a label of its own', () => {
    expect(new Set(valueSets.map((set) => set.id)).size).toBe(valueSets.length);
    for (const set of valueSets) {
      expect(valueSetById(set.id)).toBe(set);
      expect([set.id, set.options.length >= 2]).toEqual([set.id, true]);
      expect([set.id, new Set(set.options.map((option) => option.value)).size]).toEqual([set.id, set.options.length]);
      expect([set.id, new Set(set.options.map((option) => option.label)).size]).toEqual([set.id, set.options.length]);
      for (const option of set.options) expect(option.value).toMatch(/^[a-zA-Z0-9]+(-[a-z0-9]+)*$/);
    }
  });

  test('[CS8] HAZ-21 every SNOMED CT concept is one that was found published, and passes its check digit', () => {
    const used = concepts();
    expect(used.length).toBeGreaterThan(70);
    for (const code of used) {
      expect([code.code, publishedConcepts.has(code.code)]).toEqual([code.code, true]);
      expect([code.code, verhoeff(code.code)]).toEqual([code.code, true]);
    }
  });

  test('[CS8] HAZ-21 the check-digit test itself notices a slip', () => {
    expect([verhoeff('450476008'), verhoeff('450476007'), verhoeff('454076008')]).toEqual([true, false, false]);
  });

  test('[CS9] HAZ-13 allergies have three states, none of which is assumed', () => {
    const status = fieldById('allergyStatus');
    expect(status?.of.kind === 'choice' && status.of.valueSet.options.map((option) => option.value)).toEqual(['no-known-allergies', 'has-allergies', 'not-checked']);
    expect(JSON.stringify(status)).not.toContain('default');
  });

  test('[CS10] a stage is shown by letter, colour and words', () => {
    const stages = valueSetById('gsf-stage')?.options ?? [];
    expect(stages.map((option) => [option.label.split(' ')[0], option.colour])).toEqual([['A', 'blue'], ['B', 'green'], ['C', 'yellow'], ['D', 'red'], ['After', 'navy']]);
    for (const stage of stages.slice(0, 4)) expect(stage.label).toContain(`${stage.colour}:`);
  });
});

describe('national items', () => {
  test('[CS11] all sixty items are covered, thirteen mandatory and five required', () => {
    expect(conformance.map((item) => item.number)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
    for (const item of conformance) expect([item.number, item.title !== '', item.fields.length > 0]).toEqual([item.number, true, true]);
    expect(conformance.filter((item) => item.status === 'mandatory')).toHaveLength(13);
    expect(conformance.filter((item) => item.status === 'required')).toHaveLength(5);
  });

  test('[CS11] every mandatory item is asked at creation', () => {
    for (const item of conformance.filter((one) => one.status === 'mandatory')) {
      const asked = item.fields.some((id) => fieldById(id)?.requirement.when === 'creation');
      expect([item.number, asked]).toEqual([item.number, true]);
    }
  });

  test('[CS11] fields that the service writes are never asked of a person', () => {
    for (const field of fields.filter((one) => one.merge === 'A')) expect(isNeeded(field, emptyPlan)).toBe(false);
  });
});

/** The check digit of a SNOMED CT identifier: Verhoeff's dihedral scheme. */
function verhoeff(id: string): boolean {
  const multiply = (a: number, b: number): number => (a < 5 ? (b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5) : b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 10) % 5);
  const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const permute = (digit: number, times: number): number => (times === 0 ? digit : permute(permutation[digit] ?? 0, times - 1));
  return id.split('').toReversed().reduce((check, digit, at) => multiply(check, permute(Number(digit), at % 8)), 0) === 0;
}
