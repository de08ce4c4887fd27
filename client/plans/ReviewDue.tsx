/** When the next review is due, with the days from today beside the date. */
import type { ReactNode } from 'react';
import { today } from '../ui/today.ts';
import { reviewWords } from './facts.ts';

/** `due` is YYYY-MM-DD. Overdue is said in words and set heavier. */
export function ReviewDue({ due }: { readonly due: string }): ReactNode {
  const { date, relative, overdue } = reviewWords(due, today());
  return <span className={overdue ? 'accord-overdue' : undefined}><span className="accord-nowrap">{date}</span> ({relative})</span>;
}
