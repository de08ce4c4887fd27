/** The caseload of somebody who may not read what plans say: who has one, how it stands, and the way to its audit trail. Nothing clinical, so that nothing withheld can look as if it were missing. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatDateTime } from '../../shared/domain/dates.ts';
import { bannerName } from '../../shared/domain/names.ts';
import type { PlanListItem } from '../../shared/wire/plans.ts';
import { Table, type TableColumn } from '../ui/Table.tsx';
import { PersonCell } from './PersonCell.tsx';
import { PlanStateTag } from './PlanState.tsx';

const trailOf = (id: string): string => `/plans/${id}/audit`;

const columns: readonly TableColumn<PlanListItem>[] = [
  { id: 'person', heading: 'Person', rowHeader: true, cell: ({ id, patient }) => <PersonCell patient={patient} href={trailOf(id)} /> },
  { id: 'plan', heading: 'Plan', cell: ({ status, latestVersion }) => <PlanStateTag status={status} versionNumber={latestVersion?.number} /> },
  { id: 'changed', heading: 'Last changed', cell: ({ lastChanged }) => (lastChanged ? <>{lastChanged.by}, <span className="accord-nowrap">{formatDateTime(lastChanged.at)}</span></> : <span className="accord-quiet">never</span>) },
  { id: 'trail', heading: 'Who did what', cell: ({ id, patient }) => <Link href={trailOf(id)}>Audit trail<span className="nhsuk-u-visually-hidden"> of {bannerName(patient)}</span></Link> },
];

export function TrailTable({ items }: { readonly items: readonly PlanListItem[] }): ReactNode {
  return <Table caption="Caseload" captionHidden columns={columns} rows={items} rowKey={({ id }) => id} />;
}
