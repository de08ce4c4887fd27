/** The end of a sign-in in a tab of its own: the page that waits in the other tab goes on by itself. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Page } from '../ui/Page.tsx';

export function SignedInAgainPage(): ReactNode {
  return (
    <Page title="You are signed in again">
      <p>Close this tab and go back to the one you came from: it goes on where it was.</p>
      <p>Is there no such tab? <Link href="/">Go to the start page</Link>.</p>
    </Page>
  );
}
