/** What surrounds one input of a form: label, hint, error, and the ids that tie them together. */
import type { ReactNode } from 'react';
import { classes } from './classes.ts';

export interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** Shown under the input and read with it: how a value was understood. */
  readonly note?: ReactNode;
}

/** The ids for aria-describedby: hint, note and error, those that are there. */
export const describedBy = ({ id, hint, error, note }: FieldProps): string | undefined =>
  [hint && `${id}-hint`, error && `${id}-error`, note && `${id}-note`].filter(Boolean).join(' ') || undefined;

export function Field(props: FieldProps & { readonly children: ReactNode }): ReactNode {
  const { id, label, hint, error, note, children } = props;
  return (
    <div className={classes('nhsuk-form-group', error !== undefined && 'nhsuk-form-group--error')}>
      <label className="nhsuk-label accord-label" htmlFor={id}>
        {label}
      </label>
      {hint && (
        <div className="nhsuk-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error && <FieldError id={`${id}-error`} message={error} />}
      {children}
      {note && (
        <p className="accord-field-note" id={`${id}-note`}>
          {note}
        </p>
      )}
    </div>
  );
}

export function FieldError({ id, message }: { readonly id: string; readonly message: string }): ReactNode {
  return (
    <span className="nhsuk-error-message" id={id}>
      <span className="nhsuk-u-visually-hidden">Error:</span> {message}
    </span>
  );
}

/** A group of inputs under one question. */
export function Fieldset({ id, legend, hint, error, children }: {
  readonly id: string; readonly legend: string; readonly hint?: ReactNode; readonly error?: string | undefined; readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={classes('nhsuk-form-group', error !== undefined && 'nhsuk-form-group--error')}>
      <fieldset className="nhsuk-fieldset" id={id} tabIndex={-1} aria-describedby={[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined}>
        <legend className="nhsuk-fieldset__legend accord-label">{legend}</legend>
        {hint && (
          <div className="nhsuk-hint" id={`${id}-hint`}>
            {hint}
          </div>
        )}
        {error && <FieldError id={`${id}-error`} message={error} />}
        {children}
      </fieldset>
    </div>
  );
}
