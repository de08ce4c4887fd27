/** Ready or not: what stands in the way, each a link to its field. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Review } from '../../shared/wire/plans.ts';

export function Readiness({ planId, problems, disputed }: { readonly planId: string; readonly problems: Review['problems']; readonly disputed: Review['disputed'] }): ReactNode {
  const contested = new Set(disputed.map(({ section, field }) => `${section}.${field}`));
  // A disputed field is named once, as what it is.
  const blocking = problems.filter((problem) => problem.severity === 'blocks' && !contested.has(`${problem.section}.${problem.field}`));
  const warnings = problems.filter(({ severity }) => severity === 'warns');
  const inTheWay = blocking.length + disputed.length;
  return (
    <section>
      {inTheWay === 0
        ? <div className="accord-callout accord-callout--signed"><h2 className="accord-callout__title">✓ Ready to be signed</h2><p>Nothing that sign-off needs is missing or disputed.</p></div>
        : <div className="accord-callout accord-callout--error"><h2 className="accord-callout__title">Not ready: {inTheWay} {inTheWay === 1 ? 'thing stands' : 'things stand'} in the way</h2><p>Each is a link to its place in the plan.</p></div>}
      {disputed.length > 0 && (
        <>
          <h3 className="accord-small-heading">To settle</h3>
          <ul className="accord-sentences">
            {disputed.map(({ section, field, label }) => <li key={field} className="accord-disputed"><strong>Disputed:</strong> <Link href={`/plans/${planId}#${section}.${field}`}>{label}</Link></li>)}
          </ul>
        </>
      )}
      {blocking.length > 0 && <ProblemList title="To complete" planId={planId} problems={blocking} />}
      {warnings.length > 0 && <ProblemList title="Worth a look; does not stop the signature" planId={planId} problems={warnings} />}
    </section>
  );
}

function ProblemList({ title, planId, problems }: { readonly title: string; readonly planId: string; readonly problems: Review['problems'] }): ReactNode {
  return (
    <>
      <h3 className="accord-small-heading">{title}</h3>
      <ul className="accord-sentences">
        {problems.map(({ section, field, label, message }, index) => (
          <li key={`${field}-${index}`}><Link href={`/plans/${planId}#${section}.${field}`}>{label}</Link>: {message.startsWith(`${label}: `) ? message.slice(label.length + 2) : message}</li>
        ))}
      </ul>
    </>
  );
}
