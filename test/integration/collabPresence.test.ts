/** Who is where: as the server says, never as the client claims. On one node and on two. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { redisBus } from '../../server/bus/redis.ts';
import { initials } from '../../shared/domain/names.ts';
import { personColour } from '../../shared/domain/personColour.ts';
import { systemClock } from '../../server/config/system.ts';
import type { Bus } from '../../server/ports.ts';
import { limits } from '../../shared/limits.ts';
import type { PresenceState } from '../../shared/wire/presence.ts';
import { writeAwareness } from '../../server/collab/awarenessFrame.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { connect, makePlan, people, settlePeople, socketTo, startNode, type Node, type PersonName, type Writer } from '../support/provider.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

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

async function nodeOn(bus: Bus, nodeId: string): Promise<Node> {
  const node = await startNode(base.db, { bus, nodeId });
  ends.push(() => node.stop());
  return node;
}
function open(node: Node, planId: string, sectionId: string, name: PersonName): Writer {
  const writer = connect(node, planId, sectionId, name);
  ends.push(writer.end);
  return writer;
}
/** Everybody that this client sees besides itself, by person id. */
const others = (writer: Writer): Map<string, PresenceState> =>
  new Map([...writer.provider.awareness.getStates()].filter(([id]) => id !== writer.doc.clientID).map(([, state]) => [(state as PresenceState).user?.id, state as PresenceState]));

describe.each([
  ['in process', async (): Promise<readonly [Bus, Bus]> => { const bus = inProcessBus(systemClock); return [bus, bus]; }],
  ['over Redis', async (): Promise<readonly [Bus, Bus]> => Promise.all([redisBus(redis.url, pino({ level: 'silent' })), redisBus(redis.url, pino({ level: 'silent' }))])],
])('presence with the bus %s', (_name, buses) => {
  test('[PR1] HAZ-09 on both nodes the others see where somebody stands and who the server says it is, whatever the client claims', async () => {
    const [one, two] = await buses();
    ends.push(async () => { await one.close(); if (two !== one) await two.close(); });
    const [a, b] = [await nodeOn(one, 'a'), await nodeOn(two, 'b')];
    const planId = await makePlan(base.db);
    const [nurse, gp, hospice] = [open(a, planId, 'wishes', 'nurse'), open(a, planId, 'wishes', 'gp'), open(b, planId, 'wishes', 'hospice')];
    await Promise.all([nurse, gp, hospice].map((writer) => writer.synced()));
    nurse.provider.awareness.setLocalState({ section: 'wishes', field: 'whatMatters', user: { id: people.gp.id, name: 'Dr Forged', role: 'gp' }, extra: 'x' });
    await eventually(() => {
      for (const seen of [others(gp), others(hospice)]) {
        const state = seen.get(people.nurse.id);
        expect(state).toMatchObject({ section: 'wishes', field: 'whatMatters', user: { name: people.nurse.name, role: 'community-nurse', color: personColour(people.nurse.id), initials: 'SN' } });
        expect(state).not.toHaveProperty('extra');
      }
      expect([...others(nurse).keys()].toSorted()).toEqual([people.gp.id, people.hospice.id].toSorted());
      expect([...others(hospice).keys()].toSorted()).toEqual([people.gp.id, people.nurse.id].toSorted());
    });
    await eventually(async () => {
      for (const node of [a, b]) expect((await node.sync.presence.presentOn(planId)).map(({ id }) => id).toSorted()).toEqual([people.gp.id, people.hospice.id, people.nurse.id].toSorted());
    });
    nurse.provider.disconnect();
    await eventually(async () => {
      expect([...others(gp).keys()]).toEqual([people.hospice.id]);
      expect([...others(hospice).keys()]).toEqual([people.gp.id]);
      expect((await b.sync.presence.presentOn(planId)).map(({ id }) => id)).not.toContain(people.nurse.id);
    });
    // Somebody who comes in later on the other node sees those who stood there before.
    const social = open(b, planId, 'wishes', 'social');
    await eventually(() => expect([...others(social).keys()].toSorted()).toEqual([people.gp.id, people.hospice.id].toSorted()));
  });
});

describe('what a client may not do', () => {
  test('[PR2] HAZ-09 states for another’s id, of another shape or too large are dropped, and a change under a present browser’s id is refused', async () => {
    const bus = inProcessBus(systemClock);
    ends.push(() => bus.close());
    const node = await nodeOn(bus, 'a');
    const planId = await makePlan(base.db);
    const [gp, nurse] = [open(node, planId, 'wishes', 'gp'), open(node, planId, 'wishes', 'nurse')];
    await Promise.all([gp.synced(), nurse.synced()]);
    gp.provider.awareness.setLocalState({ section: 'wishes', field: 'whatMatters' });
    await eventually(() => expect(others(nurse).get(people.gp.id)).toMatchObject({ field: 'whatMatters' }));

    const forger = socketTo(node, `/${planId}/wishes`, 'social');
    ends.push(forger.end);
    await forger.opened();
    const say = (id: number, clock: number, state: unknown): void => forger.say({ kind: 'awareness', update: writeAwareness([{ id, clock, state }]) });
    say(gp.doc.clientID, 2 ** 40, { field: 'forged' });
    say(gp.doc.clientID, 2 ** 40 + 1, null);
    say(4242, 1, { field: 7 });
    say(4243, 1, { field: 'x', cursor: { anchor: 'y'.repeat(limits.awarenessBytesMax), head: null } });
    forger.say({ kind: 'awareness', update: Uint8Array.of(255, 255, 3) });
    // Stock clients repeat what they hear: somebody who has just left must not live on under another's name.
    say(4245, 1, { field: 'whatMatters', user: { id: people.gp.id, connection: 'another' } });
    // Their own stamp from a line that was lost is no echo.
    say(4244, 1, { field: 'honest', user: { id: people.social.id, connection: 'lost' } });
    await eventually(() => expect(others(nurse).get(people.social.id)).toMatchObject({ field: 'honest' }));
    expect(others(nurse).get(people.gp.id)).toMatchObject({ field: 'whatMatters' });
    expect([...nurse.provider.awareness.getStates().keys()]).not.toContain(4242);
    expect([...nurse.provider.awareness.getStates().keys()]).not.toContain(4243);
    expect([...nurse.provider.awareness.getStates().keys()]).not.toContain(4245);
    gp.provider.awareness.setLocalState({ section: 'wishes', field: 'religion' });
    await eventually(() => expect(others(nurse).get(people.gp.id)).toMatchObject({ field: 'religion' }));
  });

  test('[PR3] a person has initials and one colour of twelve', () => {
    expect([initials('Dr Amara Osei'), initials('Sister Mary Jane Bell'), initials('Prince')]).toEqual(['AO', 'MB', 'P']);
    expect(personColour('person_a')).toMatch(/^#[0-9a-f]{6}$/);
    expect(new Set(Array.from({ length: 300 }, (_, index) => personColour(`person_${index}`))).size).toBe(12);
  });
});
