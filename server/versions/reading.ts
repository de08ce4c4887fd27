/** Reading what was signed: the list, one version, and what changed between two. Nothing is answered before its reading stands in the chain. */
import type { PlanContent } from '../../shared/content/planContent.ts';
import { differences } from '../../shared/domain/differences.ts';
import { draftSections, onlySections, signedSections } from '../../shared/domain/plan.ts';
import { may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { DifferenceItem, VersionItem, VersionView } from '../../shared/wire/plans.ts';
import { recordOnPlan } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { planFor } from '../audit/refusals.ts';
import { sealOfVersion } from '../audit/versionSeal.ts';
import { readerOf } from '../plans/reader.ts';
import type { Deps } from '../ports.ts';
import { contentOf, presentVersion, presentVersionItem } from './present.ts';
import { wireDifference } from './review.ts';
import { findVersion, versionsOf, type FullVersionRow } from './store.ts';

const noSuchVersion = () => refuse('not-found', 'There is no such version.');

/** Newest first. Refusals: not-found, not-allowed. */
export async function listVersions(deps: Deps, actor: Actor, planId: PlanId): Promise<Result<{ items: VersionItem[] }>> {
  const plan = await planFor(deps, actor, planId, 'read-version', { action: 'list-versions' });
  if (!plan.ok) return plan;
  return ok({ items: (await versionsOf(readerOf(deps, actor, planId), planId)).map(presentVersionItem) });
}

/** One version with the sections that the actor may read. Refusals: not-found, not-allowed. */
export async function readVersion(deps: Deps, actor: Actor, planId: PlanId, number: number): Promise<Result<VersionView>> {
  const plan = await planFor(deps, actor, planId, 'read-version', { action: 'read-version' });
  if (!plan.ok) return plan;
  const version = await findVersion(readerOf(deps, actor, planId), planId, number);
  if (!version) return noSuchVersion();
  await recordOnPlan(deps.db, planId, { ...by(actor, plan.value.plan), action: 'read-version', outcome: 'done', ref: { version: number } });
  return ok(presentVersion(version, signedSections(actor, plan.value.plan), {
    seal: await sealOfVersion(deps.db, planId, number), mayPrint: may(actor, 'export-version', { kind: 'plan', plan: plan.value.plan }).ok,
  }));
}

/** What changed between two versions, or from a version to the draft, in the sections that the actor may read. Refusals: not-found, not-allowed. */
export async function compare(deps: Deps, actor: Actor, planId: PlanId, from: number, to: number | 'draft'): Promise<Result<DifferenceItem[]>> {
  const found = await planFor(deps, actor, planId, to === 'draft' ? 'read-draft' : 'read-version', { action: 'compare-versions' });
  if (!found.ok) return found;
  const { plan } = found.value;
  const reader = readerOf(deps, actor, planId);
  const before = await findVersion(reader, planId, from);
  const after = to === 'draft' ? undefined : await findVersion(reader, planId, to);
  if (!before || (to !== 'draft' && !after)) return noSuchVersion();
  await recordOnPlan(deps.db, planId, { ...by(actor, plan), action: 'compare-versions', outcome: 'done', ref: { from, to } });
  const signed = (version: FullVersionRow): PlanContent => onlySections(contentOf(version), signedSections(actor, plan));
  const later = after ? signed(after) : onlySections(await deps.text.contentAt(reader, planId, plan.position), draftSections(actor, plan));
  return ok(differences(signed(before), later).map(wireDifference));
}
