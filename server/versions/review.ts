/** Freezes what a signer is about to read. */
import { signOffProblems } from '../../shared/content/completeness.ts';
import { sealed } from '../../shared/content/sealed.ts';
import { differences } from '../../shared/domain/differences.ts';
import { may } from '../../shared/domain/access.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { draftSections, onlySections } from '../../shared/domain/plan.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { disputedFields, meaningOfSigning, spellContent } from '../../shared/domain/signOff.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, type Result } from '../../shared/refusal.ts';
import type { Review } from '../../shared/wire/plans.ts';
import { recordOnPlan } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { contentHash } from '../audit/hash.ts';
import { planFor } from '../audit/refusals.ts';
import { readerOf } from '../plans/reader.ts';
import type { Deps } from '../ports.ts';
import { contentOf, patientOf, wireContent } from './present.ts';
import { latestVersionOf } from './store.ts';

/**
 * The plan at its present position: what a signature now would cover. The hash is over every section; shown is what the reader
 * may see. Refusals: not-found, not-allowed.
 */
export async function reviewPlan(deps: Deps, actor: Actor, planId: PlanId): Promise<Result<Review>> {
  const allowed = await planFor(deps, actor, planId, 'review-plan', { action: 'review-plan' });
  if (!allowed.ok) return allowed;
  const { plan } = allowed.value;

  const reader = readerOf(deps, actor, planId);
  const whole = await deps.text.contentAt(reader, planId, plan.position);
  const readable = draftSections(actor, plan);
  const hash = contentHash(spellContent(whole));
  const latest = await latestVersionOf(reader, planId);
  await recordOnPlan(deps.db, planId, { ...by(actor, plan), action: 'review-plan', outcome: 'done', ref: { position: plan.position, contentHash: hash } });

  const shown = onlySections(whole, readable);
  return ok({
    position: plan.position,
    contentHash: hash,
    content: wireContent(sealed(shown)),
    problems: signOffProblems(whole, londonDate(deps.clock.now())).filter(({ section }) => readable.has(section)).map((problem) => ({ ...problem })),
    disputed: disputedFields(shown),
    changes: differences(latest && onlySections(contentOf(latest), readable), shown).map(wireDifference),
    nextNumber: (latest?.number ?? 0) + 1,
    statement: meaningOfSigning,
    maySign: may(actor, 'sign-plan', { kind: 'plan', plan }).ok,
    patient: patientOf(whole),
  });
}

/** Read-only lists as the wire's type wants them. */
export const wireDifference = ({ words, ...rest }: ReturnType<typeof differences>[number]): Review['changes'][number] => ({
  ...rest,
  ...(words ? { words: words.map((word) => ({ ...word })) } : {}),
});
