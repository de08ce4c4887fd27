/** What may be stored in a field, and how it reads. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { checkRow, checkValue, mayBeNotDiscussed } from '../../shared/content/checkValue.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { showValue } from '../../shared/content/show.ts';
import { fieldById, sections } from '../../shared/content/standard.ts';
import { choiceCode, isAnswered, isBlank, isNotDiscussed, liveRows } from '../../shared/content/values.ts';
import { sampleValue } from '../support/completePlan.ts';

const today = '2026-11-05';
const fields = sections.flatMap((section) => section.fields);
function field(id: string): Field {
  const found = fieldById(id);
  if (!found) throw new Error(`no field ${id}`);
  return found;
}
const check = (id: string, value: unknown): string | undefined => checkValue(field(id), value, today);
const show = (id: string, value: unknown): string => showValue(field(id), value);
const anyJson = fc.jsonValue();

describe('what can be stored', () => {
  test('[CS12] a fitting value of every field is accepted', () => {
    for (const one of fields) expect([one.id, checkValue(one, sampleValue(one, today), today)]).toEqual([one.id, undefined]);
  });

  test('[CS12] a value of the wrong shape is refused by every field, with the field’s name', () => {
    for (const one of fields) for (const wrong of [null, 7, undefined, { nonsense: 1 }, [['x']], true].filter((value) => !(one.of.kind === 'yes-no' && value === true))) {
      expect([one.id, checkValue(one, wrong, today)?.startsWith(`${one.label}: `)]).toEqual([one.id, true]);
    }
  });

  test('[CS12] no JSON makes the check throw, and the sentence never repeats what was sent', () => {
    fc.assert(fc.property(fc.constantFrom(...fields), anyJson, (one, value) => {
      const why = checkValue(one, value, today);
      if (why !== undefined && typeof value === 'string' && value.length > 12) expect(why).not.toContain(value);
      expect(typeof showValue(one, value)).toBe('string');
    }), { numRuns: 2_000 });
  });

  test('[CS13] HAZ-21 an answer outside the value set is refused, alone, in a list and in a row', () => {
    expect(check('cprDecision', 'modified-cpr')).toBe('CPR recommendation: that is not one of the answers.');
    expect(check('cprDecision', { code: 'toString' })).toBeDefined();
    expect(check('accessMethod', ['key-safe', 'chimney'])).toBeDefined();
    expect(check('accessMethod', ['key-safe', 'key-safe'])).toBe('How to get in: an answer stands here twice.');
    expect(check('homeHazards', [{ id: 'r1', hazard: 'dragon' }])).toContain('“Hazard”');
  });

  test('[CS13] a note or a date goes with an answer only where the entry says so', () => {
    expect(check('ppd1', { code: 'other', note: 'Her sister’s farm' })).toBeUndefined();
    expect(check('oohNotified', { code: 'yes', date: '2026-11-01' })).toBeUndefined();
    expect(check('ppd1', { code: 'other', date: '2026-11-01' })).toBeDefined();
    expect(check('oohNotified', { code: 'yes', date: '2026-02-30' })).toContain('not a real date');
    expect(check('ppd1', { note: 'somewhere' })).toBe('Preferred place of death, 1st choice: a note or date needs an answer to go with.');
    expect(check('ppd1', { code: 'hospice', by: 'me' })).toBeDefined();
  });

  test('[CS14] days have to exist, and what has happened cannot lie ahead', () => {
    expect(check('consentDate', '2026-02-29')).toContain('not a real date');
    expect(check('consentDate', today)).toBeUndefined();
    expect(check('consentDate', '2026-11-06')).toBe('Date of consent decision: that day is still to come.');
    expect(check('reviewDue', '2027-01-01')).toBeUndefined();
    expect([check('cprReviewDate', 'indefinite'), check('cprReviewDate', '2027-01-01')]).toEqual([undefined, undefined]);
    expect(check('consentDate', 'indefinite')).toBeDefined();
    expect([check('cprDate', '2026-11-05T09:15:00Z'), check('cprDate', '2026-11-05')]).toEqual([undefined, undefined]);
    expect(check('cprDate', '2026-11-06T00:00:00Z')).toContain('still to come');
    expect(check('cprDate', '2026-11-05T09:15:00+01:00')).toBeDefined();
  });

  test('[PT1] the NHS number field refuses a number whose last digit does not fit', () => {
    expect([check('nhsNumber', '9434765919'), check('nhsNumber', '9434765918')]).toEqual([undefined, expect.stringContaining('last digit')]);
  });

  test('[CS15] HAZ-20 text over its limit is refused with the limit named, never cut', () => {
    expect(check('preferredName', 'x'.repeat(2_000))).toBeUndefined();
    expect(check('preferredName', 'x'.repeat(2_001))).toBe('Likes to be called: 2,001 characters are too many: at most 2,000 can be kept.');
    expect(check('urgentSummary', [{ type: 'paragraph', text: 'x'.repeat(1_000) }])).toBeUndefined();
    expect(check('urgentSummary', [{ type: 'paragraph', text: 'x'.repeat(500) }, { type: 'paragraph', text: 'y'.repeat(500) }])).toContain('at most 1,000');
    expect(check('contacts', Array.from({ length: 201 }, (_, at) => ({ id: `r${at}` })))).toContain('201 rows are too many');
  });

  test.each([['half a character', 'a\uD800b'], ['a direction override', 'do \u202Enot\u202C give'], ['an isolate', '\u2066x\u2069'], ['a null', 'a\u0000b'], ['an escape', 'a\u001bb']])(
    '[CS16] HAZ-07 text with %s is refused everywhere text can stand', (_, text) => {
      expect(check('preferredName', text)).toBeDefined();
      expect(check('address', text)).toBeDefined();
      expect(check('whatMatters', [{ type: 'paragraph', text }])).toBeDefined();
      expect(check('ppd1', { code: 'other', note: text })).toBeDefined();
      expect(check('whatMatters', { notDiscussed: `because ${text}` })).toBeDefined();
      expect(check('keyWorker', { name: text })).toBeDefined();
      expect(checkRow(field('contacts'), { name: text })).toBeDefined();
    });

  test('[CS16] ordinary writing of any language is accepted', () => {
    for (const text of ['Siân Ó Briain', 'مارگارت', '王小明', 'Ünsal–Çelik', '😀 👩🏽‍⚕️', 'e\u0301']) expect([text, check('preferredName', text)]).toEqual([text, undefined]);
    expect(check('address', '1 High Street\nElmham\nEX1 1AA')).toBeUndefined();
    expect(check('preferredName', 'two\nlines')).toContain('one line');
    expect(check('preferredName', '')).toBeUndefined();
  });

  test('[CS17] prose is paragraphs and list items with bold and italic inside the text, nothing else', () => {
    const marked = (from: number, to: number, type = 'bold') => [{ type: 'paragraph', text: 'At home', marks: [{ type, from, to }] }];
    expect(check('whatMatters', marked(0, 7))).toBeUndefined();
    expect(check('whatMatters', [{ type: 'bulletItem', text: 'The garden', depth: 1 }, { type: 'orderedItem', text: '' }])).toBeUndefined();
    for (const wrong of [marked(0, 8), marked(3, 3), marked(-1, 2), marked(0.5, 2), marked(0, 2, 'link'), [{ type: 'heading', text: 'x' }], [{ type: 'paragraph' }],
      [{ type: 'paragraph', text: 'x', href: 'x' }], [{ type: 'bulletItem', text: 'x', depth: 9 }], 'At home', [null]]) expect([wrong, check('whatMatters', wrong) !== undefined]).toEqual([wrong, true]);
  });

  test('[CS18] “not discussed” stands for an answer only where sign-off asks, and says why', () => {
    expect(check('cprDecision', { notDiscussed: 'Too unwell today' })).toBeUndefined();
    expect(check('capacity', { notDiscussed: 'Not in question' })).toBeUndefined();
    expect(check('cprDecision', { notDiscussed: ' x ' })).toBe('CPR recommendation: say why it was not discussed.');
    expect(check('cprDecision', { notDiscussed: 'Too unwell', code: 'unknown' })).toBeDefined();
    expect(check('preferredName', { notDiscussed: 'Too unwell today' })).toContain('cannot stand here');
    for (const one of fields) expect([one.id, checkValue(one, { notDiscussed: 'Too unwell today' }, today) === undefined]).toEqual([one.id, mayBeNotDiscussed(one)]);
    expect(['nhsNumber', 'birthDate', 'signOff', 'prognosis'].map((id) => mayBeNotDiscussed(field(id)))).toEqual([false, false, false, false]);
  });

  test('[CS19] a row holds only its columns, may wait for needed ones, and is struck out with a reason', () => {
    const allergies = field('allergies');
    expect(checkRow(allergies, { substance: 'Penicillin', severity: 'severe' })).toBeUndefined();
    expect(checkRow(allergies, {})).toBeUndefined();
    expect(checkRow(allergies, { substance: 'Penicillin', dose: '1 g' })).toContain('column that does not exist');
    expect(checkRow(allergies, { substance: 'Penicillin', removed: true, reason: 'Entered on the wrong person' })).toBeUndefined();
    expect(checkRow(allergies, { substance: 'Penicillin', removed: true })).toContain('reason');
    expect(checkRow(allergies, { substance: 'Penicillin', removed: true, reason: '  a' })).toContain('say why');
    expect(checkRow(allergies, { substance: 'Penicillin', removed: false })).toBeDefined();
    expect(checkRow(allergies, { substance: 'Penicillin', reason: 'none' })).toBeDefined();
    expect(check('allergies', [{ id: 'a' }, { id: 'a' }])).toContain('same id');
    expect(check('allergies', [{ substance: 'Penicillin' }])).toContain('no id');
    expect(checkRow(field('adrt'), {})).toContain('has no rows');
    expect(checkRow(field('actions'), { owner: { name: 'J. Reid', personId: 'person_7' } })).toContain('id has the wrong shape');
    expect(checkRow(field('contacts'), { nextOfKin: 'yes' })).toContain('yes or no');
  });
});

describe('how values read', () => {
  test('[CS20] choices, dates, people and rows read as plain English', () => {
    expect(show('ppd1', 'own-home')).toBe('Own home');
    expect(show('oohNotified', { code: 'yes', date: '2026-06-05', note: 'by telephone' })).toBe('Yes, 05-Jun-2026 (by telephone)');
    expect(show('accessMethod', ['key-safe', 'warden'])).toBe('Key-safe, Warden');
    expect(show('cprReviewDate', 'indefinite')).toBe('Indefinite');
    expect(show('cprDate', '2026-06-05T23:30:00Z')).toBe('06-Jun-2026 00:30');
    expect(show('dateOfDeath', '2026-06-05')).toBe('05-Jun-2026');
    expect(show('ppd1Usual', false)).toBe('No');
    expect(show('gpName', { name: 'Dr A. Osei', role: 'GP', organisation: 'Elm Surgery' })).toBe('Dr A. Osei, GP, Elm Surgery');
    expect(show('nhsNumber', '9434765919')).toBe('943 476 5919');
    expect(show('ppd1', { notDiscussed: 'asleep' })).toBe('Not discussed: asleep');
    expect(show('ppd1', undefined)).toBe('');
    expect(show('allergies', [{ id: 'a', substance: 'Penicillin', reaction: 'rash', severity: 'severe' }, { id: 'b', substance: 'Latex', removed: true, reason: 'wrong person' }]))
      .toBe('Penicillin. Reaction: rash. Severity: Severe.\nStruck out: Latex. Reason: wrong person');
    expect(show('contacts', [{ id: 'c', name: 'Ann Walker', relationship: 'daughter', nextOfKin: true }])).toBe('Ann Walker. Relationship: daughter. Next of kin: Yes.');
  });

  test('[CS20] lists keep their numbers and their depth', () => {
    expect(show('whatMatters', [
      { type: 'paragraph', text: 'Two things:' }, { type: 'orderedItem', text: 'the cat' }, { type: 'bulletItem', text: 'Tom', depth: 1 }, { type: 'orderedItem', text: 'the garden' },
      { type: 'paragraph', text: 'And:' }, { type: 'orderedItem', text: 'tea' },
    ])).toBe('Two things:\n1. the cat\n  • Tom\n2. the garden\nAnd:\n1. tea');
  });

  test('[CS20] HAZ-01 a disputed value shows every side, with its author where known', () => {
    const by = { id: 'system', name: 'A. Osei', role: 'gp' };
    expect(show('cprDecision', { disputed: [{ value: 'for-attempted-cpr', by, at: '2026-11-05T10:00:00Z' }, { value: 'not-for-attempted-cpr', by: { ...by, name: 'S. Malik' }, at: '2026-11-05T10:00:01Z' }] }))
      .toBe('Disputed: “For attempted CPR” (A. Osei) or “Not for attempted CPR” (S. Malik)');
    expect(show('cprDecision', { disputed: ['for-attempted-cpr', { code: 'unknown', note: 'no form' }] })).toBe('Disputed: “For attempted CPR” or “Not known (no form)”');
    expect(show('allergies', [{ id: 'a', disputed: [{ id: 'a', substance: 'Latex', severity: 'mild' }, { id: 'a', substance: 'Latex', removed: true, reason: 'in error' }] }]))
      .toBe('Disputed: “Latex. Severity: Mild.” or “Struck out: Latex. Reason: in error”');
  });

  test('[CS21] blank, answered and not discussed are told apart', () => {
    expect([undefined, '', '  ', [], [{ type: 'paragraph', text: ' ' }], [{ id: 'a', removed: true, reason: 'in error' }]].map(isBlank)).toEqual([true, true, true, true, true, true]);
    expect(['x', false, ['a'], [{ id: 'a' }], { notDiscussed: 'asleep' }, { code: 'yes' }].map(isBlank)).toEqual([false, false, false, false, false, false]);
    expect([isAnswered({ notDiscussed: 'asleep' }), isAnswered('yes'), isNotDiscussed({ notDiscussed: 'asleep' }), isNotDiscussed('asleep')]).toEqual([false, true, true, false]);
    expect([choiceCode('yes'), choiceCode({ code: 'yes', note: 'x' }), choiceCode(['yes']), choiceCode(undefined)]).toEqual(['yes', 'yes', undefined, undefined]);
    expect(liveRows([{ id: 'a' }, { id: 'b', removed: true, reason: 'in error' }, 'stray'])).toEqual([{ id: 'a' }]);
  });
});
