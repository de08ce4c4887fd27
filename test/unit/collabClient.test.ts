/** The client's live plan against a server that does as it is told: one socket, honest "saved", no lost words. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { PlanConnection } from '../../client/collab/planConnection.ts';
import { writeField } from '../../client/collab/writing.ts';
import { eventually } from '../support/eventually.ts';
import { nodeSurroundings } from '../support/nodeSurroundings.ts';
import { CollabClientServer } from './collabClientServer.ts';

const field = (id: string): Field => {
  const found = fieldById(id);
  if (found === undefined) throw new Error(`No field ${id}.`);
  return found;
};
const name = field('preferredName');
const place = field('ppd1');

let server: CollabClientServer;
let around: ReturnType<typeof nodeSurroundings>;
const opened: PlanConnection[] = [];
let accessAsked = 0;
const sections = [{ id: 'identity', mayEdit: true }, { id: 'place-of-death', mayEdit: true }, { id: 'home', mayEdit: false }];

function open(): PlanConnection {
  const connection = new PlanConnection({ url: server.url, sections, around, onAccessChanged: () => { accessAsked += 1; } });
  opened.push(connection);
  return connection;
}
const ready = async (connection: PlanConnection): Promise<void> => eventually(() => expect(connection.status.value).toMatchObject({ kind: 'saved' }));

beforeEach(async () => {
  server = await CollabClientServer.start();
  around = nodeSurroundings();
  accessAsked = 0;
});
afterEach(async () => {
  for (const connection of opened.splice(0)) connection.destroy();
  around.end();
  await server.stop();
});

describe('one socket for a plan', () => {
  test('[CC1] carries every section over one connection, each in its own document', async () => {
    const [ann, ben] = [open(), open()];
    await ready(ann);
    await ready(ben);
    expect(server.connections).toBe(2);
    expect(writeField(ann, 'identity', name, 'Peggy')).toBeUndefined();
    expect(writeField(ann, 'place-of-death', place, 'own-home')).toBeUndefined();
    await eventually(() => expect([ben.value('identity', 'preferredName'), ben.value('place-of-death', 'ppd1')]).toEqual(['Peggy', 'own-home']));
    expect(readField(server.room('identity').doc, place)).toBeUndefined();
  });

  test('[CC3] tells only the listeners of the field that changed', async () => {
    const [ann, ben] = [open(), open()];
    await ready(ann);
    await ready(ben);
    const heard: string[] = [];
    ben.onValue('identity', 'preferredName', () => heard.push('preferredName'));
    ben.onValue('identity', 'familyName', () => heard.push('familyName'));
    writeField(ann, 'identity', name, 'Peggy');
    await eventually(() => expect(ben.value('identity', 'preferredName')).toBe('Peggy'));
    expect(heard).toEqual(['preferredName']);
  });
});

describe('a section opened afresh', () => {
  test('[CC23] HAZ-04 on a connection that stands it is live again by itself, and what is written in it is saved', async () => {
    const ann = open();
    await ready(ann);
    writeField(ann, 'identity', name, 'Peg');
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    ann.setSections(sections.map((section) => ({ ...section, mayEdit: false })));
    await eventually(() => expect([ann.status.value.kind, ann.live.value, ann.value('identity', 'preferredName')]).toEqual(['saved', true, 'Peg']));
    ann.setSections(sections);
    await eventually(() => expect([ann.status.value.kind, ann.live.value]).toEqual(['saved', true]));
    writeField(ann, 'identity', name, 'Peggy');
    await eventually(() => expect(readField(server.room('identity').doc, name)).toBe('Peggy'));
    await eventually(() => expect(ann.status.value.kind).toBe('saved'));
    expect(server.connections).toBe(1);
  });
});

describe('saved is a fact', () => {
  test('[CC4] HAZ-04 says saved only after the server has answered for the last change', async () => {
    const ann = open();
    await ready(ann);
    expect(ann.status.value).toEqual({ kind: 'saved', at: null });
    server.holding = true;
    writeField(ann, 'identity', name, 'Peg');
    expect(ann.status.value.kind).toBe('saving');
    await eventually(() => expect(server.barriers.filter((one) => one.section === 'identity' && one.number > 0).length).toBeGreaterThan(0));
    // A change after the question: its answer does not cover it.
    writeField(ann, 'identity', name, 'Peggy');
    const kinds: string[] = [];
    ann.status.listen(() => kinds.push(`${ann.status.value.kind} ${String(readField(server.room('identity').doc, name))}`));
    server.release();
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    expect(kinds).toEqual(['saved Peggy']);
  });

  test('[CC5] asks once for many keys, not once for each', async () => {
    const ann = open();
    await ready(ann);
    for (let key = 1; key <= 50; key += 1) writeField(ann, 'identity', name, 'x'.repeat(key));
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    // One on arriving, one or two for all fifty keys.
    expect(server.barriers.filter(({ section }) => section === 'identity').length).toBeLessThanOrEqual(3);
  });

  test('[CC19] HAZ-04 the moment the device says that it has no network nothing is called saved any more, and what is unsaved is counted', async () => {
    const ann = open();
    await ready(ann);
    server.holding = true;
    writeField(ann, 'identity', name, 'Peg');
    around.network(false);
    expect(ann.status.value).toEqual({ kind: 'offline', changes: 1 });
    writeField(ann, 'place-of-death', place, 'hospice');
    expect(ann.status.value).toEqual({ kind: 'offline', changes: 2 });
    server.release();
    around.network(true);
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    expect([readField(server.room('identity').doc, name), readField(server.room('place-of-death').doc, place)]).toEqual(['Peg', 'hospice']);
  });

  test('[CC6] HAZ-04 what is written offline is counted, kept, and sent in order when the server is back', async () => {
    const ann = open();
    await ready(ann);
    writeField(ann, 'identity', name, 'Peg');
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    server.hangUp(1013);
    await eventually(() => expect(ann.status.value.kind).toBe('offline'));
    writeField(ann, 'identity', name, 'Peggy');
    writeField(ann, 'place-of-death', place, 'hospice');
    writeField(ann, 'identity', name, 'Peggy W');
    expect(ann.status.value).toEqual({ kind: 'offline', changes: 2 });
    expect(ann.unsavedFields).toBe(2);
    const seen = server.updates.length;
    await eventually(() => expect(ann.status.value.kind).toBe('saved'), 15_000);
    expect(readField(server.room('identity').doc, name)).toBe('Peggy W');
    expect(readField(server.room('place-of-death').doc, place)).toBe('hospice');
    // The first thing each section says after the break is everything that the server lacks.
    const firstOfEach = ['identity', 'place-of-death'].map((id) => server.updates.slice(seen).find((one) => one.section === id)?.step);
    expect(firstOfEach).toEqual(['step2', 'step2']);
  });

  test('[CC7] HAZ-04 a change in the first moment of a connection waits for the answer that carries it', async () => {
    server.room('identity').doc.transact(() => writeValue(server.room('identity').doc, name, 'Peg'));
    const ann = open();
    expect(writeField(ann, 'identity', name, 'Peggy')).toBeUndefined();
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    expect(server.updates[0]).toEqual({ section: 'identity', step: 'step2' });
    expect(['Peg', 'Peggy']).toContain(readField(server.room('identity').doc, name));
    expect(ann.value('identity', 'preferredName')).toBe(readField(server.room('identity').doc, name));
  });

  test('[CC8] leaving the plan still sends the last words', async () => {
    const ann = open();
    await ready(ann);
    server.holding = true;
    const asked = server.barriers.length;
    writeField(ann, 'identity', name, 'Peggy');
    ann.leave();
    await eventually(() => expect(server.barriers.length).toBeGreaterThan(asked));
    server.release();
    await eventually(() => expect(ann.doc('identity')).toBeUndefined());
    expect(readField(server.room('identity').doc, name)).toBe('Peggy');
  });
});

describe('when the server says no', () => {
  test('[CC9] keeps the refused words, opens a fresh document for that section only, and the rest stays', async () => {
    const ann = open();
    await ready(ann);
    const [identity, wishes] = [ann.doc('identity'), ann.doc('place-of-death')];
    server.refuse = { section: 'identity', reason: 'Your role may not write this.' };
    writeField(ann, 'identity', name, 'Peggy');
    await eventually(() => expect(ann.kept.value).toEqual([{ section: 'identity', field: 'preferredName', value: 'Peggy', why: 'Your role may not write this.' }]));
    expect(ann.doc('identity')).not.toBe(identity);
    expect(ann.doc('place-of-death')).toBe(wishes);
    expect(ann.value('identity', 'preferredName')).toBeUndefined();
    await eventually(() => expect(server.connections).toBe(2));
    expect(ann.status.value).toEqual({ kind: 'refused', why: 'Your role may not write this.' });
    ann.dismissKept();
    await ready(ann);
    expect(readField(server.room('identity').doc, name)).toBeUndefined();
  });

  test('[CC10] opens everything afresh after 4410 and keeps what was not saved', async () => {
    const ann = open();
    await ready(ann);
    const before = ann.doc('place-of-death');
    server.holding = true;
    writeField(ann, 'identity', name, 'Peggy');
    server.hangUp(4410);
    await eventually(() => expect(ann.kept.value.map((one) => one.value)).toEqual(['Peggy']));
    expect(ann.doc('place-of-death')).not.toBe(before);
  });

  test('[CC11] stops on 4401 and says so, and asks what is left on 4404', async () => {
    const [ann, ben] = [open(), open()];
    await ready(ann);
    await ready(ben);
    server.hangUp(4401);
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'stopped', why: 'sign-in' }));
    const cat = open();
    await ready(cat);
    server.hangUp(4404);
    await eventually(() => expect(accessAsked).toBe(1));
    cat.setSections([{ id: 'identity', mayEdit: true }]);
    await ready(cat);
    expect(cat.doc('place-of-death')).toBeUndefined();
    cat.stop('not-found');
    expect(cat.status.value).toMatchObject({ kind: 'stopped', why: 'not-found' });
  });

  test('[CC12] a value that cannot be stored is told at once and never sent', async () => {
    const ann = open();
    await ready(ann);
    const sent = server.updates.length;
    expect(writeField(ann, 'place-of-death', place, 'the moon')).toMatch(/not one of the answers/);
    expect(writeField(ann, 'home', field('livingSituation'), 'alone')).toMatch(/cannot be written/);
    expect(server.updates.length).toBe(sent);
    expect(ann.value('place-of-death', 'ppd1')).toBeUndefined();
  });
});

describe('who is here', () => {
  test('[CC13] shows where others stand and never says who it is itself', async () => {
    const [ann, ben] = [open(), open()];
    await ready(ann);
    await ready(ben);
    ann.standAt({ section: 'place-of-death', field: 'ppd1' });
    await eventually(() => expect(ben.people.value.flatMap((one) => one.places)).toEqual([{ section: 'place-of-death', field: 'ppd1', writing: false }]));
    expect(ann.awareness('place-of-death')?.getLocalState()).toEqual({ section: 'place-of-death', field: 'ppd1', cursor: null });
    ann.standAt(undefined);
    await eventually(() => expect(ben.people.value.flatMap((one) => one.places)).toEqual([]));
    // The plan is still open: the person is still here.
    expect(ben.people.value.length).toBeGreaterThan(0);
  });
});
