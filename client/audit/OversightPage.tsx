/** The privacy officer's first page: do the chains hold, and whose access of the last day should somebody ask about. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatDateTime } from '../../shared/domain/dates.ts';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import type { OversightView } from '../../shared/wire/audit.ts';
import { useOversight } from '../data/audit.ts';
import { EmptyState } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { SummaryList } from '../ui/SummaryList.tsx';
import { Table, type TableColumn } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';

type Unusual = OversightView['unusual'][number];

export function OversightPage(): ReactNode {
  const view = useOversight();
  return (
    <Page title="Oversight of access" wide>
      <Loaded query={view} what="the overview" lines={10}>{(found) => <Overview view={found} />}</Loaded>
    </Page>
  );
}

function Overview({ view }: { readonly view: OversightView }): ReactNode {
  const { log, unusual, since } = view;
  return (
    <>
      <State log={log} />
      <h2 className="accord-section-heading">Unusual access since {formatDateTime(since)}</h2>
      <p className="accord-quiet">Of people of your organisation, and of plans that your organisation looks after. Unusual is not wrong: ask before you judge.</p>
      {unusual.length === 0
        ? <EmptyState title="Nothing unusual"><p>Nobody opened many plans within an hour, read plans of people whom their organisation does not look after, used emergency access or was refused anything.</p></EmptyState>
        : <Table caption="Unusual access" captionHidden columns={columns} rows={unusual} rowKey={({ kind, person }) => `${kind} ${person.id}`} />}
    </>
  );
}

const time = (at: string | null): string => (at === null ? 'not yet' : formatDateTime(at));

function State({ log }: { readonly log: OversightView['log'] }): ReactNode {
  const facts = [
    { label: 'Last sealed', value: `${time(log.lastSeal)}, ${log.sealedEntries} entries${log.waiting > 0 ? `; ${log.waiting} to be sealed next` : ''}` },
    { label: 'Last checked', value: time(log.lastWalk) },
    { label: 'All of it last checked', value: time(log.lastWholeWalk) },
    ...(log.witnesses.length === 0
      ? [{ label: 'Witnesses', value: 'None configured: no other organisation vouches that nothing was rewritten' }]
      : log.witnesses.map(({ name, lastCosigned }) => ({ label: `Witness ${name}`, value: time(lastCosigned) }))),
  ];
  return (
    <>
      {log.breaks === 0 ? (
        <div className={log.lastWalk === null ? 'accord-callout' : 'accord-callout accord-callout--signed'}>
          <h2 className="accord-callout__title">{log.lastWalk === null ? 'The audit chains have not been checked yet' : '✓ The audit chains hold'}</h2>
          <p>{log.lastWalk === null ? 'The first check comes within a minute of the start.' : 'No entry is missing, changed or out of order, and the log is what was signed.'}</p>
        </div>
      ) : (
        <div className="accord-callout accord-callout--error" role="alert">
          <h2 className="accord-callout__title">The audit chains do not hold: {log.breaks} {log.breaks === 1 ? 'break' : 'breaks'}</h2>
          <p>Something was changed outside this service. Care goes on; do not rely on the entries named here, and call the operator of the service.</p>
          <ul className="nhsuk-list nhsuk-list--bullet">{log.found.map(({ where, why }) => <li key={`${where} ${why}`}><strong>{where}</strong>: {why}</li>)}</ul>
        </div>
      )}
      <SummaryList facts={facts} />
    </>
  );
}

const kinds: Readonly<Record<Unusual['kind'], ReactNode>> = {
  'break-glass': <Tag colour="red">Emergency access</Tag>, 'outside-team': <Tag colour="yellow">Outside the team</Tag>,
  'many-plans': <Tag colour="yellow">Many plans</Tag>, 'refused': <Tag colour="grey">Refused</Tag>,
};

const columns: readonly TableColumn<Unusual>[] = [
  { id: 'person', heading: 'Person', rowHeader: true, cell: ({ person }) => <>{person.name}<span className="accord-caseload__small">{[person.role === undefined ? '' : (roleLabels[person.role as Role] ?? person.role), person.organisation ?? ''].filter((part) => part !== '').join(', ')}</span></> },
  { id: 'kind', heading: 'What', cell: ({ kind, sentence }) => <>{kinds[kind]}<span className="accord-caseload__small">{sentence}</span></> },
  { id: 'when', heading: 'When', cell: ({ first, last }) => <span className="accord-nowrap">{first === last ? formatDateTime(first) : `${formatDateTime(first)} to ${formatDateTime(last)}`}</span> },
  { id: 'plans', heading: 'Plans', cell: ({ plans }) => (plans.length === 0 ? <span className="accord-quiet">none of your organisation’s</span> : <Plans plans={plans} />) },
];

const shownPlans = 5;

function Plans({ plans }: Pick<Unusual, 'plans'>): ReactNode {
  return (
    <ul className="nhsuk-list">
      {plans.slice(0, shownPlans).map(({ id, name }) => <li key={id}><Link href={`/plans/${id}/audit`}>{name}</Link></li>)}
      {plans.length > shownPlans && <li className="accord-quiet">and {plans.length - shownPlans} more</li>}
    </ul>
  );
}
