/** What becomes of words when their plan is left, or when somebody else's stand instead of them. */
import { describe, expect, test } from '@jest/globals';
import { readField } from '../../shared/crdt/sectionDocument.ts';
import { writeField } from '../../client/collab/writing.ts';
import { eventually } from '../support/eventually.ts';
import { clientWorld, name, ready } from './collabClientWorld.ts';

const world = clientWorld();

describe('a plan that is left', () => {
  test('[CC8] leaving the plan still sends the last words', async () => {
    const ann = world.open();
    await ready(ann);
    world.server.holding = true;
    const asked = world.server.barriers.length;
    writeField(ann, 'identity', name, 'Peggy');
    ann.leave();
    await eventually(() => expect(world.server.barriers.length).toBeGreaterThan(asked));
    world.server.release();
    await eventually(() => expect(ann.doc('identity')).toBeUndefined());
    expect(readField(world.server.room('identity').doc, name)).toBe('Peggy');
  });

  test('[CC8] HAZ-04 a plan that is left while the line is down, or the server does not answer, stays until its words are saved', async () => {
    const ann = world.open();
    await ready(ann);
    world.server.hangUp(1013);
    world.server.away = true;
    await eventually(() => expect(ann.status.value.kind).toBe('offline'));
    writeField(ann, 'identity', name, 'Peggy');
    let freed = false;
    ann.leave(() => { freed = true; });
    world.around.advance(60 * 60_000);
    expect([freed, ann.status.value, ann.onlyHere.map((text) => text.value)]).toEqual([false, { kind: 'offline', changes: 1 }, ['Peggy']]);
    world.server.holding = true;
    world.server.away = false;
    world.around.network(true);
    await eventually(() => expect(world.server.barriers.some(({ section, number }) => section === 'identity' && number > 0)).toBe(true));
    world.around.advance(10_000);
    expect([freed, readField(world.server.room('identity').doc, name)]).toEqual([false, undefined]);
    world.server.release();
    await eventually(() => expect(freed).toBe(true));
    expect([ann.doc('identity'), readField(world.server.room('identity').doc, name)]).toEqual([undefined, 'Peggy']);
  });

  test('[CC8] HAZ-04 whoever comes back to a plan that was left finds their words, is seen in it again, and it is not taken away', async () => {
    const ann = world.open();
    await ready(ann);
    world.server.hangUp(1013);
    await eventually(() => expect(ann.status.value.kind).toBe('offline'));
    writeField(ann, 'identity', name, 'Peggy');
    let freed = false;
    ann.leave(() => { freed = true; });
    expect(ann.awareness('identity')?.getLocalState()).toBeNull();
    ann.comeBack();
    expect([ann.value('identity', 'preferredName'), ann.awareness('identity')?.getLocalState()]).toEqual(['Peggy', {}]);
    await eventually(() => expect(ann.status.value).toMatchObject({ kind: 'saved', at: expect.any(Number) }), 15_000);
    expect([freed, ann.value('identity', 'preferredName')]).toEqual([false, 'Peggy']);
  });

  test('[CC8] HAZ-04 words that were refused after the plan was left stay until their person is done with them', async () => {
    const ann = world.open();
    await ready(ann);
    world.server.refuse = { section: 'identity', reason: 'Your role may not write this.' };
    writeField(ann, 'identity', name, 'Peggy');
    let freed = false;
    ann.leave(() => { freed = true; });
    await eventually(() => expect(ann.kept.value.map((text) => text.value)).toEqual(['Peggy']));
    await eventually(() => expect(world.server.connections).toBe(2));
    expect(freed).toBe(false);
    ann.dismissKept();
    expect(freed).toBe(true);
  });
});

describe('two at the same moment', () => {
  test('[CC25] HAZ-04 the words of the one whose answer does not stand are kept for them, with the reason, and nobody else is told anything', async () => {
    const [ann, ben] = [world.open(), world.open()];
    await ready(ann);
    await ready(ben);
    world.server.hangUp(1013);
    await eventually(() => expect([ann.status.value.kind, ben.status.value.kind]).toEqual(['offline', 'offline']));
    writeField(ann, 'identity', name, 'Peggy');
    writeField(ben, 'identity', name, 'Margaret');
    await eventually(() => expect([ann.status.value.kind, ben.status.value.kind]).toEqual(['saved', 'saved']), 15_000);
    const stands = readField(world.server.room('identity').doc, name);
    await eventually(() => expect([ann.value('identity', 'preferredName'), ben.value('identity', 'preferredName')]).toEqual([stands, stands]));
    const [lost, won] = stands === 'Peggy' ? [ben, ann] : [ann, ben];
    expect(lost.kept.value).toEqual([{ section: 'identity', field: 'preferredName', value: stands === 'Peggy' ? 'Margaret' : 'Peggy', why: 'Somebody else answered this at the same moment, and theirs stands.' }]);
    expect(won.kept.value).toEqual([]);
  });

  test('[CC25] whoever is answered by somebody that had read theirs is told nothing', async () => {
    const [ann, ben] = [world.open(), world.open()];
    await ready(ann);
    await ready(ben);
    world.server.holding = true;
    writeField(ann, 'identity', name, 'Peggy');
    await eventually(() => expect(world.server.updates.filter(({ step }) => step === 'update')).toHaveLength(1));
    // What Ann wrote reaches Ben and is answered by him; only then is Ann told that hers is saved.
    world.server.releaseUpdates();
    await eventually(() => expect(ben.value('identity', 'preferredName')).toBe('Peggy'));
    writeField(ben, 'identity', name, 'Margaret');
    await eventually(() => expect(world.server.updates.filter(({ step }) => step === 'update')).toHaveLength(2));
    world.server.releaseUpdates();
    await eventually(() => expect(ann.value('identity', 'preferredName')).toBe('Margaret'));
    expect(ann.unsavedFields).toBe(1);
    world.server.release();
    await ready(ann);
    expect(ann.kept.value).toEqual([]);
  });
});
