/** A button. What it does stands on it. */
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.ts';

export type ButtonLook = 'primary' | 'secondary' | 'warning' | 'quiet';

export const looks: Readonly<Record<ButtonLook, string | undefined>> = {
  primary: undefined,
  secondary: 'nhsuk-button--secondary',
  warning: 'nhsuk-button--warning',
  quiet: 'accord-button--quiet',
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: ButtonLook;
  /** Less high, for use beside text and in tables. */
  readonly small?: boolean;
  /** The order was sent and is not answered yet: the button cannot be pressed again but keeps its place and focus. */
  readonly busy?: boolean;
}

export function Button({ look = 'primary', small, busy, className, children, onClick, type = 'button', ...rest }: ButtonProps): ReactNode {
  return (
    <button
      {...rest}
      type={type}
      className={classes('nhsuk-button', looks[look], small && 'accord-button--small', className)}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}
