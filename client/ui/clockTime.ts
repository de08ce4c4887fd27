/** Reading clock times as people type them, and how stored days and instants stand in the inputs that are typed into. */
import { formatDate, formatTime, isPlainDate, londonDate } from '../../shared/domain/dates.ts';

export type TypedTime = { readonly ok: true; readonly time: string } | { readonly ok: false; readonly problem: string };

/** 9:05, 0905, 14.30: 24-hour clock. Answers HH:MM. */
export function readTime(text: string): TypedTime {
  const match = /^(\d{1,2})[:.]?(\d{2})$/.exec(text.trim());
  const [hour, minute] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || hour > 23 || minute > 59) return { ok: false, problem: 'Type the time on the 24-hour clock, such as 14:30.' };
  return { ok: true, time: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` };
}

/** The UTC instant of a London clock time on a day. In the hour that happens twice the first is meant. */
export function londonInstant(plainDate: string, time: string): string {
  const asUtc = Date.parse(`${plainDate}T${time}:00Z`);
  for (const offsetHours of [1, 0]) {
    const at = new Date(asUtc - offsetHours * 3_600_000);
    if (londonDate(at) === plainDate && formatTime(at).startsWith(time)) return at.toISOString();
  }
  // A clock time that is skipped in spring: the instant when it would have been.
  return new Date(asUtc).toISOString();
}

/** How a stored day or instant stands in the input that is typed into. */
export const dateText = (value: unknown): string => (typeof value === 'string' && isPlainDate(value.slice(0, 10)) ? formatDate(value.length > 10 ? londonDate(new Date(value)) : value) : '');
export const timeText = (value: unknown): string => (typeof value === 'string' && value.length > 10 ? formatTime(value).slice(0, 5) : '');
