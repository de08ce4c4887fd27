/** The care team of a plan: which organisations may see it and what they do for the person. */
import { useState, type ReactNode } from 'react';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import { useChangeTeam, useOrganisations } from '../data/commands.ts';
import { newOnce } from '../data/api.ts';
import { asProblem, messageFor } from '../data/problem.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { Select } from '../ui/Choice.tsx';
import { InlineConfirm } from '../ui/InlineConfirm.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { useOnce } from '../ui/useOnce.ts';
import { PlanFrame } from './PlanFrame.tsx';

export function TeamPage({ planId }: { readonly planId: string }): ReactNode {
  return (
    <PlanFrame planId={planId} title="Care team">
      {(plan) => (
        <>
          <p>People of these organisations can open the plan. Each section still decides who may read or write it.</p>
          <ul className="accord-team">
            {plan.team.map((member) => <Member key={member.organisation.id} planId={planId} member={member} mayRemove={plan.may.changeTeam && plan.team.length > 1} />)}
          </ul>
          {plan.may.changeTeam && <AddOrganisation plan={plan} />}
        </>
      )}
    </PlanFrame>
  );
}

function Member({ planId, member, mayRemove }: { readonly planId: string; readonly member: PlanView['team'][number]; readonly mayRemove: boolean }): ReactNode {
  const change = useChangeTeam(planId);
  const { id, name } = member.organisation;
  return (
    <li className="accord-card">
      <h2>{name}</h2>
      <p className="accord-quiet">{member.relationship}</p>
      <ul className="nhsuk-list">
        {member.people.map((person) => <li key={person.id}>{person.name} <span className="accord-quiet">· {person.jobTitle || (roleLabels[person.role as Role] ?? person.role)}</span></li>)}
      </ul>
      {change.error && <ProblemCallout problem={asProblem(change.error)} />}
      {mayRemove && (
        <InlineConfirm
          label="End access" confirmLabel={`End access of ${name}`} look="warning" busy={change.isPending} question={`People of ${name} will no longer be able to open this plan. What they wrote stays.`}
          onConfirm={() => change.mutate({ kind: 'remove', organisationId: id, once: newOnce() }, { onSuccess: () => announce(`${name} no longer has access`) })}
        />
      )}
    </li>
  );
}

function AddOrganisation({ plan }: { readonly plan: PlanView }): ReactNode {
  const organisations = useOrganisations(true);
  const change = useChangeTeam(plan.id);
  const once = useOnce();
  const [organisationId, setOrganisation] = useState('');
  const [relationship, setRelationship] = useState('');
  const [asked, setAsked] = useState(false);
  const there = new Set(plan.team.map((member) => member.organisation.id));
  const others = (organisations.data?.items ?? []).filter((one) => !there.has(one.id));
  const problem = change.error ? asProblem(change.error) : undefined;

  const submit = (): void => {
    setAsked(true);
    if (organisationId === '' || relationship.trim().length < 2 || change.isPending) return;
    const member = { organisationId, relationship: relationship.trim() };
    change.mutate({ kind: 'add', member, once: once(member) }, {
      onSuccess: () => {
        announce('Added to the care team');
        setOrganisation('');
        setRelationship('');
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
        error={messageFor(problem, 'organisationId') ?? (asked && organisationId === '' ? 'Choose an organisation.' : undefined)} onChoose={setOrganisation}
      />
      <TextInput
        id="team-relationship" label="What it does for the person" hint="For example: home visits by community nurses" value={relationship} maxLength={100}
        error={messageFor(problem, 'relationship') ?? (asked && relationship.trim().length < 2 ? 'Say what the organisation does for the person.' : undefined)} onChange={(event) => setRelationship(event.target.value)}
      />
      <Button type="submit" busy={change.isPending}>Add to the care team</Button>
    </form>
  );
}
