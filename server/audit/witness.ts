/**
 * Co-signing for other houses (C2SP tlog-witness, as JSON): whoever shares plans with a house vouches that its log only ever grew. We sign what goes on
 * from what we signed before, and nothing else; so a house that shows two histories gets at most one of them signed.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { cosignOrder, Cosigned } from '../../shared/wire/audit.ts';
import type { Clock, Database, Queryable, Random, Settings, Tx } from '../ports.ts';
import { witnessKey } from './logKeys.ts';
import { emptyRoot, isConsistent } from './merkle.ts';
import { cosign, isSignedBy, readCheckpoint, readNote, readVerifier, type Checkpoint } from './note.ts';

export interface WitnessNeeds {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Pick<Settings, 'dataDir' | 'publicUrl' | 'witnessFor'>;
}

/**
 * Co-signs a checkpoint of a house whose key is configured. Refusals: invalid (no checkpoint, or a proof that does not hold), not-allowed (unknown key or a
 * signature that does not fit), conflict (the proof does not begin where we left off: `size` says where that is).
 */
export async function cosignFor(needs: WitnessNeeds, order: z.infer<typeof cosignOrder>): Promise<Result<Cosigned>> {
  const note = readNote(order.checkpoint);
  const checkpoint = note && readCheckpoint(note.text);
  if (!note || !checkpoint) return refuse('invalid', 'This is no signed checkpoint.', { problems: [{ field: 'checkpoint', message: 'Send a checkpoint as a signed note' }] });
  const keys = needs.settings.witnessFor.map(readVerifier).filter((key) => key !== undefined && key.name === checkpoint.origin);
  if (!keys.some((key) => key && isSignedBy(note, key))) return refuse('not-allowed', 'This log is not one that we co-sign, or the signature does not fit its key.');
  const key = await witnessKey(needs);
  return needs.db.transaction(async (tx) => {
    await takeTurn(tx, checkpoint.origin);
    const before = await lastCosigned(tx, checkpoint.origin);
    const refusal = fault(before, checkpoint, order);
    if (refusal) return refusal;
    if (checkpoint.size > before.size) await keep(tx, checkpoint, order.checkpoint);
    return ok({ cosignature: cosign(note.text, key, needs.clock.now()) });
  });
}

interface Before {
  readonly size: number;
  readonly root: Buffer;
}

function fault(before: Before, now: Checkpoint, { old, proof }: z.infer<typeof cosignOrder>) {
  if (now.size < before.size) return refuse('conflict', 'We have co-signed a larger log than this.', { more: { size: before.size } });
  if (now.size === before.size && before.size > 0) return now.root.equals(before.root) ? undefined : refuse('conflict', 'We have co-signed another root for this size.', { more: { size: before.size } });
  if (old !== before.size) return refuse('conflict', 'The proof has to begin where we left off.', { more: { size: before.size } });
  const hashes = proof.map((hash) => Buffer.from(hash, 'base64'));
  if (hashes.every(({ length }) => length === 32) && isConsistent(before.size, now.size, hashes, before.root, now.root)) return undefined;
  return refuse('invalid', 'The proof does not show that this log goes on from the one that we co-signed.', { problems: [{ field: 'proof', message: 'Does not hold' }] });
}

/** One order after the other for each log, over all nodes. */
async function takeTurn(tx: Tx, origin: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, $2)', [witnessingTurn, createHash('sha256').update(origin).digest().readInt32BE(0)]);
}
const witnessingTurn = 7_226_734;

async function lastCosigned(db: Queryable, origin: string): Promise<Before> {
  const [row] = await db.query<Before>('SELECT size, root FROM witness_cosigned WHERE origin = $1 ORDER BY size DESC LIMIT 1', [origin]);
  return row ?? { size: 0, root: emptyRoot };
}

async function keep(tx: Tx, { origin, size, root }: Checkpoint, note: string): Promise<void> {
  await tx.query('INSERT INTO witness_cosigned (origin, size, root, note) VALUES ($1, $2, $3, $4)', [origin, size, root, note]);
}
