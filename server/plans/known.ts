/** Whether somebody may still know of a plan: for what was answered before, and is asked for again. */
import { may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { parseId } from '../../shared/ids.ts';
import type { Queryable } from '../ports.ts';
import { findPlan } from './store.ts';

/** False for a plan that does not exist. */
export async function knowsPlan(db: Queryable, actor: Actor, planId: string): Promise<boolean> {
  const id = parseId('plan', planId);
  const plan = id && (await findPlan(db, id));
  return plan !== undefined && (['see-plan', 'read-version', 'see-who-looked'] as const).some((action) => may(actor, action, { kind: 'plan', plan }).ok);
}
