/** There is no such page. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Page } from '../ui/Page.tsx';

export function NotFoundPage(): ReactNode {
  return (
    <Page title="There is no such page">
      <p>The address may be old or mistyped. <Link href="/">Go to the start page</Link>.</p>
    </Page>
  );
}
