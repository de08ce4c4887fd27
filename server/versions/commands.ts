/** Signing a version: one transaction, under the plan's lock, from the log and not from memory. */
import { signOffProblems } from '../../shared/content/completeness.ts';
import type { PlanContent } from '../../shared/content/planContent.ts';
import { may, type Permit } from '../../shared/domain/access.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { shareField } from '../../shared/domain/sharing.ts';
import { meaningOfSigning, obstacle, spellContent, spellStatement, type SignOffObstacle, type SignedStatement } from '../../shared/domain/signOff.ts';
import type { PlanId } from '../../shared/ids.ts';
import { ok, RefusalError, type Refusal, type Result } from '../../shared/refusal.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import { by } from '../audit/entries.ts';
import { contentHash } from '../audit/hash.ts';
import { recordRefusal } from '../audit/refusals.ts';
import { refuseRetired } from '../audit/retired.ts';
import { hashOfWritten } from '../audit/rows.ts';
import { refuseUnlessStands, type Acting } from '../identity/stillStands.ts';
import { lockTeam } from '../plans/store.ts';
import type { Deps, Tx } from '../ports.ts';
import { changedSinceRead } from './changed.ts';
import { signingKey, type SigningKey } from './keys.ts';
import { headOf, insertKey, insertSignedMark, insertVersion, latestVersionOf, moveHead, type FullVersionRow, type Head } from './store.ts';

export interface SignOrder {
  readonly position: number;
  /** Hash of what was read, lower-case hex. */
  readonly contentHash: string;
  /** The words agreed to. */
  readonly statement: string;
}

const statementProblem = { field: 'statement', message: 'These are not the words that the review showed. Read the plan again and agree to the words beside it.' };
/** A signature means what the review says that it means, to the letter: whoever signs cannot put other words under it. */
const otherWords: Refusal = { code: 'invalid', detail: statementProblem.message, problems: [statementProblem] };

/** The text is not what was read; what changed is looked up once the lock is given back. */
class Moved extends Error {
  constructor(readonly why: SignOffObstacle['kind'] | 'content-differs') {
    super(why);
  }
}

/**
 * Signs the plan as it was read: at `order.position`, with `order.contentHash`. Afterwards urgent care reads this version.
 * Refusals: not-found, not-allowed, not-signed-in (over by now), conflict (closed), invalid (other words than the review's), changed-since-read (with the differences, or with the version that came
 * first), incomplete (each problem named).
 */
export async function signVersion(deps: Deps, acting: Acting, planId: PlanId, order: SignOrder): Promise<Result<FullVersionRow>> {
  const { actor } = acting;
  const key = await signingKey(deps.settings.dataDir, deps.random);
  let signed: FullVersionRow;
  try {
    signed = await deps.db.transaction((tx) => signLocked(deps, tx, key, acting, planId, order));
  } catch (error) {
    const refusal = await asRefusal(deps, actor, planId, order, error);
    if (!refusal) throw error;
    await recordRefusal(deps, actor, planId, { action: 'sign-version' }, refusal.code);
    return { ok: false, refusal };
  }
  deps.text.announce(planId, { kind: 'signed', number: signed.number, position: signed.position, by: actor.name, at: signed.signedAt.toISOString() });
  return ok(signed);
}

async function signLocked(deps: Deps, tx: Tx, key: SigningKey, acting: Acting, planId: PlanId, order: SignOrder): Promise<FullVersionRow> {
  const { actor } = acting;
  await refuseUnlessStands(tx, acting);
  const plan = await lockTeam(tx, planId);
  if (!plan) throw new RefusalError({ code: 'not-found', detail: 'There is no such plan for you.' });
  const permit = may(actor, 'sign-plan', { kind: 'plan', plan });
  if (!permit.ok) throw new RefusalError(permit.refusal);
  if (order.statement !== meaningOfSigning) throw new RefusalError(otherWords);

  const retired = await refuseRetired(tx, key.id);
  if (!retired.ok) throw new RefusalError(retired.refusal);
  const head = await headOf(tx, planId);
  const previous = await latestVersionOf(tx, planId);
  const inTheWay = obstacle(order.position, { ...head, signedPosition: previous?.position });
  if (inTheWay) throw new Moved(inTheWay.kind);
  const content = await deps.text.contentAt(tx, planId, order.position);
  const text = spellContent(content);
  if (contentHash(text) !== order.contentHash) throw new Moved('content-differs');
  refuseIncomplete(content, londonDate(deps.clock.now()));

  const statement = stateIt(actor, planId, order, head, previous, key);
  const statementText = spellStatement(statement);
  const version: Omit<FullVersionRow, 'latest'> = {
    planId, number: statement.number, position: order.position, content: text, contentHash: order.contentHash, previousHash: statement.previousHash,
    statement: statementText, signature: key.sign(statementText), keyId: key.id, signedAt: head.now,
  };
  await write(tx, permit.value, key, version, head.position + 1, content.sections['consent']?.[shareField]);
  return { ...version, latest: true };
}

async function write(tx: Tx, permit: Permit<'sign-plan'>, key: SigningKey, version: Omit<FullVersionRow, 'latest'>, mark: number, sharing: unknown): Promise<void> {
  const { planId, number, position, contentHash: hash } = version;
  await insertKey(tx, key);
  await insertVersion(tx, permit, version);
  await insertSignedMark(tx, permit, planId, mark);
  await moveHead(tx, permit, planId, mark, sharing);
  const rows = await hashOfWritten(tx, planId, mark, mark);
  await appendPlanAudit(tx, planId, [{ ...by(permit.actor), action: 'sign-version', outcome: 'done', ref: { version: number, position, contentHash: hash, keyId: key.id, from: mark, to: mark, rows } }]);
}

function stateIt(actor: Actor, planId: PlanId, order: SignOrder, head: Head, previous: FullVersionRow | undefined, key: SigningKey): SignedStatement {
  return {
    v: 1,
    type: 'plan-version',
    plan: planId,
    number: (previous?.number ?? 0) + 1,
    previousHash: previous?.contentHash ?? null,
    contentHash: order.contentHash,
    position: order.position,
    signer: { id: actor.id, name: actor.name, role: actor.role, organisation: actor.organisation },
    meaning: order.statement,
    signedAt: head.now.toISOString(),
    keyId: key.id,
  };
}

function refuseIncomplete(content: PlanContent, today: string): void {
  const blocking = signOffProblems(content, today).filter(({ severity }) => severity === 'blocks');
  if (blocking.length === 0) return;
  const problems = blocking.map(({ section, field, message }) => ({ field: `${section}.${field}`, message }));
  throw new RefusalError({ code: 'incomplete', detail: 'The plan cannot be signed before these are settled.', problems });
}

async function asRefusal(deps: Deps, actor: Actor, planId: PlanId, order: SignOrder, error: unknown): Promise<Refusal | undefined> {
  if (error instanceof RefusalError) return error.refusal;
  if (error instanceof Moved) return changedSinceRead(deps, actor, planId, order, error.why);
  return undefined;
}
