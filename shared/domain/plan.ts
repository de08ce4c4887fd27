/** Cutting a plan's content down to what one reader may see: whole sections in or out, never parts of one. */
import { sections } from '../content/standard.ts';
import type { PlanContent } from '../content/planContent.ts';
import { maySection, readableSections, type PlanFacts } from './access.ts';
import type { Actor } from './roles.ts';

/** The content with only the named sections; position and plan stay. */
export function onlySections(content: PlanContent, ids: ReadonlySet<string>): PlanContent {
  return { planId: content.planId, position: content.position, sections: Object.fromEntries(Object.entries(content.sections).filter(([id]) => ids.has(id))) };
}

/** Sections of the draft that the actor may view. */
export const draftSections = (actor: Actor, plan: PlanFacts): ReadonlySet<string> =>
  new Set(sections.filter((section) => maySection(actor, 'view-section', plan, section.id).ok).map(({ id }) => id));

/** Sections of a signed version that the actor may read. */
export const signedSections = (actor: Actor): ReadonlySet<string> => new Set(readableSections(actor).map(({ id }) => id));
