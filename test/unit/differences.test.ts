/** What changed, in sentences. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { differences, wordChanges } from '../../shared/domain/differences.ts';
import { completePlan, emptyPlan, withAnswers } from '../support/completePlan.ts';

const plan = (answers: Readonly<Record<string, unknown>>) => withAnswers(emptyPlan, answers);
const sentences = (from: Readonly<Record<string, unknown>>, to: Readonly<Record<string, unknown>>): string[] => differences(plan(from), plan(to)).map((change) => change.sentence);
const paragraph = (text: string) => [{ type: 'paragraph', text }];
const allergy = (columns: object) => ({ allergies: [{ id: 'a', substance: 'Penicillin', ...columns }] });

describe('differences', () => {
  test('[CS33] an answer that is recorded, changed or removed is one sentence with both values', () => {
    expect(sentences({ ppd1: 'hospital' }, { ppd1: 'own-home' })).toEqual(['Preferred place of death, 1st choice changed from “Hospital” to “Own home”.']);
    expect(sentences({}, { ppd1: 'own-home' })).toEqual(['Preferred place of death, 1st choice recorded: “Own home”.']);
    expect(sentences({ cprDate: '2026-06-05' }, {})).toEqual(['Decision made on removed; it was “05-Jun-2026”.']);
    expect(sentences({ ppd1: { notDiscussed: 'asleep' } }, { ppd1: { code: 'hospice', note: 'The Limes' } })).toEqual(['Preferred place of death, 1st choice changed from “Not discussed: asleep” to “Hospice (The Limes)”.']);
    expect(differences(plan({ ppd1: 'hospital' }), plan({ ppd1: 'own-home' }))).toEqual([
      { section: 'place-of-death', field: 'ppd1', label: 'Preferred place of death, 1st choice', kind: 'changed', from: 'hospital', to: 'own-home', sentence: expect.any(String) }]);
  });

  test('[CS33] nothing changed gives nothing, whatever the order of members', () => {
    const full = completePlan('2026-11-05');
    expect(differences(full, structuredClone(full))).toEqual([]);
    expect(sentences({ oohNotified: { code: 'yes', note: 'n' } }, { oohNotified: { note: 'n', code: 'yes' } })).toEqual([]);
    expect(sentences({ preferredName: '' }, {})).toEqual([]);
  });

  test('[CS33] against nothing before, every answer is new', () => {
    const changes = differences(undefined, plan({ preferredName: 'Peggy', ppd1: 'hospice' }));
    expect(changes.map((change) => [change.field, change.kind])).toEqual([['preferredName', 'added'], ['ppd1', 'added']]);
  });

  test('[CS34] rows differ by their id and their column', () => {
    expect(sentences({}, allergy({ reaction: 'rash' }))).toEqual(['Allergies and reactions: allergy added: “Penicillin. Reaction: rash.”.']);
    expect(sentences(allergy({ severity: 'mild' }), allergy({ severity: 'severe' }))).toEqual(['Allergies and reactions, “Penicillin”: Severity changed from “Mild” to “Severe”.']);
    expect(sentences(allergy({}), allergy({ reaction: 'rash' }))).toEqual(['Allergies and reactions, “Penicillin”: Reaction recorded: “rash”.']);
    expect(sentences(allergy({ reaction: 'rash' }), allergy({}))).toEqual(['Allergies and reactions, “Penicillin”: Reaction removed; it was “rash”.']);
    expect(sentences(allergy({}), {})).toEqual(['Allergies and reactions: allergy removed; it was “Penicillin.”.']);
    const one = { id: 'a', substance: 'Penicillin' };
    const two = { id: 'b', substance: 'Latex' };
    expect(sentences({ allergies: [one, two] }, { allergies: [two, one] })).toEqual([]);
  });

  test('[CS34] HAZ-08 a struck-out row is said with its reason, and so is one that comes back', () => {
    const struck = allergy({ removed: true, reason: 'Wrong person' });
    expect(sentences(allergy({}), struck)).toEqual(['Allergies and reactions: allergy struck out; it was “Penicillin.”. Reason: Wrong person']);
    expect(sentences(struck, allergy({}))).toEqual(['Allergies and reactions: allergy put back: “Penicillin.”.']);
    expect(sentences({}, struck)).toEqual([]);
  });

  test('[CS34] HAZ-01 a value that became disputed is a difference', () => {
    expect(sentences({ ceiling: 'full' }, { ceiling: { disputed: ['full', 'comfort-only'] } })).toEqual(['Ceiling of treatment changed from “Full treatment including critical care” to “Disputed: “Full treatment including critical care” or “Comfort only””.']);
    expect(sentences(allergy({}), { allergies: [{ id: 'a', disputed: [{ id: 'a', substance: 'Latex' }, { id: 'a', substance: 'Penicillin' }] }] })[0]).toContain('Disputed: “Latex.” or “Penicillin.”');
  });

  test('[CS35] HAZ-07 prose shows each word that went and came', () => {
    const [change] = differences(plan({ whatMatters: paragraph('Do not send me to hospital') }), plan({ whatMatters: paragraph('Do send me to the hospital') }));
    expect(change?.sentence).toBe('What matters to me rewritten: 1 word added, 1 word removed.');
    expect(change?.words?.filter((word) => word.change === 'removed').map((word) => word.text.trim())).toEqual(['not']);
    expect(change?.words?.filter((word) => word.change === 'added').map((word) => word.text.trim())).toEqual(['the']);
  });

  test('[CS35] a change of bold or of list marks alone is not passed over', () => {
    expect(sentences({ whatMatters: paragraph('Home') }, { whatMatters: [{ type: 'paragraph', text: 'Home', marks: [{ type: 'bold', from: 0, to: 4 }] }] })).toEqual(['What matters to me: only the way it is set out changed.']);
    expect(sentences({ whatMatters: paragraph('Home') }, { whatMatters: { notDiscussed: 'asleep' } })).toEqual(['What matters to me changed from “Home” to “Not discussed: asleep”.']);
  });

  test('[CS35] from the word list both texts can be put together again, letter for letter', () => {
    const text = fc.array(fc.constantFrom('do', ' ', 'not', '\n', 'give', '.', '  ', 'Peggy’s', 'naïve', '😀'), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, text, (before, after) => {
      const words = wordChanges(before, after);
      const join = (without: string): string => words.filter((word) => word.change !== without).map((word) => word.text).join('');
      expect([join('added'), join('removed')]).toEqual([before, after]);
    }), { numRuns: 500 });
    const long = Array.from({ length: 6_000 }, (_, at) => `a${at}`).join(' ');
    const other = Array.from({ length: 6_000 }, (_, at) => `b${at}`).join(' ');
    expect(wordChanges(long, other)).toEqual([{ text: long, change: 'removed' }, { text: other, change: 'added' }]);
  });

  test('[CS36] what the service writes by itself is no difference', () => {
    expect(sentences({ lastAmended: '2026-11-05T10:00:00Z', nhsNumberStatus: '03' }, { lastAmended: '2026-11-05T11:00:00Z', nhsNumberStatus: '01' })).toEqual([]);
  });
});
