/** The three ways an answer can stand: not here yet, refused or lost, here. */
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { asProblem } from '../data/problem.ts';
import { ProblemCallout } from './Callouts.tsx';

const wordsAfterMs = 1_000;

/** Grey lines at once, words after a second: a short wait stays quiet, a long one explains itself. */
export function Skeleton({ what, lines = 5 }: { readonly what: string; readonly lines?: number }): ReactNode {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), wordsAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <output className="accord-skeleton">
      <span className="accord-skeleton__words">{late ? `Getting ${what}…` : <span className="nhsuk-u-visually-hidden">Getting {what}</span>}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span className="accord-skeleton__line" aria-hidden="true" key={line} />
      ))}
    </output>
  );
}

/** Shows the answer; while there is none a skeleton; when it failed the reason with "Try again". A failed refresh keeps the old answer and says so. */
export function Loaded<T>({ query, what, lines, wayOut, children }: {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending' | 'refetch'>;
  /** "the caseload": stands after "Getting". */
  readonly what: string;
  readonly lines?: number;
  /** Where else to go when there is no answer. */
  readonly wayOut?: ReactNode;
  readonly children: (data: T) => ReactNode;
}): ReactNode {
  const retry = (): void => void query.refetch();
  if (query.data !== undefined) {
    return (
      <>
        {query.error && <ProblemCallout problem={asProblem(query.error)} onRetry={retry}><p>What you see below may be out of date.</p></ProblemCallout>}
        {children(query.data)}
      </>
    );
  }
  // Whoever may not will not be let in by asking again.
  const problem = query.error ? asProblem(query.error) : undefined;
  if (problem) return <ProblemCallout problem={problem} onRetry={problem.code === 'not-allowed' ? undefined : retry}>{wayOut}</ProblemCallout>;
  return <Skeleton what={what} {...(lines === undefined ? {} : { lines })} />;
}
