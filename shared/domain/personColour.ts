/** A colour for a person. Colours mean only people. */

/** Twelve hues that read well behind white text and are none of the blue, green, amber and red that stand for a stage. */
export const personColours = [
  '#6a1b9a', '#8a2be2', '#a3278f', '#b5107a', '#7b2d5b', '#76518f', '#6d4c41', '#8a5a3b', '#66631f', '#52606d', '#00696f', '#4b2e83',
] as const;
/** The same colour for the same person, everywhere and always. */
export function personColour(personId: string): (typeof personColours)[number] {
  let sum = 0;
  for (const letter of personId) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return personColours[sum % personColours.length] ?? personColours[0];
}
