/** For a screen that the whole room sees: the plan in discussion and nothing else, larger. Restricted sections are not even opened. */
import type { ReactNode } from 'react';
import { PlanWorkspace } from '../plan/PlanWorkspace.tsx';
import { PageHeading } from '../ui/Page.tsx';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import type { LinkState } from './meetingLink.ts';
import { LinkLine } from './MeetingTop.tsx';

export function ProjectorView({ state, link }: { readonly state: MeetingState; readonly link: LinkState }): ReactNode {
  const current = state.agenda.find(({ id }) => id === state.currentItemId);
  return (
    <div className="meeting-projector">
      <PageHeading title="Meeting, projector" hidden />
      <LinkLine link={link} />
      {current ? <PlanWorkspace key={current.planId} planId={current.planId} inMeeting projector /> : (
        <div className="meeting-between">
          <p className="meeting-between__title">{state.title}</p>
          <p>{state.elsewhere ? 'A patient is being discussed whom this screen may not show.' : state.status === 'running' ? 'Between patients.' : state.status === 'planned' ? 'The meeting has not started.' : 'The meeting has ended.'}</p>
        </div>
      )}
    </div>
  );
}
