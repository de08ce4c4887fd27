/** What urgent care reads: the latest signed version and nothing that was not signed. */
import { mayPlan } from '../../shared/domain/access.ts';
import { nhsNumberDigits, nhsNumberProblem } from '../../shared/domain/nhsNumber.ts';
import { signedSections } from '../../shared/domain/plan.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { hasNewerDraft } from '../../shared/domain/status.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { UrgentView } from '../../shared/wire/plans.ts';
import { recordOnPlan } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { sealOfVersion } from '../audit/versionSeal.ts';
import { findOpenPlan } from '../plans/store.ts';
import type { Deps } from '../ports.ts';
import { presentVersion } from './present.ts';
import { latestVersionOf } from './store.ts';

/** The same whether the number is unknown or its plan was never signed: that somebody has a draft is not for everyone. */
const nothingSigned = () => refuse('not-found', 'No signed plan for this NHS number. This does not mean that there are no wishes or decisions: ask those who know the person.');

/**
 * The latest signed version for an NHS number (blanks allowed), read in the chain before it is answered.
 * Refusals: not-allowed (other roles), invalid (the number cannot be one), not-found (unknown or never signed).
 */
export async function readUrgently(deps: Deps, actor: Actor, typedNumber: string): Promise<Result<UrgentView>> {
  const nhsNumber = nhsNumberDigits(typedNumber);
  const problem = nhsNumberProblem(typedNumber);
  const plan = nhsNumber !== undefined && problem === undefined ? await findOpenPlan(deps.db, nhsNumber) : undefined;
  const allowed = mayPlan(actor, 'read-urgent', plan ?? { id: 'plan_none' as PlanId, open: false, team: [], died: false });
  if (!allowed.ok) {
    if (plan) await recordOnPlan(deps.db, plan.id, { ...by(actor), action: 'urgent-read', outcome: 'refused', reason: allowed.refusal.code });
    return allowed;
  }
  if (problem !== undefined) return refuse('invalid', problem, { problems: [{ field: 'nhsNumber', message: problem }] });
  const version = plan && (await latestVersionOf(deps.db, plan.id));
  if (!plan || !version) {
    if (plan) await recordOnPlan(deps.db, plan.id, { ...by(actor), action: 'urgent-read', outcome: 'refused', reason: 'never-signed' });
    return nothingSigned();
  }
  await recordOnPlan(deps.db, plan.id, { ...by(actor), action: 'urgent-read', outcome: 'done', ref: { version: version.number } });
  const checkedAt = deps.clock.now();
  const view = presentVersion(version, signedSections(actor), await sealOfVersion(deps.db, plan.id, version.number));
  return ok({
    patient: view.patient,
    version: view,
    ageMinutes: Math.max(0, Math.floor((checkedAt.getTime() - version.signedAt.getTime()) / 60_000)),
    newerDraft: hasNewerDraft(plan.contentPosition, version.position),
    checkedAt: checkedAt.toISOString(),
  });
}
