/** For an organisation's administrator: the people of the organisation. No plan is shown here, or to them anywhere. */
import type { ReactNode } from 'react';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import { useColleagues } from '../data/plans.ts';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { Table } from '../ui/Table.tsx';

export function ColleaguesPage(): ReactNode {
  const colleagues = useColleagues();
  return (
    <Page title="People of your organisation">
      <Loaded query={colleagues} what="the people">
        {({ items }) => (
          <Table caption="People" captionHidden rows={items} rowKey={({ id }) => id} columns={[
            { id: 'name', heading: 'Name', cell: ({ name }) => name, rowHeader: true },
            { id: 'role', heading: 'Role', cell: ({ role }) => roleLabels[role as Role] ?? role },
            { id: 'job', heading: 'Job', cell: ({ jobTitle }) => jobTitle },
          ]} />
        )}
      </Loaded>
    </Page>
  );
}
