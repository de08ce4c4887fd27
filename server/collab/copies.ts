/** Holds the kept copies of a plan's sections against the log that they were made from: what opens is read from them, so a copy that was changed by hand would be shown. */
import * as Y from 'yjs';
import { sections } from '../../shared/content/standard.ts';
import type { Section } from '../../shared/content/kinds.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Queryable } from '../ports.ts';
import { verify } from './checkpoints.ts';
import { newDocument } from './document.ts';
import { readCheckpoints, rowsBetween } from './log.ts';

/** Rows of a section read at a time. */
const rowsAtATime = 5_000;

/** What is wrong with the first copy that does not say what the log says, in one plain sentence; `undefined` when all do. Reads the log of each copied section up to its copy. */
export async function copyFault(db: Queryable, planId: PlanId): Promise<string | undefined> {
  const copies = await readCheckpoints(db, sections.map(({ id }) => ({ planId, sectionId: id })));
  for (const { sectionId, position, bytes, stateVector, whole } of copies) {
    const section = sections.find(({ id }) => id === sectionId);
    const says = (what: string): string => `the copy of section ${sectionId} up to row ${position} ${what}`;
    if (!section) continue;
    if (!whole) return says('is damaged');
    const original = await fromLog(db, planId, section, position);
    try {
      if (!Buffer.from(Y.encodeStateVector(original)).equals(Buffer.from(stateVector))) return says('is not of the log that it was made from');
      verify(original, bytes, section);
    } catch {
      return says('does not say what the log says');
    } finally {
      original.destroy();
    }
  }
  return undefined;
}

async function fromLog(db: Queryable, planId: PlanId, section: Section, upTo: number): Promise<Y.Doc> {
  const doc = newDocument(section);
  for (let after = 0; after < upTo; after += rowsAtATime) {
    const rows = await rowsBetween(db, planId, [section.id], after, Math.min(after + rowsAtATime, upTo));
    doc.transact(() => { for (const { bytes } of rows) Y.applyUpdate(doc, bytes); });
  }
  return doc;
}
