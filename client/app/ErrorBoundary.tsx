/** When a screen breaks: says so in words instead of going white, and offers the way back. */
import { Component, type ReactNode } from 'react';
import { asProblem } from '../data/problem.ts';
import { ProblemCallout } from '../ui/Callouts.tsx';

interface Props {
  readonly children: ReactNode;
  /** Of the page inside. */
  readonly path?: string;
}
interface State {
  readonly error: unknown;
  readonly path: string | undefined;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined, path: this.props.path };

  static getDerivedStateFromError(error: unknown): Pick<State, 'error'> {
    return { error: error ?? new Error('unknown') };
  }

  /** Another page is tried afresh. */
  static getDerivedStateFromProps({ path }: Props, before: State): State | null {
    return path === before.path ? null : { error: undefined, path };
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
