/** Prints leave the house on paper: the screen says so before the dialog opens, and the plan's chain keeps it. */
import type { z } from 'zod';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, type Result } from '../../shared/refusal.ts';
import type { Printed, printOrder } from '../../shared/wire/audit.ts';
import type { Deps } from '../ports.ts';
import { recordOnPlan } from './chain.ts';
import { by } from './entries.ts';
import { planOfLooker } from './looked.ts';
import { planFor } from './refusals.ts';

/** What may be printed is what may be read. Refusals: not-found, not-allowed. */
export async function recordPrint(deps: Deps, actor: Actor, planId: PlanId, { what, version }: z.infer<typeof printOrder>): Promise<Result<Printed>> {
  const allowed = what === 'who-has-looked' ? await planOfLooker(deps, actor, planId, 'print') : await planFor(deps, actor, planId, 'read-version', { action: 'print' });
  if (!allowed.ok) return allowed;
  await recordOnPlan(deps.db, planId, { ...by(actor), action: 'print', outcome: 'done', ref: { what, ...(version === undefined ? {} : { version }) } });
  return ok({ recorded: true });
}
