/** The place in which everything is measured: one durable PostgreSQL, invented staff, and any number of copies of one ordinary care plan. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import * as Y from 'yjs';
import { startEmbedded, type EmbeddedPostgres } from '../../server/db/embedded.ts';
import { organisations, people as demoPeople } from '../../server/demo/people.ts';
import { sections } from '../../shared/content/standard.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { Role } from '../../shared/domain/roles.ts';
import type { Content, Person } from './orders.ts';
import { documentOf, proseIn } from './typing.ts';

/** The demonstration's fullest plan: two sign-offs, every kind of field. */
export const templatePlan = 'plan_maureen-ashby';
export const databases = ['accord', 'durable', 'hocuspocus'] as const;
export type DatabaseName = (typeof databases)[number];

export interface World {
  readonly folder: string;
  readonly postgres: EmbeddedPostgres;
  urlOf(database: DatabaseName): string;
  query<Row extends pg.QueryResultRow>(database: DatabaseName, sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** May be called more than once. */
  stop(): Promise<void>;
}

/** Copies of rows that were checked once need not be checked against their plan again, millions of times. */
const copying = { options: '-c session_replication_role=replica' };

/** Starts the PostgreSQL that every server stores in, with a database for each. */
export async function startWorld(): Promise<World> {
  const folder = await mkdtemp(path.join(tmpdir(), 'accord-bench-'));
  const postgres = await startEmbedded(folder, { keep: 'durable' });
  const admin = new pg.Client({ connectionString: postgres.urlOf('postgres') });
  await admin.connect();
  for (const name of databases) await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  const pools = new Map(databases.map((name) => [name, new pg.Pool({ connectionString: postgres.urlOf(name), max: 2, ...(name === 'accord' ? copying : {}) })]));
  return {
    folder, postgres,
    urlOf: (database) => postgres.urlOf(database),
    query: async <Row extends pg.QueryResultRow>(database: DatabaseName, sql: string, values: readonly unknown[] = []) =>
      (await (pools.get(database) as pg.Pool).query<Row>(sql, [...values])).rows,
    stop: () => (stopping ??= stop()),
  };
}

interface Staff {
  readonly id: string;
  readonly role: Role;
  readonly senior: boolean;
  readonly organisation: string;
}
const posts: readonly (readonly [Role, boolean, string])[] = [
  ['gp', true, demoPeople.osei.organisationId], ['hospice-clinician', true, organisations.hospice.id], ['community-nurse', false, organisations.nursing.id],
  ['coordinator', false, organisations.hub.id], ['social-worker', false, organisations.council.id],
];
/** The largest number on one plan. */
const onOnePlan = 20;
/** Whoever meets on very many plans takes turns with so many of the same profession. */
const inTurn = 39;
/** Twenty people of the care team's organisations, and those who take turns with the first five. */
export const staff: readonly Staff[] = Array.from({ length: onOnePlan + inTurn * posts.length }, (_, index) => {
  const [role, senior, organisation] = posts[index % posts.length] as (typeof posts)[number];
  return { id: `person_bench-${String(index).padStart(3, '0')}`, role, senior, organisation };
});

export const insertStaff = (world: World): Promise<unknown> =>
  world.query('accord', `INSERT INTO people (id, name, role, job_title, organisation_id, senior_clinician)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $3::text[], $4::text[], $5::boolean[])`,
  [staff.map(({ id }) => id), staff.map((_, index) => `Bench Person ${index + 1}`), staff.map(({ role }) => role), staff.map(({ organisation }) => organisation), staff.map(({ senior }) => senior)]);

/** The template's text as its log has it. */
export async function readContent(world: World): Promise<Content> {
  const rows = await world.query<{ section: string; bytes: Buffer }>('accord',
    `SELECT section_id AS section, bytes FROM plan_log WHERE plan_id = $1 AND kind = 'update' ORDER BY position`, [templatePlan]);
  const merged = [...new Set(rows.map(({ section }) => section))].map((section) => [section, stateOf(rows.filter((row) => row.section === section).map(({ bytes }) => bytes))] as const);
  const whole = stateOf(merged.map(([, bytes]) => bytes));
  const expected = merged.reduce((sum, [, bytes]) => sum + itemsOf(bytes), 0);
  if (itemsOf(whole) !== expected) throw new Error('two sections of the template share a client id: its sections cannot stand in one document');
  return { sections: Object.fromEntries(merged.map(([section, bytes]) => [section, base64(bytes)])), whole: base64(whole) };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const itemsOf = (update: Uint8Array): number => [...Y.parseUpdateMeta(update).to.values()].reduce((sum, clock) => sum + clock, 0);

function stateOf(updates: readonly Uint8Array[]): Uint8Array {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  const state = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return state;
}

/** Everybody with what they open and where they type: the staff spread over the prose that they may write. */
export function castOf(content: Content, cookies: ReadonlyMap<string, string>): Person[] {
  return staff.slice(0, onOnePlan).map(({ id, role, senior }, index) => {
    const writes = (group: Section['writers'][number]): boolean => (group === 'senior-clinician' ? senior : group === role);
    const places = sections.filter((section) => section.writers.some(writes)).flatMap((section) =>
      section.fields.filter((field) => field.merge === 'T' && hasText(content, section.id, field.id)).map((field) => ({ section: section.id, field: field.id })));
    const place = places[index % places.length];
    if (!place) throw new Error(`the template has no prose that a ${role} may write`);
    const turns = index < posts.length ? staff.filter((_, other) => other >= onOnePlan && other % posts.length === index) : [];
    return { cookies: [id, ...turns.map((each) => each.id)].map((each) => cookies.get(each) ?? ''), opens: sections.filter((section) => section.readers.includes(role)).map((section) => section.id), ...place };
  });
}

function hasText(content: Content, section: string, field: string): boolean {
  const doc = documentOf(content, section);
  const length = proseIn(doc, field)?.length ?? 0;
  doc.destroy();
  return length > 40;
}

/** Copies the template in Accord's database: heads, care team, log and leases as the engine wrote them, one after the other and without the sign-offs. */
export async function copyTemplate(world: World, plans: readonly string[], from = templatePlan): Promise<void> {
  const numbers = plans.map(nextNumber);
  await world.query('accord', `INSERT INTO plans (id, nhs_number, created_by, position, content_position, content_at, summary)
    SELECT copy.id, copy.number, created_by, updates.count, updates.count, content_at, summary
    FROM plans, unnest($1::text[], $2::text[]) AS copy (id, number), (SELECT count(*) FROM plan_log WHERE plan_id = $3 AND kind = 'update') AS updates WHERE plans.id = $3`,
  [plans, numbers, from]);
  await world.query('accord', `INSERT INTO care_team (plan_id, organisation_id, relationship)
    SELECT copy.id, organisation_id, relationship FROM care_team, unnest($1::text[]) AS copy (id) WHERE plan_id = $2 AND until IS NULL`, [plans, from]);
  await world.query('accord', `INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, author_id, at)
    SELECT copy.id, row_number() OVER (PARTITION BY copy.id ORDER BY position), kind, section_id, bytes, spans, author_id, at
    FROM plan_log, unnest($1::text[]) AS copy (id) WHERE plan_id = $2 AND kind = 'update'`, [plans, from]);
  await world.query('accord', `INSERT INTO client_leases (plan_id, section_id, client_id, person_id)
    SELECT copy.id, section_id, client_id, person_id FROM client_leases, unnest($1::text[]) AS copy (id) WHERE plan_id = $2`, [plans, from]);
}

let numbersGiven = 0;
/** NHS numbers of the range that belongs to nobody, beyond those of the demonstration. */
function nextNumber(): string {
  for (;;) {
    numbersGiven += 1;
    const number = makeNhsNumber(`9995${String(numbersGiven).padStart(5, '0')}`);
    if (number !== undefined) return number;
  }
}
