/** What a client says before it is known whose connection it is. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect as connectTo } from 'node:net';
import { sections } from '../../shared/content/standard.ts';
import { keepAliveFrame } from '../../shared/crdt/frame.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
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

  test('[CO6] a person’s second connection gets nothing either until the opening stands, and both are one entry', async () => {
    const both: RawSocket[] = [];
    await held(async () => {
      for (const section of ['identity', 'wishes']) {
        const socket = raw(`/${planId}/${section}`, 'coordinator');
        both.push(socket);
        await socket.opened();
        socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) });
        await socket.heard();
      }
      expect(both.flatMap(({ frames }) => frames)).toEqual([]);
    });
    await eventually(() => { for (const { frames } of both) expect(frames.some(({ kind }) => kind === 'step2')).toBe(true); });
    const entries = await base.db.query<{ entry: string }>('SELECT entry FROM audit_entries WHERE stream = $1', [`plan:${planId}`]);
    expect(entries.map(({ entry }) => (JSON.parse(entry) as { action: string }).action)).toEqual(['open-plan']);
  });
});

describe('turned away', () => {
  test('[CO28] whoever does not answer the close is cut off within seconds, however much they go on sending', async () => {
    const stranger = connectTo({ host: '127.0.0.1', port: Number(new URL(node.origin).port) });
    let told = '';
    let cut = false;
    stranger.on('data', (bytes: Buffer) => { told += bytes.toString('latin1'); });
    stranger.on('error', () => { cut = true; });
    stranger.on('close', () => { cut = true; });
    ends.push(() => stranger.destroy());
    stranger.write(`GET /sync/${planId}/wishes HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
    // The close frame says 4401; nothing answers it.
    await eventually(() => expect(told).toContain('\x11\x31'));
    const frame = Buffer.concat([Buffer.from([0x82, 0xfe, 0xff, 0xff, 0, 0, 0, 0]), Buffer.alloc(0xffff)]);
    await eventually(() => {
      if (!cut) stranger.write(frame);
      expect(cut).toBe(true);
    });
  });
});
