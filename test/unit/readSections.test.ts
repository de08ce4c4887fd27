/** Sections of many plans in one journey: one that takes too long does not take the others with it. */
import { expect, test } from '@jest/globals';
import pg from 'pg';
import pino from 'pino';
import { sectionReader } from '../../server/collab/readSections.ts';
import { DatabaseUnavailable } from '../../server/db/failure.ts';
import type { Queryable } from '../../server/ports.ts';
import type { PlanId } from '../../shared/ids.ts';

const tooLong = (code: string): DatabaseUnavailable => new DatabaseUnavailable(Object.assign(new pg.DatabaseError('canceling statement', 0, 'error'), { code }));
const [short, long, other] = ['plan_short', 'plan_long', 'plan_other'] as [PlanId, PlanId, PlanId];

/** A database that knows every plan it is asked of, holds nothing of them, and cannot read copies of `long`. */
function database(failure: unknown): { db: Queryable; journeys: (readonly string[])[] } {
  const journeys: (readonly string[])[] = [];
  const query = async (_sql: string, values: readonly unknown[] = [], name?: string): Promise<unknown[]> => {
    const plans = values[0] as readonly string[];
    if (name === 'read-heads') return plans.map((id) => ({ id, position: 0, ties: [] }));
    if (name !== 'read-checkpoints') return [];
    journeys.push(plans);
    if (plans.includes(long)) throw failure;
    return [];
  };
  return { db: { query } as unknown as Queryable, journeys };
}
const ask = (db: Queryable) => {
  const sections = sectionReader(db, pino({ level: 'silent' }));
  return Promise.allSettled([short, long, other].map((planId) => sections(planId, ['wishes'])));
};

test('[CO53] where all of them take too long, each plan is asked for by itself', async () => {
  const { db, journeys } = database(tooLong('57014'));
  const [first, second, third] = await ask(db);
  expect([first, third]).toMatchObject([{ status: 'fulfilled', value: { head: { id: short } } }, { status: 'fulfilled', value: { head: { id: other } } }]);
  expect(second?.status === 'rejected' && String(second.reason)).toContain('canceling statement');
  expect(journeys).toEqual([[short, long, other], [short], [long], [other]]);
});

test('[CO53] a database that is away is not asked again for each of them', async () => {
  const { db, journeys } = database(tooLong('57P01'));
  expect((await ask(db)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(journeys).toHaveLength(1);
});
