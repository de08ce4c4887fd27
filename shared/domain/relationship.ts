/** What somebody is to a plan, told from the plan's facts. Pure: whoever reads the facts afresh has the answer of that moment. */
import type { Section } from '../content/kinds.ts';
import { standings, type Relationship } from './accessTable.ts';
import type { PlanFacts } from './planFacts.ts';
import type { Actor } from './roles.ts';
import { everything, limitsSection, type SharingLimit } from './sharing.ts';

/** Every relationship that the actor stands in and that counts now; `none` alone when there is no other. */
export function relationshipsOf(actor: Actor, plan: PlanFacts): readonly Relationship[] {
  const found: Relationship[] = [
    ...(plan.team.includes(actor.organisationId) ? ['team', 'oversight'] as const : []),
    ...plan.people.filter(([person]) => person === actor.id).map(([, kind]) => kind),
    'urgent',
  ];
  const counting = [...new Set(found)].filter((each) => counts(actor, plan, each));
  return counting.length > 0 ? counting : ['none'];
}

/** Whether the actor can stand in this relationship to the plan as it is: by role, by agreement to share, and by the limits to sharing. */
export function counts(actor: Actor, plan: PlanFacts, relationship: Relationship): boolean {
  const { held, limited, withdrawn } = standings[relationship];
  if (!held.includes(actor.role)) return false;
  if (plan.withdrawn && (withdrawn === 'ends' || (withdrawn === 'keepers' && !plan.keepers.includes(actor.organisationId)))) return false;
  return !limited || !isLimited(actor, plan.limits, everything);
}

const concerns = (actor: Actor, { from }: SharingLimit): boolean => ('role' in from ? from.role === actor.role : from.organisation === actor.organisationId);
const isLimited = (actor: Actor, limits: readonly SharingLimit[], part: string): boolean => limits.some((limit) => limit.part === part && concerns(actor, limit));

/**
 * Whether the person asked that the actor does not see this section. Whoever is limited in anything does not see the limits either: why something is
 * withheld from somebody is the last thing for them to read.
 */
export const isWithheld = (actor: Actor, plan: PlanFacts, section: Section): boolean =>
  isLimited(actor, plan.limits, section.id) || (section.id === limitsSection && plan.limits.some((limit) => concerns(actor, limit)));
