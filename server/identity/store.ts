/** SQL of people and sessions, one statement a function. Time is the database's own. */
import type { Actor, Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Queryable, Tx } from '../ports.ts';
import type { HeldRole } from './roleMap.ts';

const person = `
  people.id, people.name, people.role, people.job_title AS "jobTitle", people.organisation_id AS "organisationId",
  organisations.name AS organisation, people.senior_clinician AS "seniorClinician", people.simulated`;
const withOrganisation = 'people JOIN organisations ON organisations.id = people.organisation_id';

/** Everyone who may be chosen on the demo sign-in page. Simulated colleagues are played by the service, never by a visitor. */
export const listDemoPeople = (db: Queryable): Promise<Actor[]> =>
  db.query<Actor>(`SELECT ${person} FROM ${withOrganisation} WHERE NOT people.simulated ORDER BY organisations.name, people.name`);

/** The person, simulated or not, as they stand now. */
export async function findPerson(db: Queryable, id: PersonId): Promise<Actor | undefined> {
  const [row] = await db.query<Actor>(`SELECT ${person} FROM ${withOrganisation} WHERE people.id = $1`, [id]);
  return row;
}

/** True while the person stands in this role, organisation and seniority; holds it so until the transaction ends. */
export async function holdPerson(tx: Tx, { id, role, organisationId, seniorClinician }: Actor): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM people WHERE id = $1 AND role = $2 AND organisation_id = $3 AND senior_clinician = $4 FOR SHARE', [id, role, organisationId, seniorClinician]);
  return rows.length === 1;
}
/** True while the session stands and is not locked; holds it so until the transaction ends. */
export async function holdSession(tx: Tx, tokenHash: Uint8Array): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM sessions WHERE token_hash = $1 AND ended_at IS NULL AND locked_at IS NULL AND expires_at > clock_timestamp() FOR SHARE', [tokenHash]);
  return rows.length === 1;
}

export type SignInMethod = 'demo' | 'provider';
export interface SessionRow {
  readonly actor: Actor;
  readonly method: SignInMethod;
  readonly locked: boolean;
  /** The person proved lately who they are. */
  readonly fresh: boolean;
  /** What was last written down of their activity is older than it may be. */
  readonly stale: boolean;
  readonly endsAt: Date;
  readonly now: Date;
  readonly heldRoles: readonly HeldRole[];
  readonly issuer: string | null;
}

// A person acts in one role at a time: a session of another role than the one in force counts for nothing.
const stands = `sessions.ended_at IS NULL AND sessions.expires_at > clock_timestamp()
  AND (sessions.role IS NULL OR (sessions.role = people.role AND sessions.organisation_id = people.organisation_id))`;
// Simulated colleagues have no hands that could leave a keyboard.
const awake = `(people.simulated OR sessions.active_at > clock_timestamp() - ${limits.sessionIdleMs} * interval '1 millisecond')`;

/** The session that is neither ended nor over, by the database's clock. */
export async function findSession(db: Queryable, tokenHash: Uint8Array): Promise<SessionRow | undefined> {
  const [row] = await db.query<Actor & Omit<SessionRow, 'actor'>>(
    `SELECT ${person}, sessions.method, (sessions.locked_at IS NOT NULL OR NOT ${awake}) AS locked,
       sessions.authenticated_at > clock_timestamp() - ${limits.sessionFreshMs} * interval '1 millisecond' AS fresh,
       sessions.active_at <= clock_timestamp() - ${limits.sessionActivityEveryMs} * interval '1 millisecond' AS stale,
       sessions.expires_at AS "endsAt", clock_timestamp() AS now, sessions.held_roles AS "heldRoles", sessions.issuer
     FROM sessions JOIN people ON people.id = sessions.person_id JOIN organisations ON organisations.id = people.organisation_id
     WHERE sessions.token_hash = $1 AND ${stands}`,
    [tokenHash],
  );
  if (!row) return undefined;
  const { method, locked, fresh, stale, endsAt, now, heldRoles, issuer, ...actor } = row;
  return { actor, method, locked, fresh, stale, endsAt, now, heldRoles, issuer };
}

/** The people of these sessions that stand and are awake, by the sessions' names: hashes of their tokens in hex. */
export async function findAwake(db: Queryable, names: readonly string[]): Promise<Map<string, Actor>> {
  const rows = await db.query<Actor & { session: string }>(
    `SELECT ${person}, encode(sessions.token_hash, 'hex') AS session FROM unnest($1::text[]) AS wanted (name)
     JOIN sessions ON sessions.token_hash = decode(wanted.name, 'hex') JOIN people ON people.id = sessions.person_id JOIN organisations ON organisations.id = people.organisation_id
     WHERE ${stands} AND sessions.locked_at IS NULL AND ${awake}`,
    [names], 'find-awake',
  );
  return new Map(rows.map(({ session, ...actor }) => [session, actor]));
}

export interface NewSession {
  readonly method: SignInMethod;
  /** The role chosen for it, and all that could be chosen; none in the demonstration. */
  readonly role?: { readonly role: Role; readonly organisationId: OrganisationId } | undefined;
  readonly heldRoles?: readonly HeldRole[] | undefined;
  readonly issuer?: string | undefined;
  /** The provider's own name for its session (`sid`). */
  readonly providerSession?: string | undefined;
  readonly idToken?: string | undefined;
  /** When the person proved who they are, in seconds since 1970; now when left out. */
  readonly authenticatedAt?: number | undefined;
  readonly agent?: string | undefined;
}

export const insertSession = (db: Queryable, tokenHash: Uint8Array, personId: PersonId, lifeMs: number, made: NewSession): Promise<unknown> =>
  db.query(
    `INSERT INTO sessions (token_hash, person_id, expires_at, method, role, organisation_id, held_roles, issuer, provider_session, id_token, agent, authenticated_at)
     VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond', $4, $5, $6, $7, $8, $9, $10, $11, coalesce(least(to_timestamp($12::double precision), clock_timestamp()), clock_timestamp()))`,
    [tokenHash, personId, lifeMs, made.method, made.role?.role ?? null, made.role?.organisationId ?? null, JSON.stringify(made.heldRoles ?? []), made.issuer ?? null,
      made.providerSession ?? null, made.idToken ?? null, (made.agent ?? '').slice(0, 300), made.authenticatedAt ?? null],
  );

/** A new name for a session that goes on in another role: everything but role and token is as it was. */
export async function copySession(db: Queryable, from: Uint8Array, to: Uint8Array, role: Pick<HeldRole, 'role' | 'organisationId'>): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO sessions (token_hash, person_id, created_at, expires_at, method, role, organisation_id, held_roles, issuer, provider_session, id_token, agent, authenticated_at)
     SELECT $2, person_id, created_at, expires_at, method, $3, $4, held_roles, issuer, provider_session, id_token, agent, authenticated_at
     FROM sessions WHERE token_hash = $1 AND ended_at IS NULL RETURNING 1`,
    [from, to, role.role, role.organisationId],
  );
  return rows.length === 1;
}

export interface EndedSession {
  /** Hash of its token in hex. */
  readonly name: string;
  readonly personId: PersonId;
  /** The role chosen for it; null in the demonstration. */
  readonly role: Role | null;
  readonly organisationId: OrganisationId | null;
  readonly idToken: string | null;
}
// The statement sees the token as it was although the same statement removes it.
const end = (where: string): string => `
  WITH ending AS (SELECT token_hash, id_token FROM sessions WHERE ended_at IS NULL AND ${where} FOR UPDATE)
  UPDATE sessions SET ended_at = clock_timestamp(), id_token = NULL FROM ending WHERE sessions.token_hash = ending.token_hash
  RETURNING encode(sessions.token_hash, 'hex') AS name, sessions.person_id AS "personId", sessions.role, sessions.organisation_id AS "organisationId", ending.id_token AS "idToken"`;

export const endSession = (db: Queryable, tokenHash: Uint8Array): Promise<EndedSession[]> => db.query<EndedSession>(end('token_hash = $1'), [tokenHash]);

/** Ends what the demonstration's sign-in opened: where people sign in at a provider, nobody is let in by a click. */
export const endDemoSessions = (db: Queryable): Promise<EndedSession[]> => db.query<EndedSession>(end(`method = 'demo'`));

/** Ends one of this person's own sessions by its id. */
export const endSessionOf = (db: Queryable, personId: PersonId, sessionId: string): Promise<EndedSession[]> =>
  db.query<EndedSession>(end('person_id = $1 AND id = $2'), [personId, sessionId]);

/** Ends the person's sessions in any other role. */
export const endOtherRoles = (db: Queryable, personId: PersonId, { role, organisationId }: Pick<HeldRole, 'role' | 'organisationId'>): Promise<EndedSession[]> =>
  db.query<EndedSession>(end('person_id = $1 AND (role IS DISTINCT FROM $2 OR organisation_id IS DISTINCT FROM $3)'), [personId, role, organisationId]);

/** Ends the sessions that came with one of the provider's own, or all of one of its people. */
export const endProviderSessions = (db: Queryable, issuer: string, { sid, sub }: { readonly sid: string | undefined; readonly sub: string | undefined }): Promise<EndedSession[]> =>
  db.query<EndedSession>(
    end(`issuer = $1 AND ($2::text IS NULL OR provider_session = $2) AND ($3::text IS NULL OR person_id IN (SELECT person_id FROM provider_identities WHERE issuer = $1 AND subject = $3))
      AND ($2::text IS NOT NULL OR $3::text IS NOT NULL)`),
    [issuer, sid ?? null, sub ?? null],
  );

/** Ends what is over the number that one person may have; the longest unused first. */
export const endSurplus = (db: Queryable, personId: PersonId, most: number): Promise<EndedSession[]> =>
  db.query<EndedSession>(
    end(`token_hash IN (SELECT token_hash FROM sessions WHERE person_id = $1 AND ended_at IS NULL AND expires_at > clock_timestamp()
      ORDER BY active_at DESC, created_at DESC OFFSET $2)`),
    [personId, most],
  );

/** Writes down that the person did something, unless the session sleeps already or this was written down lately. */
export const touchSession = (db: Queryable, tokenHash: Uint8Array): Promise<unknown> =>
  db.query(
    `UPDATE sessions SET active_at = clock_timestamp() FROM people WHERE token_hash = $1 AND people.id = sessions.person_id AND ended_at IS NULL AND locked_at IS NULL AND ${awake}
       AND active_at <= clock_timestamp() - ${limits.sessionActivityEveryMs} * interval '1 millisecond'`,
    [tokenHash],
  );

export const lockSession = (db: Queryable, tokenHash: Uint8Array): Promise<unknown> =>
  db.query('UPDATE sessions SET locked_at = clock_timestamp() WHERE token_hash = $1 AND ended_at IS NULL AND locked_at IS NULL', [tokenHash]);

/** What a fresh authentication of the same person says. */
export interface Authenticated {
  readonly authenticatedAt: number;
  readonly heldRoles: readonly HeldRole[];
  readonly providerSession: string | undefined;
  readonly idToken: string | undefined;
}
/** Wakes a session that still stands; false when it does not. */
export async function unlockSession(db: Queryable, tokenHash: Uint8Array, proof?: Authenticated): Promise<boolean> {
  const rows = await db.query(
    `UPDATE sessions SET locked_at = NULL, active_at = clock_timestamp(), authenticated_at = coalesce(least(to_timestamp($2::double precision), clock_timestamp()), authenticated_at),
       held_roles = coalesce($3, held_roles), provider_session = coalesce($4, provider_session), id_token = coalesce($5, id_token)
     FROM people WHERE token_hash = $1 AND people.id = sessions.person_id AND ${stands} RETURNING 1`,
    [tokenHash, proof?.authenticatedAt ?? null, proof ? JSON.stringify(proof.heldRoles) : null, proof?.providerSession ?? null, proof?.idToken ?? null],
  );
  return rows.length === 1;
}

export interface ListedSession {
  readonly id: string;
  readonly here: boolean;
  readonly agent: string;
  readonly role: Role;
  readonly organisation: string;
  readonly startedAt: Date;
  readonly activeAt: Date;
  readonly endsAt: Date;
  readonly locked: boolean;
}
/** Sessions of the person that stand, the latest used first. `tokenHash`: the one that asks. */
export const listSessions = (db: Queryable, personId: PersonId, tokenHash: Uint8Array): Promise<ListedSession[]> =>
  db.query<ListedSession>(
    `SELECT sessions.id, sessions.token_hash = $2 AS here, sessions.agent, people.role, organisations.name AS organisation, sessions.created_at AS "startedAt", sessions.active_at AS "activeAt",
       sessions.expires_at AS "endsAt", (sessions.locked_at IS NOT NULL OR NOT ${awake}) AS locked
     FROM sessions JOIN people ON people.id = sessions.person_id JOIN organisations ON organisations.id = people.organisation_id
     WHERE sessions.person_id = $1 AND ${stands} ORDER BY here DESC, sessions.active_at DESC LIMIT ${limits.pageSize}`,
    [personId, tokenHash],
  );
