/** Checks prose: paragraphs and list items with bold and italic, nothing else. */
import { limits } from '../limits.ts';
import { checkText } from './checkText.ts';

const blockTypes = new Set<unknown>(['paragraph', 'bulletItem', 'orderedItem']);
const blockKeys = new Set(['type', 'text', 'depth', 'marks']);
const markKeys = new Set(['type', 'from', 'to']);

type Members = Readonly<Record<string, unknown>>;
const members = (value: unknown): Members | undefined => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined);
const whole = (value: unknown, min: number, max: number): value is number => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;

/** Why this prose cannot be stored, or undefined. The length counts every block's text and one for each break between blocks. */
export function checkProse(value: unknown, lengthMax: number = limits.proseLengthMax): string | undefined {
  if (!Array.isArray(value)) return 'this has to be a list of paragraphs.';
  if (value.length > limits.proseBlocksMax) return `${value.length} paragraphs are too many.`;
  let length = Math.max(0, value.length - 1);
  for (const item of value) {
    const block = members(item);
    if (!block || !blockTypes.has(block['type'])) return 'only paragraphs and list items can stand here.';
    if (Object.keys(block).some((key) => !blockKeys.has(key))) return 'a paragraph holds something that does not belong there.';
    const why = checkText(block['text'], Number.POSITIVE_INFINITY, true);
    if (why !== undefined) return why;
    const textLength = (block['text'] as string).length;
    if (block['depth'] !== undefined && !whole(block['depth'], 0, limits.listDepthMax)) return 'a list is nested too deeply.';
    if (block['marks'] !== undefined && !goodMarks(block['marks'], textLength)) return 'bold or italic does not fit the text.';
    length += textLength;
  }
  return length > lengthMax ? `${length.toLocaleString('en-GB')} characters are too many: at most ${lengthMax.toLocaleString('en-GB')} can be kept.` : undefined;
}

function goodMarks(marks: unknown, textLength: number): boolean {
  return Array.isArray(marks) && marks.every((item) => {
    const mark = members(item);
    if (!mark || Object.keys(mark).some((key) => !markKeys.has(key))) return false;
    const { type, from, to } = mark;
    return (type === 'bold' || type === 'italic') && whole(from, 0, textLength) && whole(to, 1, textLength) && from < to;
  });
}
