/** SQL of people and sessions, one statement a function. */
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId } from '../../shared/ids.ts';
import type { Queryable } from '../ports.ts';

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

/** The person of a session that is neither ended nor over, by the database's clock. */
export async function findSessionPerson(db: Queryable, tokenHash: Uint8Array): Promise<Actor | undefined> {
  const [row] = await db.query<Actor>(
    `SELECT ${person} FROM sessions JOIN people ON people.id = sessions.person_id JOIN organisations ON organisations.id = people.organisation_id
     WHERE sessions.token_hash = $1 AND sessions.ended_at IS NULL AND sessions.expires_at > clock_timestamp()`,
    [tokenHash],
  );
  return row;
}

export const insertSession = (db: Queryable, tokenHash: Uint8Array, personId: PersonId, lifeMs: number): Promise<unknown> =>
  db.query(`INSERT INTO sessions (token_hash, person_id, expires_at) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')`, [tokenHash, personId, lifeMs]);

export const endSession = (db: Queryable, tokenHash: Uint8Array): Promise<unknown> =>
  db.query('UPDATE sessions SET ended_at = clock_timestamp() WHERE token_hash = $1 AND ended_at IS NULL', [tokenHash]);
