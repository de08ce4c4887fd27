/** Every signed version of a plan, newest first. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { z } from 'zod';
import { formatDateTime } from '../../shared/domain/dates.ts';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import type { PlanView, versionItem } from '../../shared/wire/plans.ts';
import { useVersions } from '../data/plans.ts';
import { PlanFrame } from '../plans/PlanFrame.tsx';
import { EmptyState } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Table, type TableColumn } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import { ageOf } from './age.ts';
import { NewerDraft } from './NewerDraft.tsx';
import { shortHash } from './shortHash.ts';

type Item = z.infer<typeof versionItem> & { readonly planId: string };

export function VersionsPage({ planId }: { readonly planId: string }): ReactNode {
  return <PlanFrame planId={planId} title="Signed versions">{(plan) => <Versions plan={plan} />}</PlanFrame>;
}

function Versions({ plan }: { readonly plan: PlanView }): ReactNode {
  const versions = useVersions(plan.id);
  return (
    <Loaded query={versions} what="the versions">
      {({ items }) => items.length === 0 ? (
        <EmptyState title="Never signed">
          <p>What is written so far is a draft. Urgent care sees a plan only after it is signed.</p>
          <p><Link href={`/plans/${plan.id}/sign-off`}>Review the draft</Link></p>
        </EmptyState>
      ) : (
        <>
          <NewerDraft plan={plan} />
          <Table caption="Signed versions" captionHidden columns={columns} rows={items.map((item) => ({ ...item, planId: plan.id }))} rowKey={({ number }) => String(number)} />
        </>
      )}
    </Loaded>
  );
}

const columns: readonly TableColumn<Item>[] = [
  { id: 'number', heading: 'Version', rowHeader: true, cell: ({ planId, number, latest }) => <><Link href={`/plans/${planId}/versions/${number}`}>Version {number}</Link> {latest && <Tag colour="signed">✓ In force</Tag>}</> },
  { id: 'signed', heading: 'Signed', cell: ({ signedAt }) => <>{formatDateTime(signedAt)} <span className="accord-caseload__small">{ageOf(signedAt)}</span></> },
  { id: 'by', heading: 'By', cell: ({ signedBy }) => <>{signedBy.name} <span className="accord-caseload__small">{roleLabels[signedBy.role as Role] ?? signedBy.role}, {signedBy.organisation}</span></> },
  { id: 'hash', heading: 'Content hash', cell: ({ contentHash }) => <span className="accord-hash">{shortHash(contentHash)}</span> },
  { id: 'compare', heading: 'Compare', cell: ({ planId, number }) => number > 1 ? <Link href={`/plans/${planId}/compare?from=${number - 1}&to=${number}`}>With version {number - 1}</Link> : <span className="accord-quiet">first version</span> },
];
