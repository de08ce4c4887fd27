/** Draft, signed, changed since, closed: in words, each with its own look. */
import type { ReactNode } from 'react';
import { formatDateTime } from '../../shared/domain/dates.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import { Tag } from '../ui/Tag.tsx';

interface PlanStateProps {
  readonly status: PlanView['status'];
  readonly latestVersion: PlanView['latestVersion'];
}

export function PlanState({ status, latestVersion }: PlanStateProps): ReactNode {
  const version = latestVersion && `version ${latestVersion.number}`;
  const signed = latestVersion && <>{version}<OnWide> ({formatDateTime(latestVersion.signedAt)}, {latestVersion.signedBy})</OnWide></>;
  if (status === 'draft') return <p className="accord-state"><Tag colour="draft">Draft</Tag> never signed<OnWide> · urgent care sees nothing of this plan</OnWide></p>;
  if (status === 'signed') return <p className="accord-state"><Tag colour="signed">✓ Signed</Tag> {signed}</p>;
  if (status === 'changed') return <p className="accord-state"><Tag colour="draft">Draft</Tag> changed since {signed}<OnWide> · urgent care reads {version}</OnWide></p>;
  return <p className="accord-state"><Tag colour="navy">Closed</Tag> nobody can write in this plan any more{signed && <> · last signed: {signed}</>}</p>;
}

/** Explanation that a small screen does without. */
const OnWide = ({ children }: { readonly children: ReactNode }): ReactNode => <span className="accord-only-wide">{children}</span>;

/** The short form for a table. */
export function PlanStateTag({ status, versionNumber }: { readonly status: PlanView['status']; readonly versionNumber: number | undefined }): ReactNode {
  if (status === 'draft') return <Tag colour="draft">Draft</Tag>;
  if (status === 'signed') return <Tag colour="signed">✓ Signed v{versionNumber}</Tag>;
  if (status === 'changed') return <Tag colour="draft">Changed since v{versionNumber}</Tag>;
  return <Tag colour="navy">Closed</Tag>;
}
