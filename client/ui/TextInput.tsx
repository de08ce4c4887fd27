/** One line of text, and several lines of it. */
import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react';
import { classes } from './classes.ts';
import { describedBy, Field, type FieldProps } from './Field.tsx';

type Width = 2 | 3 | 4 | 5 | 10 | 20 | 30;

type TextInputProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> & { readonly width?: Width; readonly inputRef?: Ref<HTMLInputElement> };

export function TextInput({ id, label, hint, error, note, width, inputRef, className, ...rest }: TextInputProps): ReactNode {
  const field = { id, label, hint, error, note };
  return (
    <Field {...field}>
      <input
        type="text"
        {...rest}
        id={id}
        ref={inputRef}
        className={classes('nhsuk-input', width && `nhsuk-input--width-${width}`, error !== undefined && 'nhsuk-input--error', className)}
        aria-describedby={describedBy(field)}
        aria-invalid={error === undefined ? undefined : true}
      />
    </Field>
  );
}

type TextAreaProps = FieldProps & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id'> & { readonly inputRef?: Ref<HTMLTextAreaElement> };

export function TextArea({ id, label, hint, error, note, rows = 4, inputRef, ...rest }: TextAreaProps): ReactNode {
  const field = { id, label, hint, error, note };
  return (
    <Field {...field}>
      <textarea
        {...rest}
        id={id}
        ref={inputRef}
        rows={rows}
        className={classes('nhsuk-textarea', error !== undefined && 'nhsuk-textarea--error')}
        aria-describedby={describedBy(field)}
        aria-invalid={error === undefined ? undefined : true}
      />
    </Field>
  );
}
