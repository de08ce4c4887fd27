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
import type { Channel } from '../../server/collab/channel.ts';
import type { OpenPlan } from '../../server/collab/openPlan.ts';
import { Presence } from '../../server/collab/presence.ts';
import { Room } from '../../server/collab/room.ts';
import { Sightings } from '../../server/collab/sightings.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import { readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { handClock } from '../support/handClock.ts';
import { connect, makePlan, people, settlePeople, socketTo, startNode, updateOf, type Node, type PersonName, type Writer } from '../support/provider.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const religion = fieldById('religion') as Field;
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

  test('[PR4] HAZ-04 HAZ-09 the client id of somebody who has left is nobody else’s, to be seen under or to write under, on any node: what they wrote away is taken when they return', async () => {
    const bus = inProcessBus(systemClock);
    ends.push(() => bus.close());
    const [a, b] = [await nodeOn(bus, 'a'), await nodeOn(bus, 'b')];
    const planId = await makePlan(base.db);
    const [gp, nurse] = [open(a, planId, 'wishes', 'gp'), open(b, planId, 'wishes', 'nurse')];
    await Promise.all([gp.synced(), nurse.synced()]);
    gp.provider.awareness.setLocalState({ section: 'wishes', field: 'whatMatters' });
    await eventually(() => expect(others(nurse).get(people.gp.id)).toMatchObject({ field: 'whatMatters' }));
    gp.provider.disconnect();
    await eventually(() => expect([...others(nurse).keys()]).toEqual([]));
    writeValue(gp.doc, religion, 'christian');

    for (const node of [a, b]) {
      const forger = socketTo(node, `/${planId}/wishes`, 'hospice');
      ends.push(forger.end);
      await forger.opened();
      forger.say({ kind: 'awareness', update: writeAwareness([{ id: gp.doc.clientID, clock: 2 ** 40, state: { field: 'forged' } }, { id: 77, clock: 1, state: { field: 'honest' } }]) });
      await eventually(() => expect(others(nurse).get(people.hospice.id)).toMatchObject({ field: 'honest' }));
      forger.say({ kind: 'barrier', number: 1 });
      await forger.saved(1);
      forger.say({ kind: 'update', update: updateOf('wishes', (doc) => writeValue(doc, religion, 'muslim'), gp.doc.clientID) });
      expect(await forger.closed()).toBe(4403);
      expect(forger.notices).toEqual([expect.objectContaining({ kind: 'refused', code: 'foreign-client' })]);
    }
    gp.provider.connect();
    await eventually(() => expect(readField(nurse.doc, religion)).toBe('christian'));
  });

  test('[PR5] a hundred moves are told to the other nodes as one, a leaving at once and last', async () => {
    const real = inProcessBus(systemClock);
    ends.push(() => real.close());
    const clock = handClock();
    const told: string[] = [];
    const presence = new Presence({
      clock, log: pino({ level: 'silent' }), say: (_plan, hints) => told.push(`say ${hints.map(({ state }) => (state as { field?: string } | null)?.field ?? 'left').join()}`),
      bus: { ...real, alone: false, put: async (_key: string, member: string) => void told.push(`put ${member.split(' ')[0]}`), remove: async (_key: string, member: string) => void told.push(`remove ${member.split(' ')[0]}`) } as unknown as Bus,
    });
    const room = new Room(sectionById('wishes') as Section, { checkpoint: undefined, rows: [], owners: new Map() }, 0);
    const plan = { id: 'plan_a' } as OpenPlan;
    const channel = { sectionId: 'wishes', connection: 'c1', actor: { id: 'person_ann', name: 'Ann Reid', role: 'gp', organisationId: 'org' }, asked: false, send: () => undefined } as unknown as Channel;
    const move = (field: string): void => presence.heard(plan, room, channel, writeAwareness([{ id: 7, clock: 1, state: { field } }]));
    for (let key = 0; key < 100; key += 1) move(`field${key}`);
    expect(told).toEqual([]);
    clock.pass(60);
    expect(told).toEqual(['say field99', 'put c1']);
    move('again');
    presence.left(plan, room, channel);
    clock.pass(10_000);
    expect(told.slice(2)).toEqual(['say left', 'remove c1']);
  });

  test('[PR4] a section remembers whose browser an id was first seen in, when it has left memory too, and of one person the latest only', () => {
    const sightings = new Sightings();
    sightings.of('plan_a', 'wishes').saw(1, 'ann');
    sightings.of('plan_a', 'wishes').saw(1, 'ben');
    expect([sightings.of('plan_a', 'wishes').ownerOf(1), sightings.of('plan_a', 'home').ownerOf(1), sightings.of('plan_b', 'wishes').ownerOf(1)]).toEqual(['ann', undefined, undefined]);
    const wishes = sightings.of('plan_a', 'wishes');
    for (let id = 2; id < 2 + limits.clientIdsSeenMax; id += 1) wishes.saw(id, 'ben');
    wishes.saw(1_000, 'ben');
    expect([1, 2, 3, 1_000].map((id) => wishes.ownerOf(id))).toEqual(['ann', undefined, 'ben', 'ben']);
    for (let plan = 0; plan < limits.sectionsSeenMax; plan += 1) sightings.of(`plan_${plan}`, 'wishes');
    expect(sightings.of('plan_a', 'wishes').ownerOf(1)).toBeUndefined();
  });

  test('[PR3] a person has initials and one colour of twelve', () => {
    expect([initials('Dr Amara Osei'), initials('Sister Mary Jane Bell'), initials('Prince')]).toEqual(['AO', 'MB', 'P']);
    expect(personColour('person_a')).toMatch(/^#[0-9a-f]{6}$/);
    expect(new Set(Array.from({ length: 300 }, (_, index) => personColour(`person_${index}`))).size).toBe(12);
  });
});
