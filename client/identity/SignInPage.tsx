/** Signing in: choosing a demo person in demonstration mode, otherwise the organisation's own sign-in service. */
import { useMemo, type ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { roleLabels } from '../../shared/domain/roles.ts';
import { signInProblems, type SignInMethod, type SignInProblem } from '../../shared/wire/session.ts';
import { asProblem } from '../data/problem.ts';
import { useDemoPeople, useSignIn, useSignInMethod, type DemoPerson } from '../data/session.ts';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { backFrom, loginAddress, signedInAgain, unlockAddress } from './back.ts';

export function SignInPage(): ReactNode {
  const method = useSignInMethod();
  return (
    <Page title="Sign in">
      <Loaded query={method} what="the sign-in page">{(found) => (found.method === 'demo' ? <DemoPeople /> : <AtProvider method={found} />)}</Loaded>
    </Page>
  );
}

function AtProvider({ method }: { readonly method: SignInMethod }): ReactNode {
  const search = useSearch();
  const back = backFrom(search);
  const said = new URLSearchParams(search).get('problem');
  const problem = signInProblems.find((one) => one === said);
  const unlocking = problem !== undefined && back === signedInAgain;
  return (
    <>
      {problem && <Problem problem={problem} />}
      <p>You sign in with {method.provider}. Accord never sees your password.</p>
      <a className="nhsuk-button" href={unlocking ? unlockAddress : loginAddress(back, problem !== undefined)}>{unlocking ? 'Unlock' : 'Sign in'} with {method.provider}</a>
      <p className="accord-quiet">If you cannot sign in, ask {method.askWhom}.</p>
    </>
  );
}

const problemWords: Readonly<Record<SignInProblem, readonly [title: string, words: string]>> = {
  'failed': ['The sign-in did not work', 'It may have taken too long, or have been begun in another window. Begin again here.'],
  'refused': ['You were not signed in', 'The sign-in service did not let you in, or you stopped there. You can try again.'],
  'away': ['The sign-in service cannot be reached', 'Try again in a moment. Whoever is signed in already can go on working.'],
  'too-many': ['Too many attempts failed', 'Wait a quarter of an hour, then try again.'],
  'other-person': ['That was somebody else', 'A locked screen opens only to the person who left it. What they wrote is safe; sign in as that person to unlock it.'],
  'start-here': ['Begin here', 'You came from another site. Press the button to sign in.'],
};

function Problem({ problem }: { readonly problem: SignInProblem }): ReactNode {
  const [title, words] = problemWords[problem];
  return (
    <div className={`accord-callout ${problem === 'start-here' ? 'accord-callout--warning' : 'accord-callout--error'}`} role="alert">
      <h2 className="accord-callout__title">{title}</h2>
      <p>{words}</p>
    </div>
  );
}

function DemoPeople(): ReactNode {
  const people = useDemoPeople();
  return <Loaded query={people} what="the people of the demonstration">{(found) => <DemoSignIn people={found ?? []} />}</Loaded>;
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
