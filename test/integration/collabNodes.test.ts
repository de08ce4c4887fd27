/** Two nodes on one database: with a bus, with a bus that hears nothing, and when storage goes away. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { redisBus } from '../../server/bus/redis.ts';
import type { Bus, Database } from '../../server/ports.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import { readSection, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { connect, makePlan, people, settlePeople, socketTo, startNode, updateOf, type Node, type PersonName, type Writer } from '../support/provider.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import type * as Y from 'yjs';

const field = (id: string): Field => fieldById(id) as Field;
let base: TestDatabase;
let redis: TestRedis;
const ends: (() => void | Promise<void>)[] = [];
beforeAll(async () => {
  redis = await startRedis();
  base = await makeDatabase();
  await settlePeople(base.db);
});
afterAll(async () => {
  await base.drop();
  await redis.stop();
});
afterEach(async () => { for (const end of ends.splice(0).toReversed()) await end(); });

/** A bus that carries nothing, as when Redis is gone. */
const deadBus = (): Bus => ({
  connected: false, publish: () => undefined, subscribe: async () => async () => undefined, onReconnect: () => undefined,
  put: async () => undefined, remove: async () => undefined, list: async () => new Map(), close: async () => undefined,
});
async function nodeOn(bus: Bus, nodeId: string, db: Database = base.db): Promise<Node> {
  const node = await startNode(db, { bus, nodeId });
  ends.push(() => bus.close(), () => node.stop());
  return node;
}
function open(node: Node, planId: string, sectionId: string, name: PersonName): Writer {
  const writer = connect(node, planId, sectionId, name);
  ends.push(writer.end);
  return writer;
}
const letters = (doc: Y.Doc): string => doc.getXmlFragment('t:whatMatters').toJSON().replaceAll(/<[^>]*>/g, '');

describe.each([
  ['over Redis', () => redisBus(redis.url, pino({ level: 'silent' }))],
  ['that is dead', async () => deadBus()],
])('two nodes and a bus %s', (_name, bus) => {
  test('[CO19] people on different nodes typing at once end with the same text, which is what the log says', async () => {
    const [a, b] = [await nodeOn(await bus(), 'a'), await nodeOn(await bus(), 'b')];
    const planId = await makePlan(base.db);
    const writers = [open(a, planId, 'wishes', 'nurse'), open(b, planId, 'wishes', 'gp'), open(b, planId, 'wishes', 'hospice')];
    await Promise.all(writers.map((writer) => writer.synced()));
    const [first] = writers as [Writer, ...Writer[]];
    writeProse(first.doc, field('whatMatters'), [{ type: 'paragraph', text: 'start' }]);
    await eventually(() => { for (const writer of writers) expect(letters(writer.doc)).toBe('start'); });
    for (let round = 0; round < 20; round += 1) {
      for (const [index, { doc }] of writers.entries()) {
        const line = (doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText;
        line.insert((round * 7) % (line.length + 1), 'abc'[index] as string);
      }
      await new Promise((resolve) => void setImmediate(resolve));
    }
    await eventually(async () => {
      const texts = writers.map((writer) => letters(writer.doc));
      expect(new Set(texts).size).toBe(1);
      expect([...(texts[0] as string)].toSorted().join('')).toBe([...`start${'abc'.repeat(20)}`].toSorted().join(''));
      const content = await a.sync.text.contentAt(base.db, planId);
      expect(content.sections['wishes']).toEqual(readSection(first.doc, sectionById('wishes') as Section));
    }, 15_000);
    const positions = await base.db.query<{ position: number }>('SELECT position FROM plan_log WHERE plan_id = $1 ORDER BY position', [planId]);
    expect(positions.map(({ position }) => position)).toEqual(positions.map((_, index) => index + 1));
  });

  test('[CO20] a sign-off or a change of access on one node is heard on the other', async () => {
    const [a, b] = [await nodeOn(await bus(), 'a'), await nodeOn(await bus(), 'b')];
    const planId = await makePlan(base.db);
    const socket = socketTo(b, `/${planId}/identity`, 'gp');
    ends.push(socket.end);
    await socket.opened();
    socket.say({ kind: 'barrier', number: 1 });
    await socket.saved(1);
    const at = new Date().toISOString();
    await base.db.query('INSERT INTO versions (plan_id, number, position, content, content_hash, statement, signature, key_id, signed_by, signed_at) VALUES ($1, 1, 0, $2, $2, $2, $2, $2, $3, $4)', [planId, 'x', people.coordinator.id, at]);
    a.sync.text.announce(planId, { kind: 'signed', number: 1, position: 0, by: people.coordinator.name, at });
    await eventually(() => expect(socket.notices).toEqual([{ kind: 'signed', number: 1, position: 0, by: people.coordinator.name, at }]));
    await base.db.query('UPDATE care_team SET until = clock_timestamp() WHERE plan_id = $1', [planId]);
    a.sync.text.announce(planId, { kind: 'access-changed' });
    expect(await socket.closed()).toBe(4403);
  });
});

describe('storage', () => {
  test('[CO21] when the outcome of a commit is unknown nobody is told that it is saved, and whoever comes back finds what the log says', async () => {
    let failing: 'before' | 'after' | undefined;
    const cut = async <T>(work: () => Promise<T>): Promise<T> => {
      if (failing === 'before') throw new Error('the line was cut');
      const value = await work();
      if (failing === 'after') throw new Error('the answer to the commit was lost');
      return value;
    };
    const flaky: Database = { ...base.db, query: (...asked) => cut(() => base.db.query(...asked)), transaction: (work) => cut(() => base.db.transaction(work)) };
    const node = await nodeOn(deadBus(), 'a', flaky);
    const planId = await makePlan(base.db);
    for (const [when, name, rows] of [['before', 'Lost', 0], ['after', 'Kept', 1]] as const) {
      const socket = socketTo(node, `/${planId}/identity`, 'coordinator');
      ends.push(socket.end);
      await socket.opened();
      socket.say({ kind: 'barrier', number: 1 });
      await socket.saved(1);
      failing = when;
      socket.say({ kind: 'update', update: updateOf('identity', (doc) => writeValue(doc, field('preferredName'), name)) });
      socket.say({ kind: 'barrier', number: 2 });
      expect(await socket.closed()).toBe(1013);
      expect(socket.frames.filter((frame) => frame.kind === 'barrier-answer' && frame.number === 2)).toEqual([]);
      failing = undefined;
      expect(await base.db.query('SELECT position FROM plan_log WHERE plan_id = $1', [planId])).toHaveLength(rows);
    }
    const gp = open(node, planId, 'identity', 'gp');
    await gp.synced();
    expect(gp.doc.getMap('fields').get('preferredName')).toBe('Kept');
    writeValue(gp.doc, field('preferredName'), 'Going on');
    await eventually(async () => expect((await node.sync.text.contentAt(base.db, planId)).sections['identity']).toMatchObject({ preferredName: 'Going on' }));
  });

  test('[CO22] a stock client that wrote while storage was away says it again when it is back', async () => {
    let away = false;
    const unlessAway = async <T>(work: () => Promise<T>): Promise<T> => { if (away) throw new Error('away'); return work(); };
    const flaky: Database = { ...base.db, query: (...asked) => unlessAway(() => base.db.query(...asked)), transaction: (work) => unlessAway(() => base.db.transaction(work)) };
    const node = await nodeOn(deadBus(), 'a', flaky);
    const planId = await makePlan(base.db);
    const nurse = open(node, planId, 'identity', 'nurse');
    await nurse.synced();
    away = true;
    writeValue(nurse.doc, field('preferredName'), 'Written meanwhile');
    await eventually(() => expect(nurse.provider.wsconnected).toBe(false));
    away = false;
    await eventually(async () => expect((await node.sync.text.contentAt(base.db, planId)).sections['identity']).toMatchObject({ preferredName: 'Written meanwhile' }));
  });

  test('[CO23] a plan whose head somebody holds does not hold up the others, and is written once it is let go', async () => {
    const node = await nodeOn(deadBus(), 'a');
    const [held, free] = [await makePlan(base.db), await makePlan(base.db)];
    const sockets = await Promise.all([held, free].map(async (planId) => {
      const socket = socketTo(node, `/${planId}/identity`, 'coordinator');
      ends.push(socket.end);
      await socket.opened();
      socket.say({ kind: 'barrier', number: 1 });
      await socket.saved(1);
      return socket;
    }));
    const [onHeld, onFree] = sockets as [typeof sockets[0], typeof sockets[0]];
    const update = (): Uint8Array => updateOf('identity', (doc) => writeValue(doc, field('preferredName'), 'P'));
    await base.db.transaction(async (tx) => {
      await tx.query('SELECT id FROM plans WHERE id = $1 FOR UPDATE', [held]);
      for (const socket of sockets) {
        socket.say({ kind: 'update', update: update() });
        socket.say({ kind: 'barrier', number: 2 });
      }
      await onFree.saved(2);
      expect(onHeld.frames.some((frame) => frame.kind === 'barrier-answer' && frame.number === 2)).toBe(false);
    });
    await onHeld.saved(2);
    expect(await base.db.query('SELECT position FROM plan_log WHERE plan_id = ANY ($1)', [[held, free]])).toHaveLength(2);
  });
});
