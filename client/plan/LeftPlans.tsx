/** On every page: what was written in a plan that was left and is only on this screen yet, until it is saved or its person is done with it. */
import './plan.scss';
import '../offline/offline.scss';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { bannerName } from '../../shared/domain/names.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { useOwner } from '../app/owner.ts';
import { useSubject } from '../collab/hooks.ts';
import { signInAddress } from '../identity/back.ts';
import { WordsToCopy } from '../offline/WordsToCopy.tsx';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { openPlans, type OpenPlan } from './openPlans.ts';
import { useFollowSession } from './planAccess.ts';
import { saveWords } from './SaveIndicator.tsx';

/** A plan whose last words are saved within this time is not spoken of, in milliseconds. */
const quietMs = 2_000;

export function LeftPlans(): ReactNode {
  const plans = useSubject(openPlans.left);
  return plans.length > 0 && <div className="accord-page plan-left">{plans.map((plan) => <Left key={`${plan.view.id} ${plan.hideRestricted}`} plan={plan} />)}</div>;
}

const sentence = (words: string): string => (/[.…]$/.test(words) ? words : `${words}.`);

function Left({ plan: { view, connection, personId } }: { readonly plan: OpenPlan }): ReactNode {
  useFollowSession(connection, personId);
  const status = useSubject(connection.status);
  const kept = useSubject(connection.kept);
  const owner = useOwner();
  const told = useRef(false);
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), quietMs);
    return () => clearTimeout(timer);
  }, []);
  const name = bannerName(view.patient);
  useEffect(() => () => {
    if (told.current && connection.unsavedFields === 0 && connection.status.value.kind === 'saved') announce(`What you wrote for ${name} is saved.`);
  }, [connection, name]);
  const count = Math.max(connection.unsavedFields, kept.length);
  const waits = status.kind === 'saving' || status.kind === 'loading' || status.kind === 'saved';
  if (count === 0 || (waits && kept.length === 0 && !late)) return null;
  told.current = true;
  const who = <p><strong>{name}</strong> <span className="accord-nowrap">NHS No. {formatNhsNumber(view.patient.nhsNumber)}</span></p>;
  if (kept.length === 0) {
    const changes = count === 1 ? '1 change' : `${count} changes`;
    return (
      <section className="accord-callout accord-callout--warning" aria-label={`Not saved yet: ${name}`} role="status">
        <h2 className="accord-callout__title">{changes} in a plan that you left {count === 1 ? 'is' : 'are'} not saved yet</h2>
        {who}
        <p>{sentence(saveWords(status))} Keep this page open: what you wrote is sent by itself. <Link href={`/plans/${view.id}`}>Go back to the plan</Link></p>
        <details><summary>What is not saved</summary><WordsToCopy texts={connection.onlyHere} /></details>
      </section>
    );
  }
  const signedOut = status.kind === 'stopped' && (status.why === 'sign-in' || status.why === 'other-person');
  return (
    <section className="accord-callout accord-callout--error" aria-label={`Not saved: ${name}`} role="alert">
      <h2 className="accord-callout__title">Not saved, in a plan that you left</h2>
      {who}
      {signedOut && <p><a href={signInAddress(location.pathname + location.search)} target="_blank" rel="noopener">Sign in again</a> in a new tab{owner && ` as ${owner.person.name}`}, then come back to this one: it is sent then. Or copy it.</p>}
      <WordsToCopy texts={kept} />
      <Button small look="secondary" onClick={() => connection.dismissKept()}>I have what I need: remove it</Button>
    </section>
  );
}
