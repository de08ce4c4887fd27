/** Correcting who the person is registered as: a deliberate act of its own, with a reason, never an edit among others. */
import { choiceCode } from '../../shared/content/values.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { may } from '../../shared/domain/access.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { correctableFields, correctionProblems, tidyCorrection, type IdentityCorrection } from '../../shared/domain/patient.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, refuse, RefusalError, type Result } from '../../shared/refusal.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { planFor, recordRefusal } from '../audit/refusals.ts';
import { refuseUnlessStands, type Acting } from '../identity/stillStands.ts';
import type { AlsoInTransaction, Deps } from '../ports.ts';
import { findPlan, insertCorrection, lockTeam, type PlanRow } from './store.ts';

/** Every field that can be corrected is in this section. */
const sectionId = 'identity';

/**
 * Writes the corrected values, why, and the audit entry in one commit. What is left out of the order stays as it is.
 * Refusals: not-found, not-allowed, conflict (closed), invalid (each field named; also when nothing would be different).
 */
export async function correctIdentity(deps: Deps, acting: Acting, planId: PlanId, order: IdentityCorrection): Promise<Result<PlanRow>> {
  const { actor } = acting;
  const allowed = await planFor(deps, actor, planId, 'correct-identity', { action: 'correct-identity', section: sectionId });
  if (!allowed.ok) return allowed;
  const correction = tidyCorrection(order);
  const problems = correctionProblems(correction, londonDate(deps.clock.now()));
  if (problems.length > 0) return refuse('invalid', 'The correction cannot be recorded as it is.', { problems });

  let changed: readonly string[] = [];
  const written = await deps.text.write({
    planId, sectionId, actor, as: 'service',
    change: (doc) => {
      changed = correctableFields.filter((id) => correction[id] !== undefined && asCompared(readField(doc, known(id))) !== correction[id]);
      if (changed.length === 0) throw new RefusalError(nothingDifferent(correction));
      for (const id of correctableFields) if (changed.includes(id)) writeValue(doc, known(id), correction[id], correction.reason);
    },
    also: async (tx, position) => recordCorrection(acting, planId, correction.reason, changed)(tx, position),
  });
  if (!written.ok) {
    if (written.refusal.code !== 'invalid') await recordRefusal(deps, actor, planId, { action: 'correct-identity', section: sectionId }, written.refusal.code);
    return written;
  }
  const corrected = await findPlan(deps.db, planId);
  if (!corrected) throw new Error(`the plan ${planId} is gone`);
  return ok(corrected);
}

/** In the transaction of the change: may this person still, and what is kept besides the values. */
const recordCorrection = (acting: Acting, planId: PlanId, reason: string, fields: readonly string[]): AlsoInTransaction => async (tx, position) => {
  const { actor } = acting;
  await refuseUnlessStands(tx, acting);
  const plan = await lockTeam(tx, planId);
  if (!plan) throw new Error(`the plan ${planId} is gone`);
  const permit = may(actor, 'correct-identity', { kind: 'plan', plan });
  if (!permit.ok) throw new RefusalError(permit.refusal);
  await insertCorrection(tx, permit.value, { planId, position, fields, reason });
  await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'correct-identity', section: sectionId, outcome: 'done', ref: { fields: fields.join(' '), position } }]);
};

/** A choice by its answer: a note beside it makes no other person. */
const asCompared = (value: unknown): unknown => choiceCode(value) ?? value;

function nothingDifferent(correction: IdentityCorrection) {
  const message = 'Nothing would be different: change what is wrong.';
  const given = correctableFields.filter((id) => correction[id] !== undefined);
  return { code: 'invalid', detail: message, problems: [{ field: given[0] ?? 'familyName', message }] } as const;
}

function known(id: string) {
  const field = fieldById(id);
  if (!field) throw new Error(`the content standard has no field ${id}`);
  return field;
}
