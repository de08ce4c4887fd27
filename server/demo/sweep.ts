/** Takes out practice text that was left behind when the service was cut off in the middle of a practice. */
import type { ProseBlock } from '../../shared/content/kinds.ts';
import { sections } from '../../shared/content/standard.ts';
import { maySection, type PlanFacts } from '../../shared/domain/access.ts';
import type { PlanId } from '../../shared/ids.ts';
import { removeMarked } from '../collab/visitor.ts';
import { findPerson } from '../identity/store.ts';
import { findPlan } from '../plans/store.ts';
import type { Deps } from '../ports.ts';
import { simulatedPeople } from './people.ts';
import { practiceMark } from './script.ts';
import { plansWrittenBy } from './store.ts';

/** Looks through every plan that a simulated colleague has ever written in. To be called before the service listens. */
export async function sweepAll(deps: Deps): Promise<void> {
  for (const planId of await plansWrittenBy(deps.db, simulatedPeople.map(({ id }) => id))) {
    const plan = await findPlan(deps.db, planId as PlanId);
    if (plan?.open) await sweep(deps, plan);
  }
}

/** Takes paragraphs that begin with the practice mark out of one plan, in the name of a simulated colleague; also where a date of death keeps everybody else out by now. */
export async function sweep(deps: Deps, plan: PlanFacts): Promise<void> {
  const content = await deps.text.contentAt(deps.db, plan.id);
  for (const section of sections) {
    const marked = section.fields.filter((field) => field.merge === 'T' && isMarked(content.sections[section.id]?.[field.id]));
    const actor = marked.length > 0 ? await writerFor(deps, plan, section.id) : undefined;
    if (!actor) continue;
    await deps.text.write({ planId: plan.id, sectionId: section.id, actor, as: 'service', change: (doc) => marked.forEach((field) => removeMarked(doc, field, practiceMark)) });
  }
}

const isMarked = (value: unknown): boolean => Array.isArray(value) && (value as readonly ProseBlock[]).some(({ text }) => typeof text === 'string' && text.startsWith(practiceMark));

async function writerFor({ db }: Deps, plan: PlanFacts, sectionId: string) {
  for (const { id } of simulatedPeople) {
    const actor = await findPerson(db, id);
    if (actor && maySection(actor, 'edit-section', { ...plan, died: false }, sectionId).ok) return actor;
  }
  return undefined;
}
