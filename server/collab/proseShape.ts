/** What may stand in prose: paragraphs, lists, line breaks, bold and italic. Anything else has no place in a care plan. */
import { limits } from '../../shared/limits.ts';
import type { Container } from './places.ts';

/** What each block may hold; the empty name is the field itself on the left and text on the right. */
const children: ReadonlyMap<string, ReadonlySet<string>> = new Map<string, ReadonlySet<string>>([
  ['', new Set(['paragraph', 'bulletList', 'orderedList'])],
  ['paragraph', new Set(['hardBreak', ''])],
  ['bulletList', new Set(['listItem'])],
  ['orderedList', new Set(['listItem'])],
  ['listItem', new Set(['paragraph', 'bulletList', 'orderedList'])],
  ['hardBreak', new Set()],
]);

/** Elements within elements: a list and its item for each level, and the paragraph in the innermost. */
export const treeDepthMax = 2 * limits.listDepthMax + 1;

export const isBlockName = (name: string): boolean => name !== '' && children.has(name);

/** Whether a block of this name, or text (the empty name), may stand in the container. */
export const mayHold = (container: Container, name: string): boolean =>
  (container.depth === 0 ? container.kind === 'fragment' : container.kind === 'element' && container.name !== '') && (children.get(container.name)?.has(name) ?? false);

/** Whether a block of this name may have the attribute: only where a numbered list begins, and how it counts. */
export function attributeAllowed(name: string, key: string, value: unknown): boolean {
  if (name !== 'orderedList') return false;
  if (key === 'start') return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 10_000;
  return key === 'type' && (value === null || (typeof value === 'string' && /^[1aAiI]$/.test(value)));
}
