/** Numbered words in a paragraph: typed at a gap between words, taken away again, read back. */
import * as Y from 'yjs';
import type { Act, Journal, Removal, Word } from './journal.ts';

/** Finished words of one's own up to this number are not taken away again. */
const keptMin = 5;
const removalShare = 0.3;

/** Every token of a text, as often as it is there. */
export const tokensOf = (text: string): string[] => text.match(/\b[a-z]+\d*-\d{6}/g) ?? [];

export function textOf(doc: Y.Doc, fieldId: string): string {
  return doc.getXmlFragment(`t:${fieldId}`).toArray().map((block) => lineOf(block)?.toString() ?? '').join('\n');
}

/** Makes the paragraph that everybody types into, with a first word in it. */
export function beginParagraph(doc: Y.Doc, fieldId: string, journal: Journal): Act {
  const token = `${journal.name}-000000`;
  const from = Y.getState(doc.store, doc.clientID);
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(token)]);
  // The paragraph, the line in it, and each letter.
  const act = noted(journal, { kind: 'word', token, client: doc.clientID, from, after: from + 2 + token.length });
  doc.getXmlFragment(`t:${fieldId}`).insert(0, [paragraph]);
  return act;
}

/**
 * One word with `before` before it at a gap of the first paragraph or, three times in ten, one saved word of one's own taken away. It is
 * in the journal before it is in the document. Undefined while there is no paragraph.
 */
export function typeWord(doc: Y.Doc, fieldId: string, journal: Journal, random: () => number, before = ''): Act | undefined {
  const line = lineOf(doc.getXmlFragment(`t:${fieldId}`).get(0));
  if (!line) return undefined;
  const text = line.toString();
  const victim = random() < removalShare ? ownWord(journal, random) : undefined;
  const at = victim === undefined ? -1 : text.indexOf(victim);
  if (victim !== undefined && at >= 0) {
    const act = noted(journal, { kind: 'removal', token: victim });
    line.delete(at, victim.length);
    return act;
  }
  const token = `${journal.name}-${String(journal.acts.filter(({ kind }) => kind === 'word').length).padStart(6, '0')}`;
  const piece = `${before} ${token} `;
  const from = Y.getState(doc.store, doc.clientID);
  const act = noted(journal, { kind: 'word', token, client: doc.clientID, from, after: from + piece.length });
  line.insert(gapAfter(text, Math.floor(random() * (text.length + 1))), piece);
  return act;
}

function noted(journal: Journal, what: Word | Removal): Act {
  // Times in order, also within one tick: "saved" covers what was done up to a moment.
  const act: Act = { ...what, atMs: Math.max(performance.now(), (journal.acts.at(-1)?.atMs ?? 0) + 1e-6), fate: 'unknown' };
  journal.acts.push(act);
  return act;
}

/** A saved word of one's own that is still there and that nobody is waiting to read. */
function ownWord(journal: Journal, random: () => number): string | undefined {
  const gone = new Set(journal.acts.flatMap((act) => (act.kind === 'removal' ? [act.token] : [])));
  const own = journal.acts.filter(({ kind, fate, token }) => kind === 'word' && fate === 'saved' && !gone.has(token) && !journal.awaited.has(token));
  return own.length > keptMin ? own[Math.floor(random() * own.length)]?.token : undefined;
}

function lineOf(block: unknown): Y.XmlText | undefined {
  const first = block instanceof Y.XmlElement && block.length > 0 ? block.get(0) : undefined;
  return first instanceof Y.XmlText ? first : undefined;
}

/** The next place at which no word is cut in two. */
function gapAfter(text: string, from: number): number {
  const gap = text.indexOf(' ', from);
  return gap < 0 ? text.length : gap;
}
