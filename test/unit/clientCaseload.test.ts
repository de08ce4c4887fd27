/** The caseload's order, filters and words, without a screen. */
import { describe, expect, test } from '@jest/globals';
import { chosen, filters, inOrder, isOverdue, missingOf } from '../../client/plans/caseload.ts';
import { allergyState, factsFromContent, missingFacts, reviewWords, say } from '../../client/plans/facts.ts';
import { readTypedDate } from '../../client/ui/typedDate.ts';
import type { PlanContent } from '../../shared/content/planContent.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { PlanListItem } from '../../shared/wire/plans.ts';

const today = '2026-11-23';
const item = (familyName: string, more: Partial<PlanListItem> = {}): PlanListItem => ({
  id: `plan_${familyName.toLowerCase()}`, patient: { nhsNumber: '9990000018', familyName, givenName: 'Ann', birthDate: '1941-06-05' },
  status: 'signed', summary: { disputed: [] }, openActions: 0, presentNow: [], ...more,
});
const names = (items: readonly PlanListItem[]): readonly string[] => items.map(({ patient }) => patient.familyName);
const content = (values: PlanContent['sections']): PlanContent => ({ planId: 'plan_test01' as PlanId, position: 1, sections: values });

describe('the caseload', () => {
  test('[SC1] who needs me stands first: days before weeks, an overdue review before one that is due, closed plans last', () => {
    const rows = [
      item('Closed', { stage: 'red', status: 'closed' }), item('Blue', { stage: 'blue' }), item('Due', { stage: 'yellow', reviewDue: '2026-11-24' }),
      item('Late', { stage: 'yellow', reviewDue: '2026-11-20' }), item('Days', { stage: 'red' }), item('New'),
    ];
    expect(names(inOrder(rows, 'need', today))).toEqual(['Days', 'Late', 'Due', 'New', 'Blue', 'Closed']);
    expect(names(inOrder(rows, 'name', today))).toEqual(['Blue', 'Closed', 'Days', 'Due', 'Late', 'New']);
    expect(names(inOrder(rows, 'review', today)).slice(0, 2)).toEqual(['Late', 'Due']);
  });

  test('[SC1] a review is overdue from the day after its date, never for a closed plan', () => {
    expect(isOverdue(item('A', { reviewDue: today }), today)).toBe(false);
    expect(isOverdue(item('A', { reviewDue: '2026-11-22' }), today)).toBe(true);
    expect(isOverdue(item('A', { reviewDue: '2026-11-22', status: 'closed' }), today)).toBe(false);
    expect(isOverdue(item('A'), today)).toBe(false);
  });

  test('[SC2] filters hold together with the stage; "none" finds people without a stage', () => {
    const rows = [item('A', { stage: 'red', status: 'draft' }), item('B', { status: 'changed' }), item('C', { stage: 'red' })];
    expect(names(chosen(rows, 'red', [], today))).toEqual(['A', 'C']);
    expect(names(chosen(rows, 'red', ['unsigned'], today))).toEqual(['A']);
    expect(names(chosen(rows, 'none', ['unsigned'], today))).toEqual(['B']);
    expect(names(chosen(rows, '', [], today))).toEqual(['A', 'B', 'C']);
    expect(filters.map(({ id }) => id)).toEqual(['overdue', 'unsigned', 'disputed', 'missing', 'actions']);
  });

  test('[SC3] what is missing is named; a reason for having no answer is not missing, and a closed plan misses nothing', () => {
    expect(missingOf(item('A'))).toContain('CPR');
    expect(missingOf(item('A', { summary: { disputed: [], cpr: { notDiscussed: 'too unwell today' } } }))).not.toContain('CPR');
    expect(missingOf(item('A', { summary: { disputed: ['cprDecision'] } }))).not.toContain('CPR');
    expect(missingOf(item('A', { status: 'closed' }))).toEqual([]);
  });
});

describe('the banner’s facts', () => {
  test('HAZ-13 [SC4] nothing recorded about allergies is never said as "none"', () => {
    expect(allergyState({ disputed: [] })).toEqual({ kind: 'not-recorded', words: 'Allergies not recorded' });
    expect(allergyState({ disputed: [], allergyStatus: 'not-checked' })).toEqual({ kind: 'not-recorded', words: 'Allergies not checked' });
    expect(allergyState({ disputed: [], allergyStatus: 'no-known-allergies' })).toEqual({ kind: 'none' });
    expect(allergyState({ disputed: [], allergies: [{ id: 'r1', substance: 'Latex', removed: true, reason: 'wrong person' }] }).kind).toBe('not-recorded');
  });

  test('HAZ-13 [SC4] a listed allergy is shown whatever the status says, and the contradiction is said', () => {
    const rows = [{ id: 'r1', substance: 'Penicillin', reaction: 'rash' }, { id: 'r2', substance: 'Latex' }];
    expect(allergyState({ disputed: [], allergyStatus: 'has-allergies', allergies: rows })).toEqual({ kind: 'known', list: ['Penicillin (rash)', 'Latex'] });
    expect(allergyState({ disputed: [], allergyStatus: 'no-known-allergies', allergies: rows })).toMatchObject({ kind: 'known', list: expect.arrayContaining(['but the status says none: check']) });
    expect(allergyState({ disputed: [], allergyStatus: 'has-allergies', allergies: [] })).toEqual({ kind: 'known', list: ['yes, but not listed: ask which'] });
    expect(allergyState({ disputed: ['allergyStatus'], allergyStatus: 'no-known-allergies' }).kind).toBe('disputed');
  });

  test('HAZ-01 [SC5] a disputed value is said as disputed with both sides, never as one of them', () => {
    const by = { id: 'person_a', name: 'Dr A', role: 'gp' };
    const facts = factsFromContent(content({ resuscitation: { cprDecision: { disputed: [{ value: 'for-attempted-cpr', by, at: '2026-11-23T10:00:00Z' }, { value: 'not-for-attempted-cpr', by, at: '2026-11-23T10:01:00Z' }] } } }));
    expect(facts.disputed).toEqual(['cprDecision']);
    expect(say(facts, 'cpr')).toEqual({ state: 'disputed', text: '“For attempted CPR” or “Not for attempted CPR”' });
  });

  test('[SC5] each answer is said in the words of the content standard, a person by name, nothing as missing', () => {
    const facts = factsFromContent(content({ resuscitation: { cprDecision: 'not-for-attempted-cpr' }, team: { keyWorker: { name: 'Jo Reid', role: 'Nurse' } } }));
    expect(say(facts, 'cpr')).toEqual({ state: 'answer', text: 'Not for attempted CPR' });
    expect(say(facts, 'keyWorker')).toEqual({ state: 'answer', text: 'Jo Reid' });
    expect(say(facts, 'preferredPlaceOfDeath')).toEqual({ state: 'missing' });
    expect(missingFacts(facts)).not.toContain('CPR');
  });

  test('[SC6] relative words stand only beside the date', () => {
    expect(reviewWords('2026-12-12', today)).toEqual({ date: '12-Dec-2026', relative: 'in 19 days', overdue: false });
    expect(reviewWords(today, today)).toEqual({ date: '23-Nov-2026', relative: 'today', overdue: false });
    expect(reviewWords('2026-11-22', today)).toEqual({ date: '22-Nov-2026', relative: '1 day overdue', overdue: true });
  });
});

describe('a typed date', () => {
  test.each(['5 6 1941', '05/06/1941', '5-Jun-1941', '5 June 1941', '05.06.1941', '05061941', ' 5  jun  1941 '])('[SC7] “%s” is 05-Jun-1941', (text) => {
    expect(readTypedDate(text)).toEqual({ ok: true, date: '1941-06-05', words: '05-Jun-1941' });
  });

  test.each([
    ['31 2 1941', 'There is no such day'], ['6 13 1941', 'There is no such day'], ['5 6 41', 'four digits'], ['1941-06-05', 'day first'], ['yesterday', 'day, month and year'], ['', 'day, month and year'],
  ])('[SC7] “%s” is refused with what to do', (text, words) => {
    const read = readTypedDate(text);
    expect(read.ok ? '' : read.problem).toContain(words);
  });
});
