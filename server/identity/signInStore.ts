/** SQL of sign-ins under way, of who somebody is at the provider, of failed attempts and obeyed logout tokens. One statement a function. */
import type { PersonId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Queryable, Tx } from '../ports.ts';
import type { HeldRole } from './roleMap.ts';

export type Purpose = 'sign-in' | 'unlock' | 'fresh';

/** Who came back from the provider, kept while they choose a role. */
export interface Found {
  readonly subject: string;
  readonly name: string;
  readonly heldRoles: readonly HeldRole[];
  readonly authenticatedAt: number;
  readonly providerSession?: string | undefined;
  readonly idToken?: string | undefined;
}
export interface SignInUnderWay {
  readonly purpose: Purpose;
  readonly sessionHash: Buffer | null;
  readonly nonce: string;
  readonly verifier: string;
  readonly back: string;
  readonly startedAt: Date;
}

export interface NewSignIn {
  readonly state: Uint8Array; readonly browser: Uint8Array; readonly address: Uint8Array; readonly purpose: Purpose; readonly session: Uint8Array | undefined;
  readonly nonce: string; readonly verifier: string; readonly back: string;
}
/** False when as many are under way from this address as may be. */
export async function insertSignIn(db: Queryable, made: NewSignIn): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO sign_ins (state_hash, browser_hash, address_hash, purpose, session_hash, nonce, verifier, back)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8
     WHERE (SELECT count(*) FROM sign_ins WHERE address_hash = $3 AND returned_at IS NULL AND started_at > clock_timestamp() - $9 * interval '1 millisecond') < $10 RETURNING 1`,
    [made.state, made.browser, made.address, made.purpose, made.session ?? null, made.nonce, made.verifier, made.back, limits.signInMs, limits.signInsPerAddressMax],
  );
  return rows.length === 1;
}

/** Takes up, once only, the sign-in that this browser began under this state. */
export async function takeSignIn(db: Queryable, state: Uint8Array, browser: Uint8Array): Promise<SignInUnderWay | undefined> {
  const [row] = await db.query<SignInUnderWay>(
    `UPDATE sign_ins SET returned_at = clock_timestamp()
     WHERE state_hash = $1 AND browser_hash = $2 AND returned_at IS NULL AND started_at > clock_timestamp() - $3 * interval '1 millisecond'
     RETURNING purpose, session_hash AS "sessionHash", nonce, verifier, back, started_at AS "startedAt"`,
    [state, browser, limits.signInMs],
  );
  return row;
}

export const keepFound = (db: Queryable, state: Uint8Array, found: Found): Promise<unknown> =>
  db.query('UPDATE sign_ins SET found = $2 WHERE state_hash = $1', [state, JSON.stringify(found)]);

export interface Waiting {
  readonly state: Buffer;
  readonly found: Found;
  readonly back: string;
}
/** The latest sign-in of this browser that waits for the choice of a role. */
export async function findWaiting(db: Queryable, browser: Uint8Array): Promise<Waiting | undefined> {
  const [row] = await db.query<Waiting>(
    `SELECT state_hash AS state, found, back FROM sign_ins
     WHERE browser_hash = $1 AND found IS NOT NULL AND started_at > clock_timestamp() - $2 * interval '1 millisecond' ORDER BY returned_at DESC LIMIT 1`,
    [browser, limits.signInMs],
  );
  return row;
}

/** Forgets the choices of a role that wait under what a provider has ended: a session of its own, or all of one of its people. */
export const forgetEnded = (db: Queryable, { sid, sub }: { readonly sid: string | undefined; readonly sub: string | undefined }): Promise<unknown> =>
  db.query(
    `DELETE FROM sign_ins WHERE found IS NOT NULL AND ($1::text IS NULL OR found->>'providerSession' = $1) AND ($2::text IS NULL OR found->>'subject' = $2)
       AND ($1::text IS NOT NULL OR $2::text IS NOT NULL)`,
    [sid ?? null, sub ?? null],
  );

/** Whoever signs in in this browser next must not find somebody else's choice of roles there. */
export const forgetWaiting = (db: Queryable, browser: Uint8Array): Promise<unknown> => db.query('DELETE FROM sign_ins WHERE browser_hash = $1 AND found IS NOT NULL', [browser]);

/** True for the one call that ends it. */
export async function endSignIn(db: Queryable, state: Uint8Array): Promise<boolean> {
  return (await db.query('DELETE FROM sign_ins WHERE state_hash = $1 RETURNING 1', [state])).length === 1;
}

/** Forgets what is over: sign-ins that nobody finished, failures that count no more, tokens that are too old to be obeyed again. */
export async function forgetOldSignIns(db: Queryable): Promise<void> {
  await db.query(`DELETE FROM sign_ins WHERE started_at < clock_timestamp() - $1 * interval '1 millisecond'`, [limits.signInMs]);
  await db.query(`DELETE FROM sign_in_failures WHERE last_at < clock_timestamp() - $1 * interval '1 millisecond'`, [limits.failureLockMs]);
  await db.query(`DELETE FROM logout_tokens WHERE at < clock_timestamp() - 2 * $1 * interval '1 millisecond'`, [limits.logoutTokenMs + limits.clockSkewMs]);
}

/** Somebody's first two sign-ins at one moment are one after the other. */
export const lockIdentity = (tx: Tx, issuer: string, subject: string): Promise<unknown> =>
  tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 990150802))', [`${issuer} ${subject}`]);

export async function personOf(db: Queryable, issuer: string, subject: string): Promise<PersonId | undefined> {
  const [row] = await db.query<{ personId: PersonId }>('SELECT person_id AS "personId" FROM provider_identities WHERE issuer = $1 AND subject = $2', [issuer, subject]);
  return row?.personId;
}

export const insertIdentity = (tx: Tx, issuer: string, subject: string, personId: PersonId): Promise<unknown> =>
  tx.query('INSERT INTO provider_identities (issuer, subject, person_id) VALUES ($1, $2, $3)', [issuer, subject, personId]);

/** The organisation of this ODS code, made if need be, and named as the file of roles names it. */
export const putOrganisation = (tx: Tx, { organisationId, odsCode, organisation, kind }: HeldRole): Promise<unknown> =>
  tx.query(
    `INSERT INTO organisations (id, name, kind, ods_code) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind, ods_code = EXCLUDED.ods_code`,
    [organisationId, organisation, kind, odsCode],
  );

/** The person in the role that they act in from now on. */
export const putPerson = (tx: Tx, id: PersonId, name: string, { role, jobTitle, seniorClinician, organisationId }: HeldRole): Promise<unknown> =>
  tx.query(
    `INSERT INTO people (id, name, role, job_title, organisation_id, senior_clinician) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, role = EXCLUDED.role, job_title = EXCLUDED.job_title, organisation_id = EXCLUDED.organisation_id, senior_clinician = EXCLUDED.senior_clinician`,
    [id, name, role, jobTitle, organisationId, seniorClinician],
  );

/** How many failures this subject has that still count, and how long ago the last was, in milliseconds. */
export async function failuresOf(db: Queryable, subject: Uint8Array): Promise<{ readonly failures: number; readonly agoMs: number }> {
  const [row] = await db.query<{ failures: number; agoMs: number }>(
    `SELECT failures, (extract(epoch FROM clock_timestamp() - last_at) * 1000)::integer AS "agoMs" FROM sign_in_failures
     WHERE subject = $1 AND last_at > clock_timestamp() - $2 * interval '1 millisecond'`,
    [subject, limits.failureLockMs],
  );
  return row ?? { failures: 0, agoMs: 0 };
}

export const addFailure = (db: Queryable, subject: Uint8Array): Promise<unknown> =>
  db.query(
    `INSERT INTO sign_in_failures AS kept (subject, failures, last_at) VALUES ($1, 1, clock_timestamp())
     ON CONFLICT (subject) DO UPDATE SET last_at = clock_timestamp(),
       failures = CASE WHEN kept.last_at > clock_timestamp() - $2 * interval '1 millisecond' THEN kept.failures + 1 ELSE 1 END`,
    [subject, limits.failureLockMs],
  );

export const forgetFailures = (db: Queryable, subject: Uint8Array): Promise<unknown> => db.query('DELETE FROM sign_in_failures WHERE subject = $1', [subject]);

/** True the first time that this token is shown. */
export async function obeyOnce(db: Queryable, tokenHash: Uint8Array): Promise<boolean> {
  return (await db.query('INSERT INTO logout_tokens (token_hash) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1', [tokenHash])).length === 1;
}
