/** A person: picked from the plan's care team, or written down. */
import type { ReactNode } from 'react';
import type { PersonValue } from '../../shared/content/kinds.ts';
import { Select } from '../ui/Choice.tsx';
import { FieldError } from '../ui/Field.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { useWorkspace } from './workspaceState.ts';
import type { Change } from './ValueInput.tsx';

const parts = [
  ['name', 'Name'], ['role', 'Role'], ['organisation', 'Organisation'], ['phone', 'Telephone'], ['registration', 'Registration number'],
] as const;
const filled = (person: Readonly<Record<string, unknown>>): Partial<PersonValue> => Object.fromEntries(Object.entries(person).filter(([, part]) => typeof part === 'string' && part !== ''));

export function PersonInput({ id, label, hint, error, value, onChange }: {
  readonly id: string; readonly label: string; readonly hint?: string; readonly error?: string | undefined; readonly value: unknown; readonly onChange: (change: Change) => void;
}): ReactNode {
  const { view } = useWorkspace();
  const person = (typeof value === 'object' && value !== null ? value : {}) as Partial<PersonValue>;
  const team = view.team.flatMap((member) => member.people.map((one) => ({ ...one, organisation: member.organisation.name })));
  const put = (next: Partial<PersonValue>, settled: boolean): void => {
    const whole = filled(next);
    onChange({ value: Object.keys(whole).length > 0 ? whole : undefined, settled });
  };
  const pick = (personId: string): void => {
    const found = team.find((one) => one.id === personId);
    if (found) put({ name: found.name, personId: found.id, role: found.jobTitle, organisation: found.organisation }, true);
  };
  return (
    <fieldset className="nhsuk-fieldset plan-person" id={id} tabIndex={-1}>
      <legend className="nhsuk-fieldset__legend accord-label">{label}</legend>
      {hint && <div className="nhsuk-hint">{hint}</div>}
      {error && <FieldError id={`${id}-error`} message={error} />}
      {team.length > 0 && (
        <Select id={`${id}-team`} label="From the care team" empty="Somebody else (write below)" value={person.personId && team.some((one) => one.id === person.personId) ? person.personId : ''}
          options={team.map((one) => ({ value: one.id, label: `${one.name}, ${one.jobTitle}, ${one.organisation}` }))} onChoose={pick} />
      )}
      <div className="plan-person__parts">
        {parts.map(([key, name]) => (
          <TextInput key={key} id={`${id}-${key}`} label={name} value={person[key] ?? ''} autoComplete="off"
            // Another name is another person: the link to the one who was picked goes.
            onChange={(event) => put({ ...(key === 'name' ? { ...person, personId: '' } : person), [key]: event.target.value }, false)} />
        ))}
      </div>
    </fieldset>
  );
}
