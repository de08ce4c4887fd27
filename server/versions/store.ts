/** SQL of versions and the keys they are signed with. Versions are only ever added. */
import type { Permit } from '../../shared/domain/access.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import type { Queryable, Tx } from '../ports.ts';
import type { SigningKey } from './keys.ts';

export interface VersionRow {
  readonly planId: PlanId;
  readonly number: number;
  readonly position: number;
  readonly contentHash: string;
  readonly previousHash: string | null;
  /** Canonical JSON of the signed statement. */
  readonly statement: string;
  readonly signature: string;
  readonly keyId: string;
  readonly signedAt: Date;
  readonly latest: boolean;
}
export interface FullVersionRow extends VersionRow {
  readonly content: string;
}

const columns = `
  plan_id AS "planId", number, position, content_hash AS "contentHash", previous_hash AS "previousHash", statement, signature, key_id AS "keyId",
  signed_at AS "signedAt", number = (SELECT max(number) FROM versions newest WHERE newest.plan_id = versions.plan_id) AS latest`;

/** The plan's versions, newest first, without their content. */
export async function versionsOf(db: Queryable, planId: PlanId): Promise<VersionRow[]> {
  return db.query<VersionRow>(`SELECT ${columns} FROM versions WHERE plan_id = $1 ORDER BY number DESC`, [planId]);
}

export async function isVersion(db: Queryable, planId: PlanId, number: number): Promise<boolean> {
  return (await db.query('SELECT 1 FROM versions WHERE plan_id = $1 AND number = $2', [planId, number])).length === 1;
}

export async function findVersion(db: Queryable, planId: PlanId, number: number): Promise<FullVersionRow | undefined> {
  const [row] = await db.query<FullVersionRow>(`SELECT ${columns}, content FROM versions WHERE plan_id = $1 AND number = $2`, [planId, number]);
  return row;
}

export async function latestVersionOf(db: Queryable, planId: PlanId): Promise<FullVersionRow | undefined> {
  const [row] = await db.query<FullVersionRow>(`SELECT ${columns}, content FROM versions WHERE plan_id = $1 ORDER BY number DESC LIMIT 1`, [planId]);
  return row;
}

export interface Head {
  readonly position: number;
  readonly contentPosition: number;
  /** Database clock, whole milliseconds. */
  readonly now: Date;
}

/** Where the log stands. The caller holds the head's lock. */
export async function headOf(tx: Tx, planId: PlanId): Promise<Head> {
  const [row] = await tx.query<Head>(
    `SELECT position, content_position AS "contentPosition", date_trunc('milliseconds', clock_timestamp()) AS now FROM plans WHERE id = $1`,
    [planId],
  );
  if (!row) throw new Error(`the locked plan ${planId} is gone`);
  return row;
}

export async function insertVersion(tx: Tx, permit: Permit<'sign-plan'>, version: Omit<FullVersionRow, 'latest'>): Promise<void> {
  const { planId, number, position, content, contentHash, previousHash, statement, signature, keyId, signedAt } = version;
  await tx.query(
    `INSERT INTO versions (plan_id, number, position, content, content_hash, previous_hash, statement, signature, key_id, signed_by, signed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [planId, number, position, content, contentHash, previousHash, statement, signature, keyId, permit.actor.id, signedAt],
  );
}

/** Marks the sign-off in the log at `position`. */
export async function insertSignedMark(tx: Tx, permit: Permit<'sign-plan'>, planId: PlanId, position: number): Promise<void> {
  await tx.query(`INSERT INTO plan_log (plan_id, position, kind, author_id) VALUES ($1, $2, 'signed', $3)`, [planId, position, permit.actor.id satisfies PersonId]);
}

/** Moves the head onto the sign-off's mark, and keeps what was signed about sharing; the text's own position stays. */
export async function moveHead(tx: Tx, _permit: Permit<'sign-plan'>, planId: PlanId, position: number, sharing: unknown): Promise<void> {
  await tx.query('UPDATE plans SET position = $2, signed_sharing = $3 WHERE id = $1', [planId, position, sharing === undefined ? null : JSON.stringify(sharing)]);
}

/** Publishes the public half, once. */
export async function insertKey(tx: Tx, key: SigningKey): Promise<void> {
  await tx.query('INSERT INTO signing_keys (key_id, public_key) VALUES ($1, $2) ON CONFLICT (key_id) DO NOTHING', [key.id, key.publicKey]);
}

export interface VersionToCheck extends Omit<FullVersionRow, 'latest'> {
  readonly signedBy: string;
  readonly publicKey: string | null;
  /** The chain's entry of this signing. */
  readonly auditEntry: string | null;
}

/** Versions after (`planId`, `number`) with the public key and the audit entry that belong to them. */
export async function versionsInOrder(db: Queryable, planId: string, number: number, count: number): Promise<VersionToCheck[]> {
  return db.query<VersionToCheck>(
    `SELECT versions.plan_id AS "planId", versions.number, versions.position, versions.content, versions.content_hash AS "contentHash",
       versions.previous_hash AS "previousHash", versions.statement, versions.signature, versions.key_id AS "keyId", versions.signed_at AS "signedAt",
       versions.signed_by AS "signedBy", signing_keys.public_key AS "publicKey",
       -- looked for as text: an entry that somebody has spoiled may not be JSON any more
       (SELECT entry FROM audit_entries WHERE stream = 'plan:' || versions.plan_id AND strpos(entry, '"action":"sign-version"') > 0
          AND strpos(entry, '"outcome":"done"') > 0 AND strpos(entry, '"version":' || versions.number || '}') > 0 LIMIT 1) AS "auditEntry"
     FROM versions LEFT JOIN signing_keys ON signing_keys.key_id = versions.key_id
     WHERE (versions.plan_id, versions.number) > ($1, $2) ORDER BY versions.plan_id, versions.number LIMIT $3`,
    [planId, number, count],
  );
}
