/** In front of a page whose session is locked: only the person who left it opens it again, and it goes on where it was. */
import { useEffect, type ReactNode } from 'react';
import type { LockedBy } from '../../shared/wire/session.ts';
import { useUnlock } from '../data/ownSessions.ts';
import { asProblem } from '../data/problem.ts';
import { useSignInMethod, useSignOut } from '../data/session.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { Page } from '../ui/Page.tsx';
import { unlockAddress } from './back.ts';

export function LockScreen({ lock, onlyHere }: {
  readonly lock: LockedBy;
  /** Changes that are nowhere but behind this screen. */
  readonly onlyHere: number;
}): ReactNode {
  const unlock = useUnlock();
  const signOut = useSignOut();
  const { name, id } = lock.person;
  useFocusKept();
  const leave = (): void => {
    if (onlyHere > 0 && !window.confirm(`${onlyHere === 1 ? '1 change' : `${onlyHere} changes`} of ${name} ${onlyHere === 1 ? 'is' : 'are'} only behind this screen. Sign out and lose ${onlyHere === 1 ? 'it' : 'them'}?`)) return;
    // The whole page goes, with everything behind the lock.
    signOut.mutate(undefined, { onSuccess: (next) => location.assign(next ?? '/sign-in') });
  };
  const problem = unlock.error ?? signOut.error;
  return (
    <Page title="The screen is locked" tabTitle="Locked">
      <div className="accord-card accord-lock">
        <p>It was open for <strong>{name}</strong> and locks when nothing was done for a quarter of an hour. What {name} was doing is kept behind it{onlyHere > 0 && `, ${onlyHere === 1 ? 'one change' : `${onlyHere} changes`} that could not be saved yet included`}, and goes on once {name} unlocks it.</p>
        {problem && <ProblemCallout problem={asProblem(problem)} />}
        {lock.method === 'demo'
          ? <Button busy={unlock.isPending} onClick={() => unlock.mutate(id)}>Unlock as {name}</Button>
          : <UnlockAtProvider name={name} />}
        <p className="accord-lock__other">Not {name}? <Button look="quiet" small busy={signOut.isPending} onClick={leave}>Sign {name} out</Button></p>
      </div>
    </Page>
  );
}

function UnlockAtProvider({ name }: { readonly name: string }): ReactNode {
  const method = useSignInMethod();
  return (
    <>
      <a className="nhsuk-button" href={unlockAddress} target="_blank" rel="noopener">Unlock with {method.data?.provider ?? 'your sign-in service'} (new tab)</a>
      <p>Sign in there as {name}, then come back to this tab.</p>
    </>
  );
}

/** The keyboard is where it was when the page is there again. */
function useFocusKept(): void {
  useEffect(() => {
    const before = document.activeElement;
    document.querySelector<HTMLElement>('.accord-lock')?.closest('.accord-page')?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    announce('The screen is locked');
    return () => {
      if (before instanceof HTMLElement) setTimeout(() => before.focus({ preventScroll: true }));
    };
  }, []);
}
