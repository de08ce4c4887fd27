/** In the banner, in place of draft or signed, as long as a copy stands for the plan: of when it is and what that means. */
import type { ReactNode } from 'react';
import { formatDate, formatTime, londonDate } from '../../shared/domain/dates.ts';
import { today } from '../ui/today.ts';
import { Tag } from '../ui/Tag.tsx';
import type { About } from './about.ts';

export function AwayState({ about, until }: { readonly about: About; readonly until: number }): ReactNode {
  return (
    <p className="accord-state offline-away">
      <Tag colour="draft">Draft</Tag> <strong>Offline copy of {when(about.asOf)}</strong>, position {about.position}, not live: others may have changed it.{' '}
      CPR and allergies as of then. Readable until {when(until)}.
    </p>
  );
}

/** The time, with the day unless that is today. */
export function when(ms: number): string {
  const at = new Date(ms);
  const day = londonDate(at);
  return day === today() ? formatTime(at) : `${formatTime(at)} on ${formatDate(day)}`;
}
