/** Two versions, or a version and the draft, side by side in plain English. */
import type { ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { formatDateTime } from '../../shared/domain/dates.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import { useComparison, useVersions } from '../data/plans.ts';
import { PlanFrame } from '../plans/PlanFrame.tsx';
import { EmptyState } from '../ui/Callouts.tsx';
import { Select } from '../ui/Choice.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Differences } from './Differences.tsx';
import { sameWords } from './sameWords.ts';

export function ComparePage({ planId }: { readonly planId: string }): ReactNode {
  return <PlanFrame planId={planId} title="Compare">{(plan) => <Compare plan={plan} />}</PlanFrame>;
}

function Compare({ plan }: { readonly plan: PlanView }): ReactNode {
  const search = new URLSearchParams(useSearch());
  const [path, navigate] = useLocation();
  const versions = useVersions(plan.id);
  const newest = plan.latestVersion?.number;
  const from = search.get('from') ?? String(newest ?? '');
  const to = search.get('to') ?? 'draft';
  const comparison = useComparison(plan.id, from, to, from !== '');
  if (newest === undefined) return <EmptyState title="Nothing to compare with"><p>No version is signed yet.</p></EmptyState>;

  const go = (next: { readonly from?: string; readonly to?: string }): void => navigate(`${path}?${new URLSearchParams({ from, to, ...next })}`, { replace: true });
  return (
    <Loaded query={versions} what="the versions">
      {({ items }) => {
        const named = items.map(({ number, signedAt }) => ({ value: String(number), label: `Version ${number}, signed ${formatDateTime(signedAt)}` }));
        const ends = plan.status === 'closed' ? named : [{ value: 'draft', label: 'Draft as it stands now' }, ...named];
        return (
          <>
            <div className="accord-compare__choice">
              <Select id="compare-from" label="From" value={from} options={named} onChoose={(value) => go({ from: value })} />
              <Select id="compare-to" label="To" value={to} options={ends} onChoose={(value) => go({ to: value })} />
            </div>
            <Loaded query={comparison} what="the differences">
              {({ differences }) => differences.length === 0
                ? <EmptyState title="No differences"><p>{sameWords(from, to)}</p></EmptyState>
                : (
                  <>
                    <p>{differences.length} {differences.length === 1 ? 'difference' : 'differences'} between version {from} and {to === 'draft' ? 'the draft, which is not signed' : `version ${to}`}. Struck-out words were removed, underlined words were added.</p>
                    <Differences items={differences} />
                  </>
                )}
            </Loaded>
          </>
        );
      }}
    </Loaded>
  );
}
