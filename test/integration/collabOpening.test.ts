/** What a client says before it is known whose connection it is. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sections } from '../../shared/content/standard.ts';
import { keepAliveFrame } from '../../shared/crdt/frame.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { makePlan, settlePeople, socketTo, startNode, type Node, type PersonName, type RawSocket } from '../support/provider.ts';

let base: TestDatabase;
let node: Node;
let planId: PlanId;
const ends: (() => void)[] = [];

beforeAll(async () => {
  base = await makeDatabase();
  await settlePeople(base.db);
  node = await startNode(base.db);
});
afterAll(async () => {
  await node.stop();
  await base.drop();
});
beforeEach(async () => { planId = await makePlan(base.db); });
afterEach(() => { for (const end of ends.splice(0)) end(); });

function raw(address: string, name: PersonName): RawSocket {
  const socket = socketTo(node, address, name);
  ends.push(socket.end);
  return socket;
}
const logRows = async (): Promise<number> => (await base.db.query<{ count: number }>('SELECT count(*) AS count FROM plan_log WHERE plan_id = $1', [planId]))[0]?.count ?? -1;

describe('before the opening is recorded', () => {
  /** Holds the plan, so that a new connection cannot be recorded as opened, while `work` goes on. */
  const held = (work: () => Promise<void>): Promise<void> => base.db.transaction(async (tx) => {
    await tx.query('SELECT id FROM plans WHERE id = $1 FOR UPDATE', [planId]);
    await work();
  });

  test('[CO27] a client that opens every section at once, before it is known who it is, is answered in each', async () => {
    let socket!: RawSocket;
    await held(async () => {
      socket = raw(`/${planId}`, 'coordinator');
      await socket.opened();
      for (const [index, { id }] of sections.entries()) {
        socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) }, id);
        socket.say({ kind: 'query-awareness' }, id);
        socket.say({ kind: 'awareness', update: keepAliveFrame.subarray(2) }, id);
        socket.say({ kind: 'barrier', number: index + 1 }, id);
      }
      await socket.heard();
      expect(socket.frames).toEqual([]);
    });
    for (const index of sections.keys()) await socket.saved(index + 1);
    const answered = socket.sections.filter((_, at) => socket.frames[at]?.kind === 'step2');
    expect(answered.toSorted()).toEqual(sections.map(({ id }) => id).toSorted());
  });

  test('[CO27] one that says more than any client, or sends megabytes, before it is known who it is, is closed with 1013', async () => {
    await held(async () => {
      const [chatty, heavy] = [raw(`/${planId}`, 'coordinator'), raw(`/${planId}`, 'gp')];
      await Promise.all([chatty.opened(), heavy.opened()]);
      for (let count = 0; count <= sections.length * limits.earlyFramesPerSectionMax; count += 1) chatty.say({ kind: 'query-awareness' }, 'identity');
      for (let count = 0; count < 4; count += 1) heavy.sayBytes(new Uint8Array(limits.syncReplyBytesMax));
      expect(await chatty.closed()).toBe(1013);
      expect(await heavy.closed()).toBe(1013);
    });
    expect(await logRows()).toBe(0);
  });
});
