/** Attempts with frames: lengths that nobody has, pieces without end, bits that mean nothing, floods, and readers that never read. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { encodeFrame } from '../../shared/crdt/frame.ts';
import { limits } from '../../shared/limits.ts';
import { makeAttackStand, type AttackStand } from '../support/attackStand.ts';
import { makeDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { liveWorld } from '../support/liveWorld.ts';
import { makePlan, settlePeople } from '../support/provider.ts';
import { clientFrame, closeCode, upgrade, type Line } from '../support/rawLine.ts';

let stand: AttackStand;
beforeAll(async () => { stand = await makeAttackStand(); });
afterEach(() => stand.closeSockets());
afterAll(() => stand.close());

const meetings = '/socket.io/?EIO=4&transport=websocket';
const paths = (): readonly string[] => [`/sync/${stand.planId}/identity`, `/sync/${stand.planId}`, meetings];
/** A socket of the social worker, opened by hand. */
async function open(path: string): Promise<Line> {
  const line = stand.line(upgrade(path, stand.port, [`Cookie: ${stand.cookies.social}`]));
  await line.answers(/^HTTP\/1\.1 101 [^]*\r\n\r\n/);
  return line;
}
async function closedWith(path: string, ...frames: readonly Uint8Array[]): Promise<number> {
  const line = await open(path);
  for (const frame of frames) line.write(frame);
  const code = await closeCode(line);
  line.write(clientFrame(8, Buffer.of(3, 232)));
  await line.closed();
  return code;
}

describe('sizes', () => {
  test('A08 a frame that claims 2^63-1 bytes, or one more than the largest message, is closed with 1009 before a byte of it', async () => {
    await stand.undisturbed(async () => {
      const before = process.memoryUsage().arrayBuffers;
      for (const path of paths()) {
        expect(await closedWith(path, clientFrame(2, undefined, { claims: 2n ** 63n - 1n }))).toBe(1009);
        expect(await closedWith(path, clientFrame(2, undefined, { claims: 2n ** 31n }))).toBe(1009);
      }
      expect(await closedWith(meetings, clientFrame(1, undefined, { claims: BigInt(limits.bodyBytesMax) + 1n }))).toBe(1009);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    });
    // A change may be as large as one frame of typing and no larger; only the answer to the service's own question may be more.
    const socket = stand.socket(`/${stand.planId}/identity`, 'social');
    await socket.opened();
    socket.say({ kind: 'update', update: new Uint8Array(limits.frameBytesMax + 1) });
    expect(await socket.closed()).toBe(4413);
  });

  test('[WH14] A09 twenty thousand pieces of a byte, and pieces of nothing without end, are closed and cost no memory', async () => {
    await stand.undisturbed(async () => {
      const before = process.memoryUsage().rss;
      for (const path of paths()) {
        const pieces = (payload: Uint8Array): Buffer => Buffer.concat([clientFrame(2, payload, { fin: false }), ...Array.from({ length: 20_000 }, () => clientFrame(0, payload, { fin: false }))]);
        expect(await closedWith(path, pieces(Buffer.of(0)))).toBe(1008);
        expect(await closedWith(path, pieces(new Uint8Array()))).toBe(1008);
      }
      expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    });
  });
});

test('A10 bits that mean nothing, kinds that do not exist, text that is none and frames without a mask: 1002 and 1007', async () => {
  await stand.undisturbed(async () => {
    for (const path of paths()) {
      for (const frame of [clientFrame(2, Buffer.of(1), { rsv: 4 }), clientFrame(2, Buffer.of(1), { rsv: 1 }), clientFrame(3), clientFrame(11), clientFrame(2, Buffer.of(0), { masked: false }),
        clientFrame(0, Buffer.of(1)), clientFrame(9, Buffer.alloc(126)), clientFrame(9, undefined, { fin: false }), clientFrame(8, Buffer.of(1)), clientFrame(8, Buffer.of(0, 1))]) {
        expect(await closedWith(path, frame)).toBe(1002);
      }
      expect(await closedWith(path, clientFrame(1, Buffer.of(0xc3, 0x28)))).toBe(1007);
    }
  });
});

describe('floods', () => {
  test('[WH14] A14 pings by the ten thousand in one breath end their connection and disturb nobody', async () => {
    const many = Buffer.concat(Array.from({ length: 10_000 }, () => clientFrame(9)));
    await stand.undisturbed(async () => {
      for (const path of paths()) {
        const line = await open(path);
        line.write(many);
        await line.closed();
      }
    });
  });

  test('[WH14] A14 pings as fast as they are answered slow only their own connection; on a meeting’s socket they end it with 1008', async () => {
    const few = Buffer.concat(Array.from({ length: 40 }, () => clientFrame(9)));
    const pongs = (line: Line): number => line.text().split('\x8a\x00').length - 1;
    const flood = async (line: Line, most: number): Promise<void> => {
      for (let said = 40; said <= most && !line.isClosed; said += 40) {
        line.write(few);
        await eventually(() => { if (!line.isClosed && pongs(line) < said && !line.text().includes('\x88\x02')) throw new Error(`${pongs(line)} of ${said}`); }, 30_000);
      }
    };
    await stand.undisturbed(async () => {
      const line = await open(`/sync/${stand.planId}/identity`);
      await flood(line, limits.framesBurstMax + limits.framesPerSecondMax);
      // What was said last is heard last. Type 121 and the number.
      line.write(clientFrame(2, encodeFrame({ kind: 'barrier', number: 7 })));
      await line.answers(new RegExp(Buffer.of(121, 7).toString('latin1')));
      const other = await open(meetings);
      await flood(other, limits.meetingPacketsPerTenSeconds + 200);
      expect(await closeCode(other)).toBe(1008);
    });
  }, 90_000);

  test('[WH14] A14 each ping counts like a frame: past what anybody says the socket is not read for a moment, then again', async () => {
    const base = await makeDatabase();
    await settlePeople(base.db);
    const world = liveWorld(base.db);
    try {
      const { socket, session } = await world.admit(await makePlan(base.db), 'gp');
      for (let count = 0; count < limits.framesBurstMax; count += 1) session.pinged();
      expect(socket.paused).toBe(false);
      session.pinged();
      expect(socket.paused).toBe(true);
      world.clock.pass(limits.pauseMsMax);
      expect([socket.paused, socket.isOpen]).toEqual([false, true]);
    } finally {
      await world.stop();
      await base.drop();
    }
  });

  test('[WH14] A14 messages by the thousand: heard slowly in live editing, the end of a meeting’s socket', async () => {
    const packets = Buffer.concat(Array.from({ length: limits.meetingPacketsPerTenSeconds + 10 }, () => clientFrame(1, Buffer.from('3'))));
    await stand.undisturbed(async () => {
      expect(await closedWith(meetings, packets)).toBe(1008);
      const socket = stand.socket(`/${stand.planId}/identity`, 'social');
      await socket.opened();
      for (let count = 0; count < limits.framesBurstMax + limits.framesPerSecondMax; count += 1) socket.sayBytes(encodeFrame({ kind: 'query-awareness' }));
      socket.say({ kind: 'barrier', number: 1 });
      await socket.saved(1);
    });
  });

  test('A15 a reader who never reads holds nobody up; nothing but their own line is closed', async () => {
    const line = await open(`/sync/${stand.planId}`);
    line.socket.pause();
    const step1 = encodeFrame({ kind: 'step1', stateVector: Y.encodeStateVector(new Y.Doc()) });
    const asked = clientFrame(2, Buffer.concat([Buffer.of('identity'.length), Buffer.from('identity'), step1]));
    await stand.undisturbed(async () => {
      for (let count = 0; count < 2_000; count += 1) line.write(asked);
    });
  });
});
