/** Whether somebody's details can begin a plan. Pure, so that the form says the same as the service. */
import { checkValue } from '../content/checkValue.ts';
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

function problemWith(id: string, value: string, demo: boolean, today: string): string | undefined {
  const field = fieldById(id);
  if (!field) throw new Error(`the content standard has no field ${id}`);
  if (value === '') return `${field.label}: this is needed to begin a plan.`;
  return checkValue(field, value, today) ?? (id === 'nhsNumber' ? wrongRange(value, demo) : undefined);
}

function wrongRange(nhsNumber: string, demo: boolean): string | undefined {
  if (nhsNumberProblem(nhsNumber) !== undefined || isTestNhsNumber(nhsNumber) === demo) return undefined;
  return demo
    ? 'NHS number: this is a demonstration, which takes only numbers that begin with 999 and belong to nobody.'
    : 'NHS number: numbers that begin with 999 belong to nobody and are for demonstrations only.';
}
