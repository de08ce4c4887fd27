/** Blocks that stand out: an inset, a warning, an error with a way on, something folded away. */
import type { ReactNode } from 'react';
import type { ApiProblem } from '../data/problem.ts';
import { Button } from './Button.tsx';

export function InsetText({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className="nhsuk-inset-text accord-inset">{children}</div>;
}

export function WarningCallout({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="accord-callout accord-callout--warning">
      <h2 className="accord-callout__title">
        <span className="nhsuk-u-visually-hidden">Important: </span>
        {title}
      </h2>
      {children}
    </div>
  );
}

/** Something was refused or did not work: what, why, and how to try again. */
export function ProblemCallout({ problem, onRetry, retryLabel = 'Try again', children }: {
  readonly problem: ApiProblem; readonly onRetry?: (() => void) | undefined; readonly retryLabel?: string; readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="accord-callout accord-callout--error" role="alert">
      <h2 className="accord-callout__title">{problem.title}</h2>
      {problem.detail && problem.detail !== `${problem.title}.` && <p>{problem.detail}</p>}
      {problem.problems.length > 0 && (
        <ul className="nhsuk-list nhsuk-list--bullet">
          {problem.problems.map((one) => (
            <li key={`${one.field} ${one.message}`}>{one.message}</li>
          ))}
        </ul>
      )}
      {children}
      {onRetry && (
        <Button look="secondary" small onClick={onRetry}>
          {retryLabel}
        </Button>
      )}
    </div>
  );
}

export function Details({ summary, open, children }: { readonly summary: ReactNode; readonly open?: boolean; readonly children: ReactNode }): ReactNode {
  return (
    <details className="nhsuk-details" open={open}>
      <summary className="nhsuk-details__summary">
        <span className="nhsuk-details__summary-text">{summary}</span>
      </summary>
      <div className="nhsuk-details__text">{children}</div>
    </details>
  );
}

/** Nothing to show yet, and what to do about it. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="accord-empty">
      <h2 className="nhsuk-heading-m">{title}</h2>
      {children}
    </div>
  );
}
