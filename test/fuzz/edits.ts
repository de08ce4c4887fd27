/** What people really do to a section: values, exclusive values, rows and prose, written through the same functions and the same library as the screen. */
import * as Y from 'yjs';
import type { Column, Field, Section } from '../../shared/content/kinds.ts';
import { putRow, rowIds, strikeRow, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { Chance } from './random.ts';

const words = ['home', 'pain', 'daughter', 'wishes', 'Dr Osei', 'ward 4', 'no', 'not', 'café', 'naïve', '😀', '👩🏽‍⚕️', 'عربى', '½ tablet', '中文', 'a', ' ', '. ', 'e\u0301'];
export const someText = (chance: Chance): string => Array.from({ length: chance.between(1, 4) }, () => chance.pick(words)).join(chance.maybe(0.7) ? ' ' : '');

/** One edit, by chance. */
export function edit(doc: Y.Doc, section: Section, chance: Chance): void {
  const field = chance.pick(section.fields.filter((each) => each.merge !== 'A' && each.fixed !== true));
  switch (field.merge) {
    case 'L': case 'A':
      return writeValue(doc, field, chance.maybe(0.1) ? undefined : someValue(field, chance));
    case 'X':
      return writeValue(doc, field, someValue(field, chance), chance.maybe(0.3) ? 'Agreed with the family.' : undefined);
    case 'G':
      return editRows(doc, field, chance);
    case 'T':
      return editProse(doc, field, chance);
  }
}

function someValue({ of: kind }: Field, chance: Chance): unknown {
  switch (kind.kind) {
    case 'choice': return chance.pick(kind.valueSet.options).value;
    case 'choices': return chance.maybe(0.5) ? [] : [chance.pick(kind.valueSet.options).value];
    case 'yes-no': return chance.maybe(0.5);
    case 'date': case 'date-time': return '2026-01-1' + String(chance.below(10));
    case 'text': return kind.format === 'nhs-number' ? '9990000018' : kind.format === 'phone' ? `01632 96000${chance.below(10)}` : someText(chance);
    case 'person': return { name: `Nurse ${someText(chance)}` };
    case 'prose': case 'rows': return { notDiscussed: 'Too tired today.' };
  }
}

function someCell({ of: kind }: Column, chance: Chance): unknown {
  switch (kind.kind) {
    case 'choice': return chance.pick(kind.valueSet.options).value;
    case 'choices': return [chance.pick(kind.valueSet.options).value];
    case 'yes-no': return chance.maybe(0.5);
    case 'date': return '2026-02-03';
    case 'text': return someText(chance);
    case 'person': return { name: someText(chance) + 'X' };
    case 'organisation': return { id: `org_house${chance.below(9)}`, name: 'A house' };
  }
}

function editRows(doc: Y.Doc, field: Field, chance: Chance): void {
  if (field.of.kind !== 'rows') return;
  const ids = rowIds(doc, field);
  const id = ids.length > 0 && chance.maybe(0.6) ? chance.pick(ids) : `r${chance.below(12)}`;
  if (ids.includes(id) && chance.maybe(0.15)) return strikeRow(doc, field, id, 'No longer needed.');
  const columns = field.of.columns.filter((column) => column.needed === true || chance.maybe(0.5));
  putRow(doc, field, { id, ...Object.fromEntries(columns.map((column) => [column.id, someCell(column, chance)])) });
}

function editProse(doc: Y.Doc, field: Field, chance: Chance): void {
  const fragment = doc.getXmlFragment(`t:${field.id}`);
  if (chance.maybe(0.03)) return writeValue(doc, field, { notDiscussed: 'Too tired today.' });
  if (chance.maybe(0.05)) return writeProse(doc, field, Array.from({ length: chance.between(1, 4) }, () => ({ type: 'paragraph' as const, text: someText(chance) })));
  const texts = textsOf(fragment);
  if (texts.length === 0 || chance.maybe(0.1)) return addBlock(doc, fragment, chance);
  const text = chance.pick(texts);
  const at = clean(text, chance.below(text.length + 1));
  if (chance.maybe(0.05) && fragment.length > 1) return fragment.delete(chance.below(fragment.length), 1);
  if (chance.maybe(0.3) && text.length > 0) {
    const end = clean(text, chance.between(at, Math.min(text.length, at + 12)));
    if (end > at && chance.maybe(0.6)) return text.delete(at, end - at);
    if (end > at) return text.format(at, end - at, { [chance.pick(['bold', 'italic'])]: chance.maybe(0.7) ? {} : null });
  }
  if (chance.maybe(0.2)) {
    // Typed and taken back before it was sent.
    doc.transact(() => { text.insert(at, 'oops'); text.delete(at, 4); text.insert(at, 'so'); });
    return;
  }
  text.insert(at, chance.maybe(0.7) ? chance.pick(['a', 'b', ' ', 'é', '😀']) : someText(chance));
}

function addBlock(doc: Y.Doc, fragment: Y.XmlFragment, chance: Chance): void {
  doc.transact(() => {
    const paragraph = new Y.XmlElement('paragraph');
    const text = new Y.XmlText();
    text.insert(0, someText(chance));
    paragraph.insert(0, chance.maybe(0.3) ? [text, new Y.XmlElement('hardBreak')] : [text]);
    let block = paragraph;
    if (chance.maybe(0.4)) {
      block = new Y.XmlElement(chance.pick(['bulletList', 'orderedList']));
      if (block.nodeName === 'orderedList') block.setAttribute('start', 1 as unknown as string);
      const item = new Y.XmlElement('listItem');
      item.insert(0, [paragraph]);
      block.insert(0, [item]);
    }
    fragment.insert(chance.below(fragment.length + 1), [block]);
  });
}

function textsOf(node: Y.XmlFragment): Y.XmlText[] {
  return node.toArray().flatMap((child) => (child instanceof Y.XmlText ? [child] : child instanceof Y.XmlElement ? textsOf(child) : []));
}

/** A place between characters: no editor puts its caret inside one. */
function clean(text: Y.XmlText, at: number): number {
  const letters = (text.toDelta() as readonly { insert: unknown }[]).map(({ insert }) => (typeof insert === 'string' ? insert : ' ')).join('');
  const unit = letters.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at;
}
