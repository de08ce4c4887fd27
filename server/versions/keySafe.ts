/** Showing the code of the key-safe to somebody who asks for it: an act of its own, in the trail before the code is in the answer. */
import { disputedSides, isBlank } from '../../shared/content/values.ts';
import { isDisputed } from '../../shared/content/planContent.ts';
import { keySafeSection, may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { KeySafeCode } from '../../shared/wire/plans.ts';
import { recordOnPlan } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { planFor, recordRefusal } from '../audit/refusals.ts';
import { readerOf } from '../plans/reader.ts';
import type { Deps } from '../ports.ts';
import { contentOf } from './present.ts';
import { latestVersionOf } from './store.ts';

/** The draft's code for whoever reads the draft, the signed one for urgent care; both of a contradiction, none where none is recorded. Refusals: not-found, not-allowed. */
export async function revealKeySafe(deps: Deps, actor: Actor, planId: PlanId): Promise<Result<KeySafeCode>> {
  const attempt = { action: 'reveal-key-safe', section: keySafeSection };
  const found = await planFor(deps, actor, planId, 'reveal-key-safe', attempt);
  if (!found.ok) return found;
  const { plan } = found.value;
  const drafts = may(actor, 'view-section', { kind: 'section', plan, section: keySafeSection }).ok;
  const reader = readerOf(deps, actor, planId);
  const version = drafts ? undefined : await latestVersionOf(reader, planId);
  if (!drafts && !version) {
    // Where nothing was signed there is nothing for urgent care, not even that there is a plan.
    await recordRefusal(deps, actor, planId, attempt, 'not-found');
    return refuse('not-found', 'There is no such plan for you.');
  }
  const content = drafts ? await deps.text.contentAt(reader, planId) : version && contentOf(version);
  const codes = codesIn(content?.sections[keySafeSection]?.['keySafeCode']);
  await recordOnPlan(deps.db, planId, { ...by(actor, plan), ...attempt, outcome: 'done', ref: version ? { version: version.number } : { of: 'draft' } });
  return ok({ codes, of: version ? version.number : 'draft' });
}

const codesIn = (value: unknown): string[] =>
  (isDisputed(value) ? disputedSides(value).map((side) => side.value) : [value]).filter((code): code is string => typeof code === 'string' && !isBlank(code));
