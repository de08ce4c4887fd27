/** Prose of every kind that the standard allows, for properties. */
import fc from 'fast-check';
import type { ProseBlock } from '../../shared/content/kinds.ts';

const words = fc.array(fc.constantFrom('dog', 'garden', 'at home', 'with\nothers'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));

/** Paragraphs and lists, nested as deep as they may stand, with line breaks inside. */
export const lettersBlocks: fc.Arbitrary<readonly ProseBlock[]> = fc.array(
  fc.oneof(
    words.map((text): ProseBlock => ({ type: 'paragraph', text })),
    fc.tuple(fc.constantFrom('bulletItem' as const, 'orderedItem' as const), words, fc.nat(2)).map(([type, text, depth]): ProseBlock => ({ type, text, depth })),
  ),
  { minLength: 1, maxLength: 6 },
);
