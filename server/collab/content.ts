/** Reads a plan as plain JSON from its log, up to a position: what reviewers read and what a signed version holds. */
import { createHmac } from 'node:crypto';
import type * as Y from 'yjs';
import type { Author, PlanContent } from '../../shared/content/planContent.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { sectionOfField, sections } from '../../shared/content/standard.ts';
import { elements, readSection, rowOf, valueOf, type Element } from '../../shared/crdt/sectionDocument.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import type { Role } from '../../shared/domain/roles.ts';
import type { Queryable } from '../ports.ts';
import { rootOf, rowsUpTo } from './log.ts';
import type { LogRow } from './planLog.ts';
import { documentFrom } from './document.ts';

/** The whole plan at `position` (its head when left out), every section included. The same position always gives the same content. */
export async function contentAt(db: Queryable, planId: PlanId, position?: number): Promise<PlanContent> {
  const root = await rootOf(db, planId);
  const upTo = position ?? root?.position ?? 0;
  const rows = await rowsUpTo(db, planId, upTo);
  const content: Record<string, Record<string, unknown>> = {};
  for (const section of sections) {
    const own = rows.filter((row) => row.sectionId === section.id);
    if (own.length > 0) content[section.id] = contentOf(section, own);
  }
  addAutomatic(content, rows);
  return {
    planId, position: upTo, sections: Object.fromEntries(Object.entries(content).filter(([, fields]) => Object.keys(fields).length > 0)),
    ...(root ? { salt: saltAt(root.salt, upTo) } : {}),
  };
}

/** Another at each position, and always the same at one: 128 bits, lower-case hex. */
const saltAt = (secret: Buffer, position: number): string => createHmac('sha256', secret).update(String(position)).digest('hex').slice(0, 32);

function contentOf(section: Section, rows: readonly LogRow[]): Record<string, unknown> {
  const doc = documentFrom(rows.map(({ bytes }) => bytes), section);
  try {
    const content = readSection(doc, section);
    for (const field of section.fields) {
      if (content[field.id] !== undefined) content[field.id] = withAuthors(doc, field, content[field.id], rows);
    }
    if (content['consentShare'] !== undefined || content['consentRecord'] !== undefined) {
      const taken = consentTaker(doc, section, rows);
      if (taken) content['consentTakenBy'] = taken;
    }
    return content;
  } finally {
    doc.destroy();
  }
}

/** Contradicted values say who wrote each and when. */
function withAuthors(doc: Y.Doc, field: Field, value: unknown, rows: readonly LogRow[]): unknown {
  const signed = (element: Element, shown: unknown): unknown => {
    const row = rowThatBrought(element, rows);
    return { value: shown, by: authorOf(row), at: row.at.toISOString() };
  };
  if (field.merge === 'X') {
    const found = elements(doc, field);
    return found.length > 1 ? { disputed: found.map((element) => signed(element, valueOf(element.value))) } : value;
  }
  if (field.merge !== 'G' || !Array.isArray(value)) return value;
  return (value as { id: string; disputed?: unknown }[]).map((row) =>
    row.disputed === undefined ? row : { id: row.id, disputed: elements(doc, field, row.id).map((element) => signed(element, rowOf(row.id, element.value))) });
}

function rowThatBrought({ client, clock }: Element, rows: readonly LogRow[]): LogRow {
  const row = rows.find((each) => each.spans.some(([id, from, after]) => id === client && from <= clock && clock < after));
  if (!row) throw new Error('a value stands in the document that no row of the log brought');
  return row;
}

const authorOf = ({ author }: LogRow): Author => ({ id: author.id as PersonId, name: author.name, role: author.role as Role });

/** Whoever wrote the consent that stands, the latest of them. */
function consentTaker(doc: Y.Doc, section: Section, rows: readonly LogRow[]): { name: string; personId: string; role: string } | undefined {
  const brought = section.fields.filter((field) => field.merge === 'X').flatMap((field) => elements(doc, field)).map((element) => rowThatBrought(element, rows));
  const last = brought.toSorted((a, b) => a.position - b.position).at(-1);
  return last && { name: last.author.name, personId: last.author.id, role: last.author.role };
}

/** What the log itself knows: when the record was made and last changed. */
function addAutomatic(content: Record<string, Record<string, unknown>>, rows: readonly LogRow[]): void {
  const [first, last] = [rows[0], rows.at(-1)];
  for (const [id, row] of [['recordCreated', first], ['lastAmended', last]] as const) {
    const section = sectionOfField(id);
    if (!section || !row) continue;
    content[section.id] = { ...content[section.id], [id]: row.at.toISOString() };
  }
}
