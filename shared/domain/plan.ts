/** Cutting a plan's content down to what one reader may see: whole sections in or out, never parts of one. */
import { sections } from '../content/standard.ts';
import type { PlanContent } from '../content/planContent.ts';
import { may } from './access.ts';
import type { PlanFacts } from './planFacts.ts';
import type { Actor } from './roles.ts';

/** The content with only the named sections; position and plan stay, the salt where every section is named. */
export function onlySections({ planId, position, sections: all, salt }: PlanContent, ids: ReadonlySet<string>): PlanContent {
  const whole = salt !== undefined && [...sections.map(({ id }) => id), ...Object.keys(all)].every((id) => ids.has(id));
  return { planId, position, sections: Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id))), ...(whole ? { salt } : {}) };
}

/** Sections of the draft that the actor may view. */
export const draftSections = (actor: Actor, plan: PlanFacts): ReadonlySet<string> => those(actor, 'view-section', plan);

/** Sections of a signed version that the actor may read. */
export const signedSections = (actor: Actor, plan: PlanFacts): ReadonlySet<string> => those(actor, 'read-signed-section', plan);

const those = (actor: Actor, action: 'view-section' | 'read-signed-section', plan: PlanFacts): ReadonlySet<string> =>
  new Set(sections.filter(({ id }) => may(actor, action, { kind: 'section', plan, section: id }).ok).map(({ id }) => id));
