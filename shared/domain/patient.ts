/** Whether somebody's details can begin a plan. Pure, so that the form says the same as the service. */
import { checkText } from '../content/checkText.ts';
import { checkValue } from '../content/checkValue.ts';
import type { Field } from '../content/kinds.ts';
import { fieldById } from '../content/standard.ts';
import type { Problem } from '../refusal.ts';
import { isTestNhsNumber, nhsNumberDigits, nhsNumberProblem } from './nhsNumber.ts';

export interface PatientDetails {
  readonly nhsNumber: string;
  readonly familyName: string;
  readonly givenName: string;
  readonly birthDate: string;
  readonly gender?: string | undefined;
  readonly address?: string | undefined;
  readonly gpPractice?: string | undefined;
  readonly preferredName?: string | undefined;
}

/** What of the registered identity can be corrected. An NHS number cannot: another number is another person. */
export const correctableFields = ['familyName', 'givenName', 'birthDate', 'gender'] as const;
export type CorrectableField = (typeof correctableFields)[number];

export interface IdentityCorrection extends Partial<Record<CorrectableField, string | undefined>> {
  /** Why, in the corrector's words. */
  readonly reason: string;
}

const reasonLengthMin = 10;
export const correctionReasonLengthMax = 500;

const needed = ['nhsNumber', 'familyName', 'givenName', 'birthDate'] as const;

/** Blanks round the values gone, accents in their one-sign form, the NHS number as ten digits, details left empty absent. */
export function tidyPatient(patient: PatientDetails): PatientDetails {
  const entries = Object.entries(patient).map(([field, value]) => [field, (value ?? '').normalize('NFC').trim()] as const);
  const kept = Object.fromEntries(entries.filter(([field, value]) => value !== '' || needed.some((name) => name === field)));
  return { ...kept, nhsNumber: nhsNumberDigits(patient.nhsNumber.trim()) ?? patient.nhsNumber.trim() } as PatientDetails;
}

/**
 * What is wrong with the (tidied) details, each named as `patient.<field>`; empty when they can begin a plan.
 * A demonstration takes only numbers that belong to nobody; a real service takes none of those. `today` is London's day, YYYY-MM-DD.
 */
export function patientProblems(patient: PatientDetails, { demo, today }: { readonly demo: boolean; readonly today: string }): Problem[] {
  const given = Object.keys(patient).filter((field) => !needed.some((name) => name === field));
  return [...needed, ...given].flatMap((field) => {
    const message = problemWith(field, patient[field as keyof PatientDetails] ?? '', demo, today);
    return message === undefined ? [] : [{ field: `patient.${field}`, message }];
  });
}

/** Blanks round the values gone, accents in their one-sign form; what was not given stays absent. */
export function tidyCorrection(correction: IdentityCorrection): IdentityCorrection {
  const tidy = (value: string): string => value.normalize('NFC').trim();
  const given = correctableFields.flatMap((field) => (correction[field] === undefined ? [] : [[field, tidy(correction[field])] as const]));
  return { ...Object.fromEntries(given), reason: tidy(correction.reason) };
}

/** What is wrong with a (tidied) correction, each field by its name; empty when it can be recorded. `today` is London's day, YYYY-MM-DD. */
export function correctionProblems(correction: IdentityCorrection, today: string): Problem[] {
  const values = correctableFields.flatMap((field): Problem[] => {
    const value = correction[field];
    if (value === undefined) return [];
    const message = value === '' ? `${known(field).label}: this cannot be left empty.` : checkValue(known(field), value, today);
    return message === undefined ? [] : [{ field, message }];
  });
  const reason = reasonProblem(correction.reason);
  return reason === undefined ? values : [...values, { field: 'reason', message: reason }];
}

function reasonProblem(reason: string): string | undefined {
  if (reason.length < reasonLengthMin) return `Reason: say in ${reasonLengthMin} characters or more why it was wrong and how you know.`;
  const fault = checkText(reason, correctionReasonLengthMax, true);
  return fault === undefined ? undefined : `Reason: ${fault}`;
}

function known(id: string): Field {
  const field = fieldById(id);
  if (!field) throw new Error(`the content standard has no field ${id}`);
  return field;
}

function problemWith(id: string, value: string, demo: boolean, today: string): string | undefined {
  const field = known(id);
  if (value === '') return `${field.label}: this is needed to begin a plan.`;
  return checkValue(field, value, today) ?? (id === 'nhsNumber' ? wrongRange(value, demo) : undefined);
}

function wrongRange(nhsNumber: string, demo: boolean): string | undefined {
  if (nhsNumberProblem(nhsNumber) !== undefined || isTestNhsNumber(nhsNumber) === demo) return undefined;
  return demo
    ? 'NHS number: this is a demonstration, which takes only numbers that begin with 999 and belong to nobody.'
    : 'NHS number: numbers that begin with 999 belong to nobody and are for demonstrations only.';
}
