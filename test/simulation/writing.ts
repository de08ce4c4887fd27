/** What somebody does to a section in one go: writes words, takes words away, chooses a value, adds or changes a row. */
import * as Y from 'yjs';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { elements, putRow, rowIds, rowOf, rootName, strikeRow, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { tokensIn, valueFor } from './cast.ts';
import type { Dice } from './dice.ts';

/** Words written and words taken away. */
export interface Written {
  readonly tokens: readonly string[];
  readonly taken: readonly string[];
  /** In running text, where nothing but a deletion takes words away again. */
  readonly prose: boolean;
}

/** Does one thing in `doc`. `newToken` gives words that nobody else writes. */
export function write(doc: Y.Doc, section: Section, dice: Dice, newToken: () => string): Written {
  const field = dice.pick(section.fields.filter((each) => each.merge !== 'A' && each.fixed !== true && (each.merge !== 'G' || each.id === 'homeHazards')
    && (each.merge === 'T' || each.merge === 'G' || valueFor(each, '', (from) => from[0] ?? '') !== undefined)));
  switch (field.merge) {
    case 'T': return writeProse(doc, field, dice, newToken);
    case 'G': return writeRow(doc, field, dice, newToken);
    default: return choose(doc, field, dice, newToken);
  }
}

function choose(doc: Y.Doc, field: Field, dice: Dice, newToken: () => string): Written {
  const tokens = field.of.kind === 'text' ? [newToken()] : [];
  const value = valueFor(field, tokens[0] ?? '', (from) => dice.pick(from));
  const isDisputed = field.merge === 'X' && elements(doc, field).length > 1;
  writeValue(doc, field, value, isDisputed || dice.chance(0.2) ? 'as talked about' : undefined);
  return { tokens, taken: [], prose: false };
}

function writeRow(doc: Y.Doc, field: Field, dice: Dice, newToken: () => string): Written {
  const ids = rowIds(doc, field);
  const hazards = field.of.kind === 'rows' && field.of.columns[0]?.of.kind === 'choice' ? field.of.columns[0].of.valueSet.options : [];
  const columns = (): { hazard: string; note: string } => ({ hazard: dice.pick(hazards).value, note: newToken() });
  if (ids.length > 0 && dice.chance(0.5)) {
    const id = dice.pick(ids);
    const [first] = elements(doc, field, id);
    if (first && dice.chance(0.3)) {
      strikeRow(doc, field, id, 'no longer so');
      return { tokens: [], taken: [], prose: false };
    }
    const row = { ...rowOf(id, columns()) };
    putRow(doc, field, row);
    return { tokens: tokensIn(JSON.stringify(row)), taken: [], prose: false };
  }
  const row = rowOf(`r${[...dice.bytes(8)].map((byte) => (byte % 36).toString(36)).join('')}`, columns());
  putRow(doc, field, row);
  return { tokens: tokensIn(JSON.stringify(row)), taken: [], prose: false };
}

function writeProse(doc: Y.Doc, field: Field, dice: Dice, newToken: () => string): Written {
  const fragment = doc.getXmlFragment(rootName(field));
  const texts = fragment.toArray().flatMap((node) => (node instanceof Y.XmlElement ? node.toArray() : [])).filter((node) => node instanceof Y.XmlText);
  if (texts.length === 0 || dice.chance(0.06)) return paragraph(fragment, dice, newToken);
  const text = dice.pick(texts);
  const plain = plainOf(text);
  const present = tokensIn(plain);
  if (present.length > 0 && dice.chance(0.2)) {
    const token = dice.pick(present);
    text.delete(plain.indexOf(token), token.length);
    return { tokens: [], taken: [token], prose: true };
  }
  if (present.length > 0 && dice.chance(0.1)) {
    const token = dice.pick(present);
    text.format(plain.indexOf(token), token.length, { bold: {} });
    return { tokens: [], taken: [], prose: true };
  }
  const token = newToken();
  // Between whole words only: nobody splits a word that somebody else writes.
  const seams = [0, ...[...plain.matchAll(/\([a-z]+:[a-z0-9]+\.\d+\)/g)].map((match) => match.index + match[0].length)];
  text.insert(dice.pick(seams), token);
  return { tokens: [token], taken: [], prose: true };
}

function paragraph(fragment: Y.XmlFragment, dice: Dice, newToken: () => string): Written {
  const token = newToken();
  const node = new Y.XmlElement('paragraph');
  node.insert(0, [new Y.XmlText(token)]);
  fragment.insert(dice.whole(0, fragment.length), [node]);
  return { tokens: [token], taken: [], prose: true };
}

const plainOf = (text: Y.XmlText): string => (text.toDelta() as { insert?: unknown }[]).map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
