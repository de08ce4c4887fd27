/** A code that is recorded and not shown: dots, and a button that asks for it. The asking is recorded. */
import { useContext, type ReactNode } from 'react';
import { SealedPlanContext, useRevealKeySafe } from '../data/keySafe.ts';
import { asProblem } from '../data/problem.ts';

export function SealedCode({ label }: { readonly label: string }): ReactNode {
  const planId = useContext(SealedPlanContext);
  return planId === undefined ? <p className="accord-value"><span aria-label="hidden">••••••</span></p> : <Asked planId={planId} label={label} />;
}

function Asked({ planId, label }: { readonly planId: string; readonly label: string }): ReactNode {
  const reveal = useRevealKeySafe(planId);
  const shown = reveal.data && (reveal.data.codes.join(' or ') || 'No code is recorded now.');
  return (
    <p className="accord-value">
      {shown ?? <span aria-label="hidden">••••••</span>}{' '}
      <button type="button" className="accord-link-button" disabled={reveal.isPending} onClick={() => (shown === undefined ? reveal.mutate() : reveal.reset())}>{shown === undefined ? 'Show' : 'Hide'}<span className="nhsuk-u-visually-hidden"> {label}</span></button>
      {shown === undefined && <span className="accord-quiet"> Showing it is recorded.</span>}
      {reveal.error && <span role="alert"> {asProblem(reveal.error).detail}</span>}
    </p>
  );
}
