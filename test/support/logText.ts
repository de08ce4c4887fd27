/** The plan's text straight from and to the log, without rooms, sockets or a gate: for tests of what stands on the log. */
import * as Y from 'yjs';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { isDisputed, type PlanContent } from '../../shared/content/planContent.ts';
import { fieldById, sectionById, sections } from '../../shared/content/standard.ts';
import { fieldsRoot, openRoots, putRow, readField, readSection, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, refuse } from '../../shared/refusal.ts';
import { appendPlanAudit } from '../../server/audit/chain.ts';
import { by } from '../../server/audit/entries.ts';
import { insertRows, lockHeads, moveHeads, readHeads, rowsUpTo, type LogRow } from '../../server/collab/log.ts';
import { summarise } from '../../server/collab/summary.ts';
import type { Database, PlanNotice, PlanText, Queryable, Tx } from '../../server/ports.ts';
import type { Actor } from '../../shared/domain/roles.ts';

export interface LogText extends PlanText {
  readonly announced: readonly { readonly planId: PlanId; readonly what: PlanNotice }[];
}

/** Puts a value of any kind into its field. */
export function writeAny(doc: Y.Doc, field: Field, value: unknown): void {
  if (field.merge === 'T' && Array.isArray(value)) return writeProse(doc, field, value);
  if (field.merge === 'G' && Array.isArray(value)) return value.forEach((row) => putRow(doc, field, row));
  if (field.merge === 'T' || field.merge === 'G') return void doc.getMap(fieldsRoot).set(field.id, value);
  writeValue(doc, field, value);
}

export function logText(db: Database): LogText {
  const announced: { planId: PlanId; what: PlanNotice }[] = [];

  async function append(tx: Tx, planId: PlanId, sectionId: string, actor: Actor, position: number, change: (doc: Y.Doc) => void): Promise<void> {
    const section = sectionById(sectionId) as Section;
    const doc = await documentAt(tx, planId, section, position - 1);
    const before = Y.encodeStateVector(doc);
    change(doc);
    const bytes = Y.encodeStateAsUpdate(doc, before);
    const [at] = await insertRows(tx, [{ planId, position, sectionId, bytes, spans: [[doc.clientID, 0, Y.getState(doc.store, doc.clientID)]], authorId: actor.id }]);
    const set: Record<string, unknown> = {};
    const removed = new Set<string>();
    summarise(doc, section, section.fields.map(({ id }) => id), set, removed);
    const disputed = section.fields.filter((field) => isDisputed(readField(doc, field))).map(({ id }) => id);
    await moveHeads(tx, [{ planId, position, at: at as Date, set, removed: [...removed], disputed: { [sectionId]: disputed } }]);
  }

  return {
    announced,
    announce: (planId, what) => void announced.push({ planId, what }),
    begin: async (tx, planId, author, changes) => {
      let position = 0;
      for (const [sectionId, change] of changes) await append(tx, planId, sectionId, author, (position += 1), change);
      return position;
    },
    write: async ({ planId, sectionId, actor, change, also }) =>
      db.transaction(async (tx) => {
        await lockHeads(tx, [planId], true);
        const [head] = await readHeads(tx, [planId]);
        if (!head) return refuse('not-found', 'There is no such plan for you.');
        const position = head.position + 1;
        await append(tx, planId, sectionId, actor, position, change);
        await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'edit', section: sectionId, outcome: 'done', ref: { from: head.position, to: position } }]);
        await also?.(tx, position);
        return ok({ position });
      }),
    contentAt: async (db, planId, position) => {
      const upTo = position ?? (await readHeads(db, [planId]))[0]?.position ?? 0;
      const rows = await rowsUpTo(db, planId, upTo);
      const written: PlanContent['sections'] = Object.fromEntries(sections.map((section) => [section.id, readSection(documentOf(rows, section), section)]));
      return { planId, position: upTo, sections: written };
    },
  };
}

async function documentAt(db: Queryable, planId: PlanId, section: Section, position: number): Promise<Y.Doc> {
  return documentOf(await rowsUpTo(db, planId, position), section);
}

function documentOf(rows: readonly LogRow[], section: Section): Y.Doc {
  const doc = new Y.Doc();
  openRoots(doc, section);
  for (const row of rows) if (row.sectionId === section.id) Y.applyUpdate(doc, row.bytes);
  return doc;
}

/** A change that puts these values in, for `write`. */
export const answers = (values: Readonly<Record<string, unknown>>) => (doc: Y.Doc): void => {
  for (const [id, value] of Object.entries(values)) writeAny(doc, fieldById(id) as Field, value);
};

/** A change that leaves two values where each writer saw neither. */
export const contradict = (fieldId: string, values: readonly [unknown, unknown]) => (doc: Y.Doc): void => {
  const field = fieldById(fieldId) as Field;
  writeValue(doc, field, undefined);
  const copies = values.map((value) => {
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    writeValue(copy, field, value);
    return copy;
  });
  for (const copy of copies) Y.applyUpdate(doc, Y.encodeStateAsUpdate(copy));
};
