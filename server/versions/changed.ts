/** Says what happened between reading a plan and wanting to sign it. */
import { draftSections, onlySections } from '../../shared/domain/plan.ts';
import { differences } from '../../shared/domain/differences.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { SignOffObstacle } from '../../shared/domain/signOff.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { findPlan, type PlanRow } from '../plans/store.ts';
import { readerOf } from '../plans/reader.ts';
import type { Deps } from '../ports.ts';
import { wireDifference } from './review.ts';

const sentences = {
  'text-changed': 'Somebody wrote in the plan after you read it. Read it again before you sign.',
  'already-signed': 'Somebody signed the plan after you read it. Nothing of yours was signed.',
  'content-differs': 'What you read is not what stands at this point of the plan. Read it again before you sign.',
} as const;

/** The refusal, with the differences since `order.position` and, where there is one, the version that came first. */
export async function changedSinceRead(
  deps: Deps, actor: Actor, planId: PlanId, order: { readonly position: number }, why: SignOffObstacle['kind'] | 'content-differs',
): Promise<Refusal> {
  const plan = await findPlan(deps.db, planId);
  if (!plan) throw new Error(`the plan ${planId} is gone`);
  if (why === 'not-reached') {
    const message = 'The plan has not got to this position. Read it again and sign what you are shown.';
    return { code: 'invalid', detail: message, problems: [{ field: 'position', message }] };
  }
  return { code: 'changed-since-read', detail: sentences[why], more: { position: plan.position, changes: await changesSince(deps, actor, plan, order.position), ...winner(plan, order.position) } };
}

async function changesSince(deps: Deps, actor: Actor, plan: PlanRow, position: number) {
  if (plan.contentPosition <= position) return [];
  const readable = draftSections(actor, plan);
  const reader = readerOf(deps, actor, plan.id);
  const [before, now] = [await deps.text.contentAt(reader, plan.id, position), await deps.text.contentAt(reader, plan.id, plan.position)];
  return differences(onlySections(before, readable), onlySections(now, readable)).map(wireDifference);
}

function winner(plan: PlanRow, position: number): { winner?: { number: number; signedBy: string; signedAt: string } } {
  const { latestNumber: number, latestPosition, latestSignedBy: signedBy, latestSignedAt: at } = plan;
  if (number === null || latestPosition === null || latestPosition < position || signedBy === null || at === null) return {};
  return { winner: { number, signedBy, signedAt: at.toISOString() } };
}
