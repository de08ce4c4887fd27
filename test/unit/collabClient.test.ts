/** The client's live plan against a server that does as it is told: one socket, honest "saved", no lost words. */
import { describe, expect, test } from '@jest/globals';
import { readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { writeField } from '../../client/collab/writing.ts';
import { eventually } from '../support/eventually.ts';
import { clientWorld, field, name, place, ready, sections, writeDirectly } from './collabClientWorld.ts';

const world = clientWorld();

describe('one socket for a plan', () => {
  test('[CC1] carries every section over one connection, each in its own document', async () => {
    const [ann, ben] = [world.open(), world.open()];
    await ready(ann);
    await ready(ben);
    expect(world.server.connections).toBe(2);
    expect(writeField(ann, 'identity', name, 'Peggy')).toBeUndefined();
    expect(writeField(ann, 'place-of-death', place, 'own-home')).toBeUndefined();
    await eventually(() => expect([ben.value('identity', 'preferredName'), ben.value('place-of-death', 'ppd1')]).toEqual(['Peggy', 'own-home']));
    expect(readField(world.server.room('identity').doc, place)).toBeUndefined();
  });

  test('[CC3] tells only the listeners of the field that changed', async () => {
    const [ann, ben] = [world.open(), world.open()];
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
    const ann = world.open();
    await ready(ann);
    writeField(ann, 'identity', name, 'Peg');
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    ann.setSections(sections.map((section) => ({ ...section, mayEdit: false })));
    await eventually(() => expect([ann.status.value.kind, ann.live.value, ann.value('identity', 'preferredName')]).toEqual(['saved', true, 'Peg']));
    ann.setSections(sections);
    await eventually(() => expect([ann.status.value.kind, ann.live.value]).toEqual(['saved', true]));
    writeField(ann, 'identity', name, 'Peggy');
    await eventually(() => expect(readField(world.server.room('identity').doc, name)).toBe('Peggy'));
    await eventually(() => expect(ann.status.value.kind).toBe('saved'));
    expect(world.server.connections).toBe(1);
  });

  test('[CC23] HAZ-04 what an editor writes in it before it was read goes out behind what it builds on, and only then is saved', async () => {
    const ann = world.open();
    await ready(ann);
    ann.setSections(sections.map((section) => ({ ...section, mayEdit: false })));
    await eventually(() => expect([ann.status.value.kind, ann.live.value]).toEqual(['saved', true]));
    ann.setSections(sections);
    writeDirectly(ann, 'identity', 'Peggy');
    expect(ann.status.value.kind).not.toBe('saved');
    await eventually(() => expect(ann.status.value.kind).toBe('saved'));
    expect(readField(world.server.room('identity').doc, name)).toBe('Peggy');
  });

  test('[CC26] HAZ-01 an editor that a refusal closes contradicts nobody: until the section is read again nothing is written into it', async () => {
    writeValue(world.server.room('place-of-death').doc, place, 'own-home');
    const ann = world.open();
    await ready(ann);
    world.server.refuse = { section: 'place-of-death', reason: 'Your role may not write this.' };
    let said: string | undefined;
    // Editors close once the page has heard.
    ann.loaded.listen(() => { if (!ann.loaded.value.has('place-of-death')) queueMicrotask(() => { said ??= writeField(ann, 'place-of-death', place, 'hospice'); }); });
    writeField(ann, 'place-of-death', field('ppd2'), 'hospice');
    await eventually(() => expect(said).toMatch(/being read anew/));
    ann.dismissKept();
    await ready(ann);
    expect(readField(world.server.room('place-of-death').doc, place)).toBe('own-home');
    expect(writeField(ann, 'place-of-death', place, 'hospice')).toBeUndefined();
  });
});

describe('saved is a fact', () => {
  test('[CC4] HAZ-04 says saved only after the server has answered for the last change', async () => {
    const ann = world.open();
    await ready(ann);
    expect(ann.status.value).toEqual({ kind: 'saved', at: null });
    world.server.holding = true;
    writeField(ann, 'identity', name, 'Peg');
    expect(ann.status.value.kind).toBe('saving');
    await eventually(() => expect(world.server.barriers.filter((one) => one.section === 'identity' && one.number > 0).length).toBeGreaterThan(0));
    // A change after the question: its answer does not cover it.
    writeField(ann, 'identity', name, 'Peggy');
    const kinds: string[] = [];
    ann.status.listen(() => kinds.push(`${ann.status.value.kind} ${String(readField(world.server.room('identity').doc, name))}`));
    world.server.release();
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    expect(kinds).toEqual(['saved Peggy']);
  });

  test('[CC5] asks once for many keys, not once for each', async () => {
    const ann = world.open();
    await ready(ann);
    for (let key = 1; key <= 50; key += 1) writeField(ann, 'identity', name, 'x'.repeat(key));
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    // One on arriving, one or two for all fifty keys.
    expect(world.server.barriers.filter(({ section }) => section === 'identity').length).toBeLessThanOrEqual(3);
  });

  test('[CC19] HAZ-04 the moment the device says that it has no network nothing is called saved any more, and what is unsaved is counted', async () => {
    const ann = world.open();
    await ready(ann);
    world.server.holding = true;
    writeField(ann, 'identity', name, 'Peg');
    world.around.network(false);
    expect(ann.status.value).toEqual({ kind: 'offline', changes: 1 });
    writeField(ann, 'place-of-death', place, 'hospice');
    expect(ann.status.value).toEqual({ kind: 'offline', changes: 2 });
    world.server.release();
    world.around.network(true);
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    expect([readField(world.server.room('identity').doc, name), readField(world.server.room('place-of-death').doc, place)]).toEqual(['Peg', 'hospice']);
  });

  test('[CC6] HAZ-04 what is written offline is counted, kept, and sent in order when the server is back', async () => {
    const ann = world.open();
    await ready(ann);
    writeField(ann, 'identity', name, 'Peg');
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    world.server.hangUp(1013);
    await eventually(() => expect(ann.status.value.kind).toBe('offline'));
    writeField(ann, 'identity', name, 'Peggy');
    writeField(ann, 'place-of-death', place, 'hospice');
    writeField(ann, 'identity', name, 'Peggy W');
    expect(ann.status.value).toEqual({ kind: 'offline', changes: 2 });
    expect(ann.unsavedFields).toBe(2);
    const seen = world.server.updates.length;
    await eventually(() => expect(ann.status.value.kind).toBe('saved'), 15_000);
    expect(readField(world.server.room('identity').doc, name)).toBe('Peggy W');
    expect(readField(world.server.room('place-of-death').doc, place)).toBe('hospice');
    // The first thing each section says after the break is everything that the server lacks.
    const firstOfEach = ['identity', 'place-of-death'].map((id) => world.server.updates.slice(seen).find((one) => one.section === id)?.step);
    expect(firstOfEach).toEqual(['step2', 'step2']);
  });

  test('[CC7] HAZ-04 a change in the first moment of a connection waits for the answer that carries it', async () => {
    world.server.room('identity').doc.transact(() => writeValue(world.server.room('identity').doc, name, 'Peg'));
    const ann = world.open();
    writeDirectly(ann, 'identity', 'Peggy');
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }));
    expect(world.server.updates[0]).toEqual({ section: 'identity', step: 'step2' });
    expect(['Peg', 'Peggy']).toContain(readField(world.server.room('identity').doc, name));
    expect(ann.value('identity', 'preferredName')).toBe(readField(world.server.room('identity').doc, name));
  });
});

describe('when the server says no', () => {
  test('[CC9] keeps the refused words, opens a fresh document for that section only, and the rest stays', async () => {
    const ann = world.open();
    await ready(ann);
    const [identity, wishes] = [ann.doc('identity'), ann.doc('place-of-death')];
    world.server.refuse = { section: 'identity', reason: 'Your role may not write this.' };
    writeField(ann, 'identity', name, 'Peggy');
    await eventually(() => expect(ann.kept.value).toEqual([{ section: 'identity', field: 'preferredName', value: 'Peggy', why: 'Your role may not write this.' }]));
    expect(ann.doc('identity')).not.toBe(identity);
    expect(ann.doc('place-of-death')).toBe(wishes);
    expect(ann.value('identity', 'preferredName')).toBeUndefined();
    await eventually(() => expect(world.server.connections).toBe(2));
    expect(ann.status.value).toEqual({ kind: 'refused', why: 'Your role may not write this.' });
    ann.dismissKept();
    await ready(ann);
    expect(readField(world.server.room('identity').doc, name)).toBeUndefined();
  });

  test('[CC10] opens everything afresh after 4410 and keeps what was not saved', async () => {
    const ann = world.open();
    await ready(ann);
    const before = ann.doc('place-of-death');
    world.server.holding = true;
    writeField(ann, 'identity', name, 'Peggy');
    world.server.hangUp(4410);
    await eventually(() => expect(ann.kept.value.map((one) => one.value)).toEqual(['Peggy']));
    expect(ann.doc('place-of-death')).not.toBe(before);
  });

  test('[CC11] stops on 4401 and says so, and asks what is left on 4404', async () => {
    const [ann, ben] = [world.open(), world.open()];
    await ready(ann);
    await ready(ben);
    world.server.hangUp(4401);
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'stopped', why: 'sign-in' }));
    const cat = world.open();
    await ready(cat);
    world.server.hangUp(4404);
    await eventually(() => expect(world.accessAsked).toBe(1));
    cat.setSections([{ id: 'identity', mayEdit: true }]);
    await ready(cat);
    expect(cat.doc('place-of-death')).toBeUndefined();
    cat.stop('not-found');
    expect(cat.status.value).toMatchObject({ kind: 'stopped', why: 'not-found' });
  });

  test('[CC12] a value that cannot be stored is told at once and never sent', async () => {
    const ann = world.open();
    await ready(ann);
    const sent = world.server.updates.length;
    expect(writeField(ann, 'place-of-death', place, 'the moon')).toMatch(/not one of the answers/);
    expect(writeField(ann, 'home', field('livingSituation'), 'alone')).toMatch(/cannot be written/);
    expect(world.server.updates.length).toBe(sent);
    expect(ann.value('place-of-death', 'ppd1')).toBeUndefined();
  });
});

describe('who is here', () => {
  test('[CC13] shows where others stand and never says who it is itself', async () => {
    const [ann, ben] = [world.open(), world.open()];
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
