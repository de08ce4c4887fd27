/** What the tests of one node of live editing share: a database for the file, a plan for each test, and nodes that are stopped after it. */
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { PlanId } from '../../shared/ids.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import { makeDatabase, type TestDatabase } from './database.ts';
import { liveWorld, type LiveWorld } from './liveWorld.ts';
import { makePlan, settlePeople } from './provider.ts';

export const field = (id: string): Field => fieldById(id) as Field;
export const section = (id: string): Section => sectionById(id) as Section;

type Options = Parameters<typeof liveWorld> extends [unknown, ...infer Rest] ? Rest : never;
export interface LiveStand {
  readonly db: TestDatabase['db'];
  readonly asAdministrator: TestDatabase['asAdministrator'];
  /** The plan of the test that runs. */
  readonly planId: PlanId;
  world(...options: Options): LiveWorld;
}

/** To be called once at the top of a file. */
export function liveStand(): LiveStand {
  let base: TestDatabase;
  let planId: PlanId;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    base = await makeDatabase();
    await settlePeople(base.db);
  });
  afterAll(() => base.drop());
  beforeEach(async () => { planId = await makePlan(base.db); });
  afterEach(async () => { for (const end of ends.splice(0)) await end(); });
  return {
    get db() { return base.db; },
    get asAdministrator() { return base.asAdministrator; },
    get planId() { return planId; },
    world: (...options) => {
      const made = liveWorld(base.db, ...options);
      ends.push(() => made.stop());
      return made;
    },
  };
}
