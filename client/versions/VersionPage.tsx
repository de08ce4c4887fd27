/** One signed version: who signed it, when, what it says. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { PlanView, VersionView } from '../../shared/wire/plans.ts';
import { useVersion } from '../data/plans.ts';
import { PlanFrame } from '../plans/PlanFrame.tsx';
import { Details } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { SummaryList } from '../ui/SummaryList.tsx';
import { ageOf } from './age.ts';
import { ContentDocument } from './ContentDocument.tsx';
import { NewerDraft } from './NewerDraft.tsx';
import { PrintVersion } from './PrintVersion.tsx';
import { SealSteps } from './SealSteps.tsx';
import { signedWords } from './signedWords.ts';

export function VersionPage({ planId, number }: { readonly planId: string; readonly number: string }): ReactNode {
  const version = useVersion(planId, number);
  return (
    <PlanFrame planId={planId} title={`Signed version ${number}`} withoutStrip>
      {(plan) => <Loaded query={version} what="the version" lines={12}>{(found) => <Signed plan={plan} version={found} />}</Loaded>}
    </PlanFrame>
  );
}

function Signed({ plan, version }: { readonly plan: PlanView; readonly version: VersionView }): ReactNode {
  const newest = plan.latestVersion?.number ?? version.number;
  return (
    <>
      {newest > version.number && (
        <div className="accord-callout accord-callout--warning">
          <h2 className="accord-callout__title">This version is no longer in force</h2>
          <p><Link href={`/plans/${plan.id}/versions/${newest}`}>Version {newest}</Link> replaced it.</p>
        </div>
      )}
      {newest === version.number && <NewerDraft plan={plan} />}
      <div className="accord-callout accord-callout--signed">
        <h2 className="accord-callout__title">✓ Signed version {version.number}</h2>
        <p>{signedWords(version)} ({ageOf(version.signedAt)})</p>
      </div>
      <SealSteps version={version} />
      <p className="accord-no-print">
        {version.mayPrint && <><PrintVersion planId={plan.id} version={version.number} />{' '}</>}
        {version.number > 1 && <Link href={`/plans/${plan.id}/compare?from=${version.number - 1}&to=${version.number}`}>What changed since version {version.number - 1}</Link>}
      </p>
      <ContentDocument patient={version.patient} content={version.content} standing="signed" line={`Version ${version.number}. ${signedWords(version)}`} withheld={version.withheld} />
      <Details summary="What was signed, exactly">
        <SummaryList facts={[
          { label: 'Statement', value: version.statement },
          { label: 'Content hash (SHA-256)', value: <span className="accord-hash">{version.contentHash}</span> },
          { label: 'Hash of the version before', value: version.previousHash === null ? 'None: this is the first version' : <span className="accord-hash">{version.previousHash}</span> },
          { label: 'Signature (Ed25519)', value: <span className="accord-hash">{version.signature}</span> },
          { label: 'Key', value: <span className="accord-hash">{version.keyId}</span> },
        ]} />
      </Details>
    </>
  );
}
