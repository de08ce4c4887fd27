/** NHS numbers, dates, times and names: what makes one person not another. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { addMonths, ageInYears, daysBetween, formatDate, formatDateTime, formatTime, formatTimeWithSeconds, isInstant, isPlainDate, londonDate } from '../../shared/domain/dates.ts';
import { bannerName, initials } from '../../shared/domain/names.ts';
import { formatNhsNumber, isTestNhsNumber, makeNhsNumber, nhsNumberProblem } from '../../shared/domain/nhsNumber.ts';

const nineDigits = fc.stringMatching(/^\d{9}$/);

describe('NHS number', () => {
  test('[PT1] a number is accepted with its check digit, with or without spaces', () => {
    expect(nhsNumberProblem('9434765919')).toBeUndefined();
    expect(nhsNumberProblem('943 476 5919')).toBeUndefined();
    expect(nhsNumberProblem('943-476-5919')).toBeUndefined();
  });

  test('[PT1] any single wrong digit, and any two neighbours swapped, is noticed', () => {
    fc.assert(fc.property(nineDigits, fc.nat(9), fc.integer({ min: 1, max: 9 }), (nine, at, step) => {
      const number = makeNhsNumber(nine);
      fc.pre(number !== undefined);
      const slipped = number.split('');
      slipped[at] = String((Number(slipped[at]) + step) % 10);
      expect(nhsNumberProblem(slipped.join(''))).toBeDefined();
      const swapped = number.split('');
      [swapped[at], swapped[(at + 1) % 10]] = [swapped[(at + 1) % 10] ?? '', swapped[at] ?? ''];
      if (at < 9 && swapped.join('') !== number) expect(nhsNumberProblem(swapped.join(''))).toBeDefined();
    }));
  });

  test('[PT1] nine digits make at most one number; those with no check digit make none', () => {
    fc.assert(fc.property(nineDigits, (nine) => {
      const fitting = Array.from({ length: 10 }, (_, digit) => `${nine}${digit}`).filter((number) => nhsNumberProblem(number) === undefined);
      expect(fitting).toEqual([makeNhsNumber(nine)].filter((number) => number !== undefined));
    }));
    expect(makeNhsNumber('12345678')).toBeUndefined();
  });

  test.each(['', '943476591', '94347659190', '943476591x', '9999999999', '٩٤٣٤٧٦٥٩١٩'])('[PT1] %j is no NHS number', (text) => {
    expect(nhsNumberProblem(text)).toBeDefined();
  });

  test('[PT2] HAZ-29 only numbers beginning 999 are test numbers', () => {
    expect([isTestNhsNumber('999 123 4560'), isTestNhsNumber('9434765919'), isTestNhsNumber('999')]).toEqual([true, false, false]);
  });

  test('[PT3] a number is read in groups of three, three and four', () => {
    expect([formatNhsNumber('9434765919'), formatNhsNumber('no number')]).toEqual(['943 476 5919', 'no number']);
  });
});

describe('dates and times', () => {
  test('[PT4] a plain date is a day that exists', () => {
    expect(['2024-02-29', '2000-02-29', '2026-12-31'].every(isPlainDate)).toBe(true);
    for (const wrong of ['2023-02-29', '1900-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '2026-4-1', '05-06-2026', '0026-01-01', '2026-01-01T00:00:00Z', 20_260_101, null]) expect(isPlainDate(wrong)).toBe(false);
    expect([isInstant('2026-11-05T14:03:07Z'), isInstant('2026-11-05T14:03Z'), isInstant('2026-11-05T14:03:07.123Z')]).toEqual([true, true, true]);
    for (const wrong of ['2026-11-05', '2026-11-05T24:00:00Z', '2026-11-05T14:60:00Z', '2026-02-30T14:00:00Z', '2026-11-05T14:03:07+01:00', '2026-11-05 14:03']) expect(isInstant(wrong)).toBe(false);
  });

  test('[PT4] days agree with the calendar that computers keep', () => {
    fc.assert(fc.property(fc.date({ min: new Date('1850-01-01'), max: new Date('2200-12-31'), noInvalidDate: true }), (at) => {
      expect(isPlainDate(at.toISOString().slice(0, 10))).toBe(true);
      expect(isInstant(at.toISOString())).toBe(true);
    }));
  });

  test('[PT4] a date reads dd-Mmm-yyyy, and what is no date is not hidden', () => {
    expect([formatDate('2026-06-05'), formatDate('2026-09-30'), formatDate('spring')]).toEqual(['05-Jun-2026', '30-Sep-2026', 'spring']);
  });

  test('[PT5] times are London time, in winter and in summer', () => {
    expect([formatTime('2026-01-15T14:03:07Z'), formatTime('2026-07-15T14:03:07Z'), formatTimeWithSeconds('2026-07-15T23:59:59Z')]).toEqual(['14:03', '15:03', '00:59:59']);
    expect([londonDate(new Date('2026-07-15T23:30:00Z')), londonDate(new Date('2026-01-15T23:30:00Z'))]).toEqual(['2026-07-16', '2026-01-15']);
    expect(formatDateTime('2026-06-05T23:30:00Z')).toBe('06-Jun-2026 00:30');
  });

  test('[PT5] HAZ-14 the hour that comes twice in autumn says which one it is', () => {
    expect([formatTime('2026-10-25T00:30:00Z'), formatTime('2026-10-25T01:30:00Z')]).toEqual(['01:30 BST', '01:30 GMT']);
    expect([formatTime('2026-10-24T23:30:00Z'), formatTime('2026-10-25T02:30:00Z'), formatTime('2026-03-29T00:30:00Z'), formatTime('2026-03-29T01:30:00Z')]).toEqual(['00:30', '02:30', '00:30', '02:30']);
  });

  test('[PT4] months are added by the calendar, ages counted in whole years', () => {
    expect([addMonths('2026-11-30', 3), addMonths('2026-08-31', 6), addMonths('2026-01-15', 3)]).toEqual(['2027-02-28', '2027-02-28', '2026-04-15']);
    expect([ageInYears('1941-06-05', '2026-06-04'), ageInYears('1941-06-05', '2026-06-05'), ageInYears('1940-02-29', '2026-02-28')]).toEqual([84, 85, 85]);
    expect([daysBetween('2026-03-28', '2026-03-30'), daysBetween('2026-10-26', '2026-10-24')]).toEqual([2, -2]);
  });
});

describe('names', () => {
  test('[PT6] HAZ-03 the family name stands first, in capitals', () => {
    expect(bannerName({ familyName: 'Walker', givenName: 'Margaret', title: 'Mrs' })).toBe('WALKER, Margaret (Mrs)');
    expect(bannerName({ familyName: "O'Neill-Çelik", givenName: 'Zoë' })).toBe("O'NEILL-ÇELIK, Zoë");
    expect(bannerName({ familyName: '', givenName: 'Zoë', title: ' ' })).toBe('Zoë');
  });

  test('[PT6] initials come from the name, not from the title', () => {
    expect(['Dr A. Osei', 'Jo Reid', 'Sunita', 'Mrs Anne Marie Lloyd', ''].map(initials)).toEqual(['AO', 'JR', 'S', 'AL', '']);
  });
});
