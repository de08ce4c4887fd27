/** SQL of who is invited, who is in the room and since when. A person with two tabs is present until the last of them is gone. */
import type { MeetingId, OrganisationId, PersonId } from '../../shared/ids.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { holdsNow } from '../plans/facts.ts';
import type { Queryable, Tx } from '../ports.ts';

export interface AttendeeRow extends Actor {
  readonly invited: boolean;
  readonly apologies: boolean;
  readonly handRaised: boolean;
  readonly present: boolean;
  readonly arrivedAt: Date | null;
  /** When the last connection ended; null while present or before arrival. */
  readonly leftAt: Date | null;
}

const actorColumns = `people.id, people.name, people.role, people.job_title AS "jobTitle", people.organisation_id AS "organisationId", organisations.name AS organisation,
  people.senior_clinician AS "seniorClinician", people.simulated`;

/** Everybody who is invited to or was ever in the meeting, in order of name. */
export async function peopleOfMeeting(db: Queryable, id: MeetingId): Promise<AttendeeRow[]> {
  return db.query<AttendeeRow>(
    `SELECT ${actorColumns}, listed.invited, listed.apologies, listed.hand_raised_at IS NOT NULL AS "handRaised", coalesce(seen.present, false) AS present,
            seen.arrived AS "arrivedAt", CASE WHEN seen.present THEN NULL ELSE seen.gone END AS "leftAt"
     FROM meeting_people AS listed JOIN people ON people.id = listed.person_id JOIN organisations ON organisations.id = people.organisation_id
     LEFT JOIN LATERAL (
       SELECT bool_or(left_at IS NULL) AS present, min(arrived_at) AS arrived, max(left_at) AS gone FROM meeting_connections
       WHERE meeting_id = listed.meeting_id AND person_id = listed.person_id
     ) AS seen ON true
     WHERE listed.meeting_id = $1 ORDER BY people.name, people.id`,
    [id],
  );
}

/** These people as actors; ids that nobody has are left out. */
export async function actorsById(db: Queryable, ids: readonly string[]): Promise<Actor[]> {
  return db.query<Actor>(`SELECT ${actorColumns} FROM people JOIN organisations ON organisations.id = people.organisation_id WHERE people.id = ANY($1) ORDER BY people.name`, [ids]);
}

/** Real people of the organisations that share an open plan with this one. */
export async function colleaguesOf(db: Queryable, organisationId: OrganisationId): Promise<Actor[]> {
  return db.query<Actor>(
    `SELECT ${actorColumns} FROM people JOIN organisations ON organisations.id = people.organisation_id
     WHERE NOT people.simulated AND people.organisation_id IN (
       SELECT organisation_id FROM care_team WHERE ${holdsNow('care_team')} AND plan_id IN (SELECT plan_id FROM care_team WHERE organisation_id = $1 AND ${holdsNow('care_team')})
       UNION SELECT $1)
     ORDER BY organisations.name, people.name`,
    [organisationId],
  );
}

export async function invitePeople(tx: Tx, meetingId: MeetingId, ids: readonly PersonId[]): Promise<void> {
  await tx.query('INSERT INTO meeting_people (meeting_id, person_id, invited) SELECT $1, unnest($2::text[]), true ON CONFLICT DO NOTHING', [meetingId, ids]);
}

export async function insertConnection(tx: Tx, connection: { id: string; meetingId: MeetingId; personId: PersonId; nodeId: string }): Promise<void> {
  await tx.query(
    `WITH listed AS (
       INSERT INTO meeting_people (meeting_id, person_id) VALUES ($2, $3) ON CONFLICT (meeting_id, person_id) DO UPDATE SET apologies = false
     )
     INSERT INTO meeting_connections (id, meeting_id, person_id, node_id) VALUES ($1, $2, $3, $4)`,
    [connection.id, connection.meetingId, connection.personId, connection.nodeId],
  );
}

/** Ends a connection now. Answers false when it had ended before. */
export async function endConnection(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query('UPDATE meeting_connections SET left_at = clock_timestamp() WHERE id = $1 AND left_at IS NULL RETURNING id', [id]);
  return rows.length > 0;
}

/** Ends what was open in the meeting when it ended: the meeting is over for everybody. */
export async function endConnectionsOf(tx: Tx, meetingId: MeetingId): Promise<void> {
  await tx.query('UPDATE meeting_connections SET left_at = clock_timestamp() WHERE meeting_id = $1 AND left_at IS NULL', [meetingId]);
}

/** Ends connections of which nobody has heard for `silenceMs`, at the time they were last heard of. */
export async function endSilentConnections(tx: Tx, meetingId: MeetingId, silenceMs: number): Promise<{ personId: PersonId }[]> {
  return tx.query(
    `UPDATE meeting_connections SET left_at = seen_at
     WHERE meeting_id = $1 AND left_at IS NULL AND seen_at < clock_timestamp() - make_interval(secs => $2::float8 / 1000) RETURNING person_id AS "personId"`,
    [meetingId, silenceMs],
  );
}

/** Meetings with such connections. */
export async function meetingsGoneSilent(db: Queryable, silenceMs: number): Promise<{ id: MeetingId }[]> {
  return db.query(
    `SELECT DISTINCT meeting_id AS id FROM meeting_connections WHERE left_at IS NULL AND seen_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000)`,
    [silenceMs],
  );
}

/** Says that these connections live. Answers those that had not been ended meanwhile. */
export async function keepConnections(db: Queryable, ids: readonly string[]): Promise<{ id: string }[]> {
  return db.query('UPDATE meeting_connections SET seen_at = clock_timestamp() WHERE id = ANY($1) AND left_at IS NULL RETURNING id', [ids]);
}

export async function isPresent(db: Queryable, meetingId: MeetingId, personId: PersonId): Promise<boolean> {
  const rows = await db.query('SELECT 1 FROM meeting_connections WHERE meeting_id = $1 AND person_id = $2 AND left_at IS NULL LIMIT 1', [meetingId, personId]);
  return rows.length > 0;
}

/** A hand goes up or down. Answers false when it was there already. */
export async function setHand(tx: Tx, meetingId: MeetingId, personId: PersonId, up: boolean): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE meeting_people SET hand_raised_at = CASE WHEN $3 THEN clock_timestamp() END
     WHERE meeting_id = $1 AND person_id = $2 AND (hand_raised_at IS NOT NULL) <> $3 RETURNING person_id`,
    [meetingId, personId, up],
  );
  return rows.length > 0;
}

export async function setApologies(tx: Tx, meetingId: MeetingId, personId: PersonId, sent: boolean): Promise<void> {
  await tx.query(
    'INSERT INTO meeting_people (meeting_id, person_id, apologies) VALUES ($1, $2, $3) ON CONFLICT (meeting_id, person_id) DO UPDATE SET apologies = $3',
    [meetingId, personId, sent],
  );
}
