/** Urgent care: an NHS number in, the latest signed version out, made for a phone. Only what was signed is ever shown. */
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { formatNhsNumber, nhsNumberDigits, nhsNumberProblem } from '../../shared/domain/nhsNumber.ts';
import { formatDateTime } from '../../shared/domain/dates.ts';
import { keys } from '../data/keys.ts';
import { useUrgent } from '../data/plans.ts';
import { asProblem, type ApiProblem } from '../data/problem.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { Skeleton } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { UrgentPlan } from './UrgentPlan.tsx';

/** The number stays out of the address: addresses end up in histories and logs. */
export function UrgentPage(): ReactNode {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState<string>();
  const [number, setNumber] = useState('');
  const look = (): void => {
    const problem = nhsNumberProblem(typed);
    setAsked(problem ?? '');
    if (problem !== undefined) return;
    const digits = nhsNumberDigits(typed) ?? '';
    // The same number again means: check again.
    if (digits === number) void client.invalidateQueries({ queryKey: keys.urgent(digits) });
    setNumber(digits);
  };
  return (
    <Page title="Urgent view">
      <form className="accord-urgent__form accord-no-print" noValidate onSubmit={(event) => { event.preventDefault(); look(); }}>
        <TextInput id="urgent-number" label="NHS number" hint="Ten digits" inputMode="numeric" autoComplete="off" width={20} value={typed} error={asked || undefined} onChange={(event) => { setTyped(event.target.value); setAsked(undefined); }} />
        <Button type="submit">Find signed plan</Button>
      </form>
      {number !== '' && <Found key={number} number={number} />}
    </Page>
  );
}

function Found({ number }: { readonly number: string }): ReactNode {
  const found = useUrgent(number);
  const again = (): void => void found.refetch();
  if (found.isPending) return <Skeleton what="the signed plan" lines={6} />;
  const problem = found.error ? asProblem(found.error) : undefined;
  // A refusal ends what is shown; only a lost connection keeps the last answer, marked as unchecked.
  if (problem && problem.status >= 400 && problem.status < 500) return <NotFound number={number} problem={problem} onRetry={again} />;
  return (
    <>
      {problem && <CouldNotCheck checkedAt={found.data?.checkedAt} onRetry={again} />}
      {found.data && <UrgentPlan view={found.data} checked={problem === undefined} />}
    </>
  );
}

export function CouldNotCheck({ checkedAt, onRetry }: { readonly checkedAt: string | undefined; readonly onRetry: () => void }): ReactNode {
  return (
    <div className="accord-callout accord-callout--error accord-urgent__unchecked" role="alert">
      <h2 className="accord-callout__title">Could not check</h2>
      {checkedAt === undefined
        ? <p>The service cannot be reached. This does not mean that there is no plan: ask the person, those with them, and the team that knows them.</p>
        : <p>The service cannot be reached. What you see below was last checked {formatDateTime(checkedAt)}; a newer version may have been signed since.</p>}
      <Button look="secondary" small onClick={onRetry}>Check again</Button>
    </div>
  );
}

function NotFound({ number, problem, onRetry }: { readonly number: string; readonly problem: ApiProblem; readonly onRetry: () => void }): ReactNode {
  if (problem.code !== 'not-found') return <ProblemCallout problem={problem} onRetry={onRetry} />;
  return (
    <div className="accord-callout accord-callout--warning" role="alert">
      <h2 className="accord-callout__title">No signed plan for {formatNhsNumber(number)}</h2>
      <p>{problem.detail}</p>
    </div>
  );
}
