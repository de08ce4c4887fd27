/** The audit trail of a plan: who did what, when, and whether the chain that proves it is whole. */
import { useMemo, useState, type ReactNode } from 'react';
import { sections } from '../../shared/content/standard.ts';
import { formatDate, formatDateTime, formatTimeWithSeconds } from '../../shared/domain/dates.ts';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import type { AuditList } from '../../shared/wire/plans.ts';
import { everything, filterSearch, useAudit, type TrailFilter } from '../data/audit.ts';
import { asProblem } from '../data/problem.ts';
import { PlanFrame } from '../plans/PlanFrame.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState, ProblemCallout } from '../ui/Callouts.tsx';
import { Select } from '../ui/Choice.tsx';
import { Skeleton } from '../ui/Loaded.tsx';
import { Tag } from '../ui/Tag.tsx';
import { byDay, kindOptions, type AuditItem } from './auditDays.ts';
import { TrailDays } from './TrailDays.tsx';

export function AuditPage({ planId }: { readonly planId: string }): ReactNode {
  return <PlanFrame planId={planId} title="Audit trail">{(plan) => <Trail planId={planId} sectionIds={plan.sections.filter(({ access }) => access !== 'none').map(({ id }) => id)} />}</PlanFrame>;
}

function Trail({ planId, sectionIds }: { readonly planId: string; readonly sectionIds: readonly string[] }): ReactNode {
  const [filter, setFilter] = useState<TrailFilter>(everything);
  const audit = useAudit(planId, filter);
  const items = useMemo(() => audit.data?.pages.flatMap((page) => page.items) ?? [], [audit.data]);
  const first = audit.data?.pages[0];
  if (audit.isPending) return <Skeleton what="the audit trail" lines={10} />;
  if (!first) return <ProblemCallout problem={asProblem(audit.error)} onRetry={() => void audit.refetch()} />;
  const set = (part: Partial<TrailFilter>): void => setFilter({ ...filter, ...part });
  // Somebody who reads no text may still see that a section was written in.
  const titled = sections.filter(({ id, restricted }) => (sectionIds.length === 0 ? !restricted : sectionIds.includes(id)));
  const search = filterSearch(filter);
  return (
    <>
      {audit.error && <ProblemCallout problem={asProblem(audit.error)} onRetry={() => void audit.refetch()} />}
      <Verdict chain={first.chain} sealed={first.sealed} />
      <div className="accord-trail__choice accord-no-print">
        <Select id="audit-person" label="Person" value={filter.person} empty="Everybody" options={first.people.map(({ id, name }) => ({ value: id, label: name }))} onChoose={(person) => set({ person })} />
        <Select id="audit-kind" label="What was done" value={filter.kind} empty="Everything" options={kindOptions} onChoose={(kind) => set({ kind })} />
        <Select id="audit-section" label="Section" value={filter.section} empty="Every section" options={titled.map(({ id, title }) => ({ value: id, label: title }))} onChoose={(section) => set({ section })} />
        <TrailDays from={filter.from} to={filter.to} onChange={set} />
      </div>
      <p className="accord-quiet">
        {search === '' ? `${items.length} of ${first.chain.entries} entries shown` : `${items.length}${audit.hasNextPage ? ' or more' : ''} of ${first.chain.entries} entries fit`}. Reading this page is recorded too.{' '}
        <a className="accord-no-print" href={`/api/plans/${planId}/audit/fhir${search === '' ? '' : `?${search}`}`} download={`audit-${planId}.json`}>Export as FHIR AuditEvents</a>
      </p>
      {items.length === 0 && <EmptyState title="No such entry"><Button look="secondary" onClick={() => setFilter(everything)}>Show everything</Button></EmptyState>}
      {byDay(items).map(({ day, items: entries }) => (
        <section key={day} aria-label={formatDate(day)}>
          <h2 className="accord-section-heading">{formatDate(day)}</h2>
          <ol className="accord-audit">{entries.map((entry) => <Entry key={entry.seq} entry={entry} />)}</ol>
        </section>
      ))}
      {audit.hasNextPage && <Button look="secondary" busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>Show older entries</Button>}
    </>
  );
}

function Verdict({ chain, sealed }: Pick<AuditList, 'chain' | 'sealed'>): ReactNode {
  const inLog = sealed === null ? 'None of them is sealed in the audit log yet; that takes a few seconds.' : `${sealed.entries === chain.entries ? 'All' : `The first ${sealed.entries}`} of them are sealed in the audit log, the last on ${formatDateTime(sealed.at)}.`;
  if (chain.ok) return <div className="accord-callout accord-callout--signed"><h2 className="accord-callout__title">✓ The chain is whole</h2><p>All {chain.entries} entries were just checked: none is missing, changed or out of order. {inLog}</p></div>;
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
        <span className="accord-caseload__small">
          {[actor.role !== undefined && (roleLabels[actor.role as Role] ?? actor.role), actor.organisation].filter(Boolean).join(', ')}{(actor.role ?? actor.organisation) && ' · '}entry {entry.seq} · <span className="accord-hash" title={entry.hash}>{entry.hash.slice(0, 8)}</span>
        </span>
      </span>
    </li>
  );
}
