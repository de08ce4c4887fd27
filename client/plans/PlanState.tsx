/** Draft, signed, changed since, closed: in words, each with its own look. */
import type { ReactNode } from 'react';
import { formatDateTime } from '../../shared/domain/dates.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import { Tag } from '../ui/Tag.tsx';

interface PlanStateProps {
  readonly status: PlanView['status'];
  readonly latestVersion: PlanView['latestVersion'];
  readonly changesSince: number | undefined;
}

export function PlanState({ status, latestVersion, changesSince }: PlanStateProps): ReactNode {
  const signed = latestVersion && `version ${latestVersion.number}, signed ${formatDateTime(latestVersion.signedAt)} by ${latestVersion.signedBy}`;
  if (status === 'draft') return <p className="accord-state"><Tag colour="draft">Draft</Tag> Never signed<OnWide>: urgent care sees nothing of this plan.</OnWide></p>;
  if (status === 'signed') return <p className="accord-state"><Tag colour="signed">✓ Signed</Tag> As in {signed}.</p>;
  if (status === 'changed') return <p className="accord-state"><Tag colour="draft">Draft</Tag> {changesWords(changesSince)} since {signed}. <OnWide>Not signed: urgent care still reads the signed version.</OnWide></p>;
  return <p className="accord-state"><Tag colour="navy">Closed</Tag> Nobody can write in this plan any more.{signed && ` Last: ${signed}.`}</p>;
}

/** Explanation that a small screen does without. */
const OnWide = ({ children }: { readonly children: ReactNode }): ReactNode => <span className="accord-only-wide">{children}</span>;

const changesWords = (count: number | undefined): string => (count === undefined ? 'Changed' : `${count} ${count === 1 ? 'change' : 'changes'}`);

/** The short form for a table. */
export function PlanStateTag({ status, versionNumber }: { readonly status: PlanView['status']; readonly versionNumber: number | undefined }): ReactNode {
  if (status === 'draft') return <Tag colour="draft">Draft</Tag>;
  if (status === 'signed') return <Tag colour="signed">✓ Signed v{versionNumber}</Tag>;
  if (status === 'changed') return <Tag colour="draft">Changed since v{versionNumber}</Tag>;
  return <Tag colour="navy">Closed</Tag>;
}
