/** Who else has the plan open and where they are, gathered from all sections. Pure. */
import type { PresentUser } from '../../shared/wire/presence.ts';

export interface Place {
  readonly section: string;
  readonly field: string;
  /** Has a text cursor there: is writing, not only looking. */
  readonly writing: boolean;
}
export interface Present {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  readonly roleLabel: string;
  readonly organisation: string;
  /** Hex colour that means only this person. */
  readonly color: string;
  readonly simulated: boolean;
  /** One for each tab that stands in a field. */
  readonly places: readonly Place[];
}

type States = ReadonlyMap<number, Readonly<Record<string, unknown>>>;

/** Everybody with a server-stamped state except this device's own documents, by name. States without a stamp are ignored. */
export function gatherPresence(sections: Iterable<{ readonly section: string; readonly own: number; readonly states: States }>): readonly Present[] {
  const people = new Map<string, { user: PresentUser; places: Place[] }>();
  for (const { section, own, states } of sections) {
    for (const [client, state] of states) {
      const user = stamped(state['user']);
      if (client === own || user === undefined) continue;
      const person = people.get(user.id) ?? { user, places: [] };
      people.set(user.id, person);
      if (typeof state['field'] === 'string') person.places.push({ section, field: state['field'], writing: hasCursor(state['cursor']) });
    }
  }
  return [...people.values()]
    .map(({ user, places }) => ({
      id: user.id, name: user.name, initials: user.initials, roleLabel: user.roleLabel, organisation: user.organisation,
      color: user.color, simulated: user.simulated, places,
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en-GB') || (a.id < b.id ? -1 : 1));
}

const hasCursor = (cursor: unknown): boolean => typeof cursor === 'object' && cursor !== null;

function stamped(user: unknown): PresentUser | undefined {
  if (typeof user !== 'object' || user === null) return undefined;
  const { id, name, color } = user as Partial<PresentUser>;
  return typeof id === 'string' && typeof name === 'string' && typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? (user as PresentUser) : undefined;
}

/** Those of `people` who stand in the field. */
export const standingIn = (people: readonly Present[], section: string, field: string): readonly Present[] =>
  people.filter((person) => person.places.some((place) => place.section === section && place.field === field));

/** Those who have a text cursor in the field. */
export const writingIn = (people: readonly Present[], section: string, field: string): readonly Present[] =>
  people.filter((person) => person.places.some((place) => place.section === section && place.field === field && place.writing));
