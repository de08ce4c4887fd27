/** One meeting: before joining its agenda, after joining the room, on a projector only the plan. */
import { useEffect, useState, type ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { formatDate, formatTime, londonDate } from '../../shared/domain/dates.ts';
import { agendaGroupLabels } from '../../shared/domain/meetingAgenda.ts';
import { bannerName } from '../../shared/domain/names.ts';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import { useOwner } from '../app/owner.ts';
import { useSubject } from '../collab/hooks.ts';
import { openHere } from '../collab/openHere.ts';
import { Button } from '../ui/Button.tsx';
import { ButtonLink } from '../ui/ButtonLink.tsx';
import { WarningCallout } from '../ui/Callouts.tsx';
import { Loaded, Skeleton } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { StageTag } from '../ui/StageTag.tsx';
import './meetings.scss';
import { MeetingRoom } from './MeetingRoom.tsx';
import { MeetingStatusTag } from './MeetingsPage.tsx';
import { ProjectorView } from './ProjectorView.tsx';
import { useMeetingLink, useMeetingOnce, useMeetingView } from './useMeeting.ts';
import { attendanceWords } from './words.ts';

// Kept for the tab: a reload in the middle of a meeting comes back into the room by itself.
const joinedKey = (meetingId: string): string => `accord-in-meeting-${meetingId}`;

export function MeetingPage({ meetingId }: { readonly meetingId: string }): ReactNode {
  const projector = new URLSearchParams(useSearch()).get('view') === 'projector';
  const [wanted, setWanted] = useState(() => sessionStorage.getItem(joinedKey(meetingId)) !== null);
  const presence = useMeetingLink(meetingId, wanted || projector);
  const link = presence?.link;
  const view = useMeetingView(link);
  const before = useMeetingOnce(meetingId);
  const me = useOwner()?.person;
  const onlyHere = useSubject(openHere.texts).length > 0;
  const ended = (view?.state ?? before.data)?.status === 'ended';
  const { refetch } = before;
  useEffect(() => {
    if (wanted && !ended) sessionStorage.setItem(joinedKey(meetingId), 'yes');
    else sessionStorage.removeItem(joinedKey(meetingId));
  }, [meetingId, wanted, ended]);

  const leave = (): void => {
    link?.leave();
    setWanted(false);
    void refetch();
  };
  const join = (): void => setWanted(true);

  if (presence === undefined || view === undefined || me === undefined || ended) {
    const known = view?.state ?? before.data;
    return (
      <Page title={known?.title ?? 'Meeting'} tabTitle="Meeting" caption={known && <> <MeetingStatusTag status={known.status} /></>}>
        <Loaded query={before} what="the meeting">{(state) => <Lobby state={view?.state ?? state} onJoin={join} />}</Loaded>
      </Page>
    );
  }
  // Signed out with words of the open plan nowhere else: they stay, and the plan says what to do.
  if (view.link === 'refused' && !(onlyHere && view.state !== undefined && view.refusal?.code === 'not-signed-in')) {
    return (
      <Page title="Meeting">
        <WarningCallout title="You cannot join this meeting"><p>{view.refusal?.detail}</p></WarningCallout>
        <Button look="secondary" onClick={leave}>Back to its agenda</Button>
      </Page>
    );
  }
  if (view.state === undefined) return <Page title="Meeting"><Skeleton what="the room" /></Page>;
  if (projector) return <ProjectorView state={view.state} link={view.link} />;
  return <MeetingRoom me={me} presence={presence} view={view} state={view.state} onLeave={leave} />;
}

function Lobby({ state, onJoin }: { readonly state: MeetingState; readonly onJoin: () => void }): ReactNode {
  const here = state.attendance.filter(({ present }) => present);
  return (
    <>
      <p>{formatDate(londonDate(new Date(state.startsAt)))} {formatTime(state.startsAt)} · Chair: {state.chair.name} · {state.agenda.length} {state.agenda.length === 1 ? 'patient' : 'patients'}</p>
      {state.status === 'ended' ? (
        <><p>The meeting has ended.</p><ButtonLink href={`/meetings/${state.id}/minutes`}>Read the minutes</ButtonLink></>
      ) : (
        <>
          <Button onClick={onJoin}>Join the meeting</Button>
          <p className="accord-quiet">Joining records you as present, from now until you leave.</p>
        </>
      )}
      <h2 className="meeting-heading">Agenda</h2>
      {state.agenda.length === 0 ? <p>Nobody on this agenda is known to your organisation.</p> : (
        <ol className="meeting-lobby">
          {state.agenda.map((item) => (
            <li key={item.id}>{bannerName(item.patient)} <span className="accord-quiet">born {formatDate(item.patient.birthDate)} · {agendaGroupLabels[item.group]}</span> <StageTag stage={item.stage} /></li>
          ))}
        </ol>
      )}
      <h2 className="meeting-heading">{here.length > 0 ? `Here now: ${here.length}` : 'Invited'}</h2>
      <ul className="nhsuk-list nhsuk-list--bullet">
        {(here.length > 0 ? here : state.attendance).map((person) => <li key={person.id}>{person.name}, {person.roleLabel}, {person.organisation} <span className="accord-quiet">({attendanceWords(person)})</span></li>)}
      </ul>
      <p><Link href="/meetings">All meetings</Link></p>
    </>
  );
}
