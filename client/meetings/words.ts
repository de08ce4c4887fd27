/** How a meeting is said in words: durations, quorum, start times, outcomes. Pure. */
import { formatTime, londonDate } from '../../shared/domain/dates.ts';
import type { Problem } from '../../shared/refusal.ts';
import type { AgendaItem, Attendee, MeetingState } from '../../shared/wire/meetings.ts';
import { readTime } from '../ui/clockTime.ts';
import { readTypedDate } from '../ui/typedDate.ts';
import type { Outcome } from './meetingLink.ts';

/** "3:12", "1:02:09". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** "3 min", "under a minute". */
export const roughly = (seconds: number): string => (seconds < 60 ? 'under a minute' : `${Math.round(seconds / 60)} min`);

/** Seconds spent on the patient so far; `nowMs` by the server's clock. */
export const spentOn = (item: Pick<AgendaItem, 'secondsSpent' | 'openedAt'>, nowMs: number): number =>
  item.secondsSpent + (item.openedAt === null ? 0 : Math.max(0, (nowMs - Date.parse(item.openedAt)) / 1000));

const listed = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);

/** "Quorum met", "Needs the hospice". */
export const quorumWords = ({ met, missing }: { readonly met: boolean; readonly missing: readonly string[] }): string => (met ? 'Quorum met' : `Needs ${listed(missing)}`);

/** "Present since 13:02", "Apologies", "13:02 to 13:40", "Not here yet". */
export function attendanceWords(person: Pick<Attendee, 'present' | 'arrivedAt' | 'leftAt' | 'apologies'>): string {
  if (person.present && person.arrivedAt) return `here since ${formatTime(person.arrivedAt)}`;
  if (person.arrivedAt && person.leftAt) return `${formatTime(person.arrivedAt)} to ${formatTime(person.leftAt)}`;
  return person.apologies ? 'apologies' : 'not here yet';
}

/** Why an order was not carried out, and what became of it. */
export function outcomeWords(outcome: Outcome): string | undefined {
  if (outcome.ok) return undefined;
  if (!outcome.refusal) return 'Not recorded: no connection. Your words are kept here; try again when you are back.';
  const problems = outcome.refusal.problems?.map(({ message }) => message) ?? [];
  return ['Not recorded:', outcome.refusal.detail, ...problems].join(' ');
}

/** The next patient who waits, after the one in discussion where possible. */
export function nextItem({ agenda, currentItemId }: Pick<MeetingState, 'agenda' | 'currentItemId'>): AgendaItem | undefined {
  const from = agenda.findIndex(({ id }) => id === currentItemId);
  return agenda.find((item, index) => index > from && item.status === 'waiting') ?? agenda.find(({ status }) => status === 'waiting');
}

/** The patient before this one on the agenda; after the end of a discussion, the last one discussed. */
export function previousItem({ agenda, currentItemId }: Pick<MeetingState, 'agenda' | 'currentItemId'>): AgendaItem | undefined {
  const at = agenda.findIndex(({ id }) => id === currentItemId);
  if (at > 0) return agenda[at - 1];
  return at === 0 ? undefined : agenda.findLast(({ status }) => status === 'done');
}

/** The instant at which it is this time on this day in London; undefined for a time that day does not have. */
export function londonInstant(date: string, time: string): string | undefined {
  const utc = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(utc)) return undefined;
  const hourMs = 60 * 60 * 1000;
  const found = [0, hourMs].map((ahead) => new Date(utc - ahead)).find((at) => londonDate(at) === date && formatTime(at).slice(0, 5) === time);
  return found?.toISOString();
}

export type TypedStart = { readonly ok: true; readonly startsAt: string } | { readonly ok: false; readonly problems: readonly Problem[] };

/** The start as an instant from a day and a time as people type them, or what is wrong with either, by field: `date`, `time`. */
export function readStart(day: string, clock: string): TypedStart {
  const [date, time] = [readTypedDate(day), readTime(clock)];
  const problems = [
    ...(date.ok ? [] : [{ field: 'date', message: `Day: ${date.problem}` }]),
    ...(time.ok ? [] : [{ field: 'time', message: `Starts at: ${time.problem}` }]),
  ];
  if (!date.ok || !time.ok) return { ok: false, problems };
  const startsAt = londonInstant(date.date, time.time);
  return startsAt === undefined ? { ok: false, problems: [{ field: 'time', message: `Starts at: there is no ${time.time} on that day, the clocks go forward.` }] } : { ok: true, startsAt };
}

export type TypedDue = { readonly ok: true; readonly due: string } | { readonly ok: false; readonly problem: string };

/** The day by which an action is due, from what was typed; `today` is YYYY-MM-DD. */
export function readDue(text: string, today: string): TypedDue {
  const read = readTypedDate(text);
  if (!read.ok) return { ok: false, problem: read.problem };
  return read.date < today ? { ok: false, problem: `${read.words} has passed: choose today or a later day.` } : { ok: true, due: read.date };
}

/** The next full hour in London, as a form's date and time. */
export function nextHour(now: Date): { readonly date: string; readonly time: string } {
  const hourMs = 60 * 60 * 1000;
  const at = new Date(Math.ceil((now.getTime() + 1) / hourMs) * hourMs);
  return { date: londonDate(at), time: formatTime(at).slice(0, 5) };
}
