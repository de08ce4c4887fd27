/** Choosing the role to act in, while signing in and later; and what somebody reads who has none. */
import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import type { RoleChoice } from '../../shared/wire/session.ts';
import { openHere } from '../collab/openHere.ts';
import { useChangeRole, useEnterAs, useRoles, useRolesWaiting } from '../data/ownSessions.ts';
import { ApiProblem, asProblem } from '../data/problem.ts';
import { useSignInMethod } from '../data/session.ts';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { backFrom, loginAddress } from './back.ts';

/** After signing in, for people with several roles. */
export function ChooseRolePage(): ReactNode {
  const waiting = useRolesWaiting();
  const enter = useEnterAs();
  const search = useSearch();
  const over = [waiting.error, enter.error].some((error) => error instanceof ApiProblem && error.status === 401);
  if (over) {
    return (
      <Page title="Choose a role">
        <p>The sign-in took too long, or was finished in another tab.</p>
        <a className="nhsuk-button" href={loginAddress(backFrom(search))}>Begin again</a>
      </Page>
    );
  }
  return (
    <Page title="In which role are you here?">
      <Loaded query={waiting} what="your roles">
        {(choice) => (
          <>
            <p>{choice.name}, you act in one role at a time. It decides what you may see and write, and stands beside everything that you do. You can change it later under <em>Account</em>.</p>
            {enter.error && <ProblemCallout problem={asProblem(enter.error)} />}
            <Roles choice={choice} busy={enter.isPending ? enter.variables : undefined} onChoose={(key) => enter.mutate(key, { onSuccess: (back) => location.assign(back) })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Later, from the account menu. */
export function ChangeRolePage(): ReactNode {
  const roles = useRoles();
  const change = useChangeRole();
  const choose = (key: string): void => {
    const count = openHere.notHeld;
    if (count > 0 && !window.confirm(`${count === 1 ? '1 change is' : `${count} changes are`} only on this device. Change the role and lose ${count === 1 ? 'it' : 'them'}?`)) return;
    // Nothing that was read in one role stays on the screen of another.
    change.mutate(key, { onSuccess: () => location.assign('/') });
  };
  return (
    <Page title="Change role">
      <Loaded query={roles} what="your roles">
        {(choice) => (
          <>
            <p>You act in one role at a time. Wherever else you are signed in in another role, you are signed out.</p>
            {change.error && <ProblemCallout problem={asProblem(change.error)} />}
            <Roles choice={choice} busy={change.isPending ? change.variables : undefined} onChoose={choose} />
            {choice.roles.length < 2 && <p>You have no other role here. <Link href="/">Go to the start page</Link>.</p>}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Roles({ choice, busy, onChoose }: { readonly choice: RoleChoice; readonly busy: string | undefined; readonly onChoose: (key: string) => void }): ReactNode {
  return (
    <div className="accord-sign-in accord-sign-in--roles">
      <section className="accord-card" aria-label="Roles">
        <ul>
          {choice.roles.map((role) => (
            <li key={role.key}>
              <button type="button" disabled={role.key === choice.current} aria-busy={busy === role.key ? true : undefined} onClick={() => busy === undefined && onChoose(role.key)}>
                <strong>{role.roleLabel}</strong>
                <span className="accord-quiet">{role.jobTitle === role.roleLabel ? '' : `${role.jobTitle}, `}{role.organisation}{role.key === choice.current && ' (now)'}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** Signed in at the provider, but with no role that counts here. */
export function NoRolePage(): ReactNode {
  const method = useSignInMethod();
  return (
    <Page title="You have no role in Accord">
      <Loaded query={method} what="whom to ask">
        {({ provider, askWhom }) => (
          <>
            <div className="accord-callout accord-callout--warning" role="alert">
              <p>{provider} knows you, but none of the roles that it names for you is one that this service lets in. Nothing was opened.</p>
              <p>Ask <strong>{askWhom}</strong> for a role in Accord.</p>
            </div>
            <a className="nhsuk-button nhsuk-button--secondary" href={loginAddress('/', true)}>Sign in as somebody else</a>
          </>
        )}
      </Loaded>
    </Page>
  );
}
