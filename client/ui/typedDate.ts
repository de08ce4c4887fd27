/** Reading a date as people type it: day, month, year, in that order only. */
import { formatDate, isPlainDate } from '../../shared/domain/dates.ts';

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export type TypedDate = { readonly ok: true; readonly date: string; readonly words: string } | { readonly ok: false; readonly problem: string };

/**
 * "5 6 1941", "05/06/1941", "5-Jun-1941" and "5 June 1941" all mean 05-Jun-1941; never the American order, never two-digit years.
 * Answers the date as YYYY-MM-DD with the words to show back, or what is wrong.
 */
export function readTypedDate(text: string): TypedDate {
  const parts = text.trim().split(/[\s/.,-]+/).filter((part) => part !== '');
  if (parts.length === 1 && /^\d{8}$/.test(parts[0] ?? '')) parts.splice(0, 1, text.trim().slice(0, 2), text.trim().slice(2, 4), text.trim().slice(4));
  const [day = '', month = '', year = ''] = parts;
  if (parts.length !== 3) return { ok: false, problem: 'Type day, month and year, such as 5 6 1941.' };
  if (/^\d{4}$/.test(day)) return { ok: false, problem: 'Type the day first, then the month, then the year.' };
  if (!/^\d{4}$/.test(year)) return { ok: false, problem: 'Type the year with four digits.' };
  const monthNumber = monthFrom(month);
  if (!/^\d{1,2}$/.test(day) || monthNumber === undefined) return { ok: false, problem: 'Type day, month and year, such as 5 6 1941.' };
  const date = `${year}-${monthNumber}-${day.padStart(2, '0')}`;
  return isPlainDate(date) ? { ok: true, date, words: formatDate(date) } : { ok: false, problem: 'There is no such day: check day, month and year.' };
}

/** "06" for 6, 06, Jun or June. */
function monthFrom(text: string): string | undefined {
  if (/^\d{1,2}$/.test(text)) return text.padStart(2, '0');
  const index = text.length >= 3 ? monthNames.indexOf(text.slice(0, 3).toLowerCase()) : -1;
  return index < 0 ? undefined : String(index + 1).padStart(2, '0');
}
