/** The sign-off gate and the side list. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isNeeded, missingNeeded, sectionCompleteness, signOffProblems } from '../../shared/content/completeness.ts';
import type { PlanContent } from '../../shared/content/planContent.ts';
import { sectionById, sections } from '../../shared/content/standard.ts';
import { completePlan, emptyPlan, withAnswers } from '../support/completePlan.ts';

const today = '2026-11-05';
const by = (name: string) => ({ id: 'system' as const, name, role: 'gp' as const });
const problems = (plan: PlanContent, field: string): string[] => signOffProblems(plan, today).filter((problem) => problem.field === field).map((problem) => `${problem.severity}: ${problem.message}`);
const blocking = (plan: PlanContent): string[] => signOffProblems(plan, today).filter((problem) => problem.severity === 'blocks').map((problem) => problem.field);
const full = completePlan(today);
const neededFields = sections.flatMap((section) => section.fields.filter((field) => isNeeded(field, full)));

describe('what sign-off asks', () => {
  test('[CS22] a plan with every needed answer has nothing in its way', () => {
    expect(signOffProblems(full, today)).toEqual([]);
  });

  test('[CS22] taking away any one needed answer is noticed, and named', () => {
    expect(neededFields.length).toBeGreaterThan(40);
    fc.assert(fc.property(fc.constantFrom(...neededFields), (field) => {
      const found = blocking(withAnswers(full, { [field.id]: undefined }));
      expect(found.length > 0 || field.id === 'ppdReasonNotRecorded').toBe(true);
      if (field.id !== 'ppdReasonNotRecorded') expect(found).toContain(field.id);
    }), { numRuns: 300 });
  });

  test('[CS22] a missing answer asks its question', () => {
    expect(problems(withAnswers(full, { gsfStage: undefined }), 'gsfStage')).toEqual(['blocks: Not recorded: which stage does the team agree on?']);
  });

  test('[CS23] a reason for not having discussed it serves as an answer', () => {
    expect(blocking(withAnswers(full, { cprDecision: { notDiscussed: 'Too unwell today' } }))).toEqual([]);
    expect(blocking(withAnswers(full, { capacity: { notDiscussed: 'Not in question' }, whatMatters: { notDiscussed: 'Asleep' } }))).toEqual([]);
  });

  test('[CS24] what depends on an answer is asked only with that answer', () => {
    const bare = { cprDate: undefined, cprDecisionMaker: undefined, cprDiscussedWith: undefined, cprFormLocation: undefined, cprReason: undefined };
    const withDecision = (code: string) => blocking(withAnswers(full, { ...bare, cprDecision: code })).toSorted();
    expect(withDecision('not-for-attempted-cpr')).toEqual(['cprDate', 'cprDecisionMaker', 'cprDiscussedWith', 'cprFormLocation', 'cprReason']);
    expect(withDecision('for-attempted-cpr')).toEqual(['cprDate', 'cprDecisionMaker', 'cprDiscussedWith']);
    expect(withDecision('not-yet-decided')).toEqual([]);

    const noAdrt = { adrtDetail: undefined, adrtDate: undefined, adrtLocation: undefined, adrtChecked: undefined };
    const withAdrt = (code: string) => blocking(withAnswers(full, { ...noAdrt, adrt: code })).toSorted();
    expect(withAdrt('none-known')).toEqual([]);
    expect(withAdrt('has-adrt')).toEqual(['adrtDate', 'adrtDetail', 'adrtLocation']);
    expect(withAdrt('has-adrt-life-sustaining')).toEqual(['adrtChecked', 'adrtDate', 'adrtDetail', 'adrtLocation']);

    expect(blocking(withAnswers(full, { jicLocation: undefined, jicStatus: 'prescribed' }))).toEqual([]);
    expect(blocking(withAnswers(full, { jicLocation: undefined, jicStatus: { code: 'issued', note: 'blue box' } }))).toEqual(['jicLocation']);
    expect(blocking(withAnswers(full, { registerDate: undefined, onRegister: 'removed' }))).toEqual([]);
    expect(blocking(withAnswers(full, { registerDate: undefined, onRegister: 'on-register' }))).toEqual(['registerDate']);
    expect(blocking(withAnswers(full, { dateOfDeath: '2026-11-01' }))).toEqual(['preferenceMet']);
    expect(blocking(withAnswers(full, { dateOfDeath: '2026-11-01', preferenceMet: 'not-met' }))).toEqual(['varianceReason']);
  });

  test('[CS24] a disputed answer asks for what either side would ask', () => {
    const disputed = { disputed: [{ value: 'not-for-attempted-cpr', by: by('A. Osei'), at: 'x' }, { value: 'not-yet-decided', by: by('S. Malik'), at: 'x' }] };
    expect(blocking(withAnswers(full, { cprDecision: disputed, cprReason: undefined }))).toEqual(expect.arrayContaining(['cprDecision', 'cprReason']));
  });

  test('[CS25] a blank first choice of place of death blocks; with a reason it warns, once', () => {
    expect(problems(withAnswers(full, { ppd1: undefined }), 'ppd1')).toEqual(['blocks: Not recorded: where would they like to be?']);
    expect(blocking(withAnswers(full, { ppd1: undefined }))).toEqual(['ppd1']);
    const withReason = withAnswers(full, { ppd1: undefined, ppdReasonNotRecorded: 'declined' });
    expect(blocking(withReason)).toEqual([]);
    expect(problems(withReason, 'ppd1')).toEqual(['warns: The first choice of place is blank; only a reason is recorded.']);
  });

  test('[CS26] the next review is at most three months ahead, and not in the past', () => {
    const due = (day: string) => problems(withAnswers(full, { reviewDue: day }), 'reviewDue');
    expect([due('2026-11-05'), due('2027-02-05')]).toEqual([[], []]);
    expect(due('2027-02-06')).toEqual(['blocks: 06-Feb-2027 is more than three months ahead: choose a day up to 05-Feb-2027.']);
    expect(due('2026-11-04')).toEqual(['blocks: 04-Nov-2026 has passed: choose the day of the next review.']);
    const endOfMonth = signOffProblems(completePlan('2026-11-30', { reviewDue: '2027-03-01' }), '2026-11-30').map((problem) => problem.field);
    expect(endOfMonth).toEqual(['reviewDue']);
  });

  test('[CS27] HAZ-01 a disputed value, or a disputed row, blocks and names both sides', () => {
    const disputed = { disputed: [{ value: 'full', by: by('A. Osei'), at: 'x' }, { value: 'comfort-only', by: by('S. Malik'), at: 'x' }] };
    expect(problems(withAnswers(full, { ceiling: disputed }), 'ceiling')).toEqual([
      'blocks: Disputed: “Full treatment including critical care” (A. Osei) or “Comfort only” (S. Malik). Somebody who may write it has to settle this.']);
    const row = { id: 'r1', disputed: [{ id: 'r1', problem: 'Bleed', firstAction: 'Dark towels' }, { id: 'r1', problem: 'Bleed', firstAction: 'Midazolam' }] };
    expect(problems(withAnswers(full, { emergencyScenarios: [row] }), 'emergencyScenarios')).toEqual([expect.stringContaining('“Bleed. Do this first: Dark towels.” or')]);
  });

  test('[CS28] every action has an owner and a day; a struck-out action asks nothing', () => {
    const actions = [{ id: 'a', text: 'Ring the daughter' }, { id: 'b', removed: true, reason: 'done twice', text: 'x' }, { id: 'c', text: 'Order bed', owner: { name: 'J. Reid' }, due: '2026-11-12' }, { id: 'd', text: 'x', owner: { name: 'J. Reid' } }];
    expect(problems(withAnswers(full, { actions }), 'actions')).toEqual(['blocks: Action 1: Owner is missing.', 'blocks: Action 1: Due is missing.', 'blocks: Action 3: Due is missing.']);
  });

  test('[CS29] an unverified NHS number, and agreement that is missing, are said to the signer', () => {
    expect(problems(withAnswers(full, { nhsNumberStatus: '03' }), 'nhsNumberStatus')).toEqual(['warns: The NHS number is not verified.']);
    expect(problems(withAnswers(full, { nhsNumberStatus: undefined }), 'nhsNumberStatus')).toEqual(['warns: Nobody has verified the NHS number.']);
    for (const code of ['withdrawn', 'declined', 'not-yet-asked']) expect(problems(withAnswers(full, { consentShare: code }), 'consentShare')).toHaveLength(1);
  });

  test('[CS30] HAZ-13 unknown allergies are never none, and status and list agree', () => {
    expect(problems(withAnswers(full, { allergyStatus: undefined }), 'allergyStatus')).toEqual(['warns: Allergies are not recorded: this is not the same as none.']);
    expect(problems(withAnswers(full, { allergies: [{ id: 'a', substance: 'Latex' }] }), 'allergyStatus')).toEqual(['blocks: It says no known allergies, but allergies are listed.']);
    expect(problems(withAnswers(full, { allergyStatus: 'has-allergies' }), 'allergies')).toEqual(['blocks: It says there are allergies, but none is listed.']);
    expect(blocking(withAnswers(full, { allergyStatus: 'has-allergies', allergies: [{ id: 'a', substance: 'Latex' }] }))).toEqual([]);
    expect(blocking(withAnswers(full, { allergies: [{ id: 'a', substance: 'Latex', removed: true, reason: 'in error' }] }))).toEqual([]);
  });

  test('[CS31] a defibrillator says what its shocks do; a refusal of life-sustaining treatment says how it was made', () => {
    const device = (row: object) => problems(withAnswers(full, { implantedDevices: [{ id: 'd', ...row }] }), 'implantedDevices').length;
    expect([device({ device: 'icd' }), device({ device: 'crt-d', shockFunction: 'not-applicable' }), device({ device: 'icd', shockFunction: 'active' }), device({ device: 'pacemaker' })]).toEqual([1, 1, 0, 0]);
    const refusal = completePlan(today, { adrt: 'has-adrt-life-sustaining', adrtChecked: ['written', 'signed'] });
    expect(problems(refusal, 'adrtChecked')).toEqual(['warns: A refusal of life-sustaining treatment has to be written, signed and witnessed; not seen: witnessed.']);
    expect(problems(withAnswers(full, { decisionPersons: [{ id: 'p', name: 'Ann' }] }), 'decisionPersons')).toHaveLength(1);
  });

  test('[CS37] words of a practice block the sign-off wherever they stand, each named by its field', () => {
    const prose = [{ type: 'paragraph', text: 'Tea at four.' }, { type: 'bulletItem', text: `So [practice] Seen today` }];
    const plan = withAnswers(full, { whatMatters: prose, preferredName: '[practice] Lin' });
    expect(blocking(plan)).toEqual(expect.arrayContaining(['whatMatters', 'preferredName']));
    expect(problems(plan, 'whatMatters')).toEqual([expect.stringContaining("blocks: Simulated colleagues' words are still in the plan")]);
    expect(blocking(withAnswers(full, { whatMatters: [{ type: 'paragraph', text: 'Practice [walking] daily' }] }))).toEqual([]);
  });

  test('[CS22] problems come in reading order, each with its section and label', () => {
    const order = sections.flatMap((section) => section.fields.map((field) => field.id));
    const found = signOffProblems(emptyPlan, today);
    expect(found.map((problem) => order.indexOf(problem.field))).toEqual(found.map((problem) => order.indexOf(problem.field)).toSorted((a, b) => a - b));
    for (const problem of found) expect(sectionById(problem.section)?.fields.find((field) => field.id === problem.field)?.label).toBe(problem.label);
  });
});

describe('the side list', () => {
  const count = (plan: PlanContent, id: string) => {
    const section = sectionById(id);
    if (!section) throw new Error(`no section ${id}`);
    return sectionCompleteness(section, plan.sections[id] ?? {}, plan);
  };

  test('[CS32] a section counts the answers it needs now, and those it has', () => {
    expect(count(emptyPlan, 'legal')).toEqual({ needed: 1, answered: 0 });
    expect(count(withAnswers(emptyPlan, { adrt: 'has-adrt' }), 'legal')).toEqual({ needed: 3, answered: 1 });
    expect(count(withAnswers(emptyPlan, { adrt: 'none-known' }), 'legal')).toEqual({ needed: 1, answered: 1 });
    expect(count(emptyPlan, 'support')).toEqual({ needed: 0, answered: 0 });
    expect(count(withAnswers(emptyPlan, { ppdReasonNotRecorded: 'undecided' }), 'place-of-death')).toEqual({ needed: 0, answered: 0 });
  });

  test('[CS32] over the whole plan the counts agree with what is missing', () => {
    fc.assert(fc.property(fc.subarray([...neededFields]), (taken) => {
      const plan = withAnswers(full, Object.fromEntries(taken.map((field) => [field.id, undefined])));
      const open = sections.reduce((total, section) => {
        const { needed, answered } = sectionCompleteness(section, plan.sections[section.id] ?? {}, plan);
        return total + needed - answered;
      }, 0);
      expect(open).toBe(missingNeeded(plan).length);
    }), { numRuns: 100 });
  });
});
