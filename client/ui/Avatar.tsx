/** A person as initials in their colour; the whole name is always there in words. */
import type { ReactNode } from 'react';
import { initials } from '../../shared/domain/names.ts';
import { personColour } from '../../shared/domain/personColour.ts';

export function Avatar({ id, name, note }: { readonly id: string; readonly name: string; readonly note?: string }): ReactNode {
  const words = note === undefined ? name : `${name}, ${note}`;
  return (
    <span className="accord-avatar" style={{ backgroundColor: personColour(id) }} title={words}>
      <span aria-hidden="true">{initials(name)}</span>
      <span className="nhsuk-u-visually-hidden">{words}</span>
    </span>
  );
}

/** A few people; more than `shown` become "+2", with their names in the title. */
export function AvatarRow({ people, shown = 4 }: { readonly people: readonly { readonly id: string; readonly name: string }[]; readonly shown?: number }): ReactNode {
  if (people.length === 0) return null;
  const rest = people.slice(shown);
  return (
    <ul className="accord-avatars">
      {people.slice(0, shown).map((person) => (
        <li key={person.id}>
          <Avatar {...person} />
        </li>
      ))}
      {rest.length > 0 && (
        <li title={rest.map((person) => person.name).join(', ')}>
          +{rest.length}
          <span className="nhsuk-u-visually-hidden"> more: {rest.map((person) => person.name).join(', ')}</span>
        </li>
      )}
    </ul>
  );
}
