/** Who did it, as audit entries name them. */
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import { relationshipsOf } from '../../shared/domain/relationship.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanAuditEntry } from '../ports.ts';

/** The actor's part of an entry: person, the role and organisation they acted in, and, where nothing but an emergency let them in to this plan, that. */
export function by(actor: Actor, plan?: PlanFacts): Pick<PlanAuditEntry, 'actor' | 'role' | 'organisation' | 'purpose'> {
  const relationships = plan ? relationshipsOf(actor, plan) : [];
  const emergency = relationships.length > 0 && relationships.every((each) => each === 'break-glass');
  return { actor: actor.id, role: actor.role, organisation: actor.organisationId, ...(emergency ? { purpose: 'break-glass' } : {}) };
}
