/** When a screen breaks: says so in words instead of going white, and offers the way back. */
import { Component, type ReactNode } from 'react';
import { asProblem } from '../data/problem.ts';
import { ProblemCallout } from '../ui/Callouts.tsx';

interface State {
  readonly error: unknown;
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error ?? new Error('unknown') };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div className="accord-page">
        <ProblemCallout problem={asProblem(this.state.error)} onRetry={() => location.reload()} retryLabel="Load the page again">
          <p>What was shown as saved is saved.</p>
        </ProblemCallout>
      </div>
    );
  }
}
