/**
 * What others changed since somebody last looked, found in the live documents: which fields, and in prose which letters. The server
 * says only which clocks of which writers are new; where they stand is read here, and nothing of it is ever written. Pure.
 */
import * as Y from 'yjs';
import type { Section } from '../../shared/content/kinds.ts';
import { fieldsRoot, rootName } from '../../shared/crdt/sectionDocument.ts';
import type { ChangesSince } from '../../shared/wire/history.ts';

export type Stroke = ChangesSince['strokes'][number];
export interface Who {
  readonly id: string;
  readonly name: string;
  readonly at: string;
}
/** Letters of the block with this number, as prose is read, from one place to another. */
export interface LetterMark {
  readonly block: number;
  readonly from: number;
  readonly to: number;
  readonly by: Who;
}
export interface FieldMark {
  /** Each person once, with their latest time, the latest first. */
  readonly by: readonly Who[];
  readonly letters: readonly LetterMark[];
}

const whoOf = (stroke: Stroke): Who => ({ id: stroke.by.id, name: stroke.by.name, at: stroke.at });

/** Marks of one section, by field id. What came and went again among `strokes` is no change. */
export function marksOf(doc: Y.Doc, section: Section, strokes: readonly Stroke[]): ReadonlyMap<string, FieldMark> {
  const own = strokes.filter((stroke) => stroke.section === section.id);
  const fieldOfRoot = new Map(section.fields.map((field) => [rootName(field), field.id]));
  const isNew = (client: number, clock: number): boolean => own.some((stroke) => stroke.brought.some(([id, from, after]) => id === client && from <= clock && clock < after));
  const people = new Map<string, Map<string, Who>>();
  const touch = (item: Y.Item, stroke: Stroke): void => {
    const field = fieldOf(item, fieldOfRoot);
    if (field === undefined) return;
    const whos = people.get(field) ?? new Map<string, Who>();
    people.set(field, whos);
    const before = whos.get(stroke.by.id);
    if (before === undefined || before.at < stroke.at) whos.set(stroke.by.id, whoOf(stroke));
  };
  for (const stroke of own) {
    for (const span of stroke.brought) for (const item of itemsIn(doc, span)) if (!item.deleted) touch(item, stroke);
    for (const span of stroke.taken) for (const item of itemsIn(doc, span)) if (item.deleted && !isNew(item.id.client, Math.max(item.id.clock, span[1]))) touch(item, stroke);
  }
  return new Map([...people].map(([field, whos]) => {
    const prose = section.fields.find(({ id }) => id === field)?.merge === 'T';
    return [field, { by: [...whos.values()].toSorted((a, b) => (a.at < b.at ? 1 : -1)), letters: prose ? lettersOf(doc.getXmlFragment(`t:${field}`), own) : [] }];
  }));
}

function* itemsIn(doc: Y.Doc, [client, from, after]: readonly [number, number, number]): Generator<Y.Item> {
  const structs = doc.store.clients.get(client);
  if (structs === undefined || from >= Y.getState(doc.store, client)) return;
  for (let index = Y.findIndexSS(structs, from); index < structs.length; index += 1) {
    const struct = structs[index];
    if (struct === undefined || struct.id.clock >= after) return;
    if (struct instanceof Y.Item) yield struct;
  }
}

/** The field that an item is part of. */
function fieldOf(item: Y.Item, fieldOfRoot: ReadonlyMap<string, string>): string | undefined {
  let top = item;
  let parent = item.parent as { readonly _item: Y.Item | null } | null;
  while (parent !== null && parent._item !== null) {
    top = parent._item;
    parent = top.parent as { readonly _item: Y.Item | null } | null;
  }
  if (parent === null) return undefined;
  const root = Y.findRootTypeKey(parent as Parameters<typeof Y.findRootTypeKey>[0]);
  return root === fieldsRoot ? top.parentSub ?? undefined : fieldOfRoot.get(root);
}

/** Paragraphs in the order in which prose is read as blocks. */
export function paragraphsOf(fragment: Y.XmlFragment | Y.XmlElement): Y.XmlElement[] {
  return fragment.toArray().flatMap((child) => {
    if (!(child instanceof Y.XmlElement)) return [];
    return ['bulletList', 'orderedList', 'listItem'].includes(child.nodeName) ? paragraphsOf(child) : [child];
  });
}

function lettersOf(fragment: Y.XmlFragment, strokes: readonly Stroke[]): LetterMark[] {
  const spans = strokes.flatMap((stroke) => stroke.brought.map(([client, from, after]) => ({ client, from, after, by: whoOf(stroke) })));
  return paragraphsOf(fragment).flatMap((paragraph, block) => {
    const marks: LetterMark[] = [];
    let at = 0;
    for (const child of paragraph.toArray()) {
      if (!(child instanceof Y.XmlText)) {
        at += 1;
        continue;
      }
      for (let item = child._start; item !== null; item = item.right) {
        if (item.deleted || !item.countable) continue;
        const { client, clock } = item.id;
        for (const span of spans) {
          const [from, to] = [Math.max(span.from, clock), Math.min(span.after, clock + item.length)];
          if (span.client === client && from < to) marks.push({ block, from: at + from - clock, to: at + to - clock, by: span.by });
        }
        at += item.length;
      }
    }
    return marks.toSorted((a, b) => a.from - b.from);
  });
}
