/** Takes out whatever simulated colleagues wrote and is still there: known by who wrote it, never by how it reads. */
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { sectionById } from '../../shared/content/standard.ts';
import { fieldsRoot, readField, rootName, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import { findPerson } from '../identity/store.ts';
import { findPlan } from '../plans/store.ts';
import type { Deps } from '../ports.ts';
import { granted } from './plant.ts';
import { simulatedPeople } from './people.ts';
import { plansWrittenBy, positionOf, sectionsWrittenBy, type WrittenHere } from './store.ts';

const simulatedIds = simulatedPeople.map(({ id }) => id);

/** Looks through every plan that a simulated colleague has ever written in. To be called before the service listens. */
export async function sweepAll(deps: Deps): Promise<void> {
  for (const planId of await plansWrittenBy(deps.db, simulatedIds)) {
    const plan = await findPlan(deps.db, planId as PlanId);
    if (plan?.open) await sweep(deps, plan.id);
  }
}

/**
 * Takes simulated colleagues' words out of one plan and puts back the choices that stood before theirs, in the name of one of them;
 * also where a date of death keeps everybody else out by now. What people wrote between stays. Nothing is written where nothing is left.
 */
export async function sweep(deps: Deps, planId: PlanId): Promise<void> {
  for (const written of await sectionsWrittenBy(deps.db, planId, simulatedIds)) {
    const section = sectionById(written.sectionId);
    if (section) await sweepSection(deps, planId, section, written);
  }
}

async function sweepSection(deps: Deps, planId: PlanId, section: Section, { personId, clients }: WrittenHere): Promise<void> {
  const actor = await findPerson(deps.db, personId);
  if (!actor) throw new Error(`${personId} has written and is not among the people`);
  const theirs = new Set(clients);
  const write = async (change: (doc: Y.Doc) => void): Promise<void> =>
    void granted(await deps.text.write({ planId, sectionId: section.id, actor, as: 'service', change }));

  let chosen: readonly { readonly field: Field; readonly id: Y.ID }[] = [];
  await write((doc) => {
    for (const field of section.fields) if (field.merge === 'T') takeOut(doc.getXmlFragment(rootName(field)), theirs);
    chosen = section.fields.flatMap((field) => {
      const id = field.merge === 'L' ? firstChoice(doc, field, theirs) : undefined;
      return id ? [{ field, id }] : [];
    });
  });
  for (const { field, id } of chosen) {
    const position = await positionOf(deps.db, planId, section.id, id.client, id.clock);
    if (position === undefined) throw new Error(`a choice stands in ${field.id} that no row of the log brought`);
    const before = (await deps.text.contentAt(deps.db, planId, position - 1)).sections[section.id]?.[field.id];
    await write((doc) => {
      const mine = firstChoice(doc, field, theirs) !== undefined;
      if (mine && !isDeepStrictEqual(readField(doc, field), before)) writeValue(doc, field, before);
    });
  }
}

/** Deletes what these clients wrote inside `type`, and those of their elements in which nothing is left. */
function takeOut(type: Y.XmlFragment | Y.XmlText, theirs: ReadonlySet<number>): void {
  const runs: { readonly at: number; readonly length: number }[] = [];
  let at = 0;
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue;
    const inner: unknown = item.content instanceof Y.ContentType ? item.content.type : undefined;
    const holds = inner instanceof Y.XmlFragment || inner instanceof Y.XmlText ? inner : undefined;
    if (holds) takeOut(holds, theirs);
    if (theirs.has(item.id.client) && (holds?.length ?? 0) === 0) runs.push({ at, length: item.length });
    at += item.length;
  }
  for (const run of runs.toReversed()) type.delete(run.at, run.length);
}

/** Where the choice stands in history that began the simulated choices now standing in a field; undefined when a person's choice stands there, or none. */
function firstChoice(doc: Y.Doc, field: Field, theirs: ReadonlySet<number>): Y.ID | undefined {
  let item = doc.getMap(fieldsRoot)._map.get(field.id);
  if (!item || item.deleted || !theirs.has(item.id.client)) return undefined;
  while (item.left && theirs.has(item.left.id.client)) item = item.left;
  return item.id;
}
