/** Where one is signed in: every device, and the end of what one does not know or need. */
import type { ReactNode } from 'react';
import { formatDateTime } from '../../shared/domain/dates.ts';
import type { SessionItem } from '../../shared/wire/session.ts';
import { useEndSession, useSessions } from '../data/ownSessions.ts';
import { asProblem } from '../data/problem.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { Table, type TableColumn } from '../ui/Table.tsx';

export function SessionsPage(): ReactNode {
  const sessions = useSessions();
  const end = useEndSession();
  const columns: readonly TableColumn<SessionItem>[] = [
    { id: 'device', heading: 'Device', rowHeader: true, cell: ({ device, here }) => <>{device}{here && <strong> (this one)</strong>}</> },
    { id: 'role', heading: 'Role', cell: ({ role }) => role },
    { id: 'since', heading: 'Signed in', cell: ({ startedAt }) => formatDateTime(startedAt) },
    { id: 'used', heading: 'Last used', cell: ({ activeAt, locked }) => <>{formatDateTime(activeAt)}{locked && ' · locked'}</> },
    { id: 'ends', heading: 'Ends at the latest', cell: ({ endsAt }) => formatDateTime(endsAt) },
    {
      id: 'end', heading: 'Action',
      cell: ({ id, here, device, startedAt }) => here ? 'Use “Sign out”' : (
        <Button look="secondary" small busy={end.isPending && end.variables === id} aria-label={`End ${device}, signed in ${formatDateTime(startedAt)}`} onClick={() => end.mutate(id, { onSuccess: () => announce('Ended') })}>End</Button>
      ),
    },
  ];
  return (
    <Page title="Where you are signed in">
      <p>If you do not know one of these, end it and tell your service desk.</p>
      {end.error && <ProblemCallout problem={asProblem(end.error)} />}
      <Loaded query={sessions} what="your sessions">{({ sessions: found }) => <Table caption="Your sessions" captionHidden columns={columns} rows={found} rowKey={({ id }) => id} />}</Loaded>
    </Page>
  );
}
