/** What an operator does from the command line: erases a person's name, retires a key. Both stand in the access chains. */
import type { PersonId } from '../../shared/ids.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { AccessEntry, Database, Random, Tx } from '../ports.ts';
import { spelledAccess } from './access.ts';
import { accessHead, addAccessEntries } from './store.ts';

/** Why a name may go: a code, because the chains hold no words that somebody typed. */
export const erasureReasons = ['asked', 'left', 'ordered', 'mistake'] as const;
export type ErasureReason = (typeof erasureReasons)[number];
export const erasedName = 'A person whose name was erased';

/** Adds one entry to an access chain in `tx` and answers where it stands. */
async function recordIn(tx: Tx, entry: AccessEntry, random: Random): Promise<{ readonly stream: string; readonly seq: number }> {
  const spelled = spelledAccess(entry, random);
  await addAccessEntries(tx, [spelled]);
  const head = await accessHead(tx, spelled.stream);
  if (!head) throw new Error('the access chain has no head');
  return { stream: spelled.stream, seq: head.seq };
}

/**
 * Puts words in the place of a person's name and registration, and ends their sessions. Their id, role and organisation stay, so every chain and every trail holds.
 * Statements that they signed keep the name: it is part of what was signed. Refusals: not-found, conflict (erased already).
 */
export async function eraseName(db: Database, random: Random, person: PersonId, reason: ErasureReason): Promise<Result<void>> {
  return db.transaction(async (tx) => {
    const [found] = await tx.query<{ erased: boolean; organisation: string }>('SELECT name_erased_at IS NOT NULL AS erased, organisation_id AS organisation FROM people WHERE id = $1 FOR UPDATE', [person]);
    if (!found) return refuse('not-found', `There is no person ${person}.`);
    if (found.erased) return refuse('conflict', `The name of ${person} was erased before.`);
    await recordIn(tx, { actor: 'system', action: 'erase-name', outcome: 'done', reason, organisation: found.organisation, ref: { person } }, random);
    await tx.query('UPDATE people SET name = $2, registration = NULL, name_erased_at = clock_timestamp() WHERE id = $1', [person, erasedName]);
    await tx.query('UPDATE sessions SET ended_at = clock_timestamp() WHERE person_id = $1 AND ended_at IS NULL', [person]);
    return ok(undefined);
  });
}

/** From the place of this entry in the log on, nothing that is signed with the key counts. Refusals: not-found, conflict (retired already). */
export async function retireKey(db: Database, random: Random, keyId: string): Promise<Result<void>> {
  return db.transaction(async (tx) => {
    const [key] = await tx.query<{ retired: boolean }>('SELECT EXISTS (SELECT FROM retired_keys WHERE retired_keys.key_id = signing_keys.key_id) AS retired FROM signing_keys WHERE key_id = $1', [keyId]);
    if (!key) return refuse('not-found', `No key ${keyId} was ever published.`);
    if (key.retired) return refuse('conflict', `The key ${keyId} was retired before.`);
    const { stream, seq } = await recordIn(tx, { actor: 'system', action: 'retire-key', outcome: 'done', ref: { key: keyId } }, random);
    await tx.query('INSERT INTO retired_keys (key_id, stream, seq) VALUES ($1, $2, $3)', [keyId, stream, seq]);
    return ok(undefined);
  });
}
