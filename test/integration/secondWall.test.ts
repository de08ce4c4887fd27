/** The wall behind the service's own decision: what the database shows of a plan to whom, whatever the service believes. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { openDatabase } from '../../server/db/pool.ts';
import { latestVersionOf } from '../../server/versions/store.ts';
import { readerOf } from '../../server/plans/reader.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { RefusalError } from '../../shared/refusal.ts';
import type { Review } from '../../shared/wire/plans.ts';
import { withWallShut } from '../support/database.ts';
import { makePlanWorld, must, refusalOf, type Name, type PlanWorld } from '../support/planWorld.ts';

const tables = ['plans', 'plan_log', 'versions'] as const;
let world: PlanWorld;
let planId: PlanId;
let otherPlan: PlanId;
beforeAll(async () => {
  world = await makePlanWorld();
  [planId, otherPlan] = [await world.completePlan(), await world.completePlan()];
  await world.write(planId, 'nurse', 'keysafe', { keySafeLocation: 'Behind the water butt', keySafeCode: '2486' });
  await world.sign(planId);
});
afterAll(() => world.close());

const settings = (actor: Partial<Actor>, plan: string) => ({ 'accord.plan': plan, 'accord.person': actor.id, 'accord.organisation': actor.organisationId, 'accord.role': actor.role });

/** Rows of each table that the reader's role is shown with these settings. */
const shown = (set: Readonly<Record<string, string | undefined>>): Promise<Record<string, number>> => world.base.db.transaction(async (tx) => {
  for (const [name, value] of Object.entries(set)) if (value !== undefined) await tx.query('SELECT set_config($1, $2, true)', [name, value]);
  await tx.query('SET LOCAL ROLE accord_reader');
  const counts: [string, number][] = [];
  for (const table of tables) counts.push([table, (await tx.query<{ count: number }>(`SELECT count(*) FROM ${table === 'plans' ? '(SELECT id FROM plans) AS plans' : table}`))[0]?.count ?? NaN]);
  return Object.fromEntries(counts);
});
const nothing = { plans: 0, plan_log: 0, versions: 0 };
const all = { plans: 1, plan_log: expect.any(Number), versions: 1 };

describe('T12 the database', () => {
  test('[ST17] shows nobody anything while nobody is named, half named or named wrongly', async () => {
    const nurse = world.people.nurse;
    expect(await shown({})).toEqual(nothing);
    expect(await shown(settings({ ...nurse, organisationId: 'org_wrong' as OrganisationId }, planId))).toEqual(nothing);
    expect(await shown(settings({ ...nurse, organisationId: '' as OrganisationId }, planId))).toEqual(nothing);
    expect(await shown(settings({ id: nurse.id, role: nurse.role }, planId))).toEqual(nothing);
    expect(await shown(settings({ id: nurse.id, organisationId: nurse.organisationId }, planId))).toEqual(nothing);
    expect(await shown(settings(nurse, ''))).toEqual(nothing);
    expect(await shown(settings(world.people.outsider, planId))).toEqual(nothing);
    expect(await shown(settings(world.people.privacyOfficer, planId))).toEqual(nothing);
  });

  test('[ST17] shows whoever is related one plan and no other; urgent care what was signed and nothing else', async () => {
    const found = await shown(settings(world.people.nurse, planId));
    expect(found).toEqual(all);
    expect(found['plan_log']).toBeGreaterThan(0);
    const rows = await world.base.db.query<{ count: number }>('SELECT count(*) FROM plan_log WHERE plan_id = $1', [planId]);
    expect(found['plan_log']).toBe(rows[0]?.count);
    expect(await shown(settings(world.people.paramedic, planId))).toEqual({ ...nothing, plans: 1, versions: 1 });
    expect((await shown(settings(world.people.nurse, otherPlan)))['versions']).toBe(0);
  });

  test('[ST17] takes a relationship for over from the moment it ends, and for nothing before it begins', async () => {
    const member: Actor = world.people.outsider;
    const tie = (since: string, until: string, kind: string) => world.base.db.query(
      `INSERT INTO plan_people (id, plan_id, person_id, kind, relationship, since, until, given_by) VALUES ('tie_' || gen_random_uuid(), $1, $2, $3, 'Looks in', clock_timestamp() + $4::interval, clock_timestamp() + $5::interval, $2)`,
      [otherPlan, member.id, kind, since, until]);
    await tie('-2 days', '-1 day', 'member');
    await tie('1 day', '2 days', 'member');
    expect(await shown(settings(member, otherPlan))).toEqual(nothing);
    await tie('-1 hour', '1 hour', 'inspection');
    expect(await shown(settings(member, otherPlan))).toEqual({ ...nothing, plans: 1 });
    await tie('-1 hour', '1 hour', 'meeting');
    expect((await shown(settings(member, otherPlan)))['plan_log']).toBeGreaterThan(0);
  });

  test('[ST17] lets the reader read these tables and nothing else, and change nothing', async () => {
    const refused = ['SELECT * FROM people', 'SELECT nhs_number FROM plans', 'SELECT * FROM sessions', 'SELECT * FROM audit_entries', 'SELECT * FROM care_team', 'SELECT * FROM client_leases', 'SELECT * FROM section_checkpoints',
      `UPDATE versions SET content = ''`, 'DELETE FROM plan_log', 'INSERT INTO versions DEFAULT VALUES', 'UPDATE plans SET position = 0'];
    for (const sql of refused) {
      const tried = world.base.db.transaction(async (tx) => {
        await tx.query('SET LOCAL ROLE accord_reader');
        await tx.query(sql);
      });
      await expect(tried.then(() => sql)).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('a reader', () => {
  const log = pino({ level: 'silent' });
  const told: unknown[] = [];
  const telling = Object.assign(pino({ level: 'silent' }), { error: (what: unknown) => void told.push(what) });
  beforeEach(() => { told.length = 0; });

  test('[ST17] leaves nothing of itself on the connection that others use after it, whether it was served or failed', async () => {
    const single = openDatabase({ url: world.base.url, log, connectionsMax: 1 });
    const left = async () => (await single.query(`SELECT current_user AS role, pg_backend_pid() AS pid, ${['plan', 'person', 'organisation', 'role'].map((name) => `coalesce(current_setting('accord.${name}', true), '') AS "${name}Setting"`).join(', ')}`))[0];
    try {
      const before = await left();
      expect(before).toMatchObject({ role: 'accord_service', planSetting: '', personSetting: '', organisationSetting: '', roleSetting: '' });
      expect(await latestVersionOf(readerOf({ db: single, log }, world.people.nurse, planId), planId)).toMatchObject({ number: 1 });
      expect(await left()).toEqual(before);
      await expect(readerOf({ db: single, log }, world.people.nurse, planId).query('SELECT no_such_column FROM versions')).rejects.toMatchObject({ code: '42703' });
      await expect(readerOf({ db: single, log }, world.people.outsider, planId).query('SELECT 1')).rejects.toBeInstanceOf(RefusalError);
      expect(await left()).toEqual(before);
    } finally {
      await single.close();
    }
  });

  test('[ST17] a statement that asks for another plan than the one that was decided about finds nothing', async () => {
    const reader = readerOf({ db: world.base.db, log }, world.people.nurse, otherPlan);
    expect(await latestVersionOf(reader, planId)).toBeUndefined();
    expect(await reader.query('SELECT DISTINCT plan_id AS "planId" FROM plan_log')).toEqual([{ planId: otherPlan }]);
  });

  test('[ST18] a plan that is out of reach is a refusal that the operator hears of, never a plan in which nothing stands', async () => {
    await expect(readerOf({ db: world.base.db, log: telling }, world.people.outsider, planId).query('SELECT bytes FROM plan_log')).rejects.toMatchObject({ refusal: { code: 'not-found' } });
    expect(told).toEqual([{ plan: planId, actor: world.people.outsider.id, role: world.people.outsider.role }]);
  });
});

describe('every way to read what a plan says', () => {
  const number = async (): Promise<string> => (await world.get<{ patient: { nhsNumber: string } }>('nurse', `/api/plans/${planId}`)).patient.nhsNumber;
  const doors = (nhsNumber: string): readonly (readonly [Name, 'get' | 'post', string, Record<string, string>?])[] => [
    ['nurse', 'get', `/api/plans/${planId}/content`], ['nurse', 'get', `/api/plans/${planId}/versions`], ['nurse', 'get', `/api/plans/${planId}/versions/1`],
    ['nurse', 'get', `/api/plans/${planId}/compare`, { from: '1', to: 'draft' }], ['coordinator', 'post', `/api/plans/${planId}/reviews`],
    ['nurse', 'get', `/api/plans/${planId}/history`, { section: 'wishes', field: 'whatMatters' }], ['coordinator', 'get', `/api/plans/${planId}/changes`, { after: '0' }],
    ['nurse', 'post', `/api/plans/${planId}/key-safe/reveal`], ['paramedic', 'post', `/api/plans/${planId}/key-safe/reveal`], ['paramedic', 'get', `/api/urgent/${nhsNumber}`],
  ];
  const outcome = async ([who, method, path, query]: readonly [Name, 'get' | 'post', string, Record<string, string>?]): Promise<string> => {
    try {
      must(await world.call(who, method, path, query === undefined ? {} : { query }));
      return `${who} ${path}: answered`;
    } catch (error) {
      return `${who} ${path}: ${error instanceof RefusalError ? error.refusal.code : String(error)}`;
    }
  };

  test('[ST17] [ST18] stands behind the wall: with the wall shut none of them answers, whatever the service itself allows', async () => {
    const all = doors(await number());
    const open: string[] = [];
    for (const door of all) open.push(await outcome(door));
    expect(open).toEqual(all.map(([who, , path]) => `${who} ${path}: answered`));
    await withWallShut(world.base, async () => {
      const shut: string[] = [];
      for (const door of all) shut.push(await outcome(door));
      expect(shut).toEqual(all.map(([who, , path]) => `${who} ${path}: not-found`));
    });
  });

  test('[ST17] [ST18] what changed since a signer read is told from behind it too', async () => {
    const { position, contentHash, statement } = must(await world.call<Review>('coordinator', 'post', `/api/plans/${planId}/reviews`));
    await world.write(planId, 'nurse', 'wishes', { preferredPlaceOfCare: 'hospice' });
    const sign = () => world.call('coordinator', 'post', `/api/plans/${planId}/versions`, { body: { position, contentHash, statement } });
    expect(refusalOf(await sign())?.code).toBe('changed-since-read');
    await withWallShut(world.base, async () => expect(sign()).rejects.toMatchObject({ refusal: { code: 'not-found' } }));
  });
});
