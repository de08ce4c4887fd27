/**
 * Days and clock times as the ward reads them. A plain date is text YYYY-MM-DD and has no time zone; an instant is UTC ISO 8601.
 * People always read London time.
 */
import { addDays as addDaysTo, addMonths as addMonthsTo, differenceInCalendarDays, differenceInYears } from 'date-fns';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const daysInMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantPattern = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?Z$/;
/** Nobody alive was born before, nothing is planned after. */
const yearMin = 1850;
const yearMax = 2200;

/** True for YYYY-MM-DD naming a day that exists, between 1850 and 2200. */
export function isPlainDate(text: unknown): text is string {
  const parts = typeof text === 'string' ? datePattern.exec(text) : null;
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (year < yearMin || year > yearMax || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && leap ? 29 : daysInMonths[month - 1] ?? 0);
}

/** True for a UTC instant such as 2026-11-05T14:03:07Z (seconds and milliseconds may be left out). */
export function isInstant(text: unknown): text is string {
  const parts = typeof text === 'string' ? instantPattern.exec(text) : null;
  return parts !== null && isPlainDate(parts[1]);
}

/** 05-Jun-2026. Text that is no plain date is handed back untouched, so that nothing is hidden. */
export function formatDate(plainDate: string): string {
  if (!isPlainDate(plainDate)) return plainDate;
  return `${plainDate.slice(8)}-${months[Number(plainDate.slice(5, 7)) - 1]}-${plainDate.slice(0, 4)}`;
}

const londonParts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
});
function partsInLondon(instant: Date): Readonly<Record<string, string>> {
  return Object.fromEntries(londonParts.formatToParts(instant).map((part) => [part.type, part.value]));
}

/** The day it is in London at this instant, as YYYY-MM-DD. */
export function londonDate(instant: Date): string {
  const { year, month, day } = partsInLondon(instant);
  return `${year}-${month}-${day}`;
}

/** 14:03, London. In the hour that happens twice in autumn the name of the time is added. */
export const formatTime = (instant: Date | string): string => clock(instant, false);
/** 14:03:07, London. */
export const formatTimeWithSeconds = (instant: Date | string): string => clock(instant, true);
/** 05-Jun-2026 14:03, London. */
export function formatDateTime(instant: Date | string): string {
  const at = new Date(instant);
  return `${formatDate(londonDate(at))} ${formatTime(at)}`;
}

function clock(instant: Date | string, withSeconds: boolean): string {
  const at = new Date(instant);
  const { hour, minute, second } = partsInLondon(at);
  return `${hour}:${minute}${withSeconds ? `:${second}` : ''}${repeatedHour(at)}`;
}

const hourMs = 60 * 60 * 1000;
function offsetMs(at: Date): number {
  const { year, month, day, hour, minute, second } = partsInLondon(at);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) - Math.floor(at.getTime() / 1000) * 1000;
}
function repeatedHour(at: Date): string {
  const here = offsetMs(at);
  if (offsetMs(new Date(at.getTime() + hourMs)) < here) return ' BST';
  return offsetMs(new Date(at.getTime() - hourMs)) > here ? ' GMT' : '';
}

/** The instant at which a day begins in London. */
export function startOfDay(plainDate: string): Date {
  const midnight = new Date(`${plainDate}T00:00:00.000Z`);
  return new Date(midnight.getTime() - offsetMs(midnight));
}

const local = (plainDate: string): Date => new Date(Number(plainDate.slice(0, 4)), Number(plainDate.slice(5, 7)) - 1, Number(plainDate.slice(8)));
const plain = (at: Date): string =>
  `${String(at.getFullYear()).padStart(4, '0')}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;

/** The same day some months later; the month's last day where that day does not exist. */
export const addMonths = (plainDate: string, count: number): string => plain(addMonthsTo(local(plainDate), count));
export const addDays = (plainDate: string, count: number): string => plain(addDaysTo(local(plainDate), count));
/** Days from one plain date to another; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => differenceInCalendarDays(local(to), local(from));
/** Age in whole years on a day. */
export const ageInYears = (birthDate: string, onDate: string): number => differenceInYears(local(onDate), local(birthDate));
