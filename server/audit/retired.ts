/** Keys that were retired. Whether something was signed too late is told by its place in the log, never by a time that somebody claims. */
import { refuse, type Result, ok } from '../../shared/refusal.ts';
import type { Queryable } from '../ports.ts';
import type { Break } from './verifyTree.ts';

/** Spelled as the index audit_entries_retirements is. */
export const retirementsOf = `SELECT 1 FROM retired_keys WHERE key_id = $1
  UNION ALL SELECT 1 FROM audit_entries WHERE strpos(entry, '"action":"retire-key"') > 0 AND substring(entry from '"key":"([^"]*)"') = $1 LIMIT 1`;

/** Refuses to sign with a key that was retired, as the chain or the table beside it says: key-retired. */
export async function refuseRetired(db: Queryable, keyId: string): Promise<Result<void>> {
  const rows = await db.query(retirementsOf, [keyId]);
  return rows.length === 0 ? ok(undefined) : refuse('key-retired', 'The key of this service was retired and signs nothing any more. Its operator has to put a new one in place.');
}

/** Versions and checkpoints that were signed with a key after the entry of its retirement, and retirements that are in the chain only. */
export async function lateUses(db: Queryable): Promise<Break[]> {
  return db.query<Break>(
    `SELECT versions.plan_id || ' version ' || versions.number AS "where", 'it was signed with a key that had been retired' AS why
     FROM retired_keys JOIN audit_leaves retired ON retired.stream = retired_keys.stream AND retired.seq = retired_keys.seq
     JOIN versions ON versions.key_id = retired_keys.key_id
     JOIN audit_entries ON audit_entries.stream = 'plan:' || versions.plan_id AND strpos(audit_entries.entry, '"action":"sign-version"') > 0
       AND strpos(audit_entries.entry, '"version":' || versions.number || '}') > 0
     JOIN audit_leaves signed ON signed.stream = audit_entries.stream AND signed.seq = audit_entries.seq AND signed.leaf > retired.leaf
     UNION ALL
     SELECT 'checkpoint ' || audit_checkpoints.size, 'it was signed with a key that had been retired'
     FROM retired_keys JOIN audit_leaves retired ON retired.stream = retired_keys.stream AND retired.seq = retired_keys.seq
     JOIN audit_checkpoints ON audit_checkpoints.key_id = retired_keys.key_id AND audit_checkpoints.size > retired.leaf
     UNION ALL
     SELECT audit_entries.stream || ' entry ' || audit_entries.seq, 'the key that it retired is not among the retired ones any more'
     FROM audit_entries WHERE strpos(entry, '"action":"retire-key"') > 0
       AND NOT EXISTS (SELECT FROM retired_keys WHERE retired_keys.stream = audit_entries.stream AND retired_keys.seq = audit_entries.seq AND strpos(entry, '"key":"' || key_id || '"') > 0)`);
}
