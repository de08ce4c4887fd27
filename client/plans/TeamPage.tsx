/** The care team of a plan: which organisations and which single people may see it, what they do for the person, from when and until when. */
import type { ReactNode } from 'react';
import { teamKindLabels } from '../../shared/domain/careTeam.ts';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import { useChangeTeam } from '../data/commands.ts';
import { newOnce } from '../data/api.ts';
import { asProblem } from '../data/problem.ts';
import { announce } from '../ui/announce.ts';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { InlineConfirm } from '../ui/InlineConfirm.tsx';
import { Tag } from '../ui/Tag.tsx';
import { PlanFrame } from './PlanFrame.tsx';
import { AddOrganisation } from './TeamForms.tsx';
import { TeamPeople } from './TeamPeople.tsx';
import { termWords } from './term.ts';

export function TeamPage({ planId }: { readonly planId: string }): ReactNode {
  return (
    <PlanFrame planId={planId} title="Care team">
      {(plan) => (
        <>
          <p>People of these organisations can open the plan. Each section still decides who may read or write it, and limits to sharing hold for all of them.</p>
          <ul className="accord-team">
            {plan.team.map((member) => <Member key={`${member.organisation.id} ${member.since ?? ''}`} planId={planId} member={member} people={member.people} mayRemove={plan.may.changeTeam && plan.team.length > 1} />)}
            {(plan.teamAhead ?? []).map((member) => <Member key={`${member.organisation.id} ${member.since ?? ''}`} planId={planId} member={member} people={[]} ahead mayRemove={plan.may.changeTeam} />)}
          </ul>
          {plan.may.changeTeam && <AddOrganisation plan={plan} />}
          <TeamPeople plan={plan} />
        </>
      )}
    </PlanFrame>
  );
}

function Member({ planId, member, people, mayRemove, ahead = false }: {
  readonly planId: string; readonly member: Omit<PlanView['team'][number], 'people'>; readonly people: PlanView['team'][number]['people']; readonly mayRemove: boolean; readonly ahead?: boolean;
}): ReactNode {
  const change = useChangeTeam(planId);
  const { id, name } = member.organisation;
  const term = termWords({ ...member, ahead });
  return (
    <li className="accord-card">
      <h2>{name} {ahead && <Tag colour="yellow">Not yet</Tag>}</h2>
      <p className="accord-quiet">{[member.relationship, member.kind !== undefined && member.kind !== 'other' && teamKindLabels[member.kind] !== member.relationship ? teamKindLabels[member.kind] : '', term].filter((part) => part !== '').join(' · ')}</p>
      <ul className="nhsuk-list">
        {people.map((person) => <li key={person.id}>{person.name} <span className="accord-quiet">· {person.jobTitle || (roleLabels[person.role as Role] ?? person.role)}</span></li>)}
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
