/** Days counted from the day of seeding, so that the demo never goes stale. The day is the one on the wall in England. */

export interface Days {
  /** The plain date this many days from today: -1 is yesterday. */
  day(offset: number): string;
  /** A moment on such a day, by the clock in England: `moment(-2, '04:20')`. Answers UTC ISO 8601. */
  moment(offset: number, clockTime: string): string;
  /** 13:00 today by the clock in England, or the next full hour when that has passed. */
  nextMeeting(): string;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const londonDate = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit' });
const londonClock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Days round `now`. */
export function daysFrom(now: Date): Days {
  const noonToday = Date.parse(`${londonDate.format(now)}T12:00:00Z`);
  const day = (offset: number): string => new Date(noonToday + offset * dayMs).toISOString().slice(0, 10);
  const moment = (offset: number, clockTime: string): string => {
    const asUtc = Date.parse(`${day(offset)}T${clockTime}:00Z`);
    // England is at most one hour ahead of UTC: the candidate that reads right on the wall is the one.
    const summer = asUtc - hourMs;
    return new Date(londonClock.format(summer) === clockTime ? summer : asUtc).toISOString();
  };
  const nextMeeting = (): string => {
    const atOne = Date.parse(moment(0, '13:00'));
    return new Date(now.getTime() < atOne ? atOne : Math.floor(now.getTime() / hourMs) * hourMs + hourMs).toISOString();
  };
  return { day, moment, nextMeeting };
}
