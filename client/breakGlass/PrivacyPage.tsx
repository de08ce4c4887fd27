/** What a privacy officer has to look at: emergency accesses that concern their organisation, each with when its review is due. */
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { breakGlassReasonLabels, noteProblem, reviewOutcomeLabels, reviewOutcomes, type ReviewOutcome } from '../../shared/domain/breakGlass.ts';
import { formatDateTime } from '../../shared/domain/dates.ts';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import { limits } from '../../shared/limits.ts';
import type { PrivacyAlert } from '../../shared/wire/breakGlass.ts';
import { usePrivacyAlerts, useReviewBreakGlass } from '../data/breakGlass.ts';
import { asProblem } from '../data/problem.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, ProblemCallout } from '../ui/Callouts.tsx';
import { Radios } from '../ui/Choice.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { Tag } from '../ui/Tag.tsx';
import { TextArea } from '../ui/TextInput.tsx';
import { useOnce } from '../ui/useOnce.ts';

export function PrivacyPage(): ReactNode {
  const alerts = usePrivacyAlerts();
  return (
    <Page title="Privacy">
      <p>Each time somebody opens a plan in an emergency it is listed here, and has to be looked at within three days. No patient is named on this page.</p>
      <Loaded query={alerts} what="the emergency accesses">
        {({ items }) => <Alerts items={items} />}
      </Loaded>
    </Page>
  );
}

function Alerts({ items }: { readonly items: readonly PrivacyAlert[] }): ReactNode {
  const [open, closed] = [items.filter(({ review }) => review === null), items.filter(({ review }) => review !== null)];
  return (
    <>
      <h2 className="accord-section-heading">To review ({open.length})</h2>
      {open.length === 0 && <EmptyState title="Nothing waits for you" />}
      <ul className="accord-team">{open.map((alert) => <Alert key={alert.id} alert={alert}><Review alert={alert} /></Alert>)}</ul>
      {closed.length > 0 && <h2 className="accord-section-heading">Reviewed</h2>}
      <ul className="accord-team">{closed.map((alert) => <Alert key={alert.id} alert={alert} />)}</ul>
    </>
  );
}

function Alert({ alert, children }: { readonly alert: PrivacyAlert; readonly children?: ReactNode }): ReactNode {
  const { person, review } = alert;
  return (
    <li className="accord-card">
      <h3>
        {person.name} <span className="accord-quiet">{roleLabels[person.role as Role] ?? person.role}, {person.organisation}</span>{' '}
        {review === null ? <Tag colour={alert.overdue ? 'red' : 'yellow'}>{alert.overdue ? 'Overdue' : 'To review'}</Tag> : <Tag colour="green">{reviewOutcomeLabels[review.outcome]}</Tag>}
      </h3>
      <p>{breakGlassReasonLabels[alert.reason]}.</p>
      {alert.note !== null && <blockquote className="accord-quote">{alert.note}</blockquote>}
      <p className="accord-quiet">
        Opened {formatDateTime(alert.beganAt)}, {alert.endedAt === null ? `until ${formatDateTime(alert.until)} at the latest` : `ended ${formatDateTime(alert.endedAt)}`}. Review due {formatDateTime(alert.reviewDue)}.
      </p>
      {alert.planId === null ? <p className="accord-quiet">The plan is not one of your organisation’s: its own privacy officer reads the note.</p> : <p><Link href={`/plans/${alert.planId}/audit`}>Audit trail of the plan</Link></p>}
      {review && <p className="accord-quiet">Closed {formatDateTime(review.at)} by {review.by}. {review.note}</p>}
      {children}
    </li>
  );
}

function Review({ alert }: { readonly alert: PrivacyAlert }): ReactNode {
  const close = useReviewBreakGlass();
  const once = useOnce();
  const [asked, setAsked] = useState(false);
  const [outcome, setOutcome] = useState<ReviewOutcome>();
  const [note, setNote] = useState('');
  const problem = noteProblem(note);
  const at = (name: string): string => `review-${alert.id}-${name}`;
  const submit = (): void => {
    setAsked(true);
    if (outcome === undefined || problem || close.isPending) return;
    const order = { outcome, note };
    close.mutate({ id: alert.id, order, once: once(order) }, { onSuccess: () => announce('The review is closed') });
  };
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); submit(); }}>
      {close.error && <ProblemCallout problem={asProblem(close.error)} />}
      <Radios
        id={at('outcome')} legend="What you found" value={outcome} error={asked && outcome === undefined ? 'Choose what you found.' : undefined}
        options={reviewOutcomes.map((value) => ({ value, label: reviewOutcomeLabels[value] }))} onChoose={(value) => setOutcome(value as ReviewOutcome)}
      />
      <TextArea id={at('note')} label="What you looked at and decided" rows={2} maxLength={limits.breakGlassNoteLengthMax} value={note} error={asked ? problem?.message : undefined} onChange={(event) => setNote(event.target.value)} />
      <Button type="submit" small busy={close.isPending}>Close the review</Button>
    </form>
  );
}
