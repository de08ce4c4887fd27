/** A node of live editing by itself, on storage in memory. */
import { expect, test } from '@jest/globals';
import pino from 'pino';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { LiveNode } from '../../server/collab/liveNode.ts';
import type { LiveSocket } from '../../server/collab/liveSocket.ts';
import { systemClock } from '../../server/config/system.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { direct, memoryLog } from '../support/memoryLog.ts';
import { MemoryTables } from '../support/memoryTables.ts';
import { people } from '../support/provider.ts';

const socket: LiveSocket = {
  isOpen: true, bufferedAmount: 0, send: (_bytes, flushed) => flushed(), ping: () => undefined, pause: () => undefined, resume: () => undefined,
  close: () => undefined, terminate: () => undefined, onceClosed: () => undefined,
};

test('[CO46] who knocked before a node was asked to stop, and is known only afterwards, is sent to another node', async () => {
  const tables = new MemoryTables(() => systemClock.now());
  tables.people.set(people.gp.id, people.gp);
  const planId = tables.addPlan('plan_stopping' as PlanId, ['org_elm'] as OrganisationId[]).id;
  const node = new LiveNode({
    store: memoryLog(tables, direct, systemClock), bus: inProcessBus(systemClock), clock: systemClock, random: (bytes) => new Uint8Array(bytes),
    log: pino({ level: 'silent' }), nodeId: 'a', actorOf: async () => people.gp, refused: () => undefined,
  });
  const visit = { socket, actor: people.gp, credential: 'a cookie', planId, sectionId: undefined };
  const before = node.admit(visit);
  await node.stop();
  expect(await before).toEqual({ kind: 'away', name: 'restarting' });
  expect(await node.admit(visit)).toEqual({ kind: 'away', name: 'restarting' });
  expect(tables.plans.get(planId)?.entries).toEqual([]);
});
