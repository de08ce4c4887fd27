/** A link that looks like a button: for going on, never for changing something. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { looks, type ButtonLook } from './Button.tsx';
import { classes } from './classes.ts';

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
