/** Bringing an organisation, or one person, to a plan: for what, and from when until when. */
import { useDeferredValue, useState, type ReactNode } from 'react';
import { teamKindLabels, teamKinds, type TeamKind } from '../../shared/domain/careTeam.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import { useChangePeople, useChangeTeam, useOrganisations } from '../data/commands.ts';
import { useStaff } from '../data/plans.ts';
import { asProblem, messageFor } from '../data/problem.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { Details, ProblemCallout } from '../ui/Callouts.tsx';
import { Select } from '../ui/Choice.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { TypedDay } from '../ui/TypedDay.tsx';
import { readTypedDate } from '../ui/typedDate.ts';
import { useOnce } from '../ui/useOnce.ts';

const missing = (asked: boolean, isMissing: boolean, message: string): string | undefined => (asked && isMissing ? message : undefined);
const tooShort = (words: string): boolean => words.trim().length < 2;

/** The days as the service takes them; undefined while one of them cannot be read. */
function readTerm(from: string, until: string): { readonly from?: string; readonly until?: string } | undefined {
  const [first, last] = [readTypedDate(from), readTypedDate(until)];
  if ((from.trim() !== '' && !first.ok) || (until.trim() !== '' && !last.ok)) return undefined;
  return { ...(from.trim() !== '' && first.ok ? { from: first.date } : {}), ...(until.trim() !== '' && last.ok ? { until: last.date } : {}) };
}

export function AddOrganisation({ plan }: { readonly plan: PlanView }): ReactNode {
  const organisations = useOrganisations(true);
  const change = useChangeTeam(plan.id);
  const once = useOnce();
  const [organisationId, setOrganisation] = useState('');
  const [kind, setKind] = useState<TeamKind>('caseload');
  const [relationship, setRelationship] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [asked, setAsked] = useState(false);
  const there = new Set([...plan.team, ...(plan.teamAhead ?? [])].map((member) => member.organisation.id));
  const others = (organisations.data?.items ?? []).filter((one) => !there.has(one.id));
  const problem = change.error ? asProblem(change.error) : undefined;

  const submit = (): void => {
    setAsked(true);
    const term = readTerm(from, until);
    if (organisationId === '' || tooShort(relationship) || !term || change.isPending) return;
    const member = { organisationId, kind, relationship: relationship.trim(), ...term };
    change.mutate({ kind: 'add', member, once: once(member) }, {
      onSuccess: () => {
        announce('Added to the care team');
        for (const clear of [setOrganisation, setRelationship, setFrom, setUntil]) clear('');
        setAsked(false);
      },
    });
  };
  return (
    <form className="accord-card accord-form" noValidate onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <h2 className="accord-section-heading">Bring an organisation to the team</h2>
      {problem && problem.problems.length === 0 && <ProblemCallout problem={problem} />}
      <Select
        id="team-organisation" label="Organisation" value={organisationId} empty={organisations.isPending ? 'Getting the list…' : 'Choose'} options={others.map((one) => ({ value: one.id, label: one.name }))}
        error={messageFor(problem, 'organisationId') ?? missing(asked, organisationId === '', 'Choose an organisation.')} onChoose={setOrganisation}
      />
      <Select id="team-kind" label="In what way it is there for the person" value={kind} options={teamKinds.map((value) => ({ value, label: teamKindLabels[value] }))} onChoose={(value) => setKind(value as TeamKind)} />
      <TextInput
        id="team-relationship" label="What it does for the person" hint="For example: home visits by community nurses" value={relationship} maxLength={100}
        error={messageFor(problem, 'relationship') ?? missing(asked, tooShort(relationship), 'Say what the organisation does for the person.')} onChange={(event) => setRelationship(event.target.value)}
      />
      <Term id="team" from={from} until={until} onFrom={setFrom} onUntil={setUntil} problem={problem} />
      <Button type="submit" busy={change.isPending}>Add to the care team</Button>
    </form>
  );
}

function Term({ id, from, until, onFrom, onUntil, problem }: {
  readonly id: string; readonly from: string; readonly until: string; readonly onFrom: (text: string) => void; readonly onUntil: (text: string) => void; readonly problem: ReturnType<typeof asProblem> | undefined;
}): ReactNode {
  return (
    <Details summary="From or until a day" open={problem !== undefined && (messageFor(problem, 'from') ?? messageFor(problem, 'until')) !== undefined}>
      <TypedDay id={`${id}-from`} label="First day (optional)" text={from} error={messageFor(problem, 'from')} onText={onFrom} />
      <TypedDay id={`${id}-until`} label="Last day (optional)" text={until} error={messageFor(problem, 'until')} onText={onUntil} />
    </Details>
  );
}

/** Names a member of staff on the care team; for a privacy officer, lets an inspector in. */
export function AddPerson({ plan, kind }: { readonly plan: PlanView; readonly kind: 'member' | 'inspection' }): ReactNode {
  const change = useChangePeople(plan.id);
  const once = useOnce();
  const [letters, setLetters] = useState('');
  const [personId, setPerson] = useState('');
  const [relationship, setRelationship] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [asked, setAsked] = useState(false);
  const found = useStaff(useDeferredValue(letters.trim())).data?.items ?? [];
  const problem = change.error ? asProblem(change.error) : undefined;
  const inspects = kind === 'inspection';

  const submit = (): void => {
    setAsked(true);
    const term = readTerm(from, until);
    if (personId === '' || tooShort(relationship) || !term || (inspects && term.until === undefined) || change.isPending) return;
    const person = { personId, kind, relationship: relationship.trim(), ...term };
    change.mutate({ kind: 'add', person, once: once(person) }, {
      onSuccess: () => {
        announce('Added');
        for (const clear of [setLetters, setPerson, setRelationship, setFrom, setUntil]) clear('');
        setAsked(false);
      },
    });
  };
  return (
    <form className="accord-card accord-form" noValidate onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <h3>{inspects ? 'Let an inspector in' : 'Name one person'}</h3>
      <p className="accord-quiet">{inspects ? 'They see this plan’s audit trail and what was signed, until the last day.' : 'For somebody whose organisation is not on the team: a locum, a night sitter, a specialist.'}</p>
      {problem && problem.problems.length === 0 && <ProblemCallout problem={problem} />}
      <TextInput id={`${kind}-letters`} label="Find by name" hint="Two letters or more" value={letters} maxLength={60} autoComplete="off" onChange={(event) => { setLetters(event.target.value); setPerson(''); }} />
      <Select
        id={`${kind}-person`} label="Person" value={personId} empty={letters.trim().length < 2 ? 'Type a name first' : found.length === 0 ? 'Nobody of that name' : 'Choose'}
        options={found.map((one) => ({ value: one.id, label: `${one.name}, ${one.jobTitle}, ${one.organisation}` }))}
        error={messageFor(problem, 'personId') ?? missing(asked, personId === '', 'Choose a person.')} onChoose={setPerson}
      />
      <TextInput
        id={`${kind}-relationship`} label={inspects ? 'What is inspected' : 'What they do for the person'} value={relationship} maxLength={100}
        error={messageFor(problem, 'relationship') ?? missing(asked, tooShort(relationship), 'Say it in a few words.')} onChange={(event) => setRelationship(event.target.value)}
      />
      {inspects
        ? <TypedDay id="inspection-until" label="Last day" text={until} error={messageFor(problem, 'until') ?? missing(asked, until.trim() === '', 'Say on which day the inspection ends.')} onText={setUntil} />
        : <Term id="person" from={from} until={until} onFrom={setFrom} onUntil={setUntil} problem={problem} />}
      <Button type="submit" look="secondary" busy={change.isPending}>{inspects ? 'Let in' : 'Name on the care team'}</Button>
    </form>
  );
}
