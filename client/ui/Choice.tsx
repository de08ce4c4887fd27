/** Choosing: from a list, one of a few, any of a few. Honest native inputs. */
import type { ReactNode, SelectHTMLAttributes } from 'react';
import { classes } from './classes.ts';
import { describedBy, Field, Fieldset, type FieldProps } from './Field.tsx';

export interface ChoiceOption {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

type SelectProps = FieldProps & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id' | 'onChange' | 'value'> & {
  readonly value: string; readonly options: readonly ChoiceOption[];
  /** The words for "nothing chosen"; left out, one of the options is always chosen. */
  readonly empty?: string;
  readonly onChoose: (value: string) => void;
};

export function Select({ id, label, hint, error, note, value, options, empty, onChoose, ...rest }: SelectProps): ReactNode {
  const field = { id, label, hint, error, note };
  return (
    <Field {...field}>
      <select
        {...rest}
        id={id}
        value={value}
        onChange={(event) => onChoose(event.target.value)}
        className={classes('nhsuk-select', error !== undefined && 'nhsuk-select--error')}
        aria-describedby={describedBy(field)}
        aria-invalid={error === undefined ? undefined : true}
      >
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface GroupProps {
  readonly id: string;
  readonly legend: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly options: readonly ChoiceOption[];
  readonly disabled?: boolean;
}

export function Radios({ id, legend, hint, error, options, value, onChoose, disabled }: GroupProps & {
  readonly value: string | undefined; readonly onChoose: (value: string) => void;
}): ReactNode {
  return (
    <Fieldset id={id} legend={legend} hint={hint} error={error}>
      <div className="nhsuk-radios nhsuk-radios--small">
        {options.map((option) => (
          <div className="nhsuk-radios__item" key={option.value}>
            <input className="nhsuk-radios__input" type="radio" id={`${id}-${option.value}`} name={id} value={option.value} checked={value === option.value} disabled={disabled} onChange={() => onChoose(option.value)} />
            <label className="nhsuk-label nhsuk-radios__label" htmlFor={`${id}-${option.value}`}>
              {option.label}
            </label>
            {option.hint && <div className="nhsuk-hint nhsuk-radios__hint">{option.hint}</div>}
          </div>
        ))}
      </div>
    </Fieldset>
  );
}

export function Checkboxes({ id, legend, hint, error, options, values, onChange, disabled }: GroupProps & {
  readonly values: readonly string[]; readonly onChange: (values: readonly string[]) => void;
}): ReactNode {
  const toggle = (value: string, on: boolean) => onChange(options.map((one) => one.value).filter((one) => (one === value ? on : values.includes(one))));
  return (
    <Fieldset id={id} legend={legend} hint={hint} error={error}>
      <div className="nhsuk-checkboxes nhsuk-checkboxes--small">
        {options.map((option) => (
          <Checkbox key={option.value} id={`${id}-${option.value}`} label={option.label} checked={values.includes(option.value)} disabled={disabled ?? false} onChange={(on) => toggle(option.value, on)} />
        ))}
      </div>
    </Fieldset>
  );
}

/** One box to tick. Inside `nhsuk-checkboxes` when it stands alone. */
export function Checkbox({ id, label, checked, onChange, disabled }: {
  readonly id: string; readonly label: ReactNode; readonly checked: boolean; readonly onChange: (on: boolean) => void; readonly disabled?: boolean;
}): ReactNode {
  return (
    <div className="nhsuk-checkboxes__item">
      <input className="nhsuk-checkboxes__input" type="checkbox" id={id} checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      <label className="nhsuk-label nhsuk-checkboxes__label" htmlFor={id}>
        {label}
      </label>
    </div>
  );
}
