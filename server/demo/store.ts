/** SQL of the demo community, one statement a function. */
import type { PersonId, PlanId } from '../../shared/ids.ts';
import type { Queryable, Tx } from '../ports.ts';
import type { DemoOrganisation, DemoPerson } from './people.ts';

/** Any number will do, as long as nothing else locks it. */
const seedingLock = 990_150_801;

/** True for the one node that may seed until the end of `tx`; the others go on without. */
export async function takeSeedingLock(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [seedingLock]);
  return row?.taken === true;
}

/** Says something to the server, which ends a transaction that is silent for too long. */
export const stayAwake = (tx: Tx): Promise<unknown> => tx.query('SELECT 1');

export async function insertOrganisations(db: Queryable, organisations: readonly DemoOrganisation[]): Promise<void> {
  await db.query(
    'INSERT INTO organisations (id, name, kind) SELECT id, name, kind FROM jsonb_to_recordset($1) AS each (id text, name text, kind text) ON CONFLICT (id) DO NOTHING',
    [JSON.stringify(organisations)],
  );
}

export async function insertPeople(db: Queryable, people: readonly DemoPerson[]): Promise<void> {
  await db.query(
    `INSERT INTO people (id, name, role, job_title, organisation_id, senior_clinician, registration, simulated)
     SELECT id, name, role, "jobTitle", "organisationId", "seniorClinician", registration, simulated
     FROM jsonb_to_recordset($1) AS each (id text, name text, role text, "jobTitle" text, "organisationId" text, "seniorClinician" boolean, registration text, simulated boolean)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(people)],
  );
}

export async function existingPlans(db: Queryable, ids: readonly PlanId[]): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ id: string }>('SELECT id FROM plans WHERE id = ANY ($1)', [ids]);
  return new Set(rows.map((row) => row.id));
}

/** True while a meeting of demo plans made by this person is still to come or under way. */
export async function hasMeetingAhead(db: Queryable, madeBy: PersonId): Promise<boolean> {
  const rows = await db.query(`SELECT FROM meetings WHERE created_by = $1 AND status <> 'ended' AND starts_at > clock_timestamp() - interval '3 hours' LIMIT 1`, [madeBy]);
  return rows.length > 0;
}

/** True when this person has ever made a meeting. */
export async function hasMadeMeeting(db: Queryable, madeBy: PersonId): Promise<boolean> {
  const rows = await db.query('SELECT FROM meetings WHERE created_by = $1 LIMIT 1', [madeBy]);
  return rows.length > 0;
}

/** Plans in which any of these people has ever written. */
export async function plansWrittenBy(db: Queryable, personIds: readonly PersonId[]): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    `SELECT id FROM plans WHERE EXISTS (SELECT FROM client_leases WHERE client_leases.plan_id = plans.id AND client_leases.person_id = ANY ($1)) ORDER BY id`,
    [personIds],
  );
  return rows.map((row) => row.id);
}

/** What these people's documents are known by in one section. */
export interface WrittenHere {
  readonly sectionId: string;
  /** One of them, in whose name something can be written there. */
  readonly personId: PersonId;
  /** Yjs client ids. */
  readonly clients: readonly number[];
}

/** The sections of a plan in which any of these people has ever written. */
export const sectionsWrittenBy = (db: Queryable, planId: PlanId, personIds: readonly PersonId[]): Promise<WrittenHere[]> =>
  db.query<WrittenHere>(
    `SELECT section_id AS "sectionId", min(person_id) AS "personId", jsonb_agg(client_id) AS clients
     FROM client_leases WHERE plan_id = $1 AND person_id = ANY ($2) GROUP BY section_id ORDER BY section_id`,
    [planId, personIds],
  );

/** The position of the log row that brought what this client wrote at this clock. */
export async function positionOf(db: Queryable, planId: PlanId, sectionId: string, client: number, clock: number): Promise<number | undefined> {
  const [row] = await db.query<{ position: number }>(
    `SELECT position FROM plan_log WHERE plan_id = $1 AND section_id = $2 AND EXISTS (
       SELECT FROM jsonb_array_elements(spans) AS span WHERE (span->>0)::bigint = $3 AND (span->>1)::bigint <= $4 AND (span->>2)::bigint > $4
     ) ORDER BY position LIMIT 1`,
    [planId, sectionId, client, clock],
  );
  return row?.position;
}
