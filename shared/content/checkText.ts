/** What may stand in any text that people type: real characters, no hidden direction changes, no more than fits. */
import { limits } from '../limits.ts';

/** Half of a character: it cannot be stored and would be shown differently everywhere. */
const loneSurrogate = /\p{Cs}/u;
/** What stands for a character that was lost on the way, half of one for instance: its writer would see another than everybody else. */
const lostCharacter = '\uFFFD';
/** Characters that turn the direction of what follows can make "do not give" read as its opposite. */
const directionOverride = /[\u202A-\u202E\u2066-\u2069]/;
/** Marks heaped on one letter cover the lines around it. */
const heapedMarks = new RegExp(`\\p{M}{${limits.marksOnOneLetterMax + 1}}`, 'u');
/** Characters that take no room. Emoji and some writings need them between letters; inside a number they only make two readings of it. */
const hiddenInNumber = /\p{Nd}[\u00AD\u200B-\u200D\u2060\uFEFF]+[\p{Nd}.,/]|[.,/][\u00AD\u200B-\u200D\u2060\uFEFF]+\p{Nd}/u;
const controlInLines = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/u;
const controlInLine = /[\p{Cc}\u2028\u2029\uFFFE\uFFFF]/u;

/** Why this text cannot be stored, or undefined. `lengthMax` counts UTF-16 units; nothing is ever cut. */
export function checkText(text: unknown, lengthMax: number, multiline: boolean): string | undefined {
  if (typeof text !== 'string') return 'this has to be text.';
  if (text.length > lengthMax) return `${text.length.toLocaleString('en-GB')} characters are too many: at most ${lengthMax.toLocaleString('en-GB')} can be kept.`;
  if (loneSurrogate.test(text)) return 'the text holds half of a character.';
  if (text.includes(lostCharacter)) return `the text holds a character that was lost on the way (${lostCharacter}).`;
  if (directionOverride.test(text)) return 'the text holds characters that turn the reading direction.';
  if (heapedMarks.test(text)) return `the text heaps more than ${limits.marksOnOneLetterMax} marks on one letter.`;
  if (hiddenInNumber.test(text)) return 'a number in the text holds characters that cannot be seen.';
  if (multiline ? controlInLines.test(text) : controlInLine.test(text)) return multiline ? 'the text holds control characters.' : 'this is one line of text, without line breaks or control characters.';
  return undefined;
}
