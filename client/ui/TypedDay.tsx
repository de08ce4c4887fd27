/**
 * Days and clock times that are typed and shown back as they were understood. Never the browser's own fields alone: those write a day the
 * way the device is set up, month first on many, and times with AM and PM.
 */
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { dateText, readTime } from './clockTime.ts';
import { describedBy, Field, type FieldProps } from './Field.tsx';
import { readTypedDate } from './typedDate.ts';

interface TypedProps extends FieldProps {
  /** As typed; reading it is the form's business. */
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** What was understood, or what to type instead; nothing while nothing is typed, or where the same words would stand twice. */
function wordsFor(text: string, read: { readonly ok: true; readonly words: string } | { readonly ok: false; readonly problem: string }): string | undefined {
  if (text.trim() === '' || (read.ok && read.words === text.trim())) return undefined;
  return read.ok ? `Understood as ${read.words}` : read.problem;
}

export function TypedDay({ text, onText, error, hint = 'Day, month, year, such as 5 6 2026', ...rest }: TypedProps): ReactNode {
  const read = readTypedDate(text);
  // An error says what to type instead by itself.
  const field = { ...rest, error, hint, note: error === undefined ? wordsFor(text, read) : undefined };
  return (
    <Field {...field}>
      <div className="accord-date">
        <input className={look(10, error)} id={field.id} type="text" autoComplete="off" aria-describedby={describedBy(field)} aria-invalid={error === undefined ? undefined : true} value={text} onChange={(event) => onText(event.target.value)} />
        <DayPicker label={field.label} date={read.ok ? read.date : ''} onPick={(date) => onText(dateText(date))} />
      </div>
    </Field>
  );
}

export function TypedTime({ text, onText, error, hint = '24-hour clock, such as 14:30', ...rest }: TypedProps): ReactNode {
  const read = readTime(text);
  const field = { ...rest, error, hint, note: error === undefined ? wordsFor(text, read.ok ? { ok: true, words: read.time } : read) : undefined };
  return (
    <Field {...field}>
      <input className={look(5, error)} id={field.id} type="text" inputMode="numeric" autoComplete="off" aria-describedby={describedBy(field)} aria-invalid={error === undefined ? undefined : true} value={text} onChange={(event) => onText(event.target.value)} />
    </Field>
  );
}

/** Only the button of the browser's calendar: the day itself is always written out beside it. `date` is YYYY-MM-DD or empty. */
export function DayPicker({ label, date, onPick }: { readonly label: string; readonly date: string; readonly onPick: (date: string) => void }): ReactNode {
  return <input className="accord-date__picker" type="date" aria-label={`${label}: pick from a calendar`} value={date} onChange={(event) => onPick(event.target.value)} />;
}

const look = (width: 5 | 10, error: string | undefined): string => classes('nhsuk-input', `nhsuk-input--width-${width}`, error !== undefined && 'nhsuk-input--error');
