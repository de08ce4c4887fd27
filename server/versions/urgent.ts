/** What urgent care reads: the latest signed version and nothing that was not signed. */
import { house, may } from '../../shared/domain/access.ts';
import { nhsNumberDigits, nhsNumberProblem } from '../../shared/domain/nhsNumber.ts';
import { signedSections } from '../../shared/domain/plan.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { hasNewerDraft } from '../../shared/domain/status.ts';
import { ok, refuse, type Refusal, type Result } from '../../shared/refusal.ts';
import type { UrgentView } from '../../shared/wire/plans.ts';
import { recordOnPlan } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { sealOfVersion } from '../audit/versionSeal.ts';
import { readerOf } from '../plans/reader.ts';
import { findOpenPlan } from '../plans/store.ts';
import type { Deps } from '../ports.ts';
import { presentVersion } from './present.ts';
import { latestVersionOf } from './store.ts';

/** The same whether the number is unknown or its plan was never signed: that somebody has a draft is not for everyone. */
const nothingSigned = () => refuse('not-found', 'No signed plan for this NHS number. This does not mean that there are no wishes or decisions: ask those who know the person.');

/**
 * The latest signed version for an NHS number (blanks allowed), read in the chain before it is answered.
 * Refusals: not-allowed (other roles), invalid (the number cannot be one), not-found (unknown, never signed, or withheld from urgent care as a whole), not-shared.
 */
export async function readUrgently(deps: Deps, actor: Actor, typedNumber: string): Promise<Result<UrgentView>> {
  const nhsNumber = nhsNumberDigits(typedNumber);
  const problem = nhsNumberProblem(typedNumber);
  const plan = nhsNumber !== undefined && problem === undefined ? await findOpenPlan(deps.db, nhsNumber) : undefined;
  const allowed = may(actor, 'look-up-urgently', house);
  if (!allowed.ok) {
    if (plan) await recordOnPlan(deps.db, plan.id, { ...by(actor), action: 'urgent-read', outcome: 'refused', reason: allowed.refusal.code });
    return allowed;
  }
  if (problem !== undefined) return refuse('invalid', problem, { problems: [{ field: 'nhsNumber', message: problem }] });
  const version = plan && (await latestVersionOf(readerOf(deps, actor, plan.id), plan.id));
  if (!plan || !version) {
    if (plan) await recordOnPlan(deps.db, plan.id, { ...by(actor), action: 'urgent-read', outcome: 'refused', reason: 'never-signed' });
    return nothingSigned();
  }
  const hidden = whyHidden(actor, plan);
  if (hidden) {
    await recordOnPlan(deps.db, plan.id, { ...by(actor), action: 'urgent-read', outcome: 'refused', reason: hidden.refusal.code });
    return hidden;
  }
  await recordOnPlan(deps.db, plan.id, { ...by(actor), action: 'urgent-read', outcome: 'done', ref: { version: version.number } });
  const checkedAt = deps.clock.now();
  const view = presentVersion(version, signedSections(actor, plan), { seal: await sealOfVersion(deps.db, plan.id, version.number), mayPrint: may(actor, 'export-version', { kind: 'plan', plan }).ok });
  return ok({
    patient: view.patient,
    version: view,
    ageMinutes: Math.max(0, Math.floor((checkedAt.getTime() - version.signedAt.getTime()) / 60_000)),
    newerDraft: hasNewerDraft(plan.contentPosition, version.position),
    checkedAt: checkedAt.toISOString(),
  });
}

/** That somebody took back their agreement to share is said, so that a crew asks them instead of thinking that nothing was ever written; nothing else is. */
function whyHidden(actor: Actor, plan: PlanFacts): { ok: false; refusal: Refusal } | undefined {
  if (plan.withdrawn) return refuse('not-shared', 'There is a signed plan, but the person does not agree, or agrees no longer, to its being shared. Ask them, or those who know them.');
  return may(actor, 'read-urgent', { kind: 'plan', plan }).ok ? undefined : nothingSigned();
}
