/** The top line of the room: which patient of how many, how long, quorum, and whether this screen still hears the meeting. */
import { useEffect, useState, type ReactNode } from 'react';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import type { LinkState } from './meetingLink.ts';
import { duration, quorumWords, spentOn } from './words.ts';

export function MeetingTop({ state, clockAheadMs, children }: { readonly state: MeetingState; readonly clockAheadMs: number; readonly children?: ReactNode }): ReactNode {
  const current = state.agenda.find(({ id }) => id === state.currentItemId);
  return (
    <div className="meeting-top" role="group" aria-label="State of the meeting">
      <span className="meeting-top__title">{state.title}</span>
      <span>{current ? `Patient ${current.order} of ${state.agenda.length}` : phaseWords(state)}</span>
      {current && <TimeSpent item={current} clockAheadMs={clockAheadMs} />}
      <span className={state.quorum.met ? 'meeting-quorum' : 'meeting-quorum meeting-quorum--missing'}>{quorumWords(state.quorum)}</span>
      {children}
    </div>
  );
}

function phaseWords(state: MeetingState): string {
  if (state.elsewhere) return 'On a patient of another care team';
  if (state.status === 'planned') return 'Not started';
  if (state.status === 'ended') return 'Ended';
  return state.agenda.some(({ status }) => status === 'waiting') ? 'Between patients' : 'Everybody discussed';
}

/** Counts in its own element, so that a tick redraws nothing else. Not read out: a clock that speaks is noise. */
function TimeSpent({ item, clockAheadMs }: { readonly item: MeetingState['agenda'][number]; readonly clockAheadMs: number }): ReactNode {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <span role="timer" aria-live="off">{duration(spentOn(item, now + clockAheadMs))} on this patient</span>;
}

/** Nothing while all is well. */
export function LinkLine({ link }: { readonly link: LinkState }): ReactNode {
  if (link === 'in-the-room') return null;
  return (
    <p className="meeting-lost" role="alert">
      {link === 'connecting' ? 'Connecting to the meeting…' : 'No connection to the meeting. You may not see what the others do; decisions and actions cannot be recorded until it is back. Trying again by itself.'}
    </p>
  );
}
