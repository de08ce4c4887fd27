/** A day typed as day, month, year, or picked; how it was understood is shown back. With a clock time where one is asked for. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Option } from '../../shared/content/kinds.ts';
import { formatDate, formatDateTime, isPlainDate, londonDate } from '../../shared/domain/dates.ts';
import { Checkbox } from '../ui/Choice.tsx';
import { Fieldset } from '../ui/Field.tsx';
import { dateText, londonInstant, readTime, timeText } from '../ui/clockTime.ts';
import { DayPicker } from '../ui/TypedDay.tsx';
import { readTypedDate } from '../ui/typedDate.ts';
import type { Change } from './ValueInput.tsx';

interface DateProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly value: unknown;
  readonly onChange: (change: Change) => void;
}

/** Text that follows the value from outside until it is typed into. */
function useTyped(value: unknown, show: (value: unknown) => string): readonly [string, (text: string, value: unknown) => void] {
  const [text, setText] = useState(() => show(value));
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(show(value));
  }, [value, show]);
  return [text, (next, becomes) => { told.current = becomes; setText(next); }];
}

export function DateInput({ id, label, hint, error, value, orWord, onChange }: DateProps & { readonly orWord: Option | undefined }): ReactNode {
  const isWord = orWord !== undefined && value === orWord.value;
  const [text, setText] = useTyped(value, dateText);
  const read = text.trim() === '' ? undefined : readTypedDate(text);
  const type = (next: string): void => {
    const typed = next.trim() === '' ? undefined : readTypedDate(next);
    const becomes = typed?.ok ? typed.date : undefined;
    setText(next, becomes);
    onChange({ value: becomes, settled: false, ...(typed && !typed.ok ? { problem: typed.problem } : {}) });
  };
  const pick = (plain: string): void => {
    const becomes = plain === '' ? undefined : plain;
    setText(dateText(becomes), becomes);
    onChange({ value: becomes, settled: true });
  };
  return (
    <Fieldset id={id} legend={label} hint={hint ?? 'Day, month, year, such as 5 6 2026'} error={error}>
      {orWord && <div className="nhsuk-checkboxes nhsuk-checkboxes--small"><Checkbox id={`${id}-word`} label={orWord.label} checked={isWord} onChange={(on) => onChange({ value: on ? orWord.value : undefined, settled: true })} /></div>}
      {!isWord && (
        <div className="accord-date">
          <input className="nhsuk-input nhsuk-input--width-10" id={`${id}-text`} type="text" inputMode="text" autoComplete="off" aria-label={`${label}: day, month, year`} value={text} onChange={(event) => type(event.target.value)} />
          <DayPicker label={label} date={read?.ok ? read.date : ''} onPick={pick} />
          <span className="accord-date__read">{read?.ok ? `Understood as ${read.words}` : read?.problem}</span>
        </div>
      )}
    </Fieldset>
  );
}

export function DateTimeInput({ id, label, hint, error, value, onChange }: DateProps): ReactNode {
  const [day, setDay] = useTyped(value, dateText);
  const [time, setTime] = useTyped(value, timeText);
  const put = (nextDay: string, nextTime: string, settled: boolean): void => {
    const change = together(nextDay, nextTime);
    setDay(nextDay, change.value);
    setTime(nextTime, change.value);
    onChange({ ...change, settled });
  };
  const both = together(day, time);
  const plain = typeof both.value === 'string' ? (isPlainDate(both.value) ? both.value : londonDate(new Date(both.value))) : '';
  return (
    <Fieldset id={id} legend={label} hint={hint ?? 'Day, month, year; and the time if it is known'} error={error}>
      <div className="accord-date">
        <input className="nhsuk-input nhsuk-input--width-10" id={`${id}-text`} type="text" autoComplete="off" aria-label={`${label}: day, month, year`} value={day} onChange={(event) => put(event.target.value, time, false)} />
        <DayPicker label={label} date={plain} onPick={(date) => put(dateText(date), time, true)} />
        <input className="nhsuk-input nhsuk-input--width-5" id={`${id}-time`} type="text" inputMode="numeric" autoComplete="off" placeholder="14:30" aria-label={`${label}: time, 24-hour clock`} value={time} onChange={(event) => put(day, event.target.value, false)} />
        <span className="accord-date__read">{typeof both.value === 'string' ? `Understood as ${isPlainDate(both.value) ? formatDate(both.value) : formatDateTime(both.value)}` : both.problem}</span>
      </div>
    </Fieldset>
  );
}

function together(day: string, time: string): { value: string | undefined; problem?: string } {
  if (day.trim() === '') return { value: undefined, ...(time.trim() === '' ? {} : { problem: 'A time needs a day to go with.' }) };
  const date = readTypedDate(day);
  if (!date.ok) return { value: undefined, problem: date.problem };
  if (time.trim() === '') return { value: date.date };
  const clock = readTime(time);
  return clock.ok ? { value: londonInstant(date.date, clock.time) } : { value: undefined, problem: clock.problem };
}
