/** How old something is, in words; stands beside a date, never instead of it. */

const minutesPerHour = 60;
const minutesPerDay = 24 * minutesPerHour;

/** "just now", "5 minutes ago", "3 hours ago", "12 days ago", "4 months ago". Whole units, rounded down. */
export function ageWords(minutes: number): string {
  if (minutes < 1) return 'just now';
  const [count, unit] = unitFor(minutes);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

function unitFor(minutes: number): readonly [number, string] {
  if (minutes < minutesPerHour) return [Math.floor(minutes), 'minute'];
  if (minutes < minutesPerDay) return [Math.floor(minutes / minutesPerHour), 'hour'];
  const days = Math.floor(minutes / minutesPerDay);
  if (days < 60) return [days, 'day'];
  if (days < 730) return [Math.floor(days / 30.44), 'month'];
  return [Math.floor(days / 365.25), 'year'];
}

/** Minutes from an instant (UTC ISO 8601) to `now`; never negative. */
export const minutesSince = (instant: string, now: Date): number => Math.max(0, (now.getTime() - new Date(instant).getTime()) / 60_000);

/** How long ago an instant was, as of now. */
export const ageOf = (instant: string): string => ageWords(minutesSince(instant, new Date()));
