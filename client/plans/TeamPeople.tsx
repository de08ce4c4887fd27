/** Single people who may see the plan: named on the team, invited to a meeting, there in an emergency, the person themselves, an inspector. */
import type { ReactNode } from 'react';
import type { TieKind } from '../../shared/domain/planFacts.ts';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import type { PlanPeople, PlanView } from '../../shared/wire/plans.ts';
import { newOnce } from '../data/api.ts';
import { useChangePeople } from '../data/commands.ts';
import { usePlanPeople } from '../data/plans.ts';
import { asProblem } from '../data/problem.ts';
import { announce } from '../ui/announce.ts';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { InlineConfirm } from '../ui/InlineConfirm.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Tag } from '../ui/Tag.tsx';
import { AddPerson } from './TeamForms.tsx';
import { termWords } from './term.ts';

const kindWords: Readonly<Record<TieKind, string>> = {
  'member': 'Named on the care team', 'meeting': 'Invited to a meeting', 'own': 'The person, or who acts for them', 'inspection': 'Inspector', 'break-glass': 'In an emergency',
};

export function TeamPeople({ plan }: { readonly plan: PlanView }): ReactNode {
  const people = usePlanPeople(plan.id);
  return (
    <section aria-label="Single people">
      <h2 className="accord-section-heading">Single people</h2>
      <Loaded query={people} what="the people">
        {({ items }) => (items.length === 0 ? <p className="accord-quiet">Nobody by themselves: only people of the organisations above.</p> : <ul className="accord-team">{items.map((item) => <One key={item.id} plan={plan} item={item} />)}</ul>)}
      </Loaded>
      {plan.may.changeTeam && <AddPerson plan={plan} kind="member" />}
      {plan.may.changeInspection && <AddPerson plan={plan} kind="inspection" />}
    </section>
  );
}

function One({ plan, item }: { readonly plan: PlanView; readonly item: PlanPeople['items'][number] }): ReactNode {
  const change = useChangePeople(plan.id);
  const { person, kind, relationship, begun } = item;
  const mayEnd = kind === 'inspection' ? plan.may.changeInspection === true : plan.may.changeTeam && (kind === 'member' || kind === 'own');
  return (
    <li className="accord-card">
      <h3>{person.name} {!begun && <Tag colour="yellow">Not yet</Tag>}</h3>
      <p className="accord-quiet">{[kindWords[kind], relationship === kindWords[kind] ? '' : relationship, `${person.jobTitle || (roleLabels[person.role as Role] ?? person.role)}, ${person.organisation}`, termWords({ ...item, ahead: !begun })].filter((part) => part !== '').join(' · ')}</p>
      {change.error && <ProblemCallout problem={asProblem(change.error)} />}
      {mayEnd && (
        <InlineConfirm label="End access" confirmLabel={`End access of ${person.name}`} look="warning" busy={change.isPending} question={`${person.name} will no longer be able to open this plan.`}
          onConfirm={() => change.mutate({ kind: 'remove', id: item.id, once: newOnce() }, { onSuccess: () => announce(`${person.name} no longer has access`) })} />
      )}
    </li>
  );
}
