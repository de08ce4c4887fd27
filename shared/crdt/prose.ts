/** Prose inside a section's document: XML elements on one side, plain blocks of text with marks on the other. */
import * as Y from 'yjs';
import type { ProseBlock, ProseMark } from '../content/kinds.ts';

type Delta = readonly { readonly insert?: unknown; readonly attributes?: Readonly<Record<string, unknown>> }[];

/** The blocks of a fragment, or `undefined` when nothing is written in it. A line break inside a block is "\n". */
export function readProse(fragment: Y.XmlFragment): ProseBlock[] | undefined {
  const blocks: ProseBlock[] = [];
  for (const child of fragment.toArray()) readBlock(child, 0, 'paragraph', blocks);
  return blocks.some((block) => block.text.trim() !== '') ? blocks : undefined;
}

function readBlock(node: unknown, depth: number, type: ProseBlock['type'], blocks: ProseBlock[]): void {
  if (!(node instanceof Y.XmlElement)) return;
  if (node.nodeName === 'bulletList' || node.nodeName === 'orderedList') {
    const itemType = node.nodeName === 'bulletList' ? 'bulletItem' : 'orderedItem';
    for (const item of node.toArray()) {
      if (item instanceof Y.XmlElement) for (const inner of item.toArray()) readBlock(inner, isList(inner) ? depth + 1 : depth, itemType, blocks);
    }
    return;
  }
  const line = readLine(node);
  blocks.push({ type, text: line.text, ...(depth > 0 ? { depth } : {}), ...(line.marks.length > 0 ? { marks: line.marks } : {}) });
}

const isList = (node: unknown): boolean => node instanceof Y.XmlElement && (node.nodeName === 'bulletList' || node.nodeName === 'orderedList');

function readLine(paragraph: Y.XmlElement): { text: string; marks: ProseMark[] } {
  let text = '';
  const marks: ProseMark[] = [];
  for (const child of paragraph.toArray()) {
    if (child instanceof Y.XmlElement && child.nodeName === 'hardBreak') text += '\n';
    if (!(child instanceof Y.XmlText)) continue;
    for (const part of child.toDelta() as Delta) {
      if (typeof part.insert !== 'string') continue;
      const from = text.length;
      text += part.insert;
      for (const type of ['bold', 'italic'] as const) if (part.attributes?.[type]) addMark(marks, { type, from, to: text.length });
    }
  }
  return { text, marks: marks.toSorted((a, b) => a.from - b.from || a.type.localeCompare(b.type)) };
}

/** Two marks of a kind that touch are one mark: the same text must give the same blocks however it was typed. */
function addMark(marks: ProseMark[], mark: ProseMark): void {
  const before = marks.findIndex((other) => other.type === mark.type && other.to === mark.from);
  if (before < 0) marks.push(mark);
  else marks[before] = { ...mark, from: (marks[before] as ProseMark).from };
}

/** Puts `blocks` in the place of whatever the fragment holds. To be called inside a transaction of its document. */
export function writeBlocks(fragment: Y.XmlFragment, blocks: readonly ProseBlock[]): void {
  fragment.delete(0, fragment.length);
  const open: { readonly type: ProseBlock['type']; readonly list: Y.XmlElement }[] = [];
  const roots: Y.XmlElement[] = [];
  for (const block of blocks) {
    const paragraph = paragraphOf(block);
    if (block.type === 'paragraph') {
      open.length = 0;
      roots.push(paragraph);
      continue;
    }
    const depth = Math.min(block.depth ?? 0, open.length);
    if (open.length > depth && open[depth]?.type !== block.type) open.length = depth;
    else open.length = Math.min(open.length, depth + 1);
    if (open.length === depth) openList(block.type, open, roots);
    const item = new Y.XmlElement('listItem');
    childrenOf(item).push(paragraph);
    const list = (open[depth] as { list: Y.XmlElement }).list;
    childrenOf(list).push(item);
  }
  for (const root of roots) attach(root);
  fragment.insert(0, roots);
}

function openList(type: ProseBlock['type'], open: { type: ProseBlock['type']; list: Y.XmlElement }[], roots: Y.XmlElement[]): void {
  const list = new Y.XmlElement(type === 'bulletItem' ? 'bulletList' : 'orderedList');
  const parent = open.at(-1)?.list;
  const lastItem = parent && childrenOf(parent).at(-1);
  if (lastItem) childrenOf(lastItem).push(list);
  else roots.push(list);
  open.push({ type, list });
}

// Elements that are not yet in a document cannot be read back, so their children wait beside them until the tree is complete.
const waiting = new WeakMap<Y.XmlElement, Y.XmlElement[]>();
function childrenOf(element: Y.XmlElement): Y.XmlElement[] {
  const children = waiting.get(element) ?? [];
  waiting.set(element, children);
  return children;
}
function attach(element: Y.XmlElement): void {
  const children = childrenOf(element);
  for (const child of children) attach(child);
  if (children.length > 0) element.insert(0, children);
}

function paragraphOf(block: ProseBlock): Y.XmlElement {
  const paragraph = new Y.XmlElement('paragraph');
  const parts: (Y.XmlText | Y.XmlElement)[] = [];
  let from = 0;
  for (const [index, line] of block.text.split('\n').entries()) {
    if (index > 0) parts.push(new Y.XmlElement('hardBreak'));
    if (line !== '') parts.push(textOf(line, from, block.marks ?? []));
    from += line.length + 1;
  }
  paragraph.insert(0, parts);
  return paragraph;
}

/** One line of a block as text with marks; `from` is where the line starts in the block. */
function textOf(line: string, from: number, marks: readonly ProseMark[]): Y.XmlText {
  const text = new Y.XmlText();
  const edges = marks.flatMap((mark) => [mark.from - from, mark.to - from]).filter((edge) => edge > 0 && edge < line.length);
  const cuts = [...new Set([0, ...edges, line.length])].toSorted((a, b) => a - b);
  const delta = cuts.slice(0, -1).map((start, index) => {
    const covering = marks.filter((mark) => mark.from - from <= start && mark.to - from > start);
    const attributes = Object.fromEntries(covering.map((mark) => [mark.type, {}]));
    return { insert: line.slice(start, cuts[index + 1]), ...(covering.length > 0 ? { attributes } : {}) };
  });
  text.applyDelta(delta);
  return text;
}
