/** Planning a meeting: when, who chairs, who is on the agenda, who is invited. The agenda is shown in the order it will have. */
import { useMemo, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { agendaGroupLabels, agendaOrder } from '../../shared/domain/meetingAgenda.ts';
import { formatDate } from '../../shared/domain/dates.ts';
import { bannerName } from '../../shared/domain/names.ts';
import type { Problem } from '../../shared/refusal.ts';
import type { NewMeeting } from '../../shared/wire/meetings.ts';
import type { PlanListItem } from '../../shared/wire/plans.ts';
import { useCaseload } from '../data/plans.ts';
import { ApiProblem, asProblem } from '../data/problem.ts';
import { useSession } from '../data/session.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, ProblemCallout } from '../ui/Callouts.tsx';
import { Checkbox, Select } from '../ui/Choice.tsx';
import { ErrorSummary } from '../ui/ErrorSummary.tsx';
import { Fieldset } from '../ui/Field.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Page } from '../ui/Page.tsx';
import { StageTag } from '../ui/StageTag.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { TypedDay, TypedTime } from '../ui/TypedDay.tsx';
import { useOnce } from '../ui/useOnce.ts';
import './meetings.scss';
import { useCreateMeeting, useInvitable } from './useMeeting.ts';
import { nextHour, readStart } from './words.ts';

const inputOf = (field: string): string => (field.startsWith('planIds') ? 'meeting-plans' : field.startsWith('invited') ? 'meeting-invited' : field === 'startsAt' ? 'meeting-date' : `meeting-${field}`);

export function NewMeetingPage(): ReactNode {
  const session = useSession().data;
  const create = useCreateMeeting();
  const once = useOnce();
  const [, navigate] = useLocation();
  const [title, setTitle] = useState('Palliative care MDT');
  const [when, setWhen] = useState(() => {
    const { date, time } = nextHour(new Date());
    return { date: formatDate(date), time };
  });
  const [chairId, setChairId] = useState('');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [invited, setInvited] = useState<ReadonlySet<string>>(new Set());
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const plans = useWholeCaseload();
  const people = useInvitable();
  const messageFor = (prefix: string): string | undefined => problems.find(({ field }) => field.startsWith(prefix))?.message;

  const submit = (): void => {
    const start = readStart(when.date, when.time);
    const planIds = plans.ordered.map(({ plan }) => plan.id).filter((id) => !left.has(id));
    const found: Problem[] = [
      ...(title.trim().length < 3 ? [{ field: 'title', message: 'Give the meeting a name of at least three letters.' }] : []),
      ...(start.ok ? [] : start.problems),
      ...(planIds.length === 0 ? [{ field: 'planIds', message: 'Choose at least one person to discuss.' }] : []),
    ];
    setProblems(found);
    create.reset();
    if (!start.ok || found.length > 0) return;
    const order: NewMeeting = { title: title.trim(), startsAt: start.startsAt, planIds, invited: [...invited], ...(chairId === '' ? {} : { chairId }) };
    create.mutate({ order, once: once(order) }, {
      onSuccess: (meeting) => navigate(`/meetings/${meeting.id}`),
      onError: (error) => setProblems(error instanceof ApiProblem ? error.problems : []),
    });
  };

  return (
    <Page title="New meeting">
      <div className="accord-form">
        {problems.length > 0 && <ErrorSummary problems={problems.map(({ field, message }) => ({ inputId: inputOf(field), message }))} />}
        {create.error && problems.length === 0 && <ProblemCallout problem={asProblem(create.error)} />}
        <form noValidate onSubmit={(event) => { event.preventDefault(); if (!create.isPending) submit(); }}>
          <TextInput id="meeting-title" label="Name of the meeting" value={title} maxLength={120} error={messageFor('title')} onChange={(event) => setTitle(event.target.value)} />
          <div className="meeting-when">
            <TypedDay id="meeting-date" label="Day" text={when.date} error={messageFor('date') ?? messageFor('startsAt')} onText={(date) => setWhen({ ...when, date })} />
            <TypedTime id="meeting-time" label="Starts at" text={when.time} error={messageFor('time')} onText={(time) => setWhen({ ...when, time })} />
          </div>
          <Loaded query={people} what="your colleagues" lines={3}>
            {(found) => (
              <>
                <Select id="meeting-chairId" label="Chair" value={chairId} empty={`${session?.person.name ?? 'You'} (you)`} error={messageFor('chairId')}
                  options={found.people.filter(({ id }) => id !== session?.person.id).map(({ id, name, roleLabel, organisation }) => ({ value: id, label: `${name}, ${roleLabel}, ${organisation}` }))} onChoose={setChairId} />
                <Fieldset id="meeting-invited" legend="Invited" hint="Colleagues on these people’s care teams can join without an invitation." error={messageFor('invited')}>
                  <div className="nhsuk-checkboxes nhsuk-checkboxes--small meeting-columns">
                    {found.people.filter(({ id }) => id !== session?.person.id && id !== chairId).map(({ id, name, roleLabel, organisation }) => (
                      <Checkbox key={id} id={`invite-${id}`} label={<>{name} <span className="accord-quiet">{roleLabel}, {organisation}</span></>} checked={invited.has(id)} onChange={(on) => setInvited(toggled(invited, id, on))} />
                    ))}
                  </div>
                </Fieldset>
              </>
            )}
          </Loaded>
          <Agenda plans={plans} left={left} error={messageFor('planIds')} onToggle={(id, on) => setLeft(toggled(left, id, !on))} />
          <Button type="submit" busy={create.isPending}>{create.isPending ? 'Planning the meeting…' : 'Plan the meeting'}</Button>
          <p><Link href="/meetings">Back to meetings</Link></p>
        </form>
      </div>
    </Page>
  );
}

const toggled = (set: ReadonlySet<string>, id: string, on: boolean): ReadonlySet<string> => new Set(on ? [...set, id] : [...set].filter((each) => each !== id));

interface Caseload {
  readonly ordered: ReturnType<typeof agendaOrder<ReturnType<typeof asAgendaPlan>>>;
  readonly query: ReturnType<typeof useCaseload>;
}

const asAgendaPlan = (plan: PlanListItem) => ({
  id: plan.id, patient: plan.patient, familyName: plan.patient.familyName, givenName: plan.patient.givenName, stage: plan.stage, died: plan.summary.diedOn !== undefined, isNew: plan.latestVersion === undefined,
});

/** Everybody on the caseload whose plan is open, in the order in which a meeting takes them. */
function useWholeCaseload(): Caseload {
  const query = useCaseload('', '');
  const ordered = useMemo(() => agendaOrder((query.data?.pages ?? []).flatMap((page) => page.items).filter(({ status }) => status !== 'closed').map(asAgendaPlan)), [query.data]);
  return { ordered, query };
}

function Agenda({ plans, left, error, onToggle }: { readonly plans: Caseload; readonly left: ReadonlySet<string>; readonly error: string | undefined; readonly onToggle: (id: string, on: boolean) => void }): ReactNode {
  const { ordered, query } = plans;
  const chosen = ordered.filter(({ plan }) => !left.has(plan.id)).length;
  return (
    <Loaded query={query} what="the caseload">
      {() => (ordered.length === 0 ? <EmptyState title="Nobody to discuss"><p>People appear here when your organisation is on their care team.</p></EmptyState> : (
        <Fieldset id="meeting-plans" legend={`Agenda: ${chosen} of ${ordered.length} people`} hint="Deaths first, then red, yellow, new and the others. Untick whoever is not to be discussed." error={error}>
          <div className="nhsuk-checkboxes nhsuk-checkboxes--small">
            {ordered.map(({ plan, group }, index) => (
              <div key={plan.id}>
                {group !== ordered[index - 1]?.group && <h2 className="meeting-group">{agendaGroupLabels[group]}</h2>}
                <Checkbox id={`agenda-${plan.id}`} checked={!left.has(plan.id)} onChange={(on) => onToggle(plan.id, on)}
                  label={<>{bannerName(plan.patient)} <span className="accord-quiet">born {formatDate(plan.patient.birthDate)}</span> <StageTag stage={plan.stage} /></>} />
              </div>
            ))}
          </div>
          {query.hasNextPage && <Button look="secondary" small busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Show more people</Button>}
        </Fieldset>
      ))}
    </Loaded>
  );
}
