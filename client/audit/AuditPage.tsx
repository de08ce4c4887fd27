/** The audit trail of a plan: who did what, when, and whether the chain that proves it is whole. */
import { useMemo, useState, type ReactNode } from 'react';
import { formatDate, formatTimeWithSeconds } from '../../shared/domain/dates.ts';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import { useAudit } from '../data/plans.ts';
import { asProblem } from '../data/problem.ts';
import { PlanFrame } from '../plans/PlanFrame.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState, ProblemCallout } from '../ui/Callouts.tsx';
import { Select } from '../ui/Choice.tsx';
import { Skeleton } from '../ui/Loaded.tsx';
import { Tag } from '../ui/Tag.tsx';
import { actionsIn, byDay, matching, peopleIn, type AuditItem } from './auditDays.ts';

export function AuditPage({ planId }: { readonly planId: string }): ReactNode {
  return <PlanFrame planId={planId} title="Audit trail">{() => <Trail planId={planId} />}</PlanFrame>;
}

function Trail({ planId }: { readonly planId: string }): ReactNode {
  const audit = useAudit(planId);
  const [person, setPerson] = useState('');
  const [action, setAction] = useState('');
  const items = useMemo(() => audit.data?.pages.flatMap((page) => page.items) ?? [], [audit.data]);
  const chain = audit.data?.pages[0]?.chain;
  if (audit.isPending) return <Skeleton what="the audit trail" lines={10} />;
  if (!chain) return <ProblemCallout problem={asProblem(audit.error)} onRetry={() => void audit.refetch()} />;
  const shown = matching(items, person, action);
  return (
    <>
      {audit.error && <ProblemCallout problem={asProblem(audit.error)} onRetry={() => void audit.refetch()} />}
      <Verdict chain={chain} />
      <div className="accord-compare__choice">
        <Select id="audit-person" label="Person" value={person} empty="Everybody" options={peopleIn(items)} onChoose={setPerson} />
        <Select id="audit-action" label="Action" value={action} empty="Everything" options={actionsIn(items)} onChoose={setAction} />
      </div>
      <p className="accord-quiet">{shown.length} of {chain.entries} entries shown{items.length < chain.entries ? `; the newest ${items.length} are loaded` : ''}. Reading this page is recorded too.</p>
      {shown.length === 0 && <EmptyState title="No such entry among those loaded" />}
      {byDay(shown).map(({ day, items: entries }) => (
        <section key={day} aria-label={formatDate(day)}>
          <h2 className="accord-section-heading">{formatDate(day)}</h2>
          <ol className="accord-audit">{entries.map((entry) => <Entry key={entry.seq} entry={entry} />)}</ol>
        </section>
      ))}
      {audit.hasNextPage && <Button look="secondary" busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>Show older entries</Button>}
    </>
  );
}

function Verdict({ chain }: { readonly chain: { readonly ok: boolean; readonly entries: number; readonly firstBad?: number | undefined } }): ReactNode {
  if (chain.ok) return <div className="accord-callout accord-callout--signed"><h2 className="accord-callout__title">✓ The chain is whole</h2><p>All {chain.entries} entries were just checked: none is missing, changed or out of order.</p></div>;
  return (
    <div className="accord-callout accord-callout--error" role="alert">
      <h2 className="accord-callout__title">The chain is broken{chain.firstBad === undefined ? '' : ` at entry ${chain.firstBad}`}</h2>
      <p>An entry was changed or removed outside this service. Tell the privacy officer now; do not rely on entries from there on.</p>
    </div>
  );
}

function Entry({ entry }: { readonly entry: AuditItem }): ReactNode {
  const { actor } = entry;
  return (
    <li>
      <time dateTime={entry.at}>{formatTimeWithSeconds(entry.at)}</time>
      <span>
        {entry.sentence} {entry.outcome === 'refused' && <Tag colour="red">Refused</Tag>}
        {entry.reason !== undefined && <span className="accord-quiet"> Reason: {entry.reason}</span>}
        <span className="accord-caseload__small">
          {[actor.role !== undefined && (roleLabels[actor.role as Role] ?? actor.role), actor.organisation].filter(Boolean).join(', ')}{(actor.role ?? actor.organisation) && ' · '}entry {entry.seq} · <span className="accord-hash" title={entry.hash}>{entry.hash.slice(0, 8)}</span>
        </span>
      </span>
    </li>
  );
}
