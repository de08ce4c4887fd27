/** Everybody else who has the plan open: initials in their colour, names in words. */
import type { ReactNode } from 'react';
import type { Present } from '../collab/presence.ts';

const shownMax = 4;

export const describe = (person: Present): string => `${person.name}, ${person.roleLabel}, ${person.organisation}${person.simulated && !/simulated/i.test(person.name) ? ' (simulated)' : ''}`;

export function PeopleHere({ people }: { readonly people: readonly Present[] }): ReactNode {
  if (people.length === 0) return <span className="plan-alone">Nobody else is here</span>;
  const rest = people.slice(shownMax);
  return (
    <ul className="plan-people" aria-label={`${people.length} other ${people.length === 1 ? 'person' : 'people'} here`}>
      {people.slice(0, shownMax).map((person) => (
        <li key={person.id}>
          <span className={person.simulated ? 'plan-visitor plan-visitor--simulated' : 'plan-visitor'} style={{ backgroundColor: person.color }} title={describe(person)}>
            <span aria-hidden="true">{person.initials}</span>
            <span className="nhsuk-u-visually-hidden">{describe(person)}</span>
          </span>
        </li>
      ))}
      {rest.length > 0 && <li title={rest.map(describe).join('; ')}>+{rest.length}<span className="nhsuk-u-visually-hidden"> more: {rest.map(describe).join('; ')}</span></li>}
    </ul>
  );
}
