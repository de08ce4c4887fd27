/** Taking a plan offline, asking what became of copies, getting the service's half of a key, and handing a copy back. */
import { createHmac } from 'node:crypto';
import { may } from '../../shared/domain/access.ts';
import { draftSections } from '../../shared/domain/plan.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { newId, type CopyId, type PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, orRefusal, refuse, type Result } from '../../shared/refusal.ts';
import type { CopyKey, CopyState, OfflineCopies, TakenOffline } from '../../shared/wire/offline.ts';
import { appendPlanAudit, recordOnPlan } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { planFor } from '../audit/refusals.ts';
import { tokenHashOf } from '../identity/sessions.ts';
import { refuseUnlessStands, type Acting } from '../identity/stillStands.ts';
import { findPlan, lockTeam } from '../plans/store.ts';
import type { Deps } from '../ports.ts';
import { copiesOf, findCopy, insertCopy, returnCopy, type CopyRow } from './store.ts';

const secretBytes = 32;
const noSuchCopy = () => refuse('not-found', 'There is no such offline copy for you.');

/**
 * Lets a copy of the plan out to this person under the session that they came with. The secret is not in the answer: it is asked for with
 * `keyOf`. Refusals: not-signed-in (no session), not-found, not-allowed (may write nothing), too-many.
 */
export async function takeOffline(deps: Deps, acting: Acting, planId: PlanId): Promise<Result<TakenOffline>> {
  const { actor, cookieHeader } = acting;
  const sessionHash = tokenHashOf(cookieHeader);
  if (!sessionHash) return refuse('not-signed-in', 'There is no session, or it is over.');
  const found = await planFor(deps, actor, planId, 'take-offline', { action: 'take-offline' });
  if (!found.ok) return found;
  const held = (await copiesOf(deps.db, actor.id)).filter((copy) => !copy.over && !copy.signedOut);
  if (held.length >= limits.offlineCopiesMax) return refuse('too-many', `You hold ${held.length} plans offline. Hand one back first.`);
  const { plan, permit } = found.value;
  const copy = { id: newId('copy', deps.random), planId, sessionHash, secret: deps.random(secretBytes), position: plan.position, sections: [...draftSections(actor, plan)] };
  const until = await orRefusal(() => deps.db.transaction(async (tx) => {
    await refuseUnlessStands(tx, acting);
    // The plan's head first, as everywhere: the copy's own row would hold it half, and two who take the plan at once would wait for each other.
    await lockTeam(tx, planId);
    const end = await insertCopy(tx, permit, copy);
    await appendPlanAudit(tx, planId, [{ ...by(actor), action: 'take-offline', outcome: 'done', ref: { copy: copy.id, position: plan.position, until: end.toISOString() } }]);
    return end;
  }));
  return !until.ok ? until : ok({ id: copy.id, until: until.value.toISOString(), lifeMs: limits.offlineCopyMs, position: plan.position });
}

/** What became of every copy that the person took and did not hand back. One that is not named here is nobody's or somebody else's. */
export async function listCopies(deps: Deps, actor: Actor): Promise<Result<OfflineCopies>> {
  const copies = await copiesOf(deps.db, actor.id);
  return ok({ items: await Promise.all(copies.map(async (copy) => ({ id: copy.id, state: await stateOf(deps, actor, copy), until: copy.until.toISOString() }))) });
}

/** Asked afresh each time: nothing has to be told when somebody signs out or leaves a care team. */
async function stateOf({ db }: Deps, actor: Actor, copy: CopyRow): Promise<CopyState> {
  if (copy.over) return 'over';
  if (copy.signedOut) return 'signed-out';
  const plan = await findPlan(db, copy.planId);
  if (!plan || !may(actor, 'read-draft', { kind: 'plan', plan }).ok) return 'no-access';
  // A copy is opened whole or not at all: one that holds what is withheld by now is not opened.
  const readable = draftSections(actor, plan);
  return copy.sections.every((id) => readable.has(id)) ? 'held' : 'no-access';
}

/**
 * The service's half of the keys of a copy. The half for the plan only while the copy may be read; the half for what its person wrote
 * as long as that is kept. Recorded before it is answered. Refusal: not-found.
 */
export async function keyOf(deps: Deps, actor: Actor, id: CopyId): Promise<Result<CopyKey>> {
  const copy = await findCopy(deps.db, actor.id, id);
  if (!copy) return noSuchCopy();
  const held = (await stateOf(deps, actor, copy)) === 'held';
  await recordOnPlan(deps.db, copy.planId, { ...by(actor), action: 'unlock-offline', outcome: 'done', ref: { copy: id, for: held ? 'plan' : 'words' } });
  return ok({ plan: held ? partOf(copy.secret, 'plan') : null, words: partOf(copy.secret, 'words') });
}

const partOf = (secret: Buffer, purpose: 'plan' | 'words'): string => createHmac('sha256', secret).update(`accord offline ${purpose}`).digest('base64url');

/** Ends a copy; once more changes nothing. */
export async function handBack(deps: Deps, actor: Actor, id: CopyId): Promise<Result<undefined>> {
  const copy = await findCopy(deps.db, actor.id, id);
  // Handed back before, forgotten, or somebody else's: there is nothing left to end, and a stranger learns nothing.
  if (!copy) return ok(undefined);
  await deps.db.transaction(async (tx) => {
    if (!(await returnCopy(tx, actor.id, id))) return;
    await appendPlanAudit(tx, copy.planId, [{ ...by(actor), action: 'hand-back-offline', outcome: 'done', ref: { copy: id } }]);
  });
  return ok(undefined);
}
