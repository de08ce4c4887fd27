/** What was written stays written: neither the service's own role nor the owner of the tables can change it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlanId } from '../../shared/ids.ts';
import { makePlanWorld, must, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
beforeAll(async () => {
  world = await makePlanWorld();
  const planId = (await world.completePlan()) as PlanId;
  await world.sign(planId);
  must(await world.call('coordinator', 'post', `/api/plans/${planId}/identity`, { body: { givenName: 'Adah', reason: 'Spelt so at the spine' } }));
});
afterAll(() => world.close());

const guarded = {
  plan_log: `author_id = 'person_gp'`, versions: `content = '{}'`, audit_entries: `entry = '{}'`, client_leases: `person_id = 'person_gp'`, signing_keys: `public_key = ''`,
  identity_corrections: `reason = 'another reason'`,
} as const;
const statements = Object.entries(guarded).flatMap(([table, change]) => [
  [table, `UPDATE ${table} SET ${change}`], [table, `DELETE FROM ${table}`], [table, `TRUNCATE ${table} CASCADE`],
] as const);
const rowsOf = async (table: string) => JSON.stringify(await world.base.db.query(`SELECT * FROM ${table}`));

describe('rows that never change', () => {
  test.each(statements)('[AU5] HAZ-27 %s: the service cannot run “%s”', async (table, statement) => {
    const before = await rowsOf(table);
    expect(before).not.toBe('[]');
    await expect(world.base.db.query(statement)).rejects.toMatchObject({ code: '42501' });
    expect(await rowsOf(table)).toBe(before);
  });

  test.each(statements)('[AU5] HAZ-27 %s: the owner cannot run “%s” either', async (table, statement) => {
    const before = await rowsOf(table);
    await expect(world.base.asAdministrator(statement)).rejects.toMatchObject({ code: '42501' });
    expect(await rowsOf(table)).toBe(before);
  });

  test.each([
    ...Object.keys(guarded).flatMap((table) => [`ALTER TABLE ${table} DISABLE TRIGGER never_changes`, `ALTER TABLE ${table} ADD COLUMN x int`, `DROP TABLE ${table} CASCADE`, `DROP TRIGGER never_changes ON ${table}`]),
    'SET session_replication_role = replica', 'CREATE OR REPLACE FUNCTION accord_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', 'CREATE TABLE public.mine (id int)',
  ])('[AU5] HAZ-27 the service cannot run “%s”', async (statement) => {
    await expect(world.base.db.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('[AU5] HAZ-27 replication mode does not switch the guard off', async () => {
    for (const table of Object.keys(guarded)) {
      await expect(world.base.asAdministrator(`SET session_replication_role = replica; DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
