/** What surrounds every page: skip link, header, the page, footer, and the line that speaks to screen readers. */
import { useSyncExternalStore, type ReactNode } from 'react';
import { lockOf, useSession } from '../data/session.ts';
import { SessionWatch } from '../identity/SessionWatch.tsx';
import { announcements } from '../ui/announce.ts';
import { Header } from './Header.tsx';

export function Layout({ children }: { readonly children: ReactNode }): ReactNode {
  const asked = useSession();
  // A locked screen says no more than whose it is.
  const session = lockOf(asked.error) ? undefined : (asked.data ?? undefined);
  return (
    <>
      <a className="nhsuk-skip-link" href="#main" onClick={skip}>Skip to main content</a>
      <Header session={session} />
      {session && <SessionWatch session={session} />}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="accord-footer">
        <p>
          Accord, open-source software under the AGPL-3.0 licence. Not part of, or endorsed by, the NHS.
          {session?.demo && ' Demonstration: every person here is invented.'}
        </p>
      </footer>
      <LiveRegion />
    </>
  );
}

// Focus without a change of address: the address may already name a field of the plan.
function skip(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function LiveRegion(): ReactNode {
  const sentence = useSyncExternalStore(announcements.subscribe, announcements.current);
  return (
    <div className="nhsuk-u-visually-hidden" aria-live="polite" aria-atomic="true" id="announcements">
      {sentence}
    </div>
  );
}
