/** The signature itself: two identifiers ticked, the statement of meaning, one button. Nothing is called signed before the service has stored it. */
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { z } from 'zod';
import { formatDate, formatDateTime } from '../../shared/domain/dates.ts';
import { differenceItem, type PlanView, type Review, type versionItem } from '../../shared/wire/plans.ts';
import { useSignVersion } from '../data/commands.ts';
import { asProblem, type ApiProblem } from '../data/problem.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { Checkbox } from '../ui/Choice.tsx';
import { useOnce } from '../ui/useOnce.ts';
import { Differences } from './Differences.tsx';
import { ProveAgain, useKeptTicks } from './ProveAgain.tsx';

interface SignFormProps {
  readonly plan: PlanView;
  readonly review: Review;
  readonly ready: boolean;
  readonly onSigned: (version: z.infer<typeof versionItem>) => void;
  readonly onReadAgain: () => void;
}

export function SignForm({ plan, review, ready, onSigned, onReadAgain }: SignFormProps): ReactNode {
  const sign = useSignVersion(plan.id);
  const once = useOnce();
  const kept = useKeptTicks(review);
  const [name, setName] = useState(kept.name);
  const [born, setBorn] = useState(kept.born);
  const [asked, setAsked] = useState(false);
  if (!review.maySign) return <section><h2 className="accord-section-heading">Signature</h2><p>{plan.status === 'closed' ? 'The plan is closed.' : 'A coordinator of the care team signs. You can read what will be signed, and put right what is missing.'}</p></section>;

  const submit = (): void => {
    setAsked(true);
    if (!name || !born || !ready || sign.isPending) return;
    const order = { position: review.position, contentHash: review.contentHash, statement: review.statement };
    sign.mutate({ order, once: once(order) }, {
      onSuccess: (version) => {
        announce(`Version ${version.number} is signed`);
        onSigned(version);
      },
    });
  };
  const problem = sign.error ? asProblem(sign.error) : undefined;
  const moved = problem?.code === 'changed-since-read';
  const again = problem?.code === 'fresh-sign-in-needed';
  return (
    <form className="accord-card accord-sign-form" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <h2 className="accord-section-heading">Signature</h2>
      {moved && <ChangedSinceRead problem={problem} onReadAgain={onReadAgain} />}
      {again && <ProveAgain planId={plan.id} review={review} name={name} born={born} />}
      {problem && !moved && !again && <ProblemCallout problem={problem}><p>Nothing was signed, as far as this screen knows.{problem.code === 'unreachable' && ' Pressing the button again is safe: it cannot sign twice.'}</p></ProblemCallout>}
      {!moved && (
        <>
          <p>Is this the right person?</p>
          <div className="nhsuk-checkboxes nhsuk-checkboxes--small">
            <Checkbox id="sign-name" label={<>Family name <strong>{review.patient.familyName.toLocaleUpperCase('en-GB')}</strong></>} checked={name} onChange={setName} />
            <Checkbox id="sign-born" label={<>Born <strong>{formatDate(review.patient.birthDate)}</strong></>} checked={born} onChange={setBorn} />
          </div>
          {asked && !(name && born) && <p className="nhsuk-error-message" role="alert">Check the family name and the date of birth, and tick both.</p>}
          <p className="accord-statement">{review.statement}</p>
          <Button type="submit" busy={sign.isPending} disabled={!ready} aria-describedby={ready ? undefined : 'sign-not-ready'}>{sign.isPending ? 'Signing: not signed yet…' : `Sign version ${review.nextNumber}`}</Button>
          {!ready && <p id="sign-not-ready">It can be signed once nothing stands in the way.</p>}
        </>
      )}
    </form>
  );
}

const winnerOf = z.object({ number: z.number().int(), signedBy: z.string(), signedAt: z.string() });

/** The plan moved between reading and signing: what changed, and the way to read it. */
function ChangedSinceRead({ problem, onReadAgain }: { readonly problem: ApiProblem; readonly onReadAgain: () => void }): ReactNode {
  const winner = winnerOf.safeParse(problem.more['winner']);
  const changes = z.array(differenceItem).safeParse(problem.more['changes']);
  return (
    <div className="accord-callout accord-callout--warning" role="alert">
      <h3 className="accord-callout__title">Not signed: {winner.success ? 'somebody else signed first' : 'the plan changed since you read it'}</h3>
      {winner.success ? <p>{winner.data.signedBy} signed version {winner.data.number} at {formatDateTime(winner.data.signedAt)}.</p> : <p>{problem.detail}</p>}
      {changes.success && changes.data.length > 0 && (
        <>
          <p><strong>What changed:</strong></p>
          <Differences items={changes.data} />
        </>
      )}
      <Button onClick={onReadAgain}>Read again</Button>
      {winner.success && <p><Link href="/">Back to the caseload</Link></p>}
    </div>
  );
}
