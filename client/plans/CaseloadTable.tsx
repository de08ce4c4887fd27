/** The rows of the caseload: a table on a desk, cards on a phone. */
import type { ReactNode } from 'react';
import { formatDate, formatDateTime } from '../../shared/domain/dates.ts';
import type { PlanListItem } from '../../shared/wire/plans.ts';
import { AvatarRow } from '../ui/Avatar.tsx';
import { StageTag } from '../ui/StageTag.tsx';
import { Table, type TableColumn } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import { missingOf } from './caseload.ts';
import { factsFromSummary, say, type FactName } from './facts.ts';
import { PersonCell } from './PersonCell.tsx';
import { PlanStateTag } from './PlanState.tsx';
import { ReviewDue } from './ReviewDue.tsx';

const columns: readonly TableColumn<PlanListItem>[] = [
  { id: 'person', heading: 'Person', rowHeader: true, cell: ({ id, patient }) => <PersonCell patient={patient} href={`/plans/${id}`} /> },
  { id: 'stage', heading: 'Stage', cell: (item) => item.summary.disputed.includes('gsfStage') ? <Tag colour="disputed">Disputed</Tag> : <StageTag stage={item.stage} /> },
  { id: 'illness', heading: 'Illness', cell: (item) => <FactCell item={item} name="diagnosis" /> },
  { id: 'place', heading: 'Preferred place', cell: (item) => <FactCell item={item} name="preferredPlaceOfDeath" /> },
  { id: 'cpr', heading: 'CPR', cell: (item) => <FactCell item={item} name="cpr" /> },
  { id: 'review', heading: 'Review', cell: (item) => <ReviewCell item={item} /> },
  { id: 'plan', heading: 'Plan', cell: (item) => <PlanCell item={item} /> },
  { id: 'todo', heading: 'To do', cell: (item) => <ToDoCell item={item} /> },
  { id: 'now', heading: 'In it now', cell: ({ presentNow }) => presentNow.length > 0 ? <AvatarRow people={presentNow} shown={3} /> : <span className="accord-quiet">nobody</span> },
];

export function CaseloadTable({ items }: { readonly items: readonly PlanListItem[] }): ReactNode {
  return <Table caption="Caseload" captionHidden columns={columns} rows={items} rowKey={({ id }) => id} />;
}

function FactCell({ item, name }: { readonly item: PlanListItem; readonly name: FactName }): ReactNode {
  const said = say(factsFromSummary(item.summary), name);
  if (said.state === 'missing') return <span className="accord-quiet">not recorded</span>;
  return said.state === 'disputed' ? <Tag colour="disputed">Disputed</Tag> : said.text;
}

function ReviewCell({ item }: { readonly item: PlanListItem }): ReactNode {
  if (item.summary.disputed.includes('reviewDue')) return <Tag colour="disputed">Disputed</Tag>;
  if (item.reviewDue === undefined) return <span className="accord-quiet">no date</span>;
  if (item.status === 'closed') return formatDate(item.reviewDue);
  return <ReviewDue due={item.reviewDue} />;
}

/** Signed or not, and who changed it last. */
function PlanCell({ item: { status, latestVersion, lastChanged } }: { readonly item: PlanListItem }): ReactNode {
  return (
    <>
      <PlanStateTag status={status} versionNumber={latestVersion?.number} />
      {lastChanged && <span className="accord-caseload__small">{lastChanged.by}, <span className="accord-nowrap">{formatDateTime(lastChanged.at)}</span></span>}
    </>
  );
}

/** What is missing, and how many actions are open. Long lists are folded behind their count: a new plan misses nearly everything. */
function ToDoCell({ item }: { readonly item: PlanListItem }): ReactNode {
  const missing = missingOf(item);
  const actions = item.openActions > 0 && <span className="accord-caseload__line">{item.openActions} open {item.openActions === 1 ? 'action' : 'actions'}</span>;
  if (missing.length === 0) return actions || <span className="accord-quiet">nothing</span>;
  return (
    <>
      {missing.length <= 2 ? <span className="accord-caseload__line">Missing: {missing.join(', ')}</span> : (
        <details className="accord-caseload__missing">
          <summary>{missing.length} things missing</summary>
          {missing.join(', ')}
        </details>
      )}
      {actions}
    </>
  );
}
