/** A node of live editing by itself, on storage in memory. */
import { expect, test } from '@jest/globals';
import pino from 'pino';
import * as Y from 'yjs';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { LiveNode } from '../../server/collab/liveNode.ts';
import type { LiveSocket } from '../../server/collab/liveSocket.ts';
import { systemClock } from '../../server/config/system.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { OpenPlan } from '../../server/collab/openPlan.ts';
import { OpenPlans } from '../../server/collab/openPlans.ts';
import { limits } from '../../shared/limits.ts';
import { direct, memoryLog, type Line } from '../support/memoryLog.ts';
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

test('[CO47] a section that is opened while the rows that others wrote are being read misses none of them', async () => {
  const tables = new MemoryTables(() => systemClock.now());
  tables.people.set(people.nurse.id, people.nurse);
  const kept = tables.addPlan('plan_meanwhile' as PlanId, ['org_hub'] as OrganisationId[]);
  // Answers to questions about rows wait until they are let through, one after the other.
  const waiting: (() => void)[] = [];
  const line: Line = {
    ...direct,
    ask: async (what, statement) => {
      const value = await statement();
      if (what === 'rows') await new Promise<void>((resolve) => void waiting.push(resolve));
      return value;
    },
  };
  const letThrough = async (): Promise<void> => {
    waiting.shift()?.();
    await new Promise((resolve) => void setImmediate(resolve));
  };
  const store = memoryLog(tables, line, systemClock);
  const plan = new OpenPlan(tables.headOf(kept), { store, clock: systemClock, loaded: () => undefined });
  const wishes = plan.room('wishes');
  await new Promise((resolve) => void setImmediate(resolve));
  await letThrough();
  await wishes;
  const identity = plan.room('identity');
  await new Promise((resolve) => void setImmediate(resolve));
  // Another node writes in the section that is just being read here.
  const doc = new Y.Doc();
  doc.getMap('fields').set('preferredName', 'Peggy');
  const row = { position: 1, sectionId: 'identity', bytes: Y.encodeStateAsUpdate(doc), spans: [[doc.clientID, 0, 1] as const], fields: ['preferredName'], authorId: people.nurse.id };
  tables.write(tables.prepare([{ head: tables.headOf(kept), rows: [row], leases: [], summary: { set: {}, removed: [], disputed: {} }, audit: [], writers: [people.nurse] }], undefined));
  const caughtUp = plan.catchUp(store, 1);
  await new Promise((resolve) => void setImmediate(resolve));
  await letThrough();
  await letThrough();
  await letThrough();
  await caughtUp;
  expect((await identity).upTo).toBe(1);
  expect((await identity).committed.state()).toEqual(row.bytes);
  doc.destroy();
  plan.destroy();
});

test('[CO54] what is sent to whoever opens a section is the same for all who come in together, and is not kept for long', async () => {
  let nowMs = Date.parse('2026-06-01T09:00:00.000Z');
  const clock = { now: () => new Date(nowMs), after: () => ({ cancel: () => undefined }) };
  const tables = new MemoryTables(() => clock.now());
  const planId = tables.addPlan('plan_opened' as PlanId, ['org_hub'] as OrganisationId[]).id;
  const plans = new OpenPlans({ store: memoryLog(tables, direct, clock), clock, loaded: () => undefined, opened: () => () => undefined });
  const room = await (await plans.open(planId))?.room('wishes');
  const [question, answer] = [room?.question(), room?.answer(Uint8Array.of(0))];
  nowMs += limits.answersKeptMs - 1;
  plans.sweep(() => undefined);
  expect(room?.question()).toBe(question);
  expect(room?.answer(Uint8Array.of(0))).toBe(answer);
  nowMs += 1;
  plans.sweep(() => undefined);
  expect(room?.question()).not.toBe(question);
  expect(room?.question().plain).toEqual(question?.plain);
  expect(room?.answer(Uint8Array.of(0)).plain).toEqual(answer?.plain);
});
