/** A button, or a link that looks like one. What it does stands on it. */
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link } from 'wouter';
import { classes } from './classes.ts';

export type ButtonLook = 'primary' | 'secondary' | 'warning' | 'quiet';

const looks: Readonly<Record<ButtonLook, string | undefined>> = {
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

interface ButtonLinkProps {
  readonly href: string;
  readonly look?: ButtonLook;
  readonly small?: boolean;
  readonly children: ReactNode;
}

/** Goes to another page of the product. */
export function ButtonLink({ href, look = 'primary', small, children }: ButtonLinkProps): ReactNode {
  return (
    <Link href={href} className={classes('nhsuk-button', looks[look], small && 'accord-button--small')}>
      {children}
    </Link>
  );
}
