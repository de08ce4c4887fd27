/** "Who has looked at my plan": to read together with the person whose plan it is, and to hand them on paper. */
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { formatDate, formatDateTime } from '../../shared/domain/dates.ts';
import { bannerName } from '../../shared/domain/names.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { LookedList } from '../../shared/wire/audit.ts';
import { printRecorded, useLooked } from '../data/audit.ts';
import { asProblem } from '../data/problem.ts';
import { useSession } from '../data/session.ts';
import { PlanFrame } from '../plans/PlanFrame.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState, ProblemCallout } from '../ui/Callouts.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { Tag } from '../ui/Tag.tsx';
import { timesInWords } from './auditDays.ts';

const title = 'Who has looked at my plan';
type Looker = LookedList['days'][number]['people'][number];

export function LookedPage({ planId }: { readonly planId: string }): ReactNode {
  const mayCare = useSession().data?.may.seeCaseload ?? false;
  const looked = useLooked(planId);
  const list = <Loaded query={looked} what="who has looked" lines={10}>{(found) => <Looked planId={planId} list={found} forPerson={mayCare} />}</Loaded>;
  // The person whose plan it is has no care team's pages around it.
  return mayCare ? <PlanFrame planId={planId} title={title}>{() => list}</PlanFrame> : <Page title={title}><p className="accord-no-print"><Link href="/">Back to my plan</Link></p>{list}</Page>;
}

/** `forPerson`: read by somebody of the care team, who hands it to the person. */
function Looked({ planId, list, forPerson }: { readonly planId: string; readonly list: LookedList; readonly forPerson: boolean }): ReactNode {
  return (
    <article className="accord-document accord-document--signed accord-looked" aria-label={title}>
      <header className="accord-document__head">
        <p className="accord-only-print">{title}</p>
        <p className="accord-document__name">{bannerName(list.patient)}</p>
        <p>NHS No. {formatNhsNumber(list.patient.nhsNumber)}</p>
        <p>Everybody who opened this care plan, or tried to, up to {formatDateTime(list.checkedAt)}.{list.names ? '' : ' You are told what each person’s job is and for whom they work. If you want to know a name, ask your care team.'}</p>
        <p>If something here surprises you, tell your care team or the privacy officer of the organisation. You do not have to say why.</p>
      </header>
      <PrintButton planId={planId} label={forPerson ? 'Print for the person' : 'Print'} />
      {list.days.length === 0 && <EmptyState title="Nobody has looked at the plan yet" />}
      {list.days.map(({ day, people }) => (
        <section key={day} aria-label={formatDate(day)}>
          <h2 className="accord-section-heading">{formatDate(day)}</h2>
          <ul className="accord-looked__people">
            {people.map((person) => <Person key={`${person.name ?? ''} ${person.role} ${person.organisation} ${person.times[0] ?? ''}`} person={person} />)}
          </ul>
        </section>
      ))}
      {list.more && <p>There is more from earlier. Ask your care team for the whole trail.</p>}
    </article>
  );
}

function Person({ person }: { readonly person: Looker }): ReactNode {
  const { name, role, organisation, why, times, did, refused } = person;
  return (
    <li>
      <strong>{[name, role, organisation].filter((part) => part !== undefined && part !== '').join(', ')}</strong> {refused && <Tag colour="red">Was shown nothing</Tag>}
      <span className="accord-looked__what">{did.join('; ')}.</span>
      <span className="accord-quiet">Why: {why}. {timesInWords(times)}.</span>
    </li>
  );
}

function PrintButton({ planId, label }: { readonly planId: string; readonly label: string }): ReactNode {
  const [failed, setFailed] = useState<unknown>();
  const print = (): void => {
    setFailed(undefined);
    printRecorded(planId, { what: 'who-has-looked' }).catch(setFailed);
  };
  return (
    <div className="accord-no-print">
      {failed !== undefined && <ProblemCallout problem={asProblem(failed)} onRetry={print} />}
      <p><Button look="secondary" small onClick={print}>{label}</Button></p>
    </div>
  );
}
