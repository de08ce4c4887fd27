/** How much may wait for one plan's next commit, and of whom. */
import { describe, expect, test } from '@jest/globals';
import type { Channel } from '../../server/collab/channel.ts';
import { OpenPlan, type Waiting } from '../../server/collab/openPlan.ts';
import type { PlanHead } from '../../server/collab/planLog.ts';
import type { Room } from '../../server/collab/room.ts';
import type { Outgoing } from '../../server/collab/outgoing.ts';
import { answerBarrier } from '../../server/collab/settling.ts';
import { people } from '../support/provider.ts';
import { limits } from '../../shared/limits.ts';
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

describe('saved barriers that wait', () => {
  /** A channel of somebody, with the numbers that it was answered. */
  function line(person: string): { readonly channel: Channel; readonly answered: number[] } {
    const answered: number[] = [];
    const send = ({ content }: Outgoing): void => { if (content.kind === 'barrier-answer') answered.push(content.number); };
    return { channel: { connection: person, actor: { id: person }, send } as unknown as Channel, answered };
  }
  const asked = (channel: Channel, number: number): Waiting => ({ kind: 'barrier', channel, number });
  const wrote = (channel: Channel): Waiting => ({ kind: 'update', channel, room: undefined as unknown as Room, update: new Uint8Array(1), from: 'update' });
  const answerAll = (plan: OpenPlan): void => { for (const item of plan.take()) if (item.kind === 'barrier') answerBarrier(plan, item); };

  test('[CO64] of one channel wait as one and are answered each by its number; a change between them parts them', () => {
    const plan = open();
    const [a, b] = [line('a'), line('b')];
    for (const item of [asked(a.channel, 1), asked(b.channel, 7), asked(a.channel, 2), wrote(a.channel), asked(a.channel, 3), asked(b.channel, 8), asked(a.channel, 4)]) expect(plan.enqueue(item)).toBe(true);
    expect(plan.waiting.map(({ kind }) => kind)).toEqual(['barrier', 'barrier', 'update', 'barrier']);
    answerAll(plan);
    expect([a.answered, b.answered]).toEqual([[1, 2, 3, 4], [7, 8]]);
  });

  test('[CO64] that are being answered are left as they are, and what was put back takes what comes behind it', () => {
    const plan = open();
    const { channel, answered } = line('a');
    plan.enqueue(asked(channel, 1));
    const taken = plan.take();
    plan.enqueue(asked(channel, 2));
    expect(plan.waiting).toHaveLength(1);
    plan.putBack(taken);
    plan.enqueue(asked(channel, 3));
    expect(plan.waiting).toHaveLength(2);
    answerAll(plan);
    expect(answered).toEqual([1, 2, 3]);
  });

  test('[CO64] by the thousand send nobody away but whoever says them', () => {
    const plan = open();
    const [flood, other] = [line('flood'), line('other')];
    let count = 0;
    while (count < 20_000 && plan.enqueue(asked(flood.channel, count))) count += 1;
    expect([count, plan.waiting.length]).toEqual([limits.barriersTogetherMax, 1]);
    expect(plan.enqueue(asked(other.channel, 1))).toBe(true);
    expect(plan.enqueue(wrote(other.channel))).toBe(true);
  });

  test('[CO64] with changes between them, and openings, fill no more than their person’s half', () => {
    for (const items of [(channel: Channel): Waiting[] => [wrote(channel), asked(channel, 1)], (): Waiting[] => [{ kind: 'opening', actor: { ...people.nurse, id: 'flood' as never }, recorded: () => undefined }]]) {
      const plan = open();
      const [flood, other] = [line('flood'), line('other')];
      for (let round = 0; round < 20_000 && items(flood.channel).every((item) => plan.enqueue(item)); round += 1);
      const own = plan.waiting.length;
      expect(own).toBeLessThan(10_000);
      for (let count = 0; count < own; count += 1) expect(plan.enqueue(wrote(other.channel))).toBe(true);
    }
  });
});
