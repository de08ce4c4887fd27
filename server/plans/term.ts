/** First and last day of a relationship, as somebody gives them. */
import { isPlainDate } from '../../shared/domain/dates.ts';
import type { Problem } from '../../shared/refusal.ts';
import type { Term } from './facts.ts';

/** What is wrong with the days, each by its name. `today` is London's day, YYYY-MM-DD. A relationship never begins, or ends, in the past. */
export function termProblems({ from, until }: Term, today: string): Problem[] {
  const day = (field: 'from' | 'until', value: string | undefined): Problem[] => {
    if (value === undefined) return [];
    if (!isPlainDate(value)) return [{ field, message: 'This is a day that exists, written year-month-day.' }];
    return value < today ? [{ field, message: 'This day has passed.' }] : [];
  };
  const problems = [...day('from', from), ...day('until', until)];
  if (problems.length > 0 || from === undefined || until === undefined || until >= from) return problems;
  return [{ field: 'until', message: 'It would end before it begins.' }];
}
