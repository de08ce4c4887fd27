/** What goes out about a field's history: each change as sentences and with both values, and who wrote what stands. */
import type { Field, Section } from '../../shared/content/kinds.ts';
import { isDisputed, type PlanContent } from '../../shared/content/planContent.ts';
import { sealValue } from '../../shared/content/sealed.ts';
import { showValue } from '../../shared/content/show.ts';
import type { FieldHistory, HistoryEntry, TextEntry, ValueEntry } from '../../shared/crdt/fieldHistory.ts';
import type { By } from '../../shared/crdt/sectionPast.ts';
import type { Steps } from '../../shared/crdt/steps.ts';
import { differences, wordChanges, type WordChange } from '../../shared/domain/differences.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { FieldHistoryView, HistoryEntry as WireEntry } from '../../shared/wire/history.ts';

export interface Of {
  readonly planId: PlanId;
  readonly section: Section;
  readonly field: Field;
  /** Where the log stood. */
  readonly position: number;
}

/** One page of the history, from before position `before` on; what one row of the log did is never parted. An entry a step: each may compare two long texts. */
export function* presentHistory(of: Of, history: FieldHistory, before: number): Steps<FieldHistoryView> {
  const older = history.entries.filter((entry) => entry.position < before);
  let end = Math.min(older.length, limits.historyPageSize);
  while (end < older.length && older[end]?.position === older[end - 1]?.position) end += 1;
  const last = older[end - 1];
  const items: WireEntry[] = [];
  for (const entry of older.slice(0, end)) {
    items.push(presentEntry(of, entry));
    yield;
  }
  const people = new Map<string, By>(history.runs.map(({ by }) => [by.id, by]));
  return {
    planId: of.planId, section: of.section.id, field: of.field.id, label: of.field.label, position: of.position,
    standing: {
      runs: history.runs.map(({ text, by, atMs }) => [text, by.id, iso(atMs)]),
      values: history.standing.map(({ row, value, by, atMs, position }) => ({ ...(row === undefined ? {} : { row }), value: sealValue(of.field, value), by: author(by), at: iso(atMs), position })),
      people: [...people.values()].map(author),
    },
    items,
    next: end < older.length && last ? String(last.position) : null,
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const author = ({ id, name, role }: By): By => ({ id, name, role });

const presentEntry = (of: Of, entry: HistoryEntry): WireEntry => (entry.kind === 'value' ? presentValue(of, entry) : presentText(of, entry));

function presentValue(of: Of, { position, atMs, by, row, from, to, reason, overtaken }: ValueEntry): WireEntry {
  const became = overtaken ? 'overtaken' : isDisputed(to) ? 'disputed' : isDisputed(from) ? 'settled' : 'changed';
  return {
    kind: 'value', position, at: iso(atMs), by: author(by), became, sentences: overtaken ? [`${of.field.label}: answered at the same moment as somebody else, whose answer stands.`] : sentences(of, from, to, row),
    ...(row === undefined ? {} : { row }), ...(from === undefined ? {} : { from: sealValue(of.field, from) }), ...(to === undefined ? {} : { to: sealValue(of.field, to) }), ...(reason === undefined ? {} : { reason }),
  };
}

/** As a comparison of versions says it. */
function sentences({ planId, section, field }: Of, from: unknown, to: unknown, row: string | undefined): string[] {
  const content = (value: unknown): PlanContent => {
    const stored = row === undefined || value === undefined ? value : [value];
    return { planId, position: 0, sections: { [section.id]: stored === undefined ? {} : { [field.id]: stored } } };
  };
  const said = differences(content(from), content(to)).map(({ sentence }) => sentence);
  if (said.length > 0) return said;
  // What the service writes by itself is no difference between versions, but it has a history.
  const [before, after] = [from, to].map((value) => showValue(field, row === undefined ? sealValue(field, value) : undefined)) as [string, string];
  return [before === after ? `${field.label}: written again, as it was.` : `${field.label} changed from “${before || 'not recorded'}” to “${after || 'not recorded'}”.`];
}

function presentText({ field }: Of, { position, firstPosition, atMs, sinceMs, by, texts }: TextEntry): WireEntry {
  const { before, after, passing } = texts();
  const words = before === after ? [] : wordChanges(before, after);
  return { kind: 'text', position, firstPosition, at: iso(atMs), since: iso(sinceMs), by: author(by), sentences: [textSentence(field, words, passing)], words: inContext(words) };
}

function textSentence({ label }: Field, words: readonly WordChange[], passing: string): string {
  const count = (change: WordChange['change']): number => words.filter((part) => part.change === change).reduce((total, part) => total + (part.text.match(/\S+/g)?.length ?? 0), 0);
  const said = (['added', 'removed'] as const).map((change) => [change, count(change)] as const).filter(([, many]) => many > 0).map(([change, many]) => `${many} ${many === 1 ? 'word' : 'words'} ${change}`);
  if (said.length > 0) return `${label}: ${said.join(', ')}.`;
  if (passing !== '') return `${label}: written and taken away again: “${passing}”.`;
  return `${label}: only the way it is set out changed.`;
}

/** Changes with a little of what stands around them. */
function inContext(words: readonly WordChange[]): WordChange[] {
  const most = limits.historyContextLength;
  return words.map((part, index) => {
    if (part.change !== 'same') return part;
    const [isFirst, isLast] = [index === 0, index === words.length - 1];
    if (part.text.length <= (isFirst || isLast ? most : 2 * most)) return part;
    const [head, tail] = [isFirst ? '' : part.text.slice(0, most), isLast ? '' : part.text.slice(-most)];
    return { ...part, text: `${head}…${tail}` };
  });
}
