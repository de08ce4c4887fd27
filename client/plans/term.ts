/** From when until when somebody may see a plan, in words. */
import { formatDate, londonDate } from '../../shared/domain/dates.ts';

/** "From 05-Dec-2026 until 12-Dec-2026": days only where there is something to say. The end is the day after the last one. */
export function termWords({ since, until, ahead }: { readonly since?: string | undefined; readonly until?: string | null | undefined; readonly ahead?: boolean }): string {
  const from = ahead && since !== undefined ? `from ${formatDate(londonDate(new Date(since)))}` : '';
  const to = until ? `until ${formatDate(londonDate(new Date(Date.parse(until) - 1)))}` : '';
  return [from, to].filter((part) => part !== '').join(' ');
}
