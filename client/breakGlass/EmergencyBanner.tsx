/** Says on every page of the plan that it is open in an emergency only, for how long still, and ends it. */
import { useEffect, useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { formatTime } from '../../shared/domain/dates.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import { useEndBreakGlass } from '../data/breakGlass.ts';
import { asProblem } from '../data/problem.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { useHeightOnPage } from '../ui/heightOnPage.ts';

const minuteMs = 60_000;

export function EmergencyBanner({ plan }: { readonly plan: PlanView }): ReactNode {
  return plan.breakGlassUntil ? <Running planId={plan.id} until={plan.breakGlassUntil} /> : null;
}

function Running({ planId, until }: { readonly planId: string; readonly until: string }): ReactNode {
  const end = useEndBreakGlass(planId);
  const [, navigate] = useLocation();
  const left = useMinutesLeft(until);
  const box = useHeightOnPage('--emergency-height');
  return (
    <section className="accord-callout accord-callout--warning accord-emergency" aria-label="Emergency access" ref={box}>
      <p>
        <strong>Emergency access, to read only.</strong>{' '}
        {left > 0 ? <>{left === 1 ? '1 minute' : `${left} minutes`} left, until {formatTime(until)}.</> : <>It has ended.</>} Privacy officers have been told.
      </p>
      {end.error && <ProblemCallout problem={asProblem(end.error)} />}
      <Button small look="secondary" busy={end.isPending} onClick={() => end.mutate(undefined, { onSuccess: () => { announce('Your emergency access has ended'); navigate('/'); } })}>End it now</Button>
    </section>
  );
}

/** Whole minutes that are left, the one that runs included; counted down while the page is open. */
function useMinutesLeft(until: string): number {
  const [left, setLeft] = useState(() => minutesTo(until));
  useEffect(() => {
    const count = (): void => setLeft(minutesTo(until));
    count();
    const ticking = setInterval(count, minuteMs / 6);
    return () => clearInterval(ticking);
  }, [until]);
  return left;
}

const minutesTo = (until: string): number => Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / minuteMs));
