/** Prints leave the house on paper: the screen says so before the dialog opens, and the plan's chain keeps it. */
import type { z } from 'zod';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { Printed, printOrder } from '../../shared/wire/audit.ts';
import type { Deps } from '../ports.ts';
import { readerOf } from '../plans/reader.ts';
import { isVersion } from '../versions/store.ts';
import { recordOnPlan } from './chain.ts';
import { by } from './entries.ts';
import { planFor } from './refusals.ts';

/** Who has looked is printed by whoever may read it, a signed version by whoever may take it out of the house. Refusals: not-found (no such version either), not-allowed, invalid. */
export async function recordPrint(deps: Deps, actor: Actor, planId: PlanId, { what, version }: z.infer<typeof printOrder>): Promise<Result<Printed>> {
  const allowed = what === 'who-has-looked' ? await planFor(deps, actor, planId, 'see-who-looked', { action: 'print' }) : await planFor(deps, actor, planId, 'export-version', { action: 'print' });
  if (!allowed.ok) return allowed;
  if (what === 'signed-version') {
    if (version === undefined) return refuse('invalid', 'Say which version is printed.', { problems: [{ field: 'version', message: 'Give the number of the version' }] });
    if (!(await isVersion(readerOf(deps, actor, planId), planId, version))) return refuse('not-found', 'There is no such version.');
  }
  await recordOnPlan(deps.db, planId, { ...by(actor, allowed.value.plan), action: 'print', outcome: 'done', ref: { what, ...(version === undefined ? {} : { version }) } });
  return ok({ recorded: true });
}
