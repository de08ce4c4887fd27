/** A colour for a person. Colours mean only people: none is the red, amber, green or blue of a stage. */
export const personColours = ['#5b2a86', '#9b1f6b', '#6b4423', '#4b5a2a', '#00636e', '#7a3b5e', '#3d4a5c', '#86521d'] as const;

/** The same person gets the same colour on every screen. */
export function personColour(personId: string): (typeof personColours)[number] {
  let sum = 0;
  for (const letter of personId) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return personColours[sum % personColours.length] ?? personColours[0];
}
