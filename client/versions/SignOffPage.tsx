/** Sign-off: on the left exactly what will be signed, on the right whether it is ready and the one button that signs it. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { z } from 'zod';
import { formatDateTime } from '../../shared/domain/dates.ts';
import type { PlanView, Review, versionItem } from '../../shared/wire/plans.ts';
import { usePlan } from '../data/plans.ts';
import { useReview } from '../data/review.ts';
import { PlanFrame } from '../plans/PlanFrame.tsx';
import { Button } from '../ui/Button.tsx';
import { Details } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { ContentDocument } from './ContentDocument.tsx';
import { Differences } from './Differences.tsx';
import { Readiness } from './Readiness.tsx';
import { SignForm } from './SignForm.tsx';
import { sameWords } from './sameWords.ts';
import { shortHash } from './shortHash.ts';

/** How often the screen asks whether the plan has moved on while somebody reads. */
const checkEveryMs = 10_000;

export function SignOffPage({ planId }: { readonly planId: string }): ReactNode {
  const review = useReview(planId);
  // A new reading is a new form: nothing ticked for one text counts for another.
  const [reading, setReading] = useState(0);
  const readAgain = (): void => {
    void review.refetch().then(() => {
      setReading((count) => count + 1);
      window.scrollTo(0, 0);
    });
  };
  return (
    <PlanFrame planId={planId} title="Review and sign" wide>
      {(plan) => <Loaded query={review} what="what will be signed" lines={14}>{(found) => <SignOff key={reading} plan={plan} review={found} onReadAgain={readAgain} busy={review.isFetching} />}</Loaded>}
    </PlanFrame>
  );
}

interface SignOffProps {
  readonly plan: PlanView;
  readonly review: Review;
  readonly onReadAgain: () => void;
  readonly busy: boolean;
}

function SignOff({ plan, review, onReadAgain, busy }: SignOffProps): ReactNode {
  const [signed, setSigned] = useState<z.infer<typeof versionItem>>();
  if (signed) return <SignedNow plan={plan} version={signed} />;
  const blocking = review.problems.filter(({ severity }) => severity === 'blocks');
  const ready = blocking.length === 0 && review.disputed.length === 0;
  return (
    <div className="accord-sign-off">
      <div className="accord-sign-off__paper">
        <p className="accord-only-narrow"><a href="#sign-off-desk">{ready ? 'Ready to be signed' : 'Not ready to be signed'}: go to the signature</a></p>
        <ContentDocument patient={review.patient} content={review.content} standing="draft" line={`Draft for version ${review.nextNumber}. Not signed: urgent care does not see it.`} />
      </div>
      <aside className="accord-sign-off__desk" id="sign-off-desk" tabIndex={-1} aria-label="Sign-off">
        <Moved plan={plan} review={review} onReadAgain={onReadAgain} busy={busy} />
        <Readiness planId={plan.id} problems={review.problems} disputed={review.disputed} />
        <Changes plan={plan} review={review} />
        <SignForm plan={plan} review={review} ready={ready} onSigned={setSigned} onReadAgain={onReadAgain} />
        <p className="accord-quiet">Content hash <span className="accord-hash" title={review.contentHash}>{shortHash(review.contentHash)}</span> · read at position {review.position}</p>
      </aside>
    </div>
  );
}

/** Notices, before anybody signs, that the plan has moved on. The service checks again and decides. */
function Moved({ plan, review, onReadAgain, busy }: SignOffProps): ReactNode {
  const now = usePlan(plan.id, checkEveryMs).data ?? plan;
  if (now.position <= review.position) return null;
  return (
    <div className="accord-callout accord-callout--warning">
      <h2 className="accord-callout__title">The plan changed while you were reading</h2>
      <p>What you see on this page is older than the plan, so it cannot be signed.</p>
      <Button small busy={busy} onClick={onReadAgain}>Read the plan as it is now</Button>
    </div>
  );
}

function Changes({ plan, review }: { readonly plan: PlanView; readonly review: Review }): ReactNode {
  const { changes } = review;
  if (!plan.latestVersion) return <section><h2 className="accord-section-heading">Changes</h2><p>This will be the first signed version.</p></section>;
  const { number } = plan.latestVersion;
  if (changes.length === 0) return <section><h2 className="accord-section-heading">Changes</h2><p>{sameWords(String(number), 'draft')}</p></section>;
  return (
    <section>
      <h2 className="accord-section-heading">{changes.length} {changes.length === 1 ? 'change' : 'changes'} since version {number}</h2>
      <ul className="accord-sentences">
        {changes.map((change, index) => <li key={`${change.field}-${index}`}><a href={`#${change.section}.${change.field}`}>{change.label}</a>: {change.sentence.replace(`${change.label} `, '')}</li>)}
      </ul>
      <Details summary="Word for word"><Differences items={changes} /></Details>
    </section>
  );
}

function SignedNow({ plan, version }: { readonly plan: PlanView; readonly version: z.infer<typeof versionItem> }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that had focus is gone: go on where the news is.
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="accord-callout accord-callout--signed">
      <h2 className="accord-callout__title" ref={heading} tabIndex={-1}>✓ Version {version.number} is signed</h2>
      <p>Signed {formatDateTime(version.signedAt)} by {version.signedBy.name}. From now on urgent care reads this version.</p>
      <p>Content hash <span className="accord-hash">{shortHash(version.contentHash)}</span></p>
      <p><Link href={`/plans/${plan.id}/versions/${version.number}`}>Open version {version.number}</Link> · <Link href={`/plans/${plan.id}`}>Back to the plan</Link> · <Link href="/">Caseload</Link></p>
    </div>
  );
}
