/** Taking access in an emergency, ending it, and reviewing it afterwards. Nothing of it happens without its entry in the plan's audit chain. */
import { house, may } from '../../shared/domain/access.ts';
import { noteProblem } from '../../shared/domain/breakGlass.ts';
import { isPlainDate } from '../../shared/domain/dates.ts';
import { nhsNumberDigits, nhsNumberProblem } from '../../shared/domain/nhsNumber.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { newId, type AccessId, type PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, orRefusal, refuse, RefusalError, type Problem, type Refusal, type Result } from '../../shared/refusal.ts';
import type { NewBreakGlass, NewBreakGlassByIdentity, NewReview } from '../../shared/wire/breakGlass.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { recordRefusal } from '../audit/refusals.ts';
import { refuseUnlessStands, type Acting } from '../identity/stillStands.ts';
import { insertTie } from '../plans/people.ts';
import { findOpenPlan, lockTeam } from '../plans/store.ts';
import type { Deps, Tx } from '../ports.ts';
import { closeReview, endAccess, findAlert, insertAccess, insertLookup, runningAccess, type AccessRow, type AlertRow } from './store.ts';

const attempt = { action: 'break-glass' };
/** The same for an unknown person, another's date of birth, and a plan that is withheld. */
const nobodyLikeThat: Refusal = { code: 'not-found', detail: 'Nobody with this NHS number and this date of birth has a plan that can be opened like this.' };

/**
 * Opens the plan to the actor for an hour, to read. Refusals: invalid (the note), not-found (no such plan, or none that may be opened like this),
 * not-allowed, conflict (it runs already, or the actor has access anyway).
 */
export async function breakGlass(deps: Deps, acting: Acting, planId: PlanId, order: NewBreakGlass): Promise<Result<AccessRow>> {
  const { actor } = acting;
  const problem = noteProblem(order.note);
  if (problem) return refuse('invalid', problem.message, { problems: [problem] });
  const begun = await orRefusal(() => deps.db.transaction((tx) => begin(deps, tx, acting, planId, order)));
  if (!begun.ok) {
    await recordRefusal(deps, actor, planId, attempt, begun.refusal.code);
    return begun;
  }
  deps.text.announce(planId, { kind: 'access-changed' });
  return begun;
}

async function begin(deps: Deps, tx: Tx, acting: Acting, planId: PlanId, { reason, note }: NewBreakGlass): Promise<AccessRow> {
  const { actor } = acting;
  await refuseUnlessStands(tx, acting);
  const plan = await lockTeam(tx, planId);
  if (!plan) throw new RefusalError({ code: 'not-found', detail: 'There is no such plan for you.' });
  const permit = may(actor, 'break-glass', { kind: 'plan', plan });
  if (!permit.ok) throw new RefusalError(permit.refusal.code === 'not-allowed' ? await whyNotAgain(tx, actor, planId, permit.refusal) : permit.refusal);
  const id = newId('access', deps.random);
  const access = await insertAccess(tx, permit.value, { id, planId, reason, note: note.trim(), concerned: [...new Set([actor.organisationId, ...plan.team])] });
  await insertTie(tx, permit.value, { id: newId('tie', deps.random), planId, personId: actor.id, kind: 'break-glass', relationship: 'Access in an emergency', source: id, since: access.beganAt, until: access.until });
  await appendPlanAudit(tx, planId, [{ ...by(actor), ...attempt, purpose: 'break-glass', outcome: 'done', reason, ref: { access: id, until: access.until.toISOString() } }]);
  return access;
}

async function whyNotAgain(tx: Tx, actor: Actor, planId: PlanId, refusal: Refusal): Promise<Refusal> {
  const running = await runningAccess(tx, planId, actor.id);
  if (running) return { code: 'conflict', detail: 'Your emergency access to this plan runs already.', more: { planId, until: running.until.toISOString() } };
  const readsAnyway = may(actor, 'read-draft', { kind: 'plan', plan: (await lockTeam(tx, planId)) ?? missing(planId) }).ok;
  return readsAnyway ? { code: 'conflict', detail: 'You have access to this plan already: there is no emergency access to take.', more: { planId } } : refusal;
}

const missing = (planId: PlanId): never => {
  throw new Error(`the locked plan ${planId} is gone`);
};

/**
 * The same for somebody who cannot know the plan's id. Whether there is such a person is not told: an unknown number and another's date of birth are
 * answered alike, and each asking is recorded. Refusals: as above, and too-many.
 */
export async function breakGlassByIdentity(deps: Deps, acting: Acting, order: NewBreakGlassByIdentity): Promise<Result<AccessRow>> {
  const { actor } = acting;
  const allowed = may(actor, 'look-up-for-break-glass', house);
  if (!allowed.ok) return allowed;
  const problems = identityProblems(order);
  if (problems.length > 0) return refuse('invalid', 'Check the values named here.', { problems });
  const plan = await findOpenPlan(deps.db, nhsNumberDigits(order.nhsNumber) ?? '');
  const found = plan !== undefined && plan.summary['birthDate'] === order.birthDate;
  const counted = await deps.db.transaction((tx) => insertLookup(tx, allowed.value, found, limits.breakGlassLookupsPerHour));
  if (!counted) return refuse('too-many', 'You have asked for too many people in the last hour. Ask your privacy officer.');
  if (!found) {
    // Not waited for: how long the answer takes must not tell that the number is somebody's.
    if (plan) void recordRefusal(deps, actor, plan.id, attempt, 'not-found');
    return { ok: false, refusal: nobodyLikeThat };
  }
  const begun = await breakGlass(deps, acting, plan.id, { reason: order.reason, note: order.note });
  return begun.ok || begun.refusal.code !== 'not-found' ? begun : { ok: false, refusal: nobodyLikeThat };
}

function identityProblems({ nhsNumber, birthDate, note }: NewBreakGlassByIdentity): Problem[] {
  const number = nhsNumberProblem(nhsNumber);
  const words = noteProblem(note);
  return [
    ...(number === undefined ? [] : [{ field: 'nhsNumber', message: number }]),
    ...(isPlainDate(birthDate) ? [] : [{ field: 'birthDate', message: 'The date of birth is a day that exists, written year-month-day.' }]),
    ...(words ? [words] : []),
  ];
}

/** Ends the actor's own emergency access before its time; once more changes nothing. */
export async function endBreakGlass(deps: Deps, actor: Actor, planId: PlanId): Promise<Result<undefined>> {
  const running = await runningAccess(deps.db, planId, actor.id);
  if (!running) return ok(undefined);
  await deps.db.transaction(async (tx) => {
    await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'end-break-glass', outcome: 'done', ref: { access: running.id } }]);
    await endAccess(tx, running.id);
  });
  deps.text.announce(planId, { kind: 'access-changed' });
  return ok(undefined);
}

/** Closes the review of an emergency access. Refusals: not-found (it does not concern the officer's organisation), invalid (the note), conflict (closed before). */
export async function reviewBreakGlass(deps: Deps, acting: Acting, id: AccessId, { outcome, note }: NewReview): Promise<Result<AlertRow>> {
  const { actor } = acting;
  const alert = await findAlert(deps.db, id);
  const permit = may(actor, 'review-break-glass', { kind: 'alert', concerned: alert?.concerned ?? [] });
  if (!permit.ok) return permit;
  const problem = noteProblem(note);
  if (problem) return refuse('invalid', problem.message, { problems: [problem] });
  const planId = alert?.planId ?? missing('' as PlanId);
  const closed = await orRefusal(() => deps.db.transaction(async (tx) => {
    await refuseUnlessStands(tx, acting);
    await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'review-break-glass', outcome: 'done', ref: { access: id, outcome } }]);
    if (!(await closeReview(tx, permit.value, id, outcome, note.trim()))) throw new RefusalError({ code: 'conflict', detail: 'Somebody has closed this review already.' });
  }));
  return closed.ok ? ok((await findAlert(deps.db, id)) ?? missing(planId)) : closed;
}
