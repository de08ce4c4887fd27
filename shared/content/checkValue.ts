/** Whether a value may be stored in a field: the one check that every writer passes, whichever way the value came. */
import { isInstant, isPlainDate } from '../domain/dates.ts';
import { nhsNumberProblem } from '../domain/nhsNumber.ts';
import { limits } from '../limits.ts';
import { checkPerson } from './checkPerson.ts';
import { checkProse } from './checkProse.ts';
import { checkChoices, checkRowList, hasOption } from './checkRows.ts';
import { checkText } from './checkText.ts';
import type { Field, FieldKind } from './kinds.ts';
import { isNotDiscussed } from './values.ts';

export { checkRow } from './checkRows.ts';

const reasonLengthMin = 3;
const phonePattern = /^[0-9+()\-. #extEXT]*$/;

/** True where "not discussed, because…" may stand for the answer: where sign-off asks, and the service does not answer itself. */
export const mayBeNotDiscussed = (field: Field): boolean =>
  (field.requirement.when === 'creation' || field.requirement.when === 'sign-off') && field.merge !== 'A' && field.fixed !== true;

/**
 * Why `value` cannot be stored in `field`, as a sentence that names the field; undefined when it can. `today` is London's day,
 * YYYY-MM-DD. Empty text is accepted: it is an answer taken back. Nothing of the value is repeated in the sentence.
 */
export function checkValue(field: Field, value: unknown, today: string): string | undefined {
  const why = isNotDiscussed(value) ? checkReason(field, value) : checkKind(field.of, value, today);
  return why === undefined ? undefined : `${field.label}: ${why}`;
}

function checkReason(field: Field, value: Readonly<Record<'notDiscussed', string>>): string | undefined {
  if (!mayBeNotDiscussed(field)) return '“not discussed” cannot stand here; leave it empty instead.';
  if (Object.keys(value).length > 1) return '“not discussed” stands alone, with its reason.';
  if (value.notDiscussed.trim().length < reasonLengthMin) return 'say why it was not discussed.';
  return checkText(value.notDiscussed, limits.textLengthMax, true);
}

function checkKind(kind: FieldKind, value: unknown, today: string): string | undefined {
  switch (kind.kind) {
    case 'choice':
      return checkChoice(kind, value);
    case 'choices':
      return checkChoices(kind.valueSet, value);
    case 'yes-no':
      return typeof value === 'boolean' ? undefined : 'this has to be yes or no.';
    case 'date':
      if (kind.orWord !== undefined && value === kind.orWord.value) return undefined;
      return isPlainDate(value) ? checkNotFuture(value, kind.notFuture === true, today) : 'that is not a real date (year-month-day).';
    case 'date-time':
      // The time of day may be unknown: then the day alone is right, and an invented hour would be wrong.
      if (!isInstant(value) && !isPlainDate(value)) return 'that is not a real date and time.';
      return checkNotFuture(value, kind.notFuture === true, today);
    case 'text':
      return checkFieldText(kind, value);
    case 'prose':
      return checkProse(value, kind.lengthMax);
    case 'person':
      return checkPerson(value);
    case 'rows':
      return checkRowList(kind, value);
  }
}

/** Plain dates and UTC instants both begin with the day, and days as text sort as days. */
const checkNotFuture = (value: string, notFuture: boolean, today: string): string | undefined =>
  notFuture && value.slice(0, 10) > today ? 'that day is still to come.' : undefined;

function checkChoice(kind: Extract<FieldKind, { kind: 'choice' }>, value: unknown): string | undefined {
  if (typeof value === 'string') return hasOption(kind.valueSet, value) ? undefined : 'that is not one of the answers.';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'this has to be one of the answers.';
  for (const [key, part] of Object.entries(value)) {
    if (key === 'code') {
      if (typeof part !== 'string' || !hasOption(kind.valueSet, part)) return 'that is not one of the answers.';
    } else if (key === 'note' && kind.companions?.includes('note')) {
      const why = checkText(part, limits.textLengthMax, true);
      if (why !== undefined) return `note: ${why}`;
    } else if (key === 'date' && kind.companions?.includes('date')) {
      if (!isPlainDate(part)) return 'the date beside it is not a real date.';
    } else {
      return 'something stands beside the answer that does not belong there.';
    }
  }
  return 'code' in value ? undefined : 'a note or date needs an answer to go with.';
}

function checkFieldText(kind: Extract<FieldKind, { kind: 'text' }>, value: unknown): string | undefined {
  const why = checkText(value, limits.textLengthMax, kind.multiline === true);
  if (why !== undefined || typeof value !== 'string') return why;
  if (kind.format === 'nhs-number') return nhsNumberProblem(value);
  if (kind.format === 'phone' && !phonePattern.test(value)) return 'a telephone number holds digits, spaces and + ( ) only.';
  return undefined;
}
