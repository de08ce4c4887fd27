/** Checks a named person: a professional, a relative, an owner of an action. */
import { idPattern } from '../ids.ts';
import { limits } from '../limits.ts';
import { checkText } from './checkText.ts';

const textKeys = new Set(['name', 'role', 'organisation', 'phone', 'registration']);

/** Why this person cannot be stored, or undefined. A name is all that is needed. */
export function checkPerson(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'this has to be a person with a name.';
  const parts = value as Readonly<Record<string, unknown>>;
  for (const [key, part] of Object.entries(parts)) {
    if (key === 'personId') {
      if (typeof part !== 'string' || !part.startsWith('person_') || !idPattern.test(part)) return 'the person’s id has the wrong shape.';
    } else if (textKeys.has(key)) {
      const why = checkText(part, limits.textLengthMax, false);
      if (why !== undefined) return `the person’s ${key}: ${why}`;
    } else {
      return 'a person holds something that does not belong there.';
    }
  }
  return typeof parts['name'] === 'string' && parts['name'].trim() !== '' ? undefined : 'the person has no name.';
}
