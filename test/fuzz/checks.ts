/** What must hold whatever arrived: nothing pending, every value allowed, prose in its shape, all copies the same. */
import * as Y from 'yjs';
import { containerOf, type AnyType } from '../../server/collab/places.ts';
import { lengthOf, sizeOf } from '../../server/collab/proseSize.ts';
import { readUpdate } from '../../server/collab/updateReading.ts';
import { checkRow, checkValue } from '../../shared/content/checkValue.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { elements, fieldsRoot, readField, rootName, rowIds, rowOf, valueOf } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';

/** What is wrong with the document as it stands, in words. */
export function documentFault(doc: Y.Doc, section: Section, today: string): string | undefined {
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return 'something is pending';
  const roots = new Set([fieldsRoot, ...section.fields.map(rootName)]);
  const stray = [...doc.share.keys()].find((name) => !roots.has(name));
  if (stray !== undefined) return `a root ${JSON.stringify(stray)}`;
  const strayKey = [...doc.getMap(fieldsRoot).keys()].find((key) => !section.fields.some((field) => field.id === key));
  if (strayKey !== undefined) return `a value under ${JSON.stringify(strayKey)}`;
  for (const field of section.fields) {
    const found = fieldFault(doc, field, today);
    if (found !== undefined) return `${field.id}: ${found}`;
  }
  return undefined;
}

function fieldFault(doc: Y.Doc, field: Field, today: string): string | undefined {
  const ordinary = doc.getMap(fieldsRoot).get(field.id);
  if (ordinary !== undefined) {
    const found = plainFault(ordinary) ?? checkValue(field, ordinary, today);
    if (found !== undefined || field.merge === 'L' || field.merge === 'A') return found;
  }
  switch (field.merge) {
    case 'L': case 'A': return undefined;
    case 'X': return first(elements(doc, field), ({ value }) => plainFault(value) ?? checkValue(field, valueOf(value), today));
    case 'G': return first(rowIds(doc, field), (id) => first(elements(doc, field, id), ({ value }) => plainFault(value) ?? checkRow(field, rowOf(id, value))));
    case 'T': {
      const fragment = doc.getXmlFragment(rootName(field));
      const blocks = readField(doc, field);
      return proseFault(fragment, '', 0) ?? (Array.isArray(blocks) ? checkValue(field, blocks, today) : undefined) ?? sizeFault(doc, field);
    }
  }
}

/** The length that is kept up must be the length that is counted. */
function sizeFault(doc: Y.Doc, field: Field): string | undefined {
  let [letters, blocks] = [0, 0];
  const visit = (type: AnyType): void => {
    for (let item = type._start; item !== null; item = item.right) {
      if (item.deleted) continue;
      if (item.content instanceof Y.ContentString) letters += item.content.str.length;
      if (!(item.content instanceof Y.ContentType)) continue;
      const made = item.content.type as AnyType;
      const { name } = containerOf(made);
      if (name === 'hardBreak') letters += 1;
      if (name === 'paragraph') blocks += 1;
      visit(made);
    }
  };
  visit(doc.getXmlFragment(rootName(field)) as unknown as AnyType);
  const [kept, counted] = [lengthOf(sizeOf(doc, rootName(field))), lengthOf({ letters, blocks })];
  return kept === counted ? undefined : `length is kept as ${kept} and is ${counted}`;
}

const first = <T>(items: readonly T[], check: (item: T) => string | undefined): string | undefined => {
  for (const item of items) {
    const found = check(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Not plain JSON: it would read differently on screen and in what is signed. */
function plainFault(value: unknown, depth = 0): string | undefined {
  if (depth > limits.jsonDepthMax) return 'nested too deeply';
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? undefined : 'no number';
  if (Array.isArray(value)) return first(value, (each) => plainFault(each, depth + 1));
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return 'no plain object';
  return first(Object.entries(value), ([key, each]) => (key === 'constructor' || key === 'prototype' ? `a key ${key}` : plainFault(each, depth + 1)));
}

const children: Readonly<Record<string, readonly string[]>> = {
  '': ['paragraph', 'bulletList', 'orderedList'], 'paragraph': ['hardBreak'], 'bulletList': ['listItem'], 'orderedList': ['listItem'], 'listItem': ['paragraph', 'bulletList', 'orderedList'], 'hardBreak': [],
};
const attributes: Readonly<Record<string, (value: unknown) => boolean>> = { start: Number.isInteger, type: (value) => value === null || typeof value === 'string' };

/** The shape of the whole field, looked at from above and node by node; the gate looks at each new piece from below. */
function proseFault(node: Y.XmlFragment, name: string, depth: number): string | undefined {
  if (depth > 2 * limits.listDepthMax + 1) return 'too deep';
  for (const [key, item] of node._map) {
    if (item.deleted) continue;
    const value: unknown = item.content instanceof Y.ContentAny ? item.content.arr.at(-1) : undefined;
    if (name !== 'orderedList' || attributes[key]?.(value) !== true) return `an attribute ${key} of ${name}`;
  }
  for (let item = node._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (!(item.content instanceof Y.ContentType)) return `bare content in ${name}`;
    const child: unknown = item.content.type;
    const found = child instanceof Y.XmlText ? textFault(child, name)
      : child instanceof Y.XmlElement && children[name]?.includes(child.nodeName) === true ? proseFault(child, child.nodeName, depth + 1) : `something strange in ${name}`;
    if (found !== undefined) return found;
  }
  return undefined;
}

function textFault(text: Y.XmlText, parent: string): string | undefined {
  if (parent !== 'paragraph') return `text in ${parent}`;
  if ([...text._map.values()].some((item) => !item.deleted)) return 'an attribute of text';
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const { content } = item;
    if (content instanceof Y.ContentString) {
      if (/[\uFFFD\p{Cs}\u202A-\u202E\u2066-\u2069]/u.test(content.str)) return 'half a character or a change of direction';
    } else if (!(content instanceof Y.ContentFormat) || (content.key !== 'bold' && content.key !== 'italic')) return 'something that is no text';
  }
  return undefined;
}

/** How two documents that should be the same differ. A mark that says nothing may have been tidied away by the library in one of them only. */
export function difference(one: Y.Doc, other: Y.Doc, section: Section): string | undefined {
  for (const field of section.fields) {
    const [here, there] = [one, other].map((doc) => JSON.stringify(readField(doc, field)));
    if (here !== there) return `they read differently: ${here} and ${there}`;
  }
  if (Y.equalSnapshots(Y.snapshot(one), Y.snapshot(other))) return undefined;
  return clocksOf(one) === clocksOf(other) && standsOnly(one, other) && standsOnly(other, one) ? undefined : 'their clocks or deletions differ';
}

const clocksOf = (doc: Y.Doc): string => JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(doc))].toSorted((a, b) => a[0] - b[0]));

/** Whether whatever stands in `one` and is gone in `other` is a mark. */
function standsOnly(one: Y.Doc, other: Y.Doc): boolean {
  for (const structs of one.store.clients.values()) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.deleted || struct.content instanceof Y.ContentFormat) continue;
      const known = other.store.clients.get(struct.id.client) ?? [];
      for (let index = Y.findIndexSS(known, struct.id.clock); (known[index]?.id.clock ?? Infinity) < struct.id.clock + struct.length; index += 1) if (known[index]?.deleted) return false;
    }
  }
  return true;
}

/**
 * How two documents read differently that had the same updates in another order. The library tidies marks in each copy for itself, so marks
 * and what was tidied away may differ; text, values, rows and clocks may not.
 */
export function differenceInText(one: Y.Doc, other: Y.Doc, section: Section): string | undefined {
  const plain = (doc: Y.Doc, field: Field): string => JSON.stringify(readField(doc, field), (key, value: unknown) => (key === 'marks' ? undefined : value));
  for (const field of section.fields) {
    const [here, there] = [one, other].map((doc) => plain(doc, field));
    if (here !== there) return `they read differently: ${here} and ${there}`;
  }
  return clocksOf(one) === clocksOf(other) ? undefined : 'their clocks differ';
}

/** Whether the library reads the same update as the gate does. */
export function readingFault(update: Uint8Array): string | undefined {
  const own = readUpdate(update, Infinity);
  if (typeof own === 'string') return `the gate cannot read it: ${own}`;
  const { structs, ds } = Y.decodeUpdate(update);
  if (structs.length !== own.structs.length) return 'the library reads other structs';
  for (const [index, struct] of structs.entries()) {
    const mine = own.structs[index];
    if (struct.id.client !== mine?.id.client || struct.id.clock !== mine.id.clock || struct.length !== mine.length) return `the library reads struct ${index} differently`;
  }
  const deletions = [...ds.clients].flatMap(([client, items]) => items.map(({ clock, len }) => `${client} ${clock} ${len}`));
  return deletions.join() === own.deletions.map(({ client, clock, length }) => `${client} ${clock} ${length}`).join() ? undefined : 'the library reads other deletions';
}
