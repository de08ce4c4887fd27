/** Attempts that were refused, in the trail of the plan that they were about. What the person is told is the same whether that worked or not. */
import type { Logger } from 'pino';
import { sectionById } from '../../shared/content/standard.ts';
import { may, type Permit } from '../../shared/domain/access.ts';
import type { PlanAction } from '../../shared/domain/accessTable.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, refuse, type RefusalCode, type Result } from '../../shared/refusal.ts';
import { findPlan, type PlanRow } from '../plans/store.ts';
import type { Database, RecordAccess } from '../ports.ts';
import { appendPlanAudit } from './chain.ts';
import { by } from './entries.ts';
import { lockChainHeads } from './store.ts';

interface Needs {
  readonly db: Database;
  readonly log: Logger;
}
/** Where a plan is looked for: one that does not exist leaves its trace in the access chains. */
type Seeks = Needs & { readonly recordAccess: RecordAccess };

/** What was tried, as the trail names it. */
export interface Attempt {
  readonly action: string;
  /** Left out of the entry when it is no section that we know. */
  readonly section?: string;
}

/**
 * Records a refusal with the plan; nothing where there is no such plan. A refusal changes nothing, so one that cannot be recorded is
 * still a refusal: failing would tell a stranger that there is a plan.
 */
export async function recordRefusal({ db, log }: Needs, actor: Actor, planId: PlanId, attempt: Attempt, code: RefusalCode): Promise<void> {
  const section = attempt.section === undefined ? undefined : sectionById(attempt.section)?.id;
  try {
    await db.transaction(async (tx) => {
      if (!(await lockChainHeads(tx, [planId])).has(planId)) return;
      await appendPlanAudit(tx, planId, [{ ...by(actor), action: attempt.action, ...(section === undefined ? {} : { section }), outcome: 'refused', reason: code }]);
    });
  } catch (error) {
    log.warn({ err: error, plan: planId, actor: actor.id, action: attempt.action, code }, 'a refusal could not be recorded with its plan');
  }
}

/**
 * The plan, for somebody who may do `action` with it; a refusal is recorded as `attempt` before it is answered. For everybody who
 * reads or changes a plan outside a transaction of their own. Refusals: not-found (also where the plan is hidden), not-allowed.
 */
export async function planFor<A extends PlanAction>(needs: Seeks, actor: Actor, planId: PlanId, action: A, attempt: Attempt): Promise<Result<{ readonly plan: PlanRow; readonly permit: Permit<A> }>> {
  const plan = await findPlan(needs.db, planId);
  if (!plan) {
    // Waited for, as the entry of a plan that is not theirs is: how long the answer takes tells no difference.
    await needs.recordAccess({ ...by(actor), action: attempt.action, outcome: 'refused', reason: 'not-found' }, {}).catch((error: unknown) => needs.log.warn({ err: error, actor: actor.id, action: attempt.action }, 'a refusal could not be recorded'));
    return refuse('not-found', 'There is no such plan for you.');
  }
  const allowed = may<PlanAction>(actor, action, { kind: 'plan', plan });
  if (allowed.ok) return ok({ plan, permit: allowed.value as Permit<A> });
  await recordRefusal(needs, actor, planId, attempt, allowed.refusal.code);
  return allowed;
}
