/** Says that somebody has written since the latest signature. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { PlanView } from '../../shared/wire/plans.ts';

export function NewerDraft({ plan }: { readonly plan: PlanView }): ReactNode {
  if (plan.status !== 'changed' || !plan.latestVersion) return null;
  const { number } = plan.latestVersion;
  return (
    <div className="accord-callout accord-callout--draft">
      <h2 className="accord-callout__title">A newer draft exists</h2>
      <p>Somebody has written since version {number}. That is not signed, and urgent care does not see it. <Link href={`/plans/${plan.id}/compare?from=${number}&to=draft`}>What changed since version {number}</Link></p>
    </div>
  );
}
