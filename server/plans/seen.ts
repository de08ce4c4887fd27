/** Remembers who has lately opened which plan, so that a page reloaded ten times makes one audit entry and not ten. */
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { recordOnPlan } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import type { Clock, Database } from '../ports.ts';

/** An opening counts as the same one for this long. */
const sameOpeningMs = 10 * 60 * 1000;
/** About 100 bytes each; when it is full the oldest are forgotten, which costs an extra audit entry. */
const openingsMax = 20_000;

export interface Openings {
  /** True when this person's opening of the plan should be recorded now. */
  isNew(person: PersonId, plan: PlanId): boolean;
  /** Called once the opening is durably recorded. */
  recorded(person: PersonId, plan: PlanId): void;
}

export function rememberOpenings(clock: Clock): Openings {
  const since = new Map<string, number>();
  const key = (person: PersonId, plan: PlanId): string => `${person} ${plan}`;
  return {
    isNew: (person, plan) => clock.now().getTime() - (since.get(key(person, plan)) ?? -Infinity) >= sameOpeningMs,
    recorded: (person, plan) => {
      since.delete(key(person, plan));
      since.set(key(person, plan), clock.now().getTime());
      const oldest = since.keys().next().value;
      if (since.size > openingsMax && oldest !== undefined) since.delete(oldest);
    },
  };
}

/** Records that the actor opens the plan, unless they did so a moment ago. */
export async function recordOpening(db: Database, openings: Openings, actor: Actor, plan: PlanFacts): Promise<void> {
  const { id: planId } = plan;
  if (!openings.isNew(actor.id, planId)) return;
  await recordOnPlan(db, planId, { ...by(actor, plan), action: 'open-plan', outcome: 'done' });
  openings.recorded(actor.id, planId);
}
