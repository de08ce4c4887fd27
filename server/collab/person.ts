/** How a person appears to the others: initials and a colour that mean only them. */
import { roleLabels, type Actor } from '../../shared/domain/roles.ts';
import type { PresentUser } from '../../shared/wire/presence.ts';

/** Twelve hues that read well behind white text and are none of the blue, green, amber and red that stand for a stage. */
const palette = [
  '#6a1b9a', '#8a2be2', '#a3278f', '#b5107a', '#7b2d5b', '#76518f', '#6d4c41', '#8a5a3b', '#66631f', '#52606d', '#00696f', '#4b2e83',
] as const;
const titles = /^(dr|mr|mrs|ms|miss|mx|prof|professor|sister|sr|rev)\.?$/i;

/** First letters of the first and the last name. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word) && !titles.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('');
}

/** The same colour for the same person everywhere and always. */
export function colourOf(personId: string): string {
  let sum = 0;
  for (const letter of personId) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return palette[sum % palette.length] as string;
}

export const presentUser = (actor: Actor, connection: string): PresentUser => ({
  id: actor.id, name: actor.name, initials: initialsOf(actor.name), role: actor.role, roleLabel: roleLabels[actor.role],
  organisation: actor.organisation, color: colourOf(actor.id), simulated: actor.simulated, connection,
});
