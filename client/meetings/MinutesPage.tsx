/** The minutes: computed from what was recorded in the meeting and from what changed in each plan while it was discussed. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatDate, formatTime, londonDate } from '../../shared/domain/dates.ts';
import { bannerName } from '../../shared/domain/names.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { Attendee, Minutes } from '../../shared/wire/meetings.ts';
import { Button } from '../ui/Button.tsx';
import { WarningCallout } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { StageTag } from '../ui/StageTag.tsx';
import { SummaryList } from '../ui/SummaryList.tsx';
import { Tag } from '../ui/Tag.tsx';
import './meetings.scss';
import { useMinutes } from './useMeeting.ts';
import { quorumWords, roughly } from './words.ts';

export function MinutesPage({ meetingId }: { readonly meetingId: string }): ReactNode {
  const minutes = useMinutes(meetingId);
  return (
    <Page title="Minutes">
      <Loaded query={minutes} what="the minutes" lines={8}>{(found) => <Document minutes={found} />}</Loaded>
    </Page>
  );
}

function Document({ minutes }: { readonly minutes: Minutes }): ReactNode {
  const { meeting, startedAt, endedAt, present, apologies, quorum, patients } = minutes;
  const began = startedAt ?? meeting.startsAt;
  const discussed = patients.filter(({ item }) => item.status === 'done' || item.status === 'now');
  const deferred = patients.filter(({ item }) => item.status === 'deferred');
  const waiting = patients.filter(({ item }) => item.status === 'waiting');
  return (
    <article className="minutes">
      <p className="minutes__tools"><Link href={`/meetings/${meeting.id}`}>Back to the meeting</Link> <Button small look="secondary" onClick={() => window.print()}>Print</Button></p>
      <h2 className="meeting-title">{meeting.title}</h2>
      {meeting.status !== 'ended' && <WarningCallout title={meeting.status === 'running' ? 'The meeting is still running: these minutes are not complete' : 'The meeting has not started'} />}
      <SummaryList facts={[
        { label: 'Held', value: `${formatDate(londonDate(new Date(began)))}, ${startedAt ? formatTime(startedAt) : 'not started'}${endedAt ? ` to ${formatTime(endedAt)}` : ''}` },
        { label: 'Chair', value: `${meeting.chair.name}, ${meeting.chair.roleLabel}` },
        { label: 'Quorum', value: quorumWords(quorum) },
        { label: 'Present', value: <People people={present} none="Nobody" times /> },
        { label: 'Apologies', value: <People people={apologies} none="None" /> },
      ]} />
      {discussed.length === 0 && meeting.status !== 'planned' && <p>No patient of yours was discussed.</p>}
      {discussed.map((patient) => <Patient key={patient.item.id} patient={patient} />)}
      {deferred.length > 0 && <Left title="Deferred" patients={deferred} />}
      {waiting.length > 0 && <Left title={meeting.status === 'ended' ? 'Not discussed' : 'Still to be discussed'} patients={waiting} />}
      <p className="accord-quiet">You see only patients on whose care team you are, and only changes in sections that you may read.</p>
    </article>
  );
}

function People({ people, none, times }: { readonly people: readonly Attendee[]; readonly none: string; readonly times?: boolean }): ReactNode {
  if (people.length === 0) return none;
  return (
    <ul className="minutes__people">
      {people.map((person) => (
        <li key={person.id}>
          {person.name}, {person.roleLabel}, {person.organisation}{person.simulated && ' (simulated)'}
          {times && person.arrivedAt && ` (${formatTime(person.arrivedAt)}${person.leftAt ? ` to ${formatTime(person.leftAt)}` : ', still here'})`}
        </li>
      ))}
    </ul>
  );
}

function Patient({ patient }: { readonly patient: Minutes['patients'][number] }): ReactNode {
  const { item, stageBefore, stageAfter, decisions, actions, changes, nextReview } = patient;
  return (
    <section className="minutes__patient" aria-labelledby={`minutes-${item.id}`}>
      <h3 id={`minutes-${item.id}`}>{item.order}. {bannerName(item.patient)}</h3>
      <p className="accord-quiet">Born {formatDate(item.patient.birthDate)} · NHS No. {formatNhsNumber(item.patient.nhsNumber)} · {roughly(item.secondsSpent)} · <Link href={`/plans/${item.planId}`}>Plan</Link></p>
      <p>Stage: <StageTag stage={stageBefore} />{stageBefore !== stageAfter && <> changed to <StageTag stage={stageAfter} /></>}</p>
      <Entries title="Decisions" empty="None recorded.">
        {decisions.map(({ id, text, rationale, dissent, by, at, quorumMissing }) => (
          <li key={id}>
            {text} <span className="accord-quiet">({by.name}, {formatTime(at)})</span>
            {rationale && <><br />Because: {rationale}</>}
            {dissent && <><br /><Tag colour="purple">Disagreement</Tag> {dissent}</>}
            {quorumMissing && <><br /><Tag colour="draft">Without quorum</Tag> needs {quorumMissing.join(', ')}</>}
          </li>
        ))}
      </Entries>
      <Entries title="Actions" empty="None.">
        {actions.map(({ id, text, owner, due, status, priority }) => (
          <li key={id}>{text} <strong>{owner.name}</strong>, by {formatDate(due)}{priority !== 'routine' && `, ${priority}`}{status === 'done' && <> <Tag colour="signed">Done</Tag></>}</li>
        ))}
      </Entries>
      <Entries title="What changed in the plan" empty="Nothing.">
        {changes.map((sentence, index) => <li key={`${index} ${sentence}`}>{sentence}</li>)}
      </Entries>
      <p>Next review: {nextReview ? formatDate(nextReview) : 'not set'}</p>
    </section>
  );
}

function Entries({ title, empty, children }: { readonly title: string; readonly empty: string; readonly children: readonly ReactNode[] }): ReactNode {
  return (
    <>
      <h4>{title}</h4>
      {children.length === 0 ? <p>{empty}</p> : <ul className="nhsuk-list nhsuk-list--bullet">{children}</ul>}
    </>
  );
}

function Left({ title, patients }: { readonly title: string; readonly patients: Minutes['patients'] }): ReactNode {
  return (
    <section className="minutes__patient">
      <h3>{title}</h3>
      <ul className="nhsuk-list nhsuk-list--bullet">
        {patients.map(({ item }) => <li key={item.id}>{bannerName(item.patient)}{item.deferredBecause && `: ${item.deferredBecause}`}</li>)}
      </ul>
    </section>
  );
}
