/** What to say when a comparison finds nothing: somebody may have written and put everything back, so only the text is spoken of. */
export const sameWords = (from: string, to: string): string =>
  (to === 'draft' ? `The text is the same as in version ${from}.` : `The text of version ${to} is the same as in version ${from}.`);
