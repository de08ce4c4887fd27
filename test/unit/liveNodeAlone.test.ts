/** A node that hears nothing from the others: what it learns, it learns by asking, again and again. */
import { afterEach, expect, test } from '@jest/globals';
import pino from 'pino';
import * as Y from 'yjs';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { LiveNode } from '../../server/collab/liveNode.ts';
import { encodeFrame, withSection } from '../../shared/crdt/frame.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { eventually } from '../support/eventually.ts';
import { handClock } from '../support/handClock.ts';
import { PlayedSocket } from '../support/liveWorld.ts';
import { direct, memoryLog } from '../support/memoryLog.ts';
import { MemoryTables } from '../support/memoryTables.ts';
import { people } from '../support/provider.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => { for (const end of ends.splice(0)) await end(); });

/** Somebody with the wishes open on a node by itself; `now` is who is signed in. */
async function visited(now: () => Actor) {
  const clock = handClock();
  const tables = new MemoryTables(() => clock.now());
  for (const person of Object.values(people)) tables.people.set(person.id, person);
  const plan = tables.addPlan('plan_alone' as PlanId, ['org_hub'] as OrganisationId[]);
  const node = new LiveNode({
    store: memoryLog(tables, direct, clock), bus: inProcessBus(clock), clock, random: (bytes) => new Uint8Array(bytes),
    log: pino({ level: 'silent' }), nodeId: 'alone', actorOf: async () => now(), refused: () => undefined,
  });
  ends.push(async () => {
    const turning = setInterval(() => clock.pass(1), 5);
    await node.stop().finally(() => clearInterval(turning));
  });
  const socket = new PlayedSocket();
  const admission = await node.admit({ socket, actor: now(), credential: 'a cookie', planId: plan.id, sectionId: undefined });
  if (admission.kind !== 'in') throw new Error('not let in');
  admission.session.heard(withSection('wishes', encodeFrame({ kind: 'step1', stateVector: Y.encodeStateVector(new Y.Doc()) })));
  await eventually(() => expect(socket.of('step2')).toHaveLength(1));
  return { clock, tables, plan, socket, session: admission.session };
}

test('[CO57] what other nodes commit is read from storage each time it is asked, not the first time only', async () => {
  const { clock, tables, plan, socket, session } = await visited(() => people.nurse);
  const doc = new Y.Doc();
  const shown = new Y.Doc();
  for (const word of ['home', 'hospice', 'ward']) {
    const before = Y.encodeStateVector(doc);
    doc.getMap('fields').set('preferredPlace', word);
    const bytes = Y.encodeStateAsUpdate(doc, before);
    const head = tables.headOf(plan);
    const from = Y.decodeStateVector(before).get(doc.clientID) ?? 0;
    const row = { position: head.position + 1, sectionId: 'wishes', bytes, spans: [[doc.clientID, from, 1] as const], fields: ['preferredPlace'], authorId: people.nurse.id };
    tables.write(tables.prepare([{ head, rows: [row], leases: [], summary: { set: {}, removed: [], disputed: {} }, audit: [], writers: [people.nurse] }], undefined));
    session.answered();
    clock.pass(1_500);
    await eventually(() => {
      for (const { update } of socket.of('update')) Y.applyUpdate(shown, update);
      expect(shown.getMap('fields').get('preferredPlace')).toBe(word);
    });
    // What the answer leads to, the next question among it, is done in the turns after it.
    await new Promise((resolve) => void setImmediate(resolve));
  }
  doc.destroy();
  shown.destroy();
});

test('[CO58] HAZ-09 whoever may no longer see what is open in front of them is sent away when it is next asked who they are', async () => {
  let now: Actor = people.nurse;
  const { clock, tables, socket } = await visited(() => now);
  now = { ...people.nurse, role: 'privacy-officer' };
  tables.people.set(people.nurse.id, { ...people.nurse, role: 'privacy-officer' });
  clock.pass(2_000);
  await eventually(() => expect(socket.closedWith).toBe(4403));
});
