/** Signing in: choosing a demo person in demonstration mode, otherwise the organisation's own sign-in service. */
import { useMemo, type ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { roleLabels } from '../../shared/domain/roles.ts';
import { asProblem } from '../data/problem.ts';
import { useDemoPeople, useSignIn, type DemoPerson } from '../data/session.ts';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { backFrom } from './back.ts';

export function SignInPage(): ReactNode {
  const people = useDemoPeople();
  return (
    <Page title="Sign in">
      <Loaded query={people} what="the sign-in page">{(found) => (found === null ? <OwnSignIn /> : <DemoSignIn people={found} />)}</Loaded>
    </Page>
  );
}

function OwnSignIn(): ReactNode {
  return (
    <>
      <p>You sign in with your organisation’s own sign-in service.</p>
      <a className="nhsuk-button" href="/auth/login">Continue to sign in</a>
    </>
  );
}

function DemoSignIn({ people }: { readonly people: readonly DemoPerson[] }): ReactNode {
  const signIn = useSignIn();
  const [, navigate] = useLocation();
  const search = useSearch();
  const groups = useMemo(() => byOrganisation(people), [people]);
  const choose = (person: DemoPerson): void => {
    if (signIn.isPending) return;
    signIn.mutate(person.id, { onSuccess: () => navigate(backFrom(search)) });
  };
  return (
    <>
      <div className="accord-callout accord-callout--warning">
        <h2 className="accord-callout__title">This is a demonstration</h2>
        <p>Every person and every patient here is invented. Choose whom to be; there is no password. Open a second window in private mode to be a second person at the same time. Never type anything about a real patient.</p>
      </div>
      {signIn.error && <ProblemCallout problem={asProblem(signIn.error)} />}
      <div className="accord-sign-in">
        {groups.map(([organisation, staff]) => (
          <section key={organisation} aria-label={organisation} className="accord-card">
            <h2 className="accord-sign-in__organisation">{organisation}</h2>
            <ul>
              {staff.map((person) => (
                <li key={person.id}>
                  <button type="button" onClick={() => choose(person)} aria-busy={signIn.isPending && signIn.variables === person.id ? true : undefined}>
                    <Avatar id={person.id} name={person.name} />
                    <span>
                      <strong>{person.name}</strong>
                      <span className="accord-quiet">{jobOf(person)}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

/** "Hospice consultant (Hospice clinician)"; once when both are the same words. */
function jobOf(person: DemoPerson): string {
  const role = roleLabels[person.role];
  return person.jobTitle.toLowerCase() === role.toLowerCase() ? role : `${person.jobTitle} (${role})`;
}

function byOrganisation(people: readonly DemoPerson[]): readonly (readonly [string, readonly DemoPerson[]])[] {
  const groups = new Map<string, DemoPerson[]>();
  for (const person of people) groups.set(person.organisation, [...(groups.get(person.organisation) ?? []), person]);
  return [...groups];
}
