/** What may stand in prose: paragraphs, lists, line breaks, bold and italic. Anything else has no place in a care plan. */
import * as Y from 'yjs';
import { limits } from '../../shared/limits.ts';

const children: Readonly<Record<string, readonly string[]>> = {
  '': ['paragraph', 'bulletList', 'orderedList'],
  paragraph: ['hardBreak'],
  bulletList: ['listItem'],
  orderedList: ['listItem'],
  listItem: ['paragraph', 'bulletList', 'orderedList'],
  hardBreak: [],
};

/** What is wrong with the shape of the prose, if anything. Looks at this one field only. */
export function proseFault(fragment: Y.XmlFragment): 'wrong-content' | 'too-deep' | undefined {
  return nodeFault(fragment, '', 0);
}

function nodeFault(node: Y.XmlFragment, name: string, depth: number): 'wrong-content' | 'too-deep' | undefined {
  if (depth > 2 * limits.listDepthMax + 1) return 'too-deep';
  if (!attributesAllowed(node, name)) return 'wrong-content';
  for (let item = node._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (!(item.content instanceof Y.ContentType)) return 'wrong-content';
    const child = item.content.type;
    if (child instanceof Y.XmlText) {
      if (name !== 'paragraph' || !textAllowed(child)) return 'wrong-content';
    } else if (child instanceof Y.XmlElement && (children[name] ?? []).includes(child.nodeName)) {
      const found = nodeFault(child, child.nodeName, depth + 1);
      if (found) return found;
    } else return 'wrong-content';
  }
  return undefined;
}

function textAllowed(text: Y.XmlText): boolean {
  if ([...text._map.values()].some((item) => !item.deleted)) return false;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted || item.content instanceof Y.ContentString) continue;
    if (!(item.content instanceof Y.ContentFormat) || !markAllowed(item.content.key, item.content.value)) return false;
  }
  return true;
}

/** Editors write a mark as `{}`, some as `true`; `null` ends it. */
function markAllowed(key: string, value: unknown): boolean {
  if (key !== 'bold' && key !== 'italic') return false;
  return value === null || value === true || (typeof value === 'object' && Object.keys(value).length === 0 && Object.getPrototypeOf(value) === Object.prototype);
}

function attributesAllowed(node: Y.XmlFragment, name: string): boolean {
  for (const [key, item] of node._map) {
    if (item.deleted) continue;
    const value: unknown = item.content instanceof Y.ContentAny ? item.content.arr.at(-1) : undefined;
    if (!attributeAllowed(name, key, value)) return false;
  }
  return true;
}

/** Whether a block of this name may have the attribute: only where a numbered list begins, and how it counts. */
export function attributeAllowed(name: string, key: string, value: unknown): boolean {
  if (name !== 'orderedList') return false;
  if (key === 'start') return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 10_000;
  return key === 'type' && (value === null || (typeof value === 'string' && /^[1aAiI]$/.test(value)));
}
