/** What may stand in any text that people type: real characters, no hidden direction changes, no more than fits. */

/** Half of a character: it cannot be stored and would be shown differently everywhere. */
const loneSurrogate = /\p{Cs}/u;
/** Characters that turn the direction of what follows can make "do not give" read as its opposite. */
const directionOverride = /[\u202A-\u202E\u2066-\u2069]/;
const controlInLines = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/u;
const controlInLine = /[\p{Cc}\u2028\u2029\uFFFE\uFFFF]/u;

/** Why this text cannot be stored, or undefined. `lengthMax` counts UTF-16 units; nothing is ever cut. */
export function checkText(text: unknown, lengthMax: number, multiline: boolean): string | undefined {
  if (typeof text !== 'string') return 'this has to be text.';
  if (text.length > lengthMax) return `${text.length.toLocaleString('en-GB')} characters are too many: at most ${lengthMax.toLocaleString('en-GB')} can be kept.`;
  if (loneSurrogate.test(text)) return 'the text holds half of a character.';
  if (directionOverride.test(text)) return 'the text holds characters that turn the reading direction.';
  if (multiline ? controlInLines.test(text) : controlInLine.test(text)) return multiline ? 'the text holds control characters.' : 'this is one line of text, without line breaks or control characters.';
  return undefined;
}
