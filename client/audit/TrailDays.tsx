/** From which day to which: typed as everywhere, and asked for once both are days or empty. */
import { useState, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { TypedDay } from '../ui/TypedDay.tsx';
import { readTypedDate } from '../ui/typedDate.ts';
import { dateText } from '../ui/clockTime.ts';

interface Days {
  readonly from: string;
  readonly to: string;
}

export function TrailDays({ from, to, onChange }: Days & { readonly onChange: (days: Days) => void }): ReactNode {
  const [typed, setTyped] = useState<Days>({ from: dateText(from), to: dateText(to) });
  const [asked, setAsked] = useState(false);
  const [first, last] = [dayOf(typed.from), dayOf(typed.to)];
  const apply = (): void => {
    setAsked(true);
    if (first !== undefined && last !== undefined) onChange({ from: first, to: last });
  };
  return (
    <form className="accord-trail__days" noValidate onSubmit={(event) => { event.preventDefault(); apply(); }}>
      <TypedDay id="audit-from" label="From" text={typed.from} error={asked && first === undefined ? problemOf(typed.from) : undefined} onText={(text) => setTyped({ ...typed, from: text })} />
      <TypedDay id="audit-to" label="To" text={typed.to} error={asked && last === undefined ? problemOf(typed.to) : undefined} onText={(text) => setTyped({ ...typed, to: text })} />
      <Button type="submit" look="secondary" small>Show these days</Button>
    </form>
  );
}

/** YYYY-MM-DD, '' for no bound, undefined when it is no day. */
function dayOf(text: string): string | undefined {
  if (text.trim() === '') return '';
  const read = readTypedDate(text);
  return read.ok ? read.date : undefined;
}

function problemOf(text: string): string {
  const read = readTypedDate(text);
  return read.ok ? '' : read.problem;
}
