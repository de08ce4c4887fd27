/** Reading who wrote what: rights are those of reading the draft, and every reading of a history is recorded before it is answered. */
import { sectionById } from '../../shared/content/standard.ts';
import { fieldHistoryInSteps } from '../../shared/crdt/fieldHistory.ts';
import type { SectionPast } from '../../shared/crdt/sectionPast.ts';
import type { Steps } from '../../shared/crdt/steps.ts';
import { strokesOf } from '../../shared/crdt/strokes.ts';
import { may } from '../../shared/domain/access.ts';
import { draftSections } from '../../shared/domain/plan.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { ChangesSince, FieldHistoryView } from '../../shared/wire/history.ts';
import { recordOnPlan } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { planFor, recordRefusal } from '../audit/refusals.ts';
import { rowsBetween } from '../collab/log.ts';
import { readerOf } from '../plans/reader.ts';
import { recordOpening, type Openings } from '../plans/seen.ts';
import type { Deps } from '../ports.ts';
import { presentHistory, type Of } from './present.ts';
import type { Replays } from './replay.ts';
import { looked, lookedUpTo } from './store.ts';
import { inTurns } from './turns.ts';

export interface FieldName {
  readonly section: string;
  readonly field: string;
  readonly before: number;
}

/** Refusals: not-found (plan, section or field; hidden is answered like missing), not-allowed, unavailable. */
export async function readHistory(deps: Deps, replays: Replays, actor: Actor, planId: PlanId, { section: sectionId, field: fieldId, before }: FieldName): Promise<Result<FieldHistoryView>> {
  const attempt = { action: 'read-history', section: sectionId };
  const found = await planFor(deps, actor, planId, 'read-draft', attempt);
  if (!found.ok) return found;
  const { plan } = found.value;
  const allowed = may(actor, 'view-section', { kind: 'section', plan, section: sectionId });
  if (!allowed.ok) {
    await recordRefusal(deps, actor, planId, attempt, allowed.refusal.code);
    return allowed;
  }
  const section = sectionById(sectionId);
  const field = section?.fields.find(({ id }) => id === fieldId);
  if (!section || !field) return refuse('not-found', 'There is no such field in this section.');
  await recordOnPlan(deps.db, planId, { ...by(actor, plan), action: 'read-history', section: section.id, outcome: 'done' });
  const { position } = plan;
  return replays.replay(readerOf(deps, actor, planId), planId, section, position, (past) => inTurns(presented(past, { planId, section, field, position }, before)));
}

function* presented(past: SectionPast, of: Of, before: number): Steps<FieldHistoryView> {
  return yield* presentHistory(of, yield* fieldHistoryInSteps(past, of.field), before);
}

/**
 * What others wrote in the sections that the actor may read, after a position or since they last looked. Refusals: not-found,
 * not-allowed.
 */
export async function readChanges(deps: Deps, openings: Openings, actor: Actor, planId: PlanId, asked: number | undefined): Promise<Result<ChangesSince>> {
  const found = await planFor(deps, actor, planId, 'read-draft', { action: 'read-draft' });
  if (!found.ok) return found;
  const { plan, permit } = found.value;
  await recordOpening(deps.db, openings, actor, plan);
  const after = asked ?? (await lookedUpTo(deps.db, permit, planId));
  const { position } = plan;
  if (after === undefined) return ok({ planId, position, after: null, cut: false, strokes: [] });
  const sections = [...draftSections(actor, plan)];
  const from = Math.max(after, position - limits.newSincePositionsMax);
  const reader = readerOf(deps, actor, planId);
  const rows = [];
  for (let at = from; at < position; at += limits.historyReadPositions) {
    rows.push(...(await rowsBetween(reader, planId, sections, at, Math.min(position, at + limits.historyReadPositions))).filter((row) => row.author.id !== actor.id));
  }
  return ok({
    planId, position, after, cut: from > after,
    strokes: strokesOf(rows).map(({ section, by: { id, name, role }, atMs, brought, taken }) =>
      ({ section, by: { id, name, role }, at: new Date(atMs).toISOString(), brought: brought.map(([...span]) => span), taken: taken.map(([...span]) => span) })),
  });
}

/** Remembers that the actor has had the plan in sight up to a position. Refusals: not-found, not-allowed. */
export async function rememberLook(deps: Deps, actor: Actor, planId: PlanId, position: number): Promise<Result<{ position: number }>> {
  const found = await planFor(deps, actor, planId, 'read-draft', { action: 'read-draft' });
  return found.ok ? ok({ position: await looked(deps.db, found.value.permit, planId, position) }) : found;
}
