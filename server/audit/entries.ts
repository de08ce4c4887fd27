/** Who did it, as audit entries name them. */
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanAuditEntry } from '../ports.ts';

/** The actor's part of an entry: person, and the role and organisation they acted in. */
export const by = (actor: Actor): Pick<PlanAuditEntry, 'actor' | 'role' | 'organisation'> => ({ actor: actor.id, role: actor.role, organisation: actor.organisationId });
