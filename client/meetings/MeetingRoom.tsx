/** The room: agenda at the left, the live plan in the middle, people, decisions and actions at the right. Everybody follows the chair unless they look around. */
import { useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { bannerName } from '../../shared/domain/names.ts';
import { may } from '../../shared/domain/access.ts';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import type { Session } from '../data/session.ts';
import { PlanWorkspace } from '../plan/PlanWorkspace.tsx';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { PageHeading } from '../ui/Page.tsx';
import { AgendaList } from './AgendaList.tsx';
import { ChairControls } from './ChairControls.tsx';
import { actorOnScreen, circleOnScreen } from './circle.ts';
import type { Followed, Following } from './following.ts';
import type { MeetingView } from './meetingLink.ts';
import { LinkLine, MeetingTop } from './MeetingTop.tsx';
import { PeopleList } from './PeopleList.tsx';
import { RecordPanel } from './RecordPanel.tsx';
import { planPlace, type Presence } from './useMeeting.ts';

type Pane = 'plan' | 'agenda' | 'record';
const panes: readonly { readonly id: Pane; readonly label: string }[] = [{ id: 'agenda', label: 'Agenda' }, { id: 'plan', label: 'Plan' }, { id: 'record', label: 'Record and people' }];

export function MeetingRoom({ me, presence, view, state, onLeave }: {
  readonly me: Session['person']; readonly presence: Presence; readonly view: MeetingView; readonly state: MeetingState; readonly onLeave: () => void;
}): ReactNode {
  const [pane, setPane] = useState<Pane>('plan');
  const { link, following } = presence;
  const followed = useSyncExternalStore(following.subscribe, following.view);
  const shown = state.agenda.find(({ id }) => id === followed.shownItemId);
  const runs = may(actorOnScreen(me), 'run-meeting', { kind: 'meeting', meeting: circleOnScreen(state, me) }).ok;
  const head = useHeadHeight();
  useSpokenChanges(state);
  // A new patient begins at the top of the plan, whoever looked at what before.
  const planId = shown?.planId;
  useEffect(() => { if (planId !== undefined) window.scrollTo(0, 0); }, [planId]);

  return (
    <div className="meeting">
      <PageHeading title={state.title} tabTitle="Meeting" hidden />
      <div className="meeting-head" ref={head}>
        <MeetingTop state={state} clockAheadMs={view.clockAheadMs}>
          <span className="meeting-top__end">
            {followed.kind === 'following' && <>{state.chair.id === me.id ? 'You chair; the others follow you' : `You follow ${state.chair.name}`} · <Button small look="quiet" onClick={following.lookAround}>Look around</Button></>}
            <Button small look="quiet" onClick={onLeave}>Leave</Button>
          </span>
        </MeetingTop>
        <LinkLine link={view.link} />
        {followed.kind !== 'following' && <Apart state={state} followed={followed} following={following} />}
      </div>
      <nav className="meeting-panes" aria-label="Parts of the room">
        {panes.map(({ id, label }) => <button key={id} type="button" aria-pressed={pane === id} onClick={() => setPane(id)}>{label}</button>)}
      </nav>
      <div className={classes('meeting-columns-3', `meeting-columns-3--${pane}`)}>
        <div className="meeting-left">
          {runs && <ChairControls state={state} link={link} me={me} />}
          <AgendaList state={state} shownItemId={followed.shownItemId} onLook={(itemId) => { following.look(itemId); setPane('plan'); }} />
        </div>
        <div className={planPlace} onKeyDownCapture={following.keyPressed}>
          {shown ? <PlanWorkspace key={shown.planId} planId={shown.planId} inMeeting /> : <Between state={state} />}
        </div>
        <div className="meeting-right">
          <RecordPanel key="record" state={state} link={link} shown={shown} me={me} onWanted={() => setPane('record')} />
          <PeopleList state={state} link={link} me={me} runs={runs} />
        </div>
      </div>
    </div>
  );
}

/** The screen does not show what the meeting is on: why, and the way back. */
function Apart({ state, followed, following }: { readonly state: MeetingState; readonly followed: Followed; readonly following: Following }): ReactNode {
  const nameOf = (itemId: string | null | undefined): string => {
    const item = state.agenda.find(({ id }) => id === itemId);
    return item ? bannerName(item.patient) : 'nobody';
  };
  const current = state.elsewhere ? 'a patient of another care team' : nameOf(state.currentItemId);
  if (followed.kind === 'held') {
    return (
      <div className="meeting-held" role="alert">
        <p><strong>The meeting moved on to {current}.</strong> You were typing, so you are still with {nameOf(followed.shownItemId)}, and what you type stays there.</p>
        <Button small onClick={following.follow}>I have finished: follow the meeting</Button>
      </div>
    );
  }
  return <p className="meeting-apart">You look around by yourself; the meeting is on {followed.shownItemId === (state.currentItemId ?? undefined) ? 'this patient' : current}. <Button small look="secondary" onClick={following.follow}>Back to the meeting</Button></p>;
}

/** Tells the page how high the top line is now, so that the patient's identity always stays in sight below it. */
function useHeadHeight(): React.RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const root = document.documentElement;
    const observer = new ResizeObserver(() => root.style.setProperty('--meeting-head', `${element.offsetHeight}px`));
    observer.observe(element);
    return () => {
      observer.disconnect();
      root.style.removeProperty('--meeting-head');
    };
  }, []);
  return box;
}

function Between({ state }: { readonly state: MeetingState }): ReactNode {
  return (
    <div className="meeting-between">
      <p className="meeting-between__title">{state.status === 'planned' ? 'The meeting has not started' : state.elsewhere ? 'A patient of another care team is being discussed' : 'Between patients'}</p>
      <p>{state.status === 'planned' ? `${state.chair.name} or the coordinator starts it.` : state.elsewhere ? 'You see the next patient on whose care team you are.' : 'The plan appears here when a patient is called. You can look at one on the agenda meanwhile.'}</p>
    </div>
  );
}

/** Says a change of patient, of chair and of phase to people who use a screen reader. */
function useSpokenChanges(state: MeetingState): void {
  const before = useRef({ item: state.currentItemId, chair: state.chair.id, status: state.status });
  useEffect(() => {
    const was = before.current;
    before.current = { item: state.currentItemId, chair: state.chair.id, status: state.status };
    if (was.status !== state.status && state.status === 'running') announce('The meeting has started.');
    if (was.chair !== state.chair.id) announce(`${state.chair.name} chairs the meeting now.`);
    const item = state.agenda.find(({ id }) => id === state.currentItemId);
    if (was.item !== state.currentItemId) announce(item ? `Now: ${bannerName(item.patient)}, patient ${item.order} of ${state.agenda.length}.` : state.elsewhere ? 'The meeting is on a patient of another care team.' : 'No patient is being discussed.');
  }, [state]);
}
