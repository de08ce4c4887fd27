/** The demo's data judged by the content standard: every value can be stored, every plan that is signed could be, the promised states exist. */
import { afterAll, describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { checkValue } from '../../shared/content/checkValue.ts';
import { signOffProblems } from '../../shared/content/completeness.ts';
import type { PlanContent } from '../../shared/content/planContent.ts';
import { sections } from '../../shared/content/standard.ts';
import { choiceCode, liveRows } from '../../shared/content/values.ts';
import { openRoots, readSection } from '../../shared/crdt/sectionDocument.ts';
import { isTestNhsNumber, nhsNumberProblem } from '../../shared/domain/nhsNumber.ts';
import { roles, type Actor } from '../../shared/domain/roles.ts';
import { may } from '../../shared/domain/access.ts';
import { daysFrom } from '../../server/demo/days.ts';
import type { Answers, DemoPatient } from '../../server/demo/patient.ts';
import { demoPatients } from '../../server/demo/patients/all.ts';
import { demoOrganisations, demoStaff, organisationName, people, simulatedPeople, type DemoPerson } from '../../server/demo/people.ts';
import { personColour } from '../../shared/domain/personColour.ts';
import { careTeamOf, factsOf } from '../../server/demo/plant.ts';
import { changesBySection, knownField, writerOf } from '../../server/demo/writing.ts';

const now = new Date('2026-03-10T09:30:00Z');
const days = daysFrom(now);
const today = days.day(0);
const patients = demoPatients.map((make) => make(days));
const asActor = (person: DemoPerson): Actor => ({ ...person, organisation: organisationName(person.organisationId) });
const actors = new Map([...demoStaff, ...simulatedPeople].map((person) => [person.id as string, asActor(person)]));
let seed = 1;
const random = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, () => (seed = (seed * 48_271) % 2_147_483_647) & 255);

/** The patient's plan in memory, written the way the seed writes it. */
class PaperPlan {
  readonly #docs = new Map(sections.map((section) => [section.id, new Y.Doc()]));
  constructor(readonly patient: DemoPatient) {
    for (const section of sections) openRoots(this.doc(section.id), section);
    this.write({ ...patient.answers, nhsNumberStatus: '01' });
  }
  doc(sectionId: string): Y.Doc {
    const doc = this.#docs.get(sectionId);
    if (!doc) throw new Error(`no section ${sectionId}`);
    return doc;
  }
  write(answers: Answers): void {
    for (const [sectionId, { change }] of changesBySection(answers, now, random)) change(this.doc(sectionId));
  }
  get content(): PlanContent {
    return { planId: this.patient.planId, position: 1, sections: Object.fromEntries(sections.map((section) => [section.id, readSection(this.doc(section.id), section)])) };
  }
  destroy(): void {
    for (const doc of this.#docs.values()) doc.destroy();
  }
}
const plans: PaperPlan[] = [];
const onPaper = (patient: DemoPatient): PaperPlan => {
  const plan = new PaperPlan(patient);
  plans.push(plan);
  return plan;
};
afterAll(() => plans.forEach((plan) => plan.destroy()));

const byId = new Map(patients.map((patient) => [patient.planId as string, patient]));
const patientOf = (slug: string): DemoPatient => {
  const patient = byId.get(`plan_${slug}`);
  if (!patient) throw new Error(`no patient ${slug}`);
  return patient;
};
const finalContent = (patient: DemoPatient): PlanContent => {
  const plan = onPaper(patient);
  for (const step of patient.steps) if (step.kind === 'write') plan.write(step.answers);
  return plan.content;
};
const every = (patient: DemoPatient): Answers[] => [patient.answers, ...patient.steps.flatMap((step) => (step.kind === 'write' ? [step.answers] : []))];

describe('the people of the demo', () => {
  test('[DE1] at least ten staff in five organisations, every role at the table among them, ids unique', () => {
    expect(demoStaff.length).toBeGreaterThanOrEqual(10);
    expect(demoOrganisations.length).toBeGreaterThanOrEqual(5);
    expect(new Set(demoStaff.map(({ role }) => role)).size).toBe(roles.length);
    expect(new Set([...demoStaff, ...simulatedPeople].map(({ id }) => id)).size).toBe(demoStaff.length + simulatedPeople.length);
    for (const person of demoStaff) expect(person.registration ?? 'DEMO-none').toMatch(/^DEMO-/);
  });
  test('[DE2] simulated colleagues say so in their names, and none may record a resuscitation recommendation', () => {
    expect(simulatedPeople.length).toBeGreaterThanOrEqual(3);
    for (const person of simulatedPeople) {
      expect(person.name).toContain('(simulated)');
      expect(person.simulated).toBe(true);
      expect(person.seniorClinician).toBe(false);
    }
  });
  test('[DE30] people who sit at one table have colours of their own, and so have the simulated colleagues', () => {
    const table = demoStaff.filter(({ role }) => !['urgent-care', 'privacy-officer', 'care-home-nurse', 'patient', 'organisation-admin', 'inspector'].includes(role));
    expect(new Set(table.map(({ id }) => personColour(id))).size).toBe(table.length);
    expect(new Set(simulatedPeople.map(({ id }) => personColour(id))).size).toBe(simulatedPeople.length);
  });
});

describe('the patients of the demo', () => {
  test('[DE3] HAZ-29 every NHS number is valid, from the range reserved for tests, and used once', () => {
    const numbers = patients.map(({ answers }) => String(answers['nhsNumber']));
    for (const number of numbers) {
      expect(nhsNumberProblem(number)).toBeUndefined();
      expect(isTestNhsNumber(number)).toBe(true);
    }
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(patients.length).toBeGreaterThanOrEqual(14);
  });

  test.each(patients.map((patient) => [patient.planId, patient] as const))('[DE4] every value of %s can be stored', (_id, patient) => {
    const plan = onPaper(patient);
    const problems: string[] = [];
    const look = (): void => {
      for (const section of sections) {
        for (const [id, value] of Object.entries(plan.content.sections[section.id] ?? {})) {
          const problem = checkValue(knownField(id).field, value, today);
          if (problem) problems.push(problem);
        }
      }
    };
    look();
    for (const step of patient.steps) {
      if (step.kind === 'write') plan.write(step.answers);
      if (step.kind === 'apart') for (const { value } of [step.one, step.other]) expect(checkValue(knownField(step.field).field, value, today)).toBeUndefined();
      look();
    }
    expect(problems).toEqual([]);
  });

  test.each(patients.map((patient) => [patient.planId, patient] as const))('[DE5] nothing stands in the way whenever %s is signed', (_id, patient) => {
    const plan = onPaper(patient);
    for (const step of patient.steps) {
      if (step.kind === 'write') plan.write(step.answers);
      if (step.kind === 'sign') expect(signOffProblems(plan.content, today).filter(({ severity }) => severity === 'blocks')).toEqual([]);
    }
  });

  test.each(patients.map((patient) => [patient.planId, patient] as const))('[DE6] whoever writes in %s may write there', (_id, patient) => {
    const facts = factsOf(patient);
    for (const { section } of changesBySection(patient.answers, now, random).values()) {
      expect(may(writerOf(section, patient.answers, patient.team, facts, actors), 'edit-section', { kind: 'section', plan: facts, section: section.id }).ok).toBe(true);
    }
    for (const step of patient.steps) {
      const named = step.kind === 'write' && step.by ? [{ by: step.by, fields: Object.keys(step.answers) }]
        : step.kind === 'apart' ? [step.one, step.other].map(({ by }) => ({ by, fields: [step.field] })) : [];
      for (const { by, fields } of named) {
        for (const field of fields) expect([field, may(asActor(people[by]), 'edit-section', { kind: 'section', plan: facts, section: knownField(field).section.id }).ok]).toEqual([field, true]);
      }
    }
    expect(careTeamOf(patient).length).toBeGreaterThanOrEqual(5);
  });

  test('[DE7] the states that people ask about all exist', () => {
    const contents = new Map(patients.map((patient) => [patient.planId as string, finalContent(patient)]));
    const read = (slug: string, field: string): unknown => contents.get(`plan_${slug}`)?.sections[knownField(field).section.id]?.[field];
    const stages = new Set([...contents.keys()].map((id) => choiceCode(read(id.slice(5), 'gsfStage'))));
    expect([...stages].toSorted()).toEqual(['after-care', 'blue', 'green', 'red', 'yellow', undefined].toSorted());
    expect(liveRows(read('george-tilling', 'implantedDevices'))).toContainEqual(expect.objectContaining({ device: 'icd', shockFunction: 'active' }));
    expect(choiceCode(read('esther-quayle', 'adrt'))).toBe('refuses-blood');
    expect(choiceCode(read('hasina-choudhury', 'interpreterNeeded'))).toBe('yes');
    expect(choiceCode(read('kevin-marsh', 'livingSituation'))).toBe('secure-setting');
    expect(liveRows(read('jamie-holloway', 'disabilities'))).toContainEqual(expect.objectContaining({ disability: 'learning-disability' }));
    expect(choiceCode(read('albert-finch', 'preferenceMet'))).toBe('not-met');
    expect(choiceCode(read('albert-finch', 'varianceReason'))).toBe('carer-could-not-continue');
    expect(String(read('patricia-doyle', 'reviewDue')) < today).toBe(true);
    expect(patientOf('linda-proctor').steps).toEqual([]);
    expect(patientOf('victor-nwosu').steps.some((step) => step.kind === 'apart' && step.field === 'cprDecision')).toBe(true);
    expect(new Set(patients.map(({ steps }) => steps.filter(({ kind }) => kind === 'sign').length))).toEqual(new Set([0, 1, 2, 3]));
  });

  test('[DE8] HAZ-25 doses are spelled out: no shortened units, no naked decimal point, no trailing zero', () => {
    for (const patient of patients) {
      const doses = every(patient).flatMap((answers) =>
        ['jicDrugs', 'currentMedicines'].flatMap((field) => ((answers[field] ?? []) as Record<string, unknown>[]).flatMap((row) => [row['dose'], row['maximum'], row['quantity']].filter((text): text is string => typeof text === 'string'))));
      for (const dose of doses) {
        expect(dose).not.toMatch(/\b(mcg|ug|ng|iu|units?\.)\b|µg|μg/i);
        expect(dose).not.toMatch(/(^|[^\d])\.\d/);
        expect(dose).not.toMatch(/\d\.\d*0(?!\d)/);
        expect(dose).not.toMatch(/\d(mg|g|ml|micrograms)\b/);
      }
    }
  });

  test('[DE9] whoever is in the last days has a box in the house, a summary for urgent care and a near review', () => {
    for (const patient of patients) {
      const content = finalContent(patient);
      const read = (field: string): unknown => content.sections[knownField(field).section.id]?.[field];
      if (choiceCode(read('gsfStage')) !== 'red') continue;
      expect(['issued', 'in-use']).toContain(choiceCode(read('jicStatus')));
      expect(liveRows(read('jicDrugs')).length).toBeGreaterThanOrEqual(4);
      expect(read('urgentSummary')).toBeDefined();
      expect(choiceCode(read('phaseOfIllness'))).toBe('dying');
      expect(String(read('reviewDue')) <= days.day(2)).toBe(true);
    }
  });
});

describe('days of the demo', () => {
  test('[DE10] a meeting is due at one o’clock in England, summer and winter, or at the next full hour', () => {
    expect(daysFrom(new Date('2026-01-15T08:00:00Z')).nextMeeting()).toBe('2026-01-15T13:00:00.000Z');
    expect(daysFrom(new Date('2026-07-15T08:00:00Z')).nextMeeting()).toBe('2026-07-15T12:00:00.000Z');
    expect(daysFrom(new Date('2026-07-15T15:20:00Z')).nextMeeting()).toBe('2026-07-15T16:00:00.000Z');
    expect(daysFrom(new Date('2026-07-15T23:30:00Z')).day(0)).toBe('2026-07-16');
    expect(daysFrom(new Date('2026-03-29T12:00:00Z')).moment(-1, '04:20')).toBe('2026-03-28T04:20:00.000Z');
    expect(daysFrom(new Date('2026-03-29T12:00:00Z')).moment(0, '04:20')).toBe('2026-03-29T03:20:00.000Z');
  });
});
