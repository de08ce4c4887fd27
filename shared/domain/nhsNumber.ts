/** The NHS number: ten digits, the last of which checks the other nine. */

const weights = [10, 9, 8, 7, 6, 5, 4, 3, 2] as const;

/** The digits alone, or undefined when `text` holds anything besides ten digits, spaces and hyphens. */
export function nhsNumberDigits(text: string): string | undefined {
  const digits = text.replace(/[ -]/g, '');
  return /^\d{10}$/.test(digits) ? digits : undefined;
}

/** Why this is no NHS number, in one sentence; undefined when it is one. Spaces and hyphens between digits do not matter. */
export function nhsNumberProblem(text: string): string | undefined {
  const digits = nhsNumberDigits(text);
  if (digits === undefined) return 'An NHS number has ten digits.';
  if (new Set(digits).size === 1) return 'An NHS number is never one digit ten times.';
  return checkDigit(digits.slice(0, 9)) === Number(digits[9]) ? undefined : 'The last digit does not fit the others: check the NHS number.';
}

/** Completes nine digits to an NHS number; undefined when no check digit exists for them, or they are not nine digits. */
export function makeNhsNumber(nineDigits: string): string | undefined {
  if (!/^\d{9}$/.test(nineDigits)) return undefined;
  const check = checkDigit(nineDigits);
  const number = `${nineDigits}${check}`;
  return check === undefined || nhsNumberProblem(number) ? undefined : number;
}

/** True for the range that is never given to anybody: demonstration and test numbers. */
export const isTestNhsNumber = (text: string): boolean => nhsNumberDigits(text)?.startsWith('999') ?? false;

/** As people read it: 999 123 4567. Text that has not ten digits is handed back untouched. */
export function formatNhsNumber(text: string): string {
  const digits = nhsNumberDigits(text);
  return digits === undefined ? text : `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
}

/** Modulus 11; undefined where the remainder leaves no single digit. */
function checkDigit(nineDigits: string): number | undefined {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(nineDigits[at]), 0);
  const check = 11 - (sum % 11);
  if (check === 10) return undefined;
  return check === 11 ? 0 : check;
}
