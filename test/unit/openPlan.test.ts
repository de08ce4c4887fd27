/** How much may wait for one plan's next commit, and of whom. */
import { describe, expect, test } from '@jest/globals';
import type { Channel } from '../../server/collab/channel.ts';
import { OpenPlan, type Waiting } from '../../server/collab/openPlan.ts';
import type { PlanHead } from '../../server/collab/planLog.ts';
import type { Room } from '../../server/collab/room.ts';
import { handClock } from '../support/handClock.ts';

const open = (): OpenPlan => new OpenPlan({ id: 'plan_a', position: 0, latestVersion: 0 } as unknown as PlanHead, {
  store: undefined as never, clock: handClock(), loaded: () => undefined,
});
const said = (person: string, connection: string, bytes = 1): Waiting => ({
  kind: 'update', channel: { connection, actor: { id: person } } as unknown as Channel, room: undefined as unknown as Room, update: new Uint8Array(bytes), from: 'update',
});
/** As much as this person gets in, over so many connections; ends at a number that nothing should reach. */
function fill(plan: OpenPlan, person: string, connections: number, bytes = 1): number {
  let count = 0;
  while (count < 20_000 && plan.enqueue(said(person, `${person}-${count % connections}`, bytes))) count += 1;
  return count;
}

describe('what waits for a commit', () => {
  test.each([['small', 1, 1], ['small over many connections', 1, 40], ['large', 1024 * 1024, 3]])('[CO59] HAZ-23 whoever floods a plan with %s changes is stopped while there is room for the others', (_what, bytes, connections) => {
    const plan = open();
    const own = fill(plan, 'person_a', connections, bytes);
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(20_000);
    expect(fill(plan, 'person_b', 1, bytes)).toBe(own);
    // Now it is full, for everybody.
    expect(plan.enqueue(said('person_c', 'c', bytes))).toBe(false);
  });

  test('[CO59] what was taken for a commit counts no longer, and what was put back counts again', () => {
    const plan = open();
    const own = fill(plan, 'person_a', 1);
    const taken = plan.take();
    expect(taken.length).toBe(own);
    expect(plan.enqueue(said('person_a', 'a'))).toBe(true);
    plan.take();
    plan.putBack(taken);
    expect(plan.enqueue(said('person_a', 'a'))).toBe(false);
    plan.take();
    expect(fill(plan, 'person_a', 1)).toBe(own);
  });
});
