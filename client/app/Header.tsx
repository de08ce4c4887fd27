/** The top line: the product, where one can go, who is signed in. */
import { useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { openHere } from '../collab/openHere.ts';
import { useLock } from '../data/ownSessions.ts';
import { useSignOut, type Session } from '../data/session.ts';
import { copiesHere } from '../offline/mark.ts';

export function Header({ session }: { readonly session: Session | undefined }): ReactNode {
  const [path, navigate] = useLocation();
  const signOut = useSignOut();
  return (
    <header className="accord-header">
      <div className="accord-header__line">
        <Link href="/" className="accord-header__mark" aria-label="Accord, start page">
          Accord
        </Link>
        {session?.demo && <span className="accord-header__demo" title="Demonstration: every person here is invented">DEMO</span>}
        {session && (
          <nav aria-label="Main" className="accord-header__nav">
            <ul>
              {placesFor(session).map((place) => (
                <li key={place.href}>
                  <Link href={place.href} aria-current={place.holds(path) ? 'page' : undefined}>{place.label}</Link>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {session && (
          <div className="accord-header__person">
            <AccountMenu key={path} session={session} />
            <button type="button" className="accord-header__out" onClick={() => void mayLose().then((may) => may && signOut.mutate(undefined, { onSuccess: (next) => (next === null ? navigate('/sign-in') : location.assign(next)) }))}>
              Sign out
            </button>
          </div>
        )}
      </div>
    </header>
  );
}

/** What one does with one's own sign-in. Closes when the page changes. */
function AccountMenu({ session }: { readonly session: Session }): ReactNode {
  const lock = useLock();
  const menu = useRef<HTMLDetailsElement>(null);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <details className="accord-account" ref={menu} onKeyDown={(event) => {
      if (event.key !== 'Escape' || !menu.current?.open) return;
      menu.current.open = false;
      menu.current.querySelector('summary')?.focus();
    }}>
      <summary>
        <span className="accord-header__who" title={[session.person.name, session.person.roleLabel, session.person.organisation].join(', ')}>
          <strong>{session.person.name}</strong> <span>{session.person.roleLabel}</span> <span>{session.person.organisation}</span>
        </span>
        <span className="accord-account__word">Account</span>
      </summary>
      <ul>
        {(session.session?.roles ?? 0) > 1 && <li><Link href="/account/role">Change role</Link></li>}
        <li><Link href="/account/sessions">Where you are signed in</Link></li>
        <li><button type="button" aria-busy={lock.isPending || undefined} onClick={() => lock.mutate(undefined)}>Lock the screen</button></li>
      </ul>
    </details>
  );
}

/** Signing out takes the page away, and the plans held here: asks first while words of them are nowhere else. */
async function mayLose(): Promise<boolean> {
  const held = copiesHere.value ? await (await import('../offline/copies.ts')).heldPlans() : [];
  const count = openHere.notHeld + held.reduce((sum, { unsent }) => sum + unsent, 0);
  return count === 0 || window.confirm(`${count === 1 ? '1 change is' : `${count} changes are`} only on this device. Sign out and lose ${count === 1 ? 'it' : 'them'}?`);
}

interface Place {
  readonly href: string;
  readonly label: string;
  readonly holds: (path: string) => boolean;
}

/** Only places that this person may go to. */
function placesFor({ may }: Session): readonly Place[] {
  const places: (Place | false)[] = [
    may.seeCaseload && { href: '/', label: 'Caseload', holds: (path) => path === '/' || path.startsWith('/plans') },
    may.seeMeetings && { href: '/meetings', label: 'Meetings', holds: (path) => path.startsWith('/meetings') },
    may.breakGlass && { href: '/break-glass', label: 'Emergency', holds: (path) => path.startsWith('/break-glass') },
    may.privacyAlerts && { href: '/privacy', label: 'Privacy', holds: (path) => path.startsWith('/privacy') },
    may.privacyAlerts && { href: '/oversight', label: 'Oversight', holds: (path) => path.startsWith('/oversight') },
    may.urgentView && { href: '/urgent', label: 'Urgent view', holds: (path) => path.startsWith('/urgent') },
  ];
  return places.filter((place) => place !== false);
}
