/** The caseload: who needs me. */
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { PlanListItem } from '../../shared/wire/plans.ts';
import { useSubject } from '../collab/hooks.ts';
import { useCaseload } from '../data/plans.ts';
import { asProblem } from '../data/problem.ts';
import { useSession } from '../data/session.ts';
import { copiesHere } from '../offline/mark.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { ButtonLink } from '../ui/ButtonLink.tsx';
import { EmptyState, ProblemCallout } from '../ui/Callouts.tsx';
import { Select } from '../ui/Choice.tsx';
import { Skeleton } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { today } from '../ui/today.ts';
import { chosen, inOrder, type CaseloadOrder } from './caseload.ts';
import { CaseloadFilters } from './CaseloadFilters.tsx';
import { CaseloadTable } from './CaseloadTable.tsx';
import { TrailTable } from './TrailTable.tsx';

const HeldPlans = lazy(async () => ({ default: (await import('../offline/HeldPlans.tsx')).HeldPlans }));

/** Pages are fetched by themselves up to here, so that counts are counts of everybody for all but the longest lists. */
const rowsFetchedUnasked = 300;
const searchPauseMs = 300;

const orders: readonly { readonly value: CaseloadOrder; readonly label: string }[] = [
  { value: 'need', label: 'Who needs me first' }, { value: 'review', label: 'Review date' }, { value: 'name', label: 'Name' },
];

export function CaseloadPage(): ReactNode {
  const [typed, setTyped] = useState('');
  const query = usePaused(typed.trim());
  const list = useCaseload(query, '');
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && items.length < rowsFetchedUnasked) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, items.length]);
  const may = useSession().data?.may;
  const holds = useSubject(copiesHere);
  const mayCreate = may?.createPlan ?? false;

  return (
    <Page title="Caseload" wide>
      {holds && <Suspense fallback={null}><HeldPlans /></Suspense>}
      <div className="accord-caseload__tools">
        <TextInput id="caseload-search" label="Find a person" hint="Name or NHS number" type="search" value={typed} autoComplete="off" maxLength={100} onChange={(event) => setTyped(event.target.value)} />
        {mayCreate && <ButtonLink href="/plans/new">Add a person</ButtonLink>}
      </div>
      {list.error && <ProblemCallout problem={asProblem(list.error)} onRetry={() => void list.refetch()}>{items.length > 0 && <p>The list below may be out of date.</p>}</ProblemCallout>}
      {list.isPending ? <Skeleton what="the caseload" lines={8} /> : !list.error || items.length > 0 ? <Rows items={items} query={query} mayCreate={mayCreate} readsDrafts={may?.readDrafts ?? false} more={hasNextPage} /> : null}
      {hasNextPage && items.length >= rowsFetchedUnasked && <Button look="secondary" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show more people</Button>}
    </Page>
  );
}

function Rows({ items, query, mayCreate, readsDrafts, more }: {
  readonly items: readonly PlanListItem[]; readonly query: string; readonly mayCreate: boolean; readonly readsDrafts: boolean; readonly more: boolean;
}): ReactNode {
  const [stage, setStage] = useState('');
  const [on, setOn] = useState<readonly string[]>([]);
  const [order, setOrder] = useState<CaseloadOrder>('need');
  const day = today();
  const shown = useDeferredValue(useMemo(() => inOrder(chosen(items, stage, on, day), order, day), [items, stage, on, order, day]));
  useEffect(() => {
    if (query !== '') announce(`${items.length} found`);
  }, [query, items.length]);

  if (items.length === 0) {
    if (query !== '') return <EmptyState title={`Nobody found for “${query}”`}><p>Only people whose care team your organisation belongs to are searched.</p></EmptyState>;
    return (
      <EmptyState title="Nobody on the caseload yet">
        <p>A person appears here when their plan is begun by your organisation, or when your organisation is added to their care team.</p>
        {mayCreate && <ButtonLink href="/plans/new">Add the first person</ButtonLink>}
      </EmptyState>
    );
  }
  const everybody = `${items.length}${more ? ' or more' : ''} ${items.length === 1 ? 'person' : 'people'}`;
  if (!readsDrafts) {
    return (
      <>
        <p>{everybody}. What their plans say is for their care teams to read; you see who did what with them.</p>
        <TrailTable items={inOrder(items, 'name', day)} />
      </>
    );
  }
  return (
    <>
      <CaseloadFilters items={items} stage={stage} on={on} today={day} onStage={setStage} onToggle={setOn} />
      <div className="accord-caseload__count">
        <p>
          {shown.length === items.length ? everybody : `${shown.length} of ${items.length} people`}
        </p>
        <Select id="caseload-order" label="Order" value={order} options={orders} onChoose={(value) => setOrder(value as CaseloadOrder)} />
      </div>
      {shown.length === 0
        ? <EmptyState title="Nobody fits these filters"><Button look="secondary" onClick={() => { setStage(''); setOn([]); }}>Show everybody</Button></EmptyState>
        : <CaseloadTable items={shown} />}
    </>
  );
}

/** The value once it has not changed for a moment. */
function usePaused(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), searchPauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
