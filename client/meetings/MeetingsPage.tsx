/** Meetings: what is running, what is to come, what was; and planning a new one. */
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { formatDate, formatTime, londonDate } from '../../shared/domain/dates.ts';
import type { MeetingBrief } from '../../shared/wire/meetings.ts';
import { useSession } from '../data/session.ts';
import { ButtonLink } from '../ui/ButtonLink.tsx';
import { EmptyState } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { Table } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import './meetings.scss';
import { NewMeetingPage } from './NewMeetingPage.tsx';
import { useMeetings } from './useMeeting.ts';

export function MeetingsPage(): ReactNode {
  const [path] = useLocation();
  return path === '/meetings/new' ? <NewMeetingPage /> : <MeetingList />;
}

function MeetingList(): ReactNode {
  const meetings = useMeetings();
  const mayCreate = useSession().data?.may.createMeeting ?? false;
  return (
    <Page title="Meetings">
      {mayCreate && <ButtonLink href="/meetings/new">New meeting</ButtonLink>}
      <Loaded query={meetings} what="the meetings">
        {({ items }) => (items.length === 0 ? <NoMeetings mayCreate={mayCreate} /> : <Lists items={items} />)}
      </Loaded>
    </Page>
  );
}

const NoMeetings = ({ mayCreate }: { readonly mayCreate: boolean }): ReactNode => (
  <EmptyState title="No meetings yet">
    <p>A meeting appears here when you are invited, or when somebody on whose care team you are is on its agenda.</p>
    {mayCreate && <p>Begin with “New meeting”: choose people from the caseload, and the agenda is put into order for you.</p>}
  </EmptyState>
);

function Lists({ items }: { readonly items: readonly MeetingBrief[] }): ReactNode {
  const of = (...statuses: readonly MeetingBrief['status'][]) => items.filter(({ status }) => statuses.includes(status));
  const [open, ended] = [of('running', 'planned'), of('ended')];
  return (
    <>
      {open.length > 0 && <MeetingTable caption="Running and planned" items={open} />}
      {ended.length > 0 && <MeetingTable caption="Ended" items={ended} />}
    </>
  );
}

function MeetingTable({ caption, items }: { readonly caption: string; readonly items: readonly MeetingBrief[] }): ReactNode {
  return (
    <Table
      caption={caption} rows={items} rowKey={({ id }) => id}
      columns={[
        { id: 'title', heading: 'Meeting', rowHeader: true, cell: (meeting) => <Link href={`/meetings/${meeting.id}`}>{meeting.title}</Link> },
        { id: 'when', heading: 'When', cell: ({ startsAt }) => `${formatDate(londonDate(new Date(startsAt)))} ${formatTime(startsAt)}` },
        { id: 'chair', heading: 'Chair', cell: ({ chair }) => chair.name },
        { id: 'patients', heading: 'Patients', cell: ({ patients }) => patients },
        { id: 'status', heading: 'State', cell: ({ status }) => <MeetingStatusTag status={status} /> },
        { id: 'minutes', heading: 'Minutes', cell: ({ id, status }) => (status === 'planned' ? 'Not yet' : <Link href={`/meetings/${id}/minutes`}>Minutes</Link>) },
      ]}
    />
  );
}

export function MeetingStatusTag({ status }: { readonly status: MeetingBrief['status'] }): ReactNode {
  if (status === 'running') return <Tag colour="purple">Running now</Tag>;
  return status === 'planned' ? <Tag colour="white">Planned</Tag> : <Tag>Ended</Tag>;
}
