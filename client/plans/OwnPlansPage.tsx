/** For whoever has no caseload: the signed version of the plan that is theirs, or of those that they inspect. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatDateTime } from '../../shared/domain/dates.ts';
import { useOwnPlans, useVersion } from '../data/plans.ts';
import { EmptyState } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { ContentDocument } from '../versions/ContentDocument.tsx';
import { signedWords } from '../versions/signedWords.ts';

export function OwnPlansPage(): ReactNode {
  const plans = useOwnPlans();
  return (
    <Page title="Signed plans">
      <Loaded query={plans} what="the plans">
        {({ items }) => (items.length === 0
          ? <EmptyState title="No plan is open to you"><p>Ask the palliative coordination team, who can link you to a plan.</p></EmptyState>
          : items.map((plan) => <One key={plan.planId} {...plan} />))}
      </Loaded>
    </Page>
  );
}

function One({ planId, kind, relationship, until, latestVersion }: { readonly planId: string; readonly kind: string; readonly relationship: string; readonly until: string | null; readonly latestVersion: number | null }): ReactNode {
  return (
    <section aria-label={relationship}>
      <p className="accord-quiet">{relationship}{until !== null && ` · until ${formatDateTime(until)}`}{kind === 'inspection' && <> · <Link href={`/plans/${planId}/audit`}>Audit trail</Link></>}{kind === 'own' && <> · <Link href={`/plans/${planId}/looked`}>Who has looked at my plan</Link></>}</p>
      {latestVersion === null ? <EmptyState title="Nothing has been signed yet" /> : <Signed planId={planId} number={String(latestVersion)} />}
    </section>
  );
}

function Signed({ planId, number }: { readonly planId: string; readonly number: string }): ReactNode {
  const version = useVersion(planId, number);
  return (
    <Loaded query={version} what="the signed plan" lines={12}>
      {(found) => <ContentDocument patient={found.patient} content={found.content} standing="signed" line={`Version ${found.number}. ${signedWords(found)}`} withheld={found.withheld} />}
    </Loaded>
  );
}
