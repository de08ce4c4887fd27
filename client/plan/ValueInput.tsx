/** One answer being given: the right inputs for each kind of field or column. Shows what it is given and tells every change. */
import type { ReactNode } from 'react';
import type { ColumnKind, FieldKind, OrganisationValue, ValueSet } from '../../shared/content/kinds.ts';
import { choiceCode } from '../../shared/content/values.ts';
import { useOrganisations } from '../data/commands.ts';
import { Checkboxes, Radios, Select } from '../ui/Choice.tsx';
import { TextArea, TextInput } from '../ui/TextInput.tsx';
import { DateInput, DateTimeInput } from './DateInput.tsx';
import { PersonInput } from './PersonInput.tsx';

export interface Change {
  readonly value: unknown;
  /** Given in one step (a box ticked), not in the middle of typing. */
  readonly settled: boolean;
  /** What was typed cannot be read yet; `value` is what it would be taken back to. */
  readonly problem?: string | undefined;
}

export interface ValueInputProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly of: Exclude<FieldKind, { kind: 'prose' | 'rows' }> | ColumnKind;
  readonly value: unknown;
  readonly onChange: (change: Change) => void;
}

/** More answers than these are easier to find in a list that opens. */
const radiosMax = 8;

export function ValueInput(props: ValueInputProps): ReactNode {
  const { of, id, label, hint, error, value, onChange } = props;
  const field = { id, label, ...(hint === undefined ? {} : { hint }), error };
  switch (of.kind) {
    case 'choice':
      return <ChoiceInput {...props} valueSet={of.valueSet} companions={'companions' in of ? of.companions ?? [] : []} />;
    case 'choices':
      return (
        <Checkboxes id={id} legend={label} {...(hint === undefined ? {} : { hint })} error={error} options={options(of.valueSet)} values={Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []}
          onChange={(values) => onChange({ value: values.length > 0 ? values : undefined, settled: true })} />
      );
    case 'yes-no':
      return (
        <Radios id={id} legend={label} {...(hint === undefined ? {} : { hint })} error={error} options={[{ value: 'yes', label: 'Yes' }, { value: 'no', label: 'No' }]}
          value={value === true ? 'yes' : value === false ? 'no' : undefined} onChoose={(answer) => onChange({ value: answer === 'yes', settled: true })} />
      );
    case 'date':
      return <DateInput {...field} value={value} orWord={'orWord' in of ? of.orWord : undefined} onChange={onChange} />;
    case 'date-time':
      return <DateTimeInput {...field} value={value} onChange={onChange} />;
    case 'text': {
      const text = typeof value === 'string' ? value : '';
      const typed = (next: string): void => onChange({ value: next === '' ? undefined : next, settled: false });
      const format = 'format' in of ? of.format : undefined;
      return of.multiline
        ? <TextArea {...field} value={text} rows={Math.min(12, Math.max(2, text.split('\n').length + 1))} onChange={(event) => typed(event.target.value)} />
        : <TextInput {...field} value={text} {...(format === 'phone' ? { type: 'tel' } : {})} {...(format === 'nhs-number' ? { inputMode: 'numeric' as const, width: 10 as const } : {})} autoComplete="off" onChange={(event) => typed(event.target.value)} />;
    }
    case 'person':
      return <PersonInput {...field} value={value} onChange={onChange} />;
    case 'organisation':
      return <OrganisationInput {...field} value={value} onChange={onChange} />;
  }
}

function OrganisationInput({ value, onChange, ...field }: Pick<ValueInputProps, 'id' | 'label' | 'value' | 'onChange' | 'error'> & { readonly hint?: string }): ReactNode {
  const known = useOrganisations(true).data?.items ?? [];
  const chosen = value as Partial<OrganisationValue> | undefined;
  const others = chosen?.id !== undefined && !known.some(({ id }) => id === chosen.id) ? [{ value: chosen.id, label: chosen.name ?? chosen.id }] : [];
  return (
    <Select {...field} value={chosen?.id ?? ''} empty="None" options={[...others, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
      onChoose={(next) => onChange({ value: known.find(({ id }) => id === next) && { id: next, name: known.find(({ id }) => id === next)?.name }, settled: true })} />
  );
}

const options = (set: ValueSet) => set.options.map((option) => ({ value: option.value, label: option.label }));

function ChoiceInput({ id, label, hint, error, value, valueSet, companions, onChange }: ValueInputProps & {
  readonly valueSet: ValueSet; readonly companions: readonly ('note' | 'date')[];
}): ReactNode {
  const code = choiceCode(value);
  const beside = typeof value === 'object' && value !== null ? (value as { note?: string; date?: string }) : {};
  const put = (next: { code?: string | undefined; note?: string | undefined; date?: string | undefined }, settled: boolean, problem?: string): void => {
    const chosen = 'code' in next ? next.code : code;
    const note = 'note' in next ? next.note : beside.note;
    const date = 'date' in next ? next.date : beside.date;
    const whole = note || date ? { code: chosen, ...(note ? { note } : {}), ...(date ? { date } : {}) } : chosen;
    onChange({ value: chosen === undefined ? undefined : whole, settled, ...(problem === undefined ? {} : { problem }) });
  };
  const same = { id, ...(hint === undefined ? {} : { hint }), error };
  return (
    <>
      {valueSet.options.length <= radiosMax
        ? <Radios {...same} legend={label} options={options(valueSet)} value={code} onChoose={(chosen) => put({ code: chosen }, true)} />
        : <Select {...same} label={label} options={options(valueSet)} empty="Choose an answer" value={code ?? ''} onChoose={(chosen) => put({ code: chosen === '' ? undefined : chosen }, true)} />}
      {code !== undefined && companions.includes('date') && (
        <DateInput id={`${id}-beside`} label="Date of this" value={beside.date} orWord={undefined} onChange={(change) => put({ date: change.value as string | undefined }, change.settled, change.problem)} />
      )}
      {code !== undefined && companions.includes('note') && (
        <TextArea id={`${id}-note`} label="Note (optional)" rows={2} value={beside.note ?? ''} onChange={(event) => put({ note: event.target.value }, false)} />
      )}
    </>
  );
}
